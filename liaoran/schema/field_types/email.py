"""email: one e-mail address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._numerals import halfwidth
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.snapshot import Field

# The addresses in use, not all that RFC 5322 permits: a dot-atom (any letters), and a domain of two labels or more.
_ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
)
LIMIT = 254


class Email(FieldType):
    """Stored as ``text`` in lower case, so that the same address is found and kept unique however it was typed."""

    key = "email"
    label = Text("电子邮件", "E-mail")
    kind = ValueKind.TEXT
    column_type = sa.Text()
    can_be_unique = True
    can_be_name = True

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The address in lower case."""
        text = halfwidth(raw) if isinstance(raw, str) else str(raw)
        if not text:
            return None
        address = text.removeprefix("mailto:").strip("<>").lower()
        if len(address) > LIMIT or not _ADDRESS.fullmatch(address):
            message = Text("“{value}”不是电子邮件地址", "“{value}” is not an e-mail address")
            raise problem(one, "not_an_email", message.fill(value=text[:60]), raw)
        return address

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """The address, and the part before the @."""
        return () if value is None else (value, value.partition("@")[0])

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [
            ("Li.Ming@Example.com", "li.ming@example.com"),
            ("ｌｉ＠example.com", "li@example.com"),
            ("mailto:a+b@c-d.cn", "a+b@c-d.cn"),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("nobody", "not_an_email"), ("a@b", "not_an_email"), ("a b@c.cn", "not_an_email")]


EMAIL = Email()
