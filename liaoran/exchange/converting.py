"""From cells to values: one reader per column, which remembers every different writing it has seen.

A column of a hundred thousand cells with seven different writings is read seven times. What cannot be read becomes a
``Refusal`` in its place, so that the row can be rejected with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from liaoran.exchange.harmless import unescaped
from liaoran.exchange.plan import ColumnPlan
from liaoran.exchange.readers.table import Cell, ErrorCell, cell_text
from liaoran.exchange.values.booleans import read_boolean
from liaoran.exchange.values.dates import day_of, read_moment
from liaoran.exchange.values.numbers import read_number
from liaoran.exchange.values.unreadable import Unreadable
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Field

Convert = Callable[[Cell], Any]
MEMORY = 200_000
_PLAIN_TEXT = frozenset({"text", "long_text"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Stands in the place of a value that could not be read."""

    code: str
    message: Text


class _LeftEmpty:
    """Stands for a filled cell whose unknown value the Plan leaves empty; such cells are counted."""


LEFT_EMPTY = _LeftEmpty()


@dataclass(frozen=True, slots=True)
class Deferred:
    """Stands for a link to a record that may come later in the same file."""

    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that names its currency; the currency goes to the companion Field."""

    value: Any
    currency: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that is not all that its cell holds; what is left out is told, and the row comes in."""

    value: Any
    code: str
    message: Text


class _Memo(dict[Cell, Any]):
    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert
        self.failed = False
        self.noted = False

    def __missing__(self, cell: Cell) -> Any:
        try:
            value = self._convert(cell)
        except Unreadable as refused:
            self.failed = True
            value = Refusal(refused.code, refused.message)
        self.noted = self.noted or type(value) is Noted
        if len(self) > MEMORY:
            self.clear()
        self[cell] = value
        return value


class ColumnReader:
    """Reads the cells of one column for one Field. The empty cell is None."""

    def __init__(self, plan: ColumnPlan, convert: Convert) -> None:
        self.plan = plan
        self._memo = _Memo(convert)
        self._memo[""] = None
        self.leaves = False
        """Whether any cell so far was left empty although something is written in it."""
        self.defers = False
        """Whether any cell so far names a record that may come later in the file."""

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The values in order, ``Refusal`` where a cell could not be read."""
        memo = self._memo
        return [memo[cell] for cell in cells]

    @property
    def failed(self) -> bool:
        """Whether any cell so far could not be read."""
        return self._memo.failed

    @property
    def notes(self) -> bool:
        """Whether any cell so far held more than its value."""
        return self._memo.noted

    def unknown(self, cells: Iterable[Cell]) -> set[Cell]:
        """The different cells that have not been read yet."""
        return set(cells) - self._memo.keys()

    def learn(self, values: Mapping[Cell, Any]) -> None:
        """Takes over what writings mean, found elsewhere (linked records, new choices)."""
        self._memo.update(values)
        self._memo.failed = self._memo.failed or any(isinstance(value, Refusal) for value in values.values())
        self.leaves = self.leaves or any(value is LEFT_EMPTY for value in values.values())
        self.defers = self.defers or any(type(value) is Deferred for value in values.values())


def learned_only(cell: Cell) -> Any:
    """The conversion of columns whose meanings are looked up: nothing is read that was not learned before."""
    raise LookupError(f"the meaning of {cell!r} was not looked up")


def value_reader(plan: ColumnPlan, field: Field, zone: ZoneInfo) -> Convert:
    """The conversion of single cells for Fields whose values stand in the cell itself (all but choices and links)."""
    convert = _by_type(plan, field, zone)
    values = plan.values

    def read(cell: Cell) -> Any:
        if isinstance(cell, str):
            text = unescaped(cell)
            if values and text in values:
                return values[text]
            if not text:
                return None
            if text is not cell and not isinstance(cell, ErrorCell):
                return convert(text)
        return convert(cell)

    return read


def _by_type(plan: ColumnPlan, field: Field, zone: ZoneInfo) -> Convert:
    if field.kind is ValueKind.NUMBER:
        return _number(plan, field)
    if field.kind is ValueKind.BOOLEAN:
        return read_boolean
    if field.kind is ValueKind.DATE:
        return _day(plan, zone)
    if field.kind is ValueKind.INSTANT:
        return _instant(plan, zone)
    if field.type in _PLAIN_TEXT:
        return plain_text
    return _one_of_several(_parsed(field)) if field.type == "phone" else _parsed(field)


def _number(plan: ColumnPlan, field: Field) -> Convert:
    factor, decimal, fractions = plan.factor, plan.decimal, plan.fractions
    money, percent = field.type == "money", field.type == "percent"

    def read(cell: Cell) -> Any:
        number = read_number(cell, decimal)
        value = number.value
        if percent:
            value = value * 100 if fractions and not number.percent else value
        elif number.percent:
            value /= 100
        if factor is not None:
            value *= factor
        plain = _plain_number(value)
        currency = number.currency or plan.currency
        return Amount(plain, currency) if money and currency else plain

    return read


def _plain_number(value: Decimal) -> int | str:
    whole = value.to_integral_value()
    return int(whole) if whole == value else format(value.normalize(), "f")


def _day(plan: ColumnPlan, zone: ZoneInfo) -> Convert:
    order = plan.date_order

    def read(cell: Cell) -> Any:
        moment = read_moment(cell, order)
        return None if moment is None else day_of(moment, zone).isoformat()

    return read


def _instant(plan: ColumnPlan, zone: ZoneInfo) -> Convert:
    order = plan.date_order

    def read(cell: Cell) -> Any:
        moment = instant_of(read_moment(cell, order), zone)
        return None if moment is None else moment.isoformat()

    return read


def instant_of(moment: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant in UTC; a time without offset is one of ``zone``, a bare day its midnight there."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def plain_text(cell: Cell) -> str | None:
    """The cell as text, exactly as written but for blanks around it; ``None`` and ``NA`` are words like any other."""
    if isinstance(cell, str):
        return unescaped(cell) or None
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return cell_text(cell)


def _parsed(field: Field) -> Convert:
    kind, context = FIELD_TYPES[field.type], ParseContext()

    def read(cell: Cell) -> Any:
        if isinstance(cell, ErrorCell):
            raise Unreadable("failed_formula", _FAILED_FORMULA, cell)
        raw = cell.strip() if isinstance(cell, str) else cell if isinstance(cell, int | float) else cell_text(cell)
        try:
            return kind.parse(raw, field, context)
        except ValueProblem as refused:
            raise Unreadable(refused.problem.code, refused.problem.message, cell) from None

    return read


def _one_of_several(read_one: Convert) -> Convert:
    """The first of several telephone numbers in a cell, with a note that names the others."""

    def read(cell: Cell) -> Any:
        try:
            return read_one(cell)
        except Unreadable:
            parts = [part.strip() for part in _BETWEEN_NUMBERS.split(cell)] if isinstance(cell, str) else []
            parts = [part for part in parts if part]
            if len(parts) < 2:
                raise
            # every part has to be a number: a cell that also holds something else is told as it is
            numbers = [read_one(part) for part in parts]
        rest = "、".join(str(number) for number in numbers[1:])
        return Noted(numbers[0], "several_numbers", _SEVERAL_NUMBERS.fill(value=numbers[0], rest=rest))

    return read


_BETWEEN_NUMBERS = re.compile(r"[,，;；、/／|\n\r]|\s+或\s*|或|\s{2,}|\s(?=\+|1[3-9]\d{9}\b|0\d{2,3}-)")
_SEVERAL_NUMBERS = Text(
    "单元格里有几个号码，导入了第一个 {value}；未导入：{rest}",
    "the cell holds several numbers; the first one, {value}, came in, these did not: {rest}",
)
_FAILED_FORMULA = Text(
    "公式出错（{value}）；请在表格里改正公式后再导入",
    "the formula failed ({value}); mend it in the sheet and import again",
)
