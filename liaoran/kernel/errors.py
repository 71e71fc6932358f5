"""Every refusal that a person or a program may meet: a stable code, a sentence in both languages, the evidence.

``api`` maps these to ``application/problem+json``; nothing below ``api`` knows about HTTP responses, yet each kind
carries the status that the HTTP contract promises, so that the map stays one line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.text import Language, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (``field``, ``position``), what (``code``, ``message``), and what shows it.

    ``evidence`` holds plain JSON values, for example the value found, the limit, the rule and its version.
    """

    code: str
    message: Text
    field: str | None = None
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def to_json(self, language: Language) -> dict[str, Any]:
        """``{field, code, message, evidence}`` as the HTTP contract has it."""
        return {
            "field": self.field,
            "code": self.code,
            "message": self.message.read(language),
            "evidence": dict(self.evidence),
        }


class LiaoranError(Exception):
    """Base of all expected refusals. ``code`` is stable; ``message`` says what, where and how to mend it."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        message: Text,
        *,
        code: str | None = None,
        problems: Sequence[Problem] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message.en or message.zh)
        self.message = message
        self.code = code or type(self).code
        self.problems = tuple(problems)
        self.extra: dict[str, Any] = dict(extra or {})


class Invalid(LiaoranError):
    """The request itself cannot be understood: unknown field, malformed Condition, wrong type."""

    status = 400
    code = "invalid"


class Unauthenticated(LiaoranError):
    """Nobody is signed in, or the session or token is no longer good."""

    status = 401
    code = "unauthenticated"


class Forbidden(LiaoranError):
    """The actor may see the thing but not do this with it."""

    status = 403
    code = "forbidden"


class NotFound(LiaoranError):
    """It does not exist, or the actor may not see it; the two are the same answer on purpose."""

    status = 404
    code = "not_found"


class Conflict(LiaoranError):
    """Someone else changed it in between, or the key is already used for something else."""

    status = 409
    code = "conflict"


class Refused(LiaoranError):
    """A validation or a gate said no; ``problems`` names each unmet leaf in words."""

    status = 422
    code = "refused"


class TooMany(LiaoranError):
    """A rate or size limit; ``retry_after`` in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, message: Text, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
