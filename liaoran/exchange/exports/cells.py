"""From the JSON of a list to cells of a file: labels for choices and links, typed numbers, days and moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from liaoran.exchange.exports.rows import ExportColumn
from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind

Style = Literal["text", "number", "percent", "date", "instant"]
CellValue = str | int | float | date | datetime | None
YES, NO = Text("是", "Yes"), Text("否", "No")
RECORD_ID = Text("记录 ID", "Record UUID")
SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class CellMaker:
    """How one column is written: its heading, its style, and its values from the list's JSON."""

    heading: str
    style: Style
    make: Callable[[Any], CellValue]


def cell_makers(columns: Sequence[ExportColumn], language: Language, zone: ZoneInfo) -> list[CellMaker]:
    """The makers of all columns; headings that repeat get their key behind them."""
    makers = [_maker(column, language, zone) for column in columns]
    headings = [maker.heading for maker in makers]
    return [
        CellMaker(f"{maker.heading} [{column.key}]", maker.style, maker.make)
        if headings.count(maker.heading) > 1
        else maker
        for column, maker in zip(columns, makers, strict=True)
    ]


def _maker(column: ExportColumn, language: Language, zone: ZoneInfo) -> CellMaker:
    if column.path is None:
        return CellMaker(RECORD_ID.read(language), "text", _text)
    heading = column.path.label.read(language)
    kind, field = column.path.kind, column.field
    if kind is ValueKind.NUMBER:
        return CellMaker(heading, "percent" if field is not None and field.type == "percent" else "number", _number)
    if kind is ValueKind.DATE:
        return CellMaker(heading, "date", _day)
    if kind is ValueKind.INSTANT:
        return CellMaker(heading, "instant", _moment(zone))
    if kind is ValueKind.BOOLEAN:
        return CellMaker(heading, "text", _yes_or_no(language))
    if kind is ValueKind.LINK or kind is ValueKind.REGION:
        return CellMaker(heading, "text", _label)
    if kind in (ValueKind.CHOICE, ValueKind.CHOICES) and field is not None and field.type != "currency":
        labels = {choice.key: choice.label.read(language) for choice in field.choices}
        return CellMaker(heading, "text", _choices(labels))
    return CellMaker(heading, "text", _text)


def _text(value: Any) -> CellValue:
    return None if value is None else str(value)


def _number(value: Any) -> CellValue:
    return value if isinstance(value, int | float) else None


def _day(value: Any) -> CellValue:
    return None if value is None else date.fromisoformat(value)


def _moment(zone: ZoneInfo) -> Callable[[Any], CellValue]:
    def make(value: Any) -> CellValue:
        if value is None:
            return None
        return datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)

    return make


def _yes_or_no(language: Language) -> Callable[[Any], CellValue]:
    yes, no = YES.read(language), NO.read(language)

    def make(value: Any) -> CellValue:
        return None if value is None else yes if value else no

    return make


def _label(value: Any) -> CellValue:
    if isinstance(value, dict):
        return value.get("label")
    return None if value is None else str(value)


def _choices(labels: dict[str, str]) -> Callable[[Any], CellValue]:
    def make(value: Any) -> CellValue:
        if value is None:
            return None
        if isinstance(value, list):
            return SEPARATOR.join(labels.get(one, str(one)) for one in value) or None
        return labels.get(value, str(value))

    return make
