"""What ``write`` takes and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from liaoran.kernel.errors import Conflict, Forbidden, Invalid, LiaoranError, NotFound, Problem, Refused
from liaoran.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Past:
    """When a change really took place and who made it, where that is not "now, the Actor": history and demo data.

    ``at`` is an aware datetime; a change is never dated before the one that precedes it on the same record. ``person``
    and ``person_label`` say who; the Actor stands in where both are None. A label without a person is somebody whom
    nobody here knows.
    """

    at: datetime
    person: UUID | None = None
    person_label: str | None = None


@dataclass(frozen=True, slots=True)
class Create:
    """A new record. ``values`` in the form of the HTTP contract, by Field key; ``id`` only where the caller needs to
    know it beforehand (a UUIDv7 of its own)."""

    object: str
    values: Mapping[str, Any]
    id: UUID | None = None
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the Fields named; the others stay. ``version`` is the one that the writer saw; None skips the
    comparison (bulk edit, imports). ``carried`` marks a record that a change of its Process, or the hand-over of all that
    somebody holds, takes along: nobody decides anything about it, so no gate is asked and nothing follows
    (``process.carrying`` and ``collaboration.hand_over`` alone set it)."""

    object: str
    id: UUID
    values: Mapping[str, Any]
    version: int | None = None
    past: Past | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """To the recycle bin. ``merged_into`` names the record that it lives on in (``merge`` alone sets it)."""

    object: str
    id: UUID
    version: int | None = None
    merged_into: UUID | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    """Back from the recycle bin."""

    object: str
    id: UUID


Change = Create | Update | Delete | Restore


@dataclass(frozen=True, slots=True)
class Written:
    """The change took place, or there was nothing to change (``changed`` is False and nothing was written)."""

    id: UUID
    version: int
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Rejected:
    """The change did not take place. ``kind`` is the error that it would be if it stood alone; ``extra`` holds what
    that error carries, for a version conflict ``current, changed_by, changed_at, changed_fields``."""

    problems: tuple[Problem, ...]
    kind: type[LiaoranError] = Refused
    id: UUID | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def error(self) -> LiaoranError:
        """The error to raise where nothing may be rejected silently."""
        first = self.problems[0]
        code = first.code if self.kind is not Refused else None
        return self.kind(_HEADLINES.get(self.kind, first.message), code=code, problems=self.problems, extra=self.extra)


Outcome = Written | Rejected

_HEADLINES: dict[type[LiaoranError], Text] = {
    Refused: Text("没有保存：有内容不符合要求", "not saved: something does not meet the requirements"),
}

SEVERITY: tuple[type[LiaoranError], ...] = (Invalid, Forbidden, NotFound, Conflict, Refused)
"""When several changes of one call are rejected for several reasons, the call fails with the first kind found here."""
