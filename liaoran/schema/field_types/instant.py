"""instant: a moment in time, the same everywhere.

The default of a definition may be ``@now``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._moments import instant_text, read_instant
from liaoran.schema.field_types._numerals import halfwidth
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.snapshot import Field

NO_SUCH_MOMENT = Text("没有“{value}”这个时刻", "there is no moment “{value}”")
NOT_AN_INSTANT = Text(
    "“{value}”不是日期时间，请写成 2026-03-05 14:30", "“{value}” is not a date and time; write it as 2026-03-05 14:30"
)


class Instant(FieldType):
    """Stored as ``timestamptz``; a writing without offset is taken in the zone of the context."""

    key = "instant"
    label = Text("日期时间", "Date and time")
    kind = ValueKind.INSTANT
    column_type = sa.TIMESTAMP(timezone=True)

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """ISO 8601 in UTC, for example ``2026-03-05T06:30:00+00:00``."""
        if isinstance(raw, str):
            text = halfwidth(raw)
            if not text:
                return None
            moment = context.now if text == "@now" else _read(text, raw, one, context)
        elif isinstance(raw, dt.datetime):
            moment = raw
        elif isinstance(raw, dt.date):
            moment = dt.datetime.combine(raw, dt.time())
        else:
            raise problem(one, "not_an_instant", NOT_AN_INSTANT.fill(value=raw), raw)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=context.zone_info)
        if not 1000 <= moment.year <= 9998:
            raise problem(one, "no_such_instant", NO_SUCH_MOMENT.fill(value=raw), raw)
        return instant_text(moment)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values (zone Asia/Shanghai)."""
        return [
            ("2026-03-05 14:30", "2026-03-05T06:30:00+00:00"),
            ("2026-03-05T06:30:00Z", "2026-03-05T06:30:00+00:00"),
            ("2026-03-05T14:30:00.250+08:00", "2026-03-05T06:30:00.25+00:00"),
            ("2026年3月5日 下午2:30", "2026-03-05T06:30:00+00:00"),
            ("2026/3/5", "2026-03-04T16:00:00+00:00"),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [
            ("2026-02-30 10:00", "no_such_instant"),
            ("2026-03-05 25:00", "no_such_instant"),
            ("soon", "not_an_instant"),
            (7, "not_an_instant"),
        ]


def _read(text: str, raw: str, one: Field, context: ParseContext) -> dt.datetime:
    try:
        # the standard library reads the API's own writing several times faster than a pattern
        return dt.datetime.fromisoformat(text) if len(text) >= 19 and text[10] == "T" else _written(text, context)
    except LookupError:
        raise problem(one, "not_an_instant", NOT_AN_INSTANT.fill(value=raw[:60]), raw) from None
    except (ValueError, OverflowError):
        code = "no_such_instant" if text[:4].isdigit() else "not_an_instant"
        raise problem(one, code, NO_SUCH_MOMENT.fill(value=raw[:60]), raw) from None


def _written(text: str, context: ParseContext) -> dt.datetime:
    moment = read_instant(text, context.zone_info)
    if moment is None:
        raise LookupError(text)
    return moment


INSTANT = Instant()
