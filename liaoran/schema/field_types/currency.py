"""currency: a currency by its ISO 4217 code.

Options: ``currencies``, the codes that forms offer (default: the twelve most used); any other code of the standard is
taken all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._currencies import ALIASES, COMMON, CURRENCIES
from liaoran.schema.field_types._texts import fold
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.reading import Reader, near
from liaoran.schema.snapshot import Choice, Field

_NAMES = {
    **{fold(word): code for code, name in CURRENCIES.items() for word in (code, name.zh, name.en)},
    **{fold(word): code for word, code in ALIASES.items()},
}
UNKNOWN = Text(
    "不认识币种“{value}”，请写三个字母的代码，如 CNY", "unknown currency “{value}”; write a code such as CNY"
)


class Currency(FieldType):
    """Stored as ``text``; takes a code, a name in any language, or a sign."""

    key = "currency"
    label = Text("币种", "Currency")
    kind = ValueKind.CHOICE
    column_type = sa.Text()

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``currencies``: known codes."""
        codes = reader.texts("currencies") or COMMON
        for code in codes:
            if code not in CURRENCIES:
                raise reader.place.at("currencies").refuse(UNKNOWN.fill(value=code), near=near(code, CURRENCIES))
        return {"currencies": list(codes)}

    def choices_of(self, options: Mapping[str, Any], declared: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """The offered currencies with their names."""
        codes = options.get("currencies", COMMON)
        return tuple(Choice(code, CURRENCIES[code]) for code in codes if code in CURRENCIES)

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The three-letter code."""
        if isinstance(raw, str) and raw in CURRENCIES:
            return raw
        word = fold(raw) if isinstance(raw, str) else str(raw)
        if not word:
            return None
        if word not in _NAMES:
            raise problem(one, "unknown_currency", UNKNOWN.fill(value=str(raw)[:60]), raw)
        return _NAMES[word]

    def export(self, value: Any, one: Field, language: Language) -> str:
        """The code."""
        return value or ""

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [("CNY", "CNY"), ("usd", "USD"), ("人民币", "CNY"), ("￥", "CNY"), ("US dollar", "USD")]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("XYZ", "unknown_currency"), (12, "unknown_currency")]


CURRENCY = Currency()
