"""Keyset paging: a cursor holds the sort values of the last record seen; the next page is what comes after them.

It is opaque text to callers: base64 of a JSON array with a mark of the sort order and each value as text.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.display import instant_text, json_array, literal
from liaoran.query.sorting import SortKey
from liaoran.query.values import SQL_TYPES

LONGEST = 8_000
_BASE64 = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort values after which a page begins, ready to bind; ``shape`` tells which of them are empty."""

    values: tuple[Any, ...]

    @property
    def shape(self) -> Hashable:
        """What of it decides the SQL."""
        return tuple(value is None for value in self.values)

    def binds(self) -> dict[str, Any]:
        """The values by bind name."""
        return {f"after{index}": value for index, value in enumerate(self.values) if value is not None}


def order_mark(keys: Sequence[SortKey]) -> str:
    """A short mark of a sort order, so that a cursor of another order is noticed."""
    return f"{zlib.crc32(repr([key.shape for key in keys]).encode()):08x}"


def read_cursor(text: str | None, keys: Sequence[SortKey]) -> Cursor | None:
    """The cursor of that sort order. Raises Invalid ``invalid_cursor``."""
    if text is None or text == "":
        return None
    try:
        if len(text) > LONGEST or not _BASE64.fullmatch(text):
            raise ValueError(text)
        parts = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise _invalid_cursor() from None
    if not isinstance(parts, list) or len(parts) != len(keys) + 1 or parts[-1] is None:
        raise _invalid_cursor()
    if parts[0] != order_mark(keys):
        raise _invalid_cursor(Text("游标不属于这个排序方式", "the cursor belongs to another sort order"))
    try:
        return Cursor(tuple(_read(part, key.kind) for part, key in zip(parts[1:], keys, strict=True)))
    except (ValueError, InvalidOperation, TypeError, KeyError):
        raise _invalid_cursor() from None


def _read(part: Any, kind: ValueKind) -> Any:
    if part is None:
        return None
    if not isinstance(part, str) or "\x00" in part:
        raise ValueError(part)
    match kind:
        case ValueKind.NUMBER:
            value = Decimal(part)
            if not value.is_finite():
                raise ValueError(part)
            return value
        case ValueKind.DATE:
            return date.fromisoformat(part)
        case ValueKind.INSTANT:
            moment = datetime.fromisoformat(part)
            if moment.tzinfo is None:
                raise ValueError(part)
            return moment
        case ValueKind.LINK:
            return UUID(part)
        case ValueKind.BOOLEAN:
            return {"true": True, "false": False}[part]
        case _:
            return part


def cursor_text(keys: Sequence[SortKey], values: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[str]:
    """The cursor after a record with those sort values, in SQL."""
    parts = [literal(order_mark(keys))]
    for key, value in zip(keys, values, strict=True):
        parts.append(instant_text(value) if key.kind is ValueKind.INSTANT else sa.cast(value, sa.Text))
    content = sa.func.convert_to(sa.cast(json_array(*parts), sa.Text), literal("UTF8"))
    encoded = sa.func.encode(content, literal("base64"))
    return sa.func.translate(encoded, sa.literal_column(r"E'+/=\n'"), literal("-_"))


def order_by(
    keys: Sequence[SortKey], values: Sequence[sa.ColumnElement[Any]], filled: Sequence[bool]
) -> list[sa.ColumnElement[Any]]:
    """The ORDER BY. Where a value is known to be ``filled`` nothing is said about nulls, so that any index serves."""
    ordered: list[sa.ColumnElement[Any]] = []
    for key, value, is_filled in zip(keys, values, filled, strict=True):
        directed = value.desc() if key.descending else value.asc()
        ordered.append(directed if is_filled or not key.descending else directed.nulls_last())
    return ordered


def comes_after(
    keys: Sequence[SortKey],
    values: Sequence[sa.ColumnElement[Any]],
    filled: Sequence[bool],
    cursor: Cursor,
    start: int = 0,
) -> sa.ColumnElement[bool]:
    """True for records that come after the cursor, by the keys from ``start`` on."""
    value, last, key = values[start], cursor.values[start], keys[start]
    rest = comes_after(keys, values, filled, cursor, start + 1) if start + 1 < len(keys) else None
    if last is None:
        empty = value.is_(None)
        return sa.and_(empty, rest) if rest is not None else sa.false()
    bound = sa.bindparam(f"after{start}", type_=SQL_TYPES[key.kind])
    later = value < bound if key.descending else value > bound
    if not filled[start]:
        later = sa.or_(later, value.is_(None))
    if rest is None:
        return later
    if filled[start]:
        # the first comparison gives an index its range, the second leaves out what was seen
        reach = value <= bound if key.descending else value >= bound
        return sa.and_(reach, sa.or_(later, rest))
    return sa.or_(later, sa.and_(value == bound, rest))


def _invalid_cursor(why: Text | None = None) -> Invalid:
    message = why or Text("游标无效，请从第一页重新开始", "the cursor is not valid, start again from the first page")
    return Invalid(message, code="invalid_cursor")
