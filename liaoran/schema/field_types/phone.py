"""phone: one telephone number.

Canonical: a Chinese mobile number as its 11 digits; a Chinese landline as ``010-12345678`` (``-801`` for an extension);
a 400 or 800 number as ``400-123-4567``; every other number in E.164, ``+12025550123`` (``;ext=12`` for an extension).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import phonenumbers
import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._numerals import halfwidth
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.reading import Reader
from liaoran.schema.snapshot import Field

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CHINA = re.compile(r"(?:\+|00)?86(?=1\d{10}$|0?(?:10|[2-9]\d)\d{7,10}$)", re.ASCII)
_BETWEEN = re.compile(r"[\s\-–—−‐.()/]+")
_EXTENSION = re.compile(
    r"\s*(?:转|分机|ext\.?|extension|;ext=|x|#|-(?=\d{1,6}$)(?<=\d{7}-))\s*(\d{1,6})$", re.IGNORECASE
)
_LANDLINE = re.compile(r"0(10|2\d|[3-9]\d{2})([1-9]\d{6,7})", re.ASCII)
_SERVICE = re.compile(r"([48]00)(\d{3})(\d{4})", re.ASCII)
_NORTH_AMERICAN = re.compile(r"(?:\+?1[\s.-])?\(?[2-9]\d{2}\)?[\s.-]\s*[2-9]\d{2}[\s.-]\d{4}", re.ASCII)
NOT_A_PHONE = Text(
    "“{value}”不是电话号码；国外号码请带国家代码，如 +1 202 555 0123",
    "“{value}” is not a telephone number; write foreign ones with the country code, such as +1 202 555 0123",
)


class Phone(FieldType):
    """Stored as ``text``. A number without country code is one of ``options.region`` or of the context's region."""

    key = "phone"
    label = Text("电话", "Phone")
    kind = ValueKind.TEXT
    column_type = sa.Text()
    can_be_unique = True

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``region``: an ISO 3166 country code, left out for that of the organisation."""
        if not reader.has("region"):
            return {}
        return {"region": reader.one_of("region", sorted(phonenumbers.SUPPORTED_REGIONS))}

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The canonical number."""
        if raw.__class__ is str and _MOBILE.fullmatch(raw):
            return str(raw)
        text = halfwidth(str(raw)) if isinstance(raw, str | int) else ""
        if isinstance(raw, str) and not text:
            return None
        region = one.options.get("region", context.region)
        number = (_chinese(text) if region == "CN" or _CHINA.match(_joined(text)) else None) or _foreign(text, region)
        if number is None:
            raise problem(one, "not_a_phone", NOT_A_PHONE.fill(value=str(raw)[:60]), raw)
        return number

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """The number as written, its digits alone, and the last four."""
        if value is None:
            return ()
        digits = "".join(character for character in value if character.isdigit())
        return (value, digits, digits[-4:])

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values (region CN)."""
        return [
            ("138 1234 5678", "13812345678"),
            ("+86-138-1234-5678", "13812345678"),
            (13812345678, "13812345678"),
            ("（０１０）12345678", "010-12345678"),
            ("0755-12345678-801", "0755-12345678-801"),
            ("86-21-58888888", "021-58888888"),
            ("4001234567", "400-123-4567"),
            ("+1 (202) 555-0123", "+12025550123"),
            ("202-555-0123", "+12025550123"),
            ("+852 2345 6789", "+85223456789"),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [
            ("12345", "not_a_phone"),
            ("1381234567", "not_a_phone"),
            ("call me", "not_a_phone"),
            (1.5, "not_a_phone"),
        ]


def _joined(text: str) -> str:
    return _BETWEEN.sub("", text)


def _chinese(text: str) -> str | None:
    """The canonical form of a Chinese number, or None where it is not written as one."""
    extension = _EXTENSION.search(text)
    body = text[: extension.start()] if extension else text
    joined = _joined(body)
    inside = _CHINA.sub("", joined)
    if joined != inside and not inside.startswith("0") and not _MOBILE.fullmatch(inside):
        inside = inside if _SERVICE.fullmatch(inside) else f"0{inside}"
    if _MOBILE.fullmatch(inside):
        number = inside
    elif landline := _LANDLINE.fullmatch(inside):
        number = f"0{landline[1]}-{landline[2]}"
    elif service := _SERVICE.fullmatch(inside):
        number = "-".join(service.groups())
    else:
        return None
    return f"{number}-{extension[1]}" if extension else number


def _foreign(text: str, region: str) -> str | None:
    """E.164 of a number with a country code, of one of ``region``, or of one in the North American grouping."""
    home: str | None = region
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if region == "CN" and not text.startswith("+"):
        # without a country code nothing else is Chinese; 3-3-4 groups are written in North America only
        home = "US" if _NORTH_AMERICAN.match(text) else None
    if home is None:
        return None
    try:
        number = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None
    known = phonenumbers.is_valid_number if number.country_code == 86 else phonenumbers.is_possible_number
    if not known(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


PHONE = Phone()
