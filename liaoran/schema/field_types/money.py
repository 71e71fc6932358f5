"""money: an amount in the currency that another Field of the same record holds.

Options: ``currency_field`` (key of a Field of type ``currency``; left out: a companion ``<key>_currency`` is added with
the Field), ``scale`` digits after the point (0 to 4, default 2), ``minimum``, ``maximum``.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._currencies import SIGN_PATTERN
from liaoran.schema.field_types._numerals import canonical, check_bounds, read_bounds, written
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Field, Snapshot

_AROUND = re.compile(
    rf"(?P<opening>[-−(]?)\s*(?:{SIGN_PATTERN})?\s*(?P<digits>[-−]?[\d.].*?)\s*(?:{SIGN_PATTERN})?(?P<closing>\)?)",
    re.IGNORECASE,
)


class Money(FieldType):
    """Stored as ``numeric(20,4)``; takes ``￥1,054.00``, ``$22,700``, ``1.2万``, ``1.2万元``."""

    key = "money"
    label = Text("金额", "Money")
    kind = ValueKind.NUMBER
    column_type = sa.Numeric(20, 4)

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``currency_field``, ``scale``, ``minimum`` and ``maximum``."""
        named = {"currency_field": reader.text("currency_field")} if reader.has("currency_field") else {}
        return named | {"scale": reader.integer("scale", 2, 0, 4)} | read_bounds(reader)

    def check_references(self, one: Field, snapshot: Snapshot, place: Place) -> dict[str, Any]:
        """The currency Field must exist in the same Object and be of type ``currency``."""
        named = one.options.get("currency_field", "")
        companion = snapshot.objects[one.object].fields.get(named)
        if companion is None or companion.type != "currency" or companion.retired:
            raise (
                place.at("options")
                .at("currency_field")
                .refuse(
                    Text("“{key}”不是本对象的币种字段", "“{key}” is not a currency field of this object").fill(
                        key=named
                    )
                )
            )
        return dict(one.options)

    def read(self, raw: Any, one: Field, context: ParseContext) -> int | float | None:
        """The amount as int or float; signs of currencies around it are passed over."""
        if isinstance(raw, str) and not raw.strip():
            return None
        return check_bounds(canonical(raw, one, one.options.get("scale", 2), _bare), raw, one)

    def export(self, value: Any, one: Field, language: Language) -> str:
        """Plain digits; the currency stands in its own column."""
        return "" if value is None else written(value)

    def plain(self, value: Any, one: Field, language: Language) -> Any:
        """The amount itself."""
        return value

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [
            (1054, 1054),
            ("￥1,054.00", 1054),
            ("$22,700.50", 22700.5),
            ("1.2万元", 12000),
            ("-￥3.25", -3.25),
            (1.005, 1.01),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("12abc", "not_a_number"), ("1,23", "not_a_number"), ("12345678901234.55", "too_many_digits")]


def _bare(text: str) -> str:
    """The text without the sign or code of a currency before or after the digits; a minus before it is kept."""
    plain = text.strip("¥$€£元 ")
    if plain[:1].isdigit() and plain[-1:].isdigit():
        return plain  # the common case, without the long pattern
    match = _AROUND.fullmatch(text)
    return text if match is None else match["opening"] + match["digits"] + match["closing"]


MONEY = Money()
