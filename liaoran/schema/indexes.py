"""Which indexes a record table has: those that lists, boards, links and the search need, and what Fields ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liaoran.infra.statements import quote
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object
from liaoran.schema.system_fields import SYSTEM_COLUMNS, WORDS_COLUMN

ACTIVE = "deleted_at IS NULL"


@dataclass(frozen=True, slots=True)
class Index:
    """One index of a record table. ``columns`` is SQL; ``where`` makes it partial."""

    table: str
    name: str
    columns: str
    unique: bool = False
    using: str = "btree"
    where: str = ""


def object_indexes(one: Object) -> Iterator[Index]:
    """All indexes of a record table."""
    yield _index(one, "recent", ["updated_at DESC", "id"], where=ACTIVE)
    yield _index(one, "bin", ["deleted_at DESC", "id"], where="deleted_at IS NOT NULL")
    yield words_index(one)
    for field in one.fields.values():
        yield from field_indexes(one, field)


def words_index(one: Object) -> Index:
    """The index that searches use."""
    return _index(one, WORDS_COLUMN, [quote(WORDS_COLUMN)], using="gin")


def field_indexes(one: Object, field: Field) -> Iterator[Index]:
    """The indexes that a Field asks for: links always, the name by its sort key, unique and indexed ones."""
    if field.computed or field.key in SYSTEM_COLUMNS:
        return
    kind, column = type_of(field), quote(field.key)
    sorting = quote(f"{field.key}__pinyin") if f"{field.key}__pinyin" in kind.helper_types(field) else column
    if kind.always_indexed:
        if field.key == "owner":
            yield _index(one, "owner", [column, "updated_at DESC", "id"], where=ACTIVE)
        else:
            yield _index(one, field.key, [column], where=f"{column} IS NOT NULL")
    elif field.key == one.name_field or field.indexed:
        if field.type == "choices":
            yield _index(one, field.key, [column], using="gin")
        else:
            yield _index(one, field.key, [sorting, "id"], where=ACTIVE)
        if field.indexed and sorting != column:
            yield _index(one, f"{field.key}__value", [column], where=f"{column} IS NOT NULL")
    within = one.fields.get(field.indexed_within or "")
    if within is not None and not within.computed:
        yield _index(one, field.key, [quote(within.key), sorting, "id"], where=ACTIVE, marks=["within", within.key])
    if field.unique:
        yield _index(one, f"{field.key}__unique", [column], unique=True, where=ACTIVE)


def process_index(one: Object, process_field: str | None, state_field: str) -> Index:
    """The index that boards and lists by state of a Process need."""
    keys = [key for key in (process_field, state_field) if key]
    return _index(one, "state", [*map(quote, keys), "updated_at DESC", "id"], where=ACTIVE, marks=keys)


def sequence_name(one: Field) -> str:
    """The sequence that numbers the records of an automatic number Field."""
    return short_name(f"sq_r_{one.object}__{one.key}")


def staging_name(name: str) -> str:
    """The name of an index while its column is being filled."""
    return short_name(f"{name}__new")


def short_name(name: str) -> str:
    """The name, cut and marked with a hash where it is longer than PostgreSQL takes (63 bytes)."""
    if len(name) <= 63:
        return name
    return f"{name[:54]}_{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"


def _index(
    one: Object,
    purpose: str,
    columns: list[str],
    *,
    unique: bool = False,
    using: str = "btree",
    where: str = "",
    marks: Iterable[str] = (),
) -> Index:
    parts = "__".join(["ix", one.table.name, purpose, *marks])
    return Index(one.table.name, short_name(parts), ", ".join(columns), unique, using, where)
