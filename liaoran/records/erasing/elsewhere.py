"""Elsewhere: texts of other records that name the person, and copies of values in tables of every layer.

Other records are changed by the write path, so that their words and helpers follow; then the values go from their past
as well. Which tables of the organisation hold texts is asked of the database, so that a new table cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import quote
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.values import ValueKind
from liaoran.records.changes import Change, Update
from liaoran.records.erasing.values import REPLACED, PersonalValues
from liaoran.records.write import write
from liaoran.schema.snapshot import Field, Object

_UNTOUCHED = ("audit_", "procrastinate_")
_SHAPE = frozenset(
    {
        "objects",
        "fields",
        "catalogue_changes",
        "processes",
        "process_versions",
        "process_drafts",
        "roles",
        "logins",
        "document_types",
        "policies",
        "sharing_rules",
        "alembic_version",
    }
)
"""How the organisation is shaped: words of administrators, which mean nobody in particular."""
_PASSING = frozenset({"imports", "exports", "actions", "retype_rejects"})
"""What people asked for, with the values in it; nobody means anybody else by them here."""
_REPLACED_IN = frozenset({"text", "json", "jsonb", "_text"})
_MOST = 5000


async def find_mentions(
    tx: Transaction, scope: Scope, values: Collection[str], but: Collection[UUID]
) -> dict[str, list[UUID]]:
    """Records whose texts hold one of the values, by Object; not those in ``but``."""
    found: dict[str, list[UUID]] = {}
    for one in scope.snapshot.objects.values():
        fields = _text_fields(one) if values else []
        if not fields:
            continue
        holding = sa.or_(*(_holds(one.table.c[field.key]) for field in fields))
        others = one.table.c.id != sa.all_(sa.bindparam("but", type_=pg.ARRAY(sa.Uuid)))
        statement = sa.select(one.table.c.id).where(holding, others).limit(sa.literal_column(str(_MOST)))
        ids = await tx.fetch_column(statement, {"values": list(values), "but": list(but)})
        if ids:
            found[one.key] = ids
    return found


async def replace_in_records(
    tx: Transaction, scope: Scope, values: Sequence[str], mentions: Mapping[str, Sequence[UUID]]
) -> int:
    """Takes the values out of the texts of the records; gives how many there are."""
    for key, ids in mentions.items():
        one = scope.snapshot.object(key)
        changes: list[Change] = []
        for row in await tx.fetch_all(_texts_of(one), {"ids": list(ids)}):
            fresh = {field.key: _cleaned(row[field.key], field, values) for field in _text_fields(one)}
            changed = {name: value for name, value in fresh.items() if value != row[name]}
            if changed:
                changes.append(Update(key, row["id"], changed, carried=True))
        await write(tx, scope, changes, Cause(Door.API), all_or_nothing=False)
    return sum(len(ids) for ids in mentions.values())


async def replace_in_copies(
    tx: Transaction, values: PersonalValues, sought: Sequence[str], ids: Sequence[UUID]
) -> None:
    """Takes what is ``sought`` out of all texts of the organisation's tables: rows, versions, Events, comments, drafts;
    all ``values`` out of rows that belong to the records ``ids`` and out of requests and answers that are kept for a
    while. The audit log has a way of its own, and how the organisation is shaped means nobody in particular."""
    for table, columns in (await _tables(tx)).items():
        tied = next((name for name in ("record_id", "record") if name in columns), None)
        for column, kind in columns.items():
            if kind not in _REPLACED_IN:
                continue
            helpers = [name for name in columns if name.startswith(f"{column}__")]
            for value in values.all:
                if table in _PASSING or value in sought:
                    await tx.execute(_replacing(table, column, kind, helpers), _binds(value, kind))
                elif tied is not None:
                    statement = _replacing(table, column, kind, helpers) + f" AND {quote(tied)} = ANY(:ids)"
                    await tx.execute(statement, {**_binds(value, kind), "ids": list(ids)})
    for value in values.all:
        await tx.execute(_FORGET_ANSWERS, {"value": value.encode(), "escaped": _escaped(value).encode()})


def without(text: str, values: Sequence[str]) -> str:
    """The text with every one of the values replaced."""
    for value in values:
        text = text.replace(value, REPLACED)
    return text


def _text_fields(one: Object) -> list[Field]:
    return [
        field
        for field in one.fields.values()
        if field.kind is ValueKind.TEXT
        and not field.computed
        and field.type not in ("autonumber", "currency")
        and isinstance(one.table.c[field.key].type, sa.Text)
    ]


def _holds(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    sought = sa.func.unnest(sa.bindparam("values", type_=pg.ARRAY(sa.Text))).column_valued("sought")
    return sa.exists(sa.select(sa.literal_column("1")).where(sa.func.strpos(column, sought) > sa.literal_column("0")))


def _texts_of(one: Object) -> sa.Select[Any]:
    table = one.table
    return sa.select(table.c.id, *(table.c[field.key] for field in _text_fields(one))).where(
        table.c.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))), table.c.deleted_at.is_(None)
    )


def _cleaned(text: str | None, field: Field, values: Sequence[str]) -> str | None:
    """A text without the values; one that is nothing else becomes empty where it may."""
    if text is None or (text in values and not field.required):
        return None
    return without(text, values)


async def _tables(tx: Transaction) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in await tx.fetch_all(_COLUMNS, {"schema": tx.schema}):
        if row["table_name"] not in _SHAPE and not row["table_name"].startswith(_UNTOUCHED):
            found.setdefault(row["table_name"], {})[row["column_name"]] = row["kind"]
    return found


def _replacing(table: str, column: str, kind: str, helpers: Sequence[str]) -> str:
    """The statement that replaces one value in one column; what is derived from the column goes with it."""
    name = quote(column)
    if kind in ("json", "jsonb"):
        new, held = f"replace({name}::text, :value, :mark)::{kind}", f"{name}::text"
    elif kind == "_text":
        new = f"array(SELECT replace(item, :value, :mark) FROM unnest({name}) AS item)"
        held = f"array_to_string({name}, chr(10))"
    else:
        new, held = f"replace({name}, :value, :mark)", name
    sets = ", ".join([f"{name} = {new}", *(f"{quote(helper)} = NULL" for helper in helpers)])
    return f"UPDATE {{org}}.{quote(table)} SET {sets} WHERE strpos({held}, :value) > 0"


def _binds(value: str, kind: str) -> dict[str, str]:
    return {"value": _escaped(value) if kind in ("json", "jsonb") else value, "mark": REPLACED}


def _escaped(value: str) -> str:
    """The value as it stands within JSON text."""
    return orjson.dumps(value)[1:-1].decode()


_COLUMNS = """
SELECT columns.table_name, columns.column_name, columns.udt_name AS kind FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = :schema AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
ORDER BY table_name, columns.ordinal_position
"""
_FORGET_ANSWERS = """
DELETE FROM {org}.idempotency_keys WHERE position(:value::bytea IN body) > 0 OR position(:escaped::bytea IN body) > 0
"""
