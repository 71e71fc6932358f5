"""Actor 操作者: every write has one; every read is made for one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from liaoran.kernel.text import Language

ActorKind = Literal["person", "token", "rule", "import", "agent", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, resolved once per request or job.

    ``department`` is the actor's own department, ``departments`` are that one and all below it, ``above`` that one and
    all above it. ``reports`` are the actor and everybody below on the reporting line, where the grants ask for them.
    ``zone`` is an IANA time zone; "today" and date buckets are taken in it. ``scopes`` narrows a token: None means no
    narrowing, otherwise a set of "read", "write", "admin".
    """

    kind: ActorKind
    id: UUID
    person: UUID | None
    label: str
    roles: tuple[str, ...] = ()
    department: UUID | None = None
    departments: tuple[UUID, ...] = ()
    above: tuple[UUID, ...] = ()
    reports: tuple[UUID, ...] = ()
    language: Language = "zh"
    zone: str = "Asia/Shanghai"
    scopes: frozenset[str] | None = None
    login: str = field(default="", compare=False)

    @property
    def is_administrator(self) -> bool:
        """Whether the shipped role of administrators is among the roles."""
        return "administrator" in self.roles
