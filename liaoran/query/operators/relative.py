"""Relative periods: today, this quarter, the last n days, the next n working days, seen from the actor's today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import DAY_KINDS, Argument, Operator, Reading
from liaoran.query.periods import COUNTED, MAXIMUM_DAYS, MAXIMUM_WORKING_DAYS, period, start_of_day
from liaoran.query.subjects import Subject
from liaoran.query.values import read_count


class InPeriod(Operator):
    """Within the period of the same key (``query.periods``), as concrete days that travel as binds."""

    def __init__(self, key: str, label: Text, sentence: Text) -> None:
        super().__init__(key, label, sentence, DAY_KINDS)
        self.argument = Argument.DAYS if key in COUNTED else Argument.NONE
        self._maximum = MAXIMUM_WORKING_DAYS if "working" in key else MAXIMUM_DAYS

    def read(self, raw: Any, subject: Subject) -> Reading:
        """The number of days where one is taken; the form says which ends the period has."""
        number = read_count(raw, subject, self._maximum) if self.argument is Argument.DAYS else None
        days = period(self.key, subject.today, number)
        ends = [day for day in (days.start, days.end) if day is not None]
        form = (days.start is not None, days.end is not None)
        if subject.kind is ValueKind.INSTANT:
            return Reading(tuple(start_of_day(day, subject.zone) for day in ends), form)
        return Reading(tuple(ends), form)

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a >= start AND a < end``."""
        has_start, has_end = cast(tuple[bool, bool], reading.form)
        parts: list[sa.ColumnElement[bool]] = []
        if has_start:
            parts.append(operand.value >= operand.bind(binds[0]))
        if has_end:
            parts.append(operand.value < operand.bind(binds[-1]))
        return sa.and_(*parts)

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The number of days."""
        return {"value": Text(str(raw), str(raw))} if self.argument is Argument.DAYS else {}


def _plain(key: str, zh: str, en: str) -> InPeriod:
    return InPeriod(key, Text(zh, en), Text(f"{{field}}在{zh}", f"{{field}} is {en}"))


TODAY = _plain("today", "今天", "today")
YESTERDAY = _plain("yesterday", "昨天", "yesterday")
TOMORROW = _plain("tomorrow", "明天", "tomorrow")
THIS_WEEK = _plain("this_week", "本周", "this week")
LAST_WEEK = _plain("last_week", "上周", "last week")
NEXT_WEEK = _plain("next_week", "下周", "next week")
THIS_MONTH = _plain("this_month", "本月", "this month")
LAST_MONTH = _plain("last_month", "上月", "last month")
NEXT_MONTH = _plain("next_month", "下月", "next month")
THIS_QUARTER = _plain("this_quarter", "本季度", "this quarter")
LAST_QUARTER = _plain("last_quarter", "上季度", "last quarter")
NEXT_QUARTER = _plain("next_quarter", "下季度", "next quarter")
THIS_YEAR = _plain("this_year", "今年", "this year")
LAST_YEAR = _plain("last_year", "去年", "last year")
NEXT_YEAR = _plain("next_year", "明年", "next year")
BEFORE_TODAY = InPeriod(
    "before_today", Text("早于今天", "before today"), Text("{field}早于今天", "{field} is before today")
)
AFTER_TODAY = InPeriod(
    "after_today", Text("晚于今天", "after today"), Text("{field}晚于今天", "{field} is after today")
)
LAST_DAYS = InPeriod(
    "last_days",
    Text("最近若干天", "in the last days"),
    Text("{field}在最近 {value} 天内（含今天）", "{field} is within the last {value} days, today included"),
)
NEXT_DAYS = InPeriod(
    "next_days",
    Text("未来若干天", "in the next days"),
    Text("{field}在未来 {value} 天内（含今天）", "{field} is within the next {value} days, today included"),
)
OLDER_THAN_DAYS = InPeriod(
    "older_than_days",
    Text("早于若干天前", "older than days"),
    Text("{field}早于 {value} 天前", "{field} is more than {value} days ago"),
)
NEXT_WORKING_DAYS = InPeriod(
    "next_working_days",
    Text("未来若干个工作日", "in the next working days"),
    Text(
        "{field}在未来 {value} 个工作日内（含今天）", "{field} is within the next {value} working days, today included"
    ),
)
LAST_WORKING_DAYS = InPeriod(
    "last_working_days",
    Text("最近若干个工作日", "in the last working days"),
    Text(
        "{field}在最近 {value} 个工作日内（含今天）", "{field} is within the last {value} working days, today included"
    ),
)
