"""Reading the values of one column in chunks, and writing converted ones into staging columns.

A row is done when its marker column holds the version that was converted; a row that is written meanwhile gets a new
version and is thereby to be done again. So nothing has to be locked while a million rows are converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.infra.statements import quote
from liaoran.infra.transaction import Transaction
from liaoran.kernel.values import ValueKind
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object, Snapshot

_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one row of the record table or of the versions table; ``value`` is canonical, links with label."""

    id: str
    version: int
    value: Any


@dataclass(frozen=True)
class Staging:
    """Where converted values go. ``fields``: the Field, before it a currency Field that comes along; ``renamed``: their
    columns -> staging columns; ``marker``: the column that says which version was converted."""

    fields: tuple[Field, ...]
    renamed: dict[str, str]
    marker: str

    @property
    def field(self) -> Field:
        """The Field itself."""
        return self.fields[-1]

    def columns(self) -> Iterator[tuple[str, str]]:
        """Staging columns with their PostgreSQL types, the marker last."""
        for one in self.fields:
            for name, kind in type_of(one).sql_types(one).items():
                yield self.renamed[name], kind
        yield self.marker, "integer"


def staging_of(fields: Sequence[Field]) -> Staging:
    """The staging columns of a Field that is being retyped."""
    renamed = {
        column.name: f"{one.key}__new{column.name.removeprefix(one.key)}"
        for one in fields
        for column in type_of(one).columns(one)
    }
    return Staging(tuple(fields), renamed, f"{fields[-1].key}__from")


async def count_values(tx: Transaction, one: Object, field: Field) -> tuple[int, int]:
    """Rows of the record table, recycle bin included, and how many of them have a value."""
    row = await tx.fetch_one(
        f"SELECT count(*) AS rows, count({quote(field.key)}) AS filled FROM {_name(tx, one.table)}"
    )
    return (row["rows"], row["filled"]) if row else (0, 0)


async def read_values(
    tx: Transaction, snapshot: Snapshot, field: Field, *, after: tuple[str, int] | None, limit: int
) -> list[Cell]:
    """The next values of the record table in the order of ids, empty ones left out."""
    table = snapshot.object(field.object).table
    where = f"t.{quote(field.key)} IS NOT NULL"
    return await _read(tx, snapshot, field, table, where=where, after=after, limit=limit)


async def read_undone(
    tx: Transaction,
    snapshot: Snapshot,
    field: Field,
    table: sa.Table,
    marker: str,
    *,
    after: tuple[str, int] | None,
    limit: int,
) -> list[Cell]:
    """The next rows of the record or versions table whose value has not been converted as it stands now."""
    column, mark = f"t.{quote(field.key)}", f"t.{quote(marker)}"
    where = f"{mark} IS DISTINCT FROM t.version AND ({column} IS NOT NULL OR {mark} IS NOT NULL)"
    return await _read(tx, snapshot, field, table, where=where, after=after, limit=limit)


async def write_converted(
    tx: Transaction, table: sa.Table, staging: Staging, cells: Sequence[Cell], *, values: list[Any], currency: str
) -> None:
    """Puts converted values into the staging columns of the rows, unless a row has changed since it was read."""
    columns: dict[str, list[Any]] = {}
    for one in staging.fields:
        given = values if one is staging.field else [None if value is None else currency for value in values]
        columns.update(type_of(one).store_many(given, one))
    rows = [{"id": cell.id, "version": cell.version} for cell in cells]
    for name, column in columns.items():
        for row, value in zip(rows, column, strict=True):
            row[staging.renamed[name]] = value
    shape = [(name, kind) for name, kind in staging.columns() if name != staging.marker]
    listed = "".join(f", {quote(name)} {kind}" for name, kind in shape)
    puts = ", ".join(f"{quote(name)} = x.{quote(name)}" for name, _ in shape)
    await tx.execute(
        f"UPDATE {_name(tx, table)} t SET {puts}, {quote(staging.marker)} = x.version"
        f" FROM json_to_recordset(CAST(:rows AS json)) AS x(id uuid, version integer{listed})"
        " WHERE t.id = x.id AND t.version = x.version",
        {"rows": orjson.dumps(rows).decode()},
    )


async def find_by_name(tx: Transaction, target: Object, names: Sequence[str]) -> dict[str, list[str]]:
    """Ids of the target's records by exact name, those in the recycle bin left out; a name without records has none."""
    found: dict[str, list[str]] = {name: [] for name in names}
    column = quote(target.name_field)
    rows = await tx.fetch_all(
        f"SELECT {column} AS name, id FROM {_name(tx, target.table)}"
        f" WHERE {column} = ANY(:names) AND deleted_at IS NULL",
        {"names": list(names)},
    )
    for row in rows:
        found[row["name"]].append(str(row["id"]))
    return found


async def _read(
    tx: Transaction,
    snapshot: Snapshot,
    field: Field,
    table: sa.Table,
    *,
    where: str,
    after: tuple[str, int] | None,
    limit: int,
) -> list[Cell]:
    value, join = _value(tx, snapshot, field)
    raw = await tx.fetch_json(
        f"SELECT coalesce(json_agg(json_build_array(t.id, t.version, {value}) ORDER BY t.id, t.version), '[]')::text"
        f" FROM (SELECT t.* FROM {_name(tx, table)} t WHERE {where} AND (t.id, t.version) > (:id, :version)"
        f" ORDER BY t.id, t.version LIMIT :limit) t{join}",
        {"id": UUID(after[0]) if after else _FIRST, "version": after[1] if after else -1, "limit": limit},
    )
    return [Cell(*one) for one in orjson.loads(raw or b"[]")]


def _value(tx: Transaction, snapshot: Snapshot, field: Field) -> tuple[str, str]:
    """SQL of the value as canonical JSON, and the join that a link's label needs."""
    column = f"t.{quote(field.key)}"
    target = snapshot.objects.get(field.target or "")
    if field.kind is not ValueKind.LINK or target is None:
        return f"to_json({column})", ""
    label = f"x.{quote(target.name_field)}"
    built = f"CASE WHEN {column} IS NOT NULL THEN json_build_object('id', {column}, 'label', {label}) END"
    return built, f" LEFT JOIN {_name(tx, target.table)} x ON x.id = {column}"


def _name(tx: Transaction, table: sa.Table) -> str:
    return f"{quote(tx.schema)}.{quote(table.name)}"
