"""Request bodies: JSON that a database can hold, read once and strictly."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request

from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.text import Text

_MAXIMUM_DEPTH = 64


class StrictRequest(Request):
    """A request without what JSON or PostgreSQL do not have: NaN, infinities, lone surrogates, NUL characters."""

    def check_address(self) -> None:
        """Raises NotFound for a NUL character in the path, Invalid for one in the query."""
        if "\0" in self.scope["path"]:
            raise NotFound(Text("没有这个地址", "there is nothing at this address"))
        if b"%00" in self.scope["query_string"]:
            raise nul_character()

    async def json(self) -> Any:
        """The parsed body. Raises a JSON error with its position, or Invalid for a NUL character."""
        if not hasattr(self, "_json"):
            body = await self.body()
            value = orjson.loads(body)
            # The escape is looked for first: walking every body for so rare a thing would cost more than reading it.
            if b"\\u0000" in body and _has_nul(value, 0):
                raise nul_character()
            self._json = value
        return self._json


def nul_character() -> Invalid:
    """The refusal of text that PostgreSQL cannot hold."""
    return Invalid(Text("内容含有 NUL 字符", "the content holds a NUL character"), code="nul_character")


def _has_nul(value: Any, depth: int) -> bool:
    if depth > _MAXIMUM_DEPTH:
        return True
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(key, depth + 1) or _has_nul(part, depth + 1) for key, part in value.items())
    return isinstance(value, list) and any(_has_nul(part, depth + 1) for part in value)
