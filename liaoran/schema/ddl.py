"""The one DDL gateway: record tables, their columns and indexes are made here and nowhere else.

Tables follow the catalogue: ``apply`` compares two Snapshots and brings the tables from the one to the other, in the
transaction that changes the catalogue. Columns are only ever added, without a default or with null; what a retired
Field held stays. Every statement waits at most two seconds for its lock, so a long report cannot make the whole
organisation wait behind a change of the catalogue; the change is refused as retryable instead.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import psycopg
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from liaoran.infra.statements import DIALECT, quote
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Refused
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import LOCK_TIMEOUT, lock_catalogue
from liaoran.schema.indexes import (
    ACTIVE,
    Index,
    field_indexes,
    object_indexes,
    process_index,
    sequence_name,
    staging_name,
)
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object, Snapshot

_STAGED = """
SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped
    AND (attname ^@ (:key || '__new') OR attname ^@ (:key || '_currency__new') OR attname = :key || '__from')
"""
BUSY = Text(
    "对象“{object}”正被使用，结构暂时改不了，请稍后再试",
    "the object “{object}” is in use and cannot be changed just now, please try again shortly",
)
DUPLICATES = Text(
    "已有重复的值，不能设为唯一：{detail}", "there are equal values already, so it cannot be unique: {detail}"
)


async def apply(tx: Transaction, before: Snapshot, after: Snapshot) -> None:
    """Makes tables, columns, sequences and indexes that ``after`` has and ``before`` has not; drops indexes that no
    Field asks for any more. Raises Conflict (``schema_busy``) when a lock cannot be had in time, Refused
    (``duplicate_values``) when a unique index meets equal values."""
    for one in after.objects.values():
        known = before.objects.get(one.key)
        if known is not None and _shape(known) == _shape(one):
            continue
        statements = list(_create(one) if known is None else _change(known, one, after.schema))
        if statements:
            async with changing(tx, one):
                for statement in statements:
                    await tx.execute(statement)
        if known is not None and one.tracked and not known.tracked:
            await _begin_versions(tx, one)


async def index_process(tx: Transaction, one: Object, process_field: str | None, state_field: str) -> None:
    """The index that boards and lists by state of a Process need. Does nothing where it is there already."""
    await lock_catalogue(tx)
    async with changing(tx, one):
        await tx.execute(_create_index(process_index(one, process_field, state_field), tx.schema))


@asynccontextmanager
async def changing(tx: Transaction, one: Object) -> AsyncIterator[None]:
    """Holds the Object's advisory lock, limits the wait for table locks, and words what goes wrong."""
    try:
        await tx.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        await tx.lock(f"object/{one.key}")
        yield
        await tx.execute("SET LOCAL lock_timeout TO DEFAULT")
    except psycopg.errors.LockNotAvailable as error:
        raise Conflict(BUSY.fill(object=one.label), code="schema_busy", extra={"retryable": True}) from error
    except psycopg.errors.UniqueViolation as error:
        detail = error.diag.message_detail or ""
        raise Refused(DUPLICATES.fill(detail=detail), code="duplicate_values", extra={"detail": detail}) from error


async def add_staging_columns(tx: Transaction, one: Object, columns: Sequence[tuple[str, str]]) -> None:
    """Adds columns ``(name, PostgreSQL type)``, all null, to the record table and to the versions table if there is
    one. For retyping; those that are there already (of an attempt before) are emptied by making them anew."""
    async with changing(tx, one):
        for table in _tables(one):
            for name, kind in columns:
                await tx.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {quote(name)}")
                await tx.execute(f"ALTER TABLE {table} ADD COLUMN {quote(name)} {kind}")


async def drop_staging_columns(tx: Transaction, one: Object, field_key: str) -> None:
    """Removes the columns of a retyping that will not take place; no Field ever had its values there."""
    async with changing(tx, one):
        for table in (one.table, one.versions_table):
            if table is None:
                continue
            names = await tx.fetch_column(
                _STAGED, {"table": f"{quote(tx.schema)}.{quote(table.name)}", "key": field_key}
            )
            for name in names:
                await tx.execute(f"ALTER TABLE {quote(tx.schema)}.{quote(table.name)} DROP COLUMN {quote(name)}")


async def index_staging(tx: Transaction, one: Object, staged: Sequence[Field], renamed: Mapping[str, str]) -> None:
    """Makes the indexes that the Fields will have after a retyping on their staging columns (``renamed``: column of the
    Field -> staging column), under staging names, before the switch, so that the switch takes no time."""
    async with changing(tx, one):
        for index in [index for field in staged for index in field_indexes(one, field)]:
            columns, where = index.columns, index.where
            for name, staging in renamed.items():
                columns = columns.replace(quote(name), quote(staging))
                where = where.replace(quote(name), quote(staging))
            made = replace(index, name=staging_name(index.name), columns=columns, where=where)
            await tx.execute(_create_index(made, tx.schema))


async def stop_writing(tx: Transaction, one: Object) -> None:
    """Lets nobody else write records of the Object until the transaction ends; reading goes on."""
    async with changing(tx, one):
        await tx.execute(f"LOCK TABLE {', '.join(_tables(one))} IN SHARE ROW EXCLUSIVE MODE")


async def switch_columns(
    tx: Transaction,
    one: Object,
    former: Field,
    staged: Sequence[Field],
    *,
    renamed: Mapping[str, str],
    kept: str,
    dropped: Sequence[str],
) -> None:
    """The switch of a retyping: the former column becomes ``kept``, staging columns get the Fields' names, staged
    indexes the names of their like; ``dropped`` helper columns and indexes of the former type go."""
    async with changing(tx, one):
        for index in field_indexes(one, former):
            await tx.execute(f"DROP INDEX IF EXISTS {quote(tx.schema)}.{quote(index.name)}")
        for table in _tables(one):
            await tx.execute(f"ALTER TABLE {table} RENAME COLUMN {quote(former.key)} TO {quote(kept)}")
            for name in dropped:
                await tx.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {quote(name)}")
            for name, staging in renamed.items():
                await tx.execute(f"ALTER TABLE {table} RENAME COLUMN {quote(staging)} TO {quote(name)}")
        for index in [index for field in staged for index in field_indexes(one, field)]:
            old = f"{quote(tx.schema)}.{quote(staging_name(index.name))}"
            await tx.execute(f"ALTER INDEX IF EXISTS {old} RENAME TO {quote(index.name)}")
        for field in staged:
            if field.type == "autonumber":
                await tx.execute(_create_sequence(one, field, tx.schema))


def _shape(one: Object) -> tuple[object, ...]:
    """All that tables and indexes depend on."""
    return one.fields, one.tracked, one.name_field


def _create(one: Object) -> Iterator[str]:
    schema = one.table.schema or ""
    yield _create_table(one.table)
    if one.versions_table is not None:
        yield _create_table(one.versions_table)
    for field in one.fields.values():
        if field.type == "autonumber":
            yield _create_sequence(one, field, schema)
    for index in object_indexes(one):
        yield _create_index(index, schema)


def _change(before: Object, after: Object, schema: str) -> Iterator[str]:
    if before.versions_table is None and after.versions_table is not None:
        yield _create_table(after.versions_table)
    for old, new in ((before.table, after.table), (before.versions_table, after.versions_table)):
        if old is None or new is None:
            continue
        for column in new.c:
            if column.name not in old.c:
                kind = type_of_column(after, column.name)
                yield f"ALTER TABLE {quote(schema)}.{quote(new.name)} ADD COLUMN {quote(column.name)} {kind}"
    for field in after.fields.values():
        if field.type == "autonumber" and field.key not in before.fields:
            yield _create_sequence(after, field, schema)
    known = {index.name: index for index in object_indexes(before)}
    wanted = {index.name: index for index in object_indexes(after)}
    for name, index in known.items():
        if wanted.get(name) != index:
            yield f"DROP INDEX IF EXISTS {quote(schema)}.{quote(name)}"
    for name, index in wanted.items():
        if known.get(name) != index:
            yield _create_index(index, schema)


def _create_table(table: sa.Table) -> str:
    return str(CreateTable(table).compile(dialect=DIALECT))


def _create_index(index: Index, schema: str) -> str:
    return (
        f"CREATE {'UNIQUE ' if index.unique else ''}INDEX IF NOT EXISTS {quote(index.name)}"
        f" ON {quote(schema)}.{quote(index.table)} USING {index.using} ({index.columns})"
        + (f" WHERE {index.where}" if index.where else "")
    )


def type_of_column(one: Object, name: str) -> str:
    """The PostgreSQL type of a data column."""
    field = one.fields[name.partition("__")[0]]
    return type_of(field).sql_types(field)[name]


def _create_sequence(one: Object, field: Field, schema: str) -> str:
    start = int(field.options.get("start", 1))
    name = f"{quote(schema)}.{quote(sequence_name(field))}"
    return f"CREATE SEQUENCE IF NOT EXISTS {name} MINVALUE 0 START {start}"


async def _begin_versions(tx: Transaction, one: Object) -> None:
    """The first version of every record of an Object that is tracked from now on: what it holds since its last
    change."""
    if one.versions_table is None:
        return
    names = [quote(column.name) for column in one.versions_table.c if column.name in one.table.c]
    listed = ", ".join(names)
    await tx.execute(
        f"INSERT INTO {quote(tx.schema)}.{quote(one.versions_table.name)} ({listed}, valid_from)"
        f" SELECT {listed}, updated_at FROM {quote(tx.schema)}.{quote(one.table.name)} WHERE {ACTIVE}"
    )


def _tables(one: Object) -> Iterator[str]:
    for table in (one.table, one.versions_table):
        if table is not None:
            yield f"{quote(table.schema or '')}.{quote(table.name)}"
