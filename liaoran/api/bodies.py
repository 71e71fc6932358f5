"""Request bodies: JSON that a database can hold, read once and strictly."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request

from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.text import Text

DEEPEST = 64
"""Levels of lists and objects in a body; what anybody means has a dozen at most."""
_TOO_DEEP = Text("内容嵌套超过 {deepest} 层", "the content is nested more than {deepest} levels deep")


class StrictRequest(Request):
    """A request without what JSON or PostgreSQL do not have: NaN, infinities, lone surrogates, NUL characters."""

    def check_address(self) -> None:
        """Raises NotFound for a NUL character in the path, Invalid for one in the query."""
        if "\0" in self.scope["path"]:
            raise NotFound(Text("没有这个地址", "there is nothing at this address"))
        if b"%00" in self.scope["query_string"]:
            raise nul_character()

    async def json(self) -> Any:
        """The parsed body. Raises a JSON error with its position, or Invalid for a NUL character and for what is nested
        too deep."""
        if not hasattr(self, "_json"):
            body = await self.body()
            value = orjson.loads(body)
            # Brackets are counted and the escape is looked for first: walking every body for so rare a thing would cost
            # more than reading it.
            if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(value):
                raise Invalid(_TOO_DEEP.fill(deepest=DEEPEST), code="too_deep")
            if b"\\u0000" in body and _has_nul(value):
                raise nul_character()
            self._json = value
        return self._json


def nul_character() -> Invalid:
    """The refusal of text that PostgreSQL cannot hold."""
    return Invalid(Text("内容含有 NUL 字符", "the content holds a NUL character"), code="nul_character")


def _is_deep(value: Any) -> bool:
    """Whether lists and objects lie in each other beyond the limit; looked at level by level, never by recursion."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(part) for key, part in value.items())
    return isinstance(value, list) and any(_has_nul(part) for part in value)
