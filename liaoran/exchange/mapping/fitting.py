"""How well the contents of a column suit a Field, and which Fields contents alone suggest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from liaoran.exchange.readers.table import Cell, cell_text
from liaoran.exchange.values.booleans import read_boolean
from liaoran.exchange.values.dates import read_moment
from liaoran.exchange.values.numbers import read_number
from liaoran.exchange.values.profile import MONTHS, Profile
from liaoran.exchange.values.unreadable import Unreadable
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Field

_SAMPLE = 200
_CONTEXT = ParseContext()
BY_CONTENT = {"email": ("email",), "phone": ("phone",), "url": ("url",)}
"""What a column holds -> the field types that this alone suggests."""


def fit(profile: Profile, field: Field) -> float:
    """Between 0 and 1: the share of the column's values that the Field could take, less where a match is unlikely."""
    values: list[Cell] = list(profile.counts)[:_SAMPLE] if profile.counts else [*profile.samples]
    if not values:
        return 1.0
    kind = field.kind
    if kind is ValueKind.NUMBER:
        return _share(values, lambda cell: read_number(cell, profile.decimal))
    if kind is ValueKind.BOOLEAN:
        return _share(values, read_boolean)
    if kind in (ValueKind.DATE, ValueKind.INSTANT):
        return (
            0.0
            if profile.holds == "number" and profile.share > 0.9 and not _serials(values)
            else _dates(profile, values)
        )
    if kind in (ValueKind.CHOICE, ValueKind.CHOICES) and field.type != "currency":
        return _choices(profile, values, field)
    if kind is ValueKind.LINK:
        return 0.9
    if field.type in ("email", "phone", "url", "region", "currency"):
        return _share(values, lambda cell: _parsed(cell, field))
    if field.type == "text" and profile.holds in ("date", "instant"):
        return 0.6
    longest = field.options.get("max_length")
    return 0.3 if isinstance(longest, int) and profile.longest > longest else 1.0


def known_choices(values: Iterable[Cell], field: Field) -> float:
    """The share of the values that are choices of the Field already."""
    return _share(list(values), lambda cell: _parsed(cell, field))


def _choices(profile: Profile, values: list[Cell], field: Field) -> float:
    if (
        profile.distinct is None
        or profile.distinct > 100
        or (profile.rows > 40 and profile.distinct * 2 > profile.filled)
    ):
        return 0.3
    if profile.holds in ("date", "instant", "email", "url"):
        return 0.2
    return 0.8 + 0.2 * known_choices(values, field)


def _dates(profile: Profile, values: list[Cell]) -> float:
    def read(cell: Cell) -> object:
        try:
            return read_moment(cell, "ym" if profile.orders == MONTHS else None)
        except Unreadable as refused:
            if refused.code == "date_order":
                return None
            raise

    return _share(values, read)


def _serials(values: list[Cell]) -> bool:
    """Whether all numbers lie where spreadsheet day numbers (1954 to 2119) or compact dates do."""
    try:
        numbers = [read_number(value).value for value in values]
    except Unreadable:
        return False
    return all(20_000 <= one <= 80_000 or 19_000_101 <= one <= 21_991_231 for one in numbers)


def _parsed(cell: Cell, field: Field) -> object:
    raw = cell if isinstance(cell, str | int | float) else cell_text(cell)
    try:
        return FIELD_TYPES[field.type].parse(raw, field, _CONTEXT)
    except ValueProblem as refused:
        raise Unreadable(refused.problem.code, refused.problem.message, cell) from None


def _share(values: list[Cell], read: Callable[[Cell], object]) -> float:
    good = 0
    for value in values:
        try:
            read(value)
        except Unreadable:
            continue
        good += 1
    return good / len(values)
