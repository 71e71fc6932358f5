"""url: one web address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.snapshot import Field

LIMIT = 2_000


class Url(FieldType):
    """Stored as ``text``; ``https://`` is put before an address without scheme; only http and https are taken."""

    key = "url"
    label = Text("网址", "Web address")
    kind = ValueKind.TEXT
    column_type = sa.Text()

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The address with scheme and host in lower case."""
        text = raw.strip() if isinstance(raw, str) else str(raw)
        if not text:
            return None
        parts = _split(text if "://" in text else f"https://{text}")
        if parts is None or len(text) > LIMIT:
            message = Text("“{value}”不是网址", "“{value}” is not a web address")
            raise problem(one, "not_a_url", message.fill(value=text[:60]), raw)
        return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """The host."""
        return () if value is None else (urlsplit(value).netloc,)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [
            ("example.com", "https://example.com"),
            ("HTTP://Example.com/A?b=1", "http://example.com/A?b=1"),
            ("https://例子.中国/x", "https://例子.中国/x"),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("javascript:alert(1)", "not_a_url"), ("ftp://a.cn", "not_a_url"), ("two words", "not_a_url")]


def _split(text: str) -> SplitResult | None:
    if any(character.isspace() or not character.isprintable() for character in text):
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    known = parts.scheme.lower() in ("http", "https") and ("." in host or host == "localhost") and port != 0
    return parts if known and not host.startswith(".") and ".." not in host else None


URL = Url()
