"""date: a day without a time.

The default of a definition may be ``@today``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._moments import read_day, read_instant
from liaoran.schema.field_types._numerals import halfwidth
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.snapshot import Field

NO_SUCH_DAY = Text("没有“{value}”这一天", "there is no day “{value}”")
NOT_A_DATE = Text("“{value}”不是日期，请写成 2026-03-05", "“{value}” is not a date; write it as 2026-03-05")


class Day(FieldType):
    """Stored as ``date``; takes the year-first writings, and an instant as its day in the zone of the context."""

    key = "date"
    label = Text("日期", "Date")
    kind = ValueKind.DATE
    column_type = sa.Date()

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """``YYYY-MM-DD``, with a year from 1000 on."""
        if isinstance(raw, str):
            text = halfwidth(raw)
            if not text:
                return None
            if text == "@today":
                return context.today.isoformat()
            day = _read(text, raw, one, context)
        elif isinstance(raw, dt.datetime):
            day = raw.astimezone(context.zone_info).date() if raw.tzinfo else raw.date()
        elif isinstance(raw, dt.date):
            day = raw
        else:
            raise problem(one, "not_a_date", NOT_A_DATE.fill(value=raw), raw)
        if day.year < 1000:
            raise problem(one, "no_such_date", NO_SUCH_DAY.fill(value=raw), raw)
        return day.isoformat()

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [
            ("2026-03-05", "2026-03-05"),
            ("2026/3/5", "2026-03-05"),
            ("２０２６年３月５日", "2026-03-05"),
            ("20260305", "2026-03-05"),
            (dt.date(2024, 2, 29), "2024-02-29"),
            ("2026-03-05T20:00:00Z", "2026-03-06"),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("2026-02-30", "no_such_date"), ("05/06/2026", "not_a_date"), (20260305, "not_a_date")]


def _read(text: str, raw: str, one: Field, context: ParseContext) -> dt.date:
    try:
        day = read_day(text)
        if day is None:
            moment = read_instant(text, context.zone_info)
            day = None if moment is None else moment.astimezone(context.zone_info).date()
    except (ValueError, OverflowError):
        raise problem(one, "no_such_date", NO_SUCH_DAY.fill(value=raw[:60]), raw) from None
    if day is None:
        raise problem(one, "not_a_date", NOT_A_DATE.fill(value=raw[:60]), raw)
    return day


DATE = Day()
