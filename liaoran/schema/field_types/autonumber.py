"""autonumber: a number that the engine gives to each new record, such as ``SJ-2026-00017``.

Options: ``format`` (default ``{number:05d}``) with ``{number}`` (``{number:05d}``: at least five digits), ``{year}``,
``{month}`` and ``{day}`` of the creation; ``start``, the first number (default 1). A PostgreSQL sequence gives the
numbers (``schema.numbering``), so they may have gaps and never repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._texts import limited, one_line
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.reading import Reader
from liaoran.schema.snapshot import Field

_PART = re.compile(r"\{(number(?::0?\d{1,2}d)?|year|month|day)\}")
LIMIT = 100


class AutoNumber(FieldType):
    """Stored as ``text``, readonly and unique by its sequence; given values (undo, import of former ones) are kept."""

    key = "autonumber"
    label = Text("自动编号", "Automatic number")
    kind = ValueKind.TEXT
    column_type = sa.Text()
    readonly = True
    can_be_unique = True
    can_be_name = True
    fixed_options = frozenset({"start"})

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``format`` and ``start``."""
        pattern = reader.text("format", "{number:05d}", required=True)
        rest, numbers = _PART.sub("", pattern), re.findall(r"\{number", pattern)
        if len(numbers) != 1 or "{" in rest or "}" in rest or len(pattern) > 60:
            raise reader.place.at("format").refuse(
                Text(
                    "格式应含一个 {number}，另可用 {year}、{month}、{day}，例如 SJ-{year}-{number:05d}",
                    "the format needs one {number} and may use {year}, {month}, {day}, as in SJ-{year}-{number:05d}",
                ),
                found=pattern,
            )
        return {"format": pattern, "start": reader.integer("start", 1, 0, 10**12)}

    def number_text(self, number: int, day: date, one: Field) -> str:
        """The text of one number given out on ``day``."""
        pattern: str = one.options.get("format", "{number:05d}")
        return pattern.format(number=number, year=f"{day.year:04d}", month=f"{day.month:02d}", day=f"{day.day:02d}")

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The text."""
        return limited(one_line(raw, one), one, LIMIT) or None

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """The number as written."""
        return () if value is None else (value,)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [("SJ-2026-00017", "SJ-2026-00017")]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("x" * 101, "too_long")]


AUTONUMBER = AutoNumber()
