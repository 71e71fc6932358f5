"""Two shares that one taker has of records that become one: the stronger level and the longer time hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from liaoran.access.tables import APPROVER
from liaoran.collaboration.sharing.team import Level
from liaoran.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Share:
    """A row of ``shares``, without the record that it is of."""

    id: UUID
    person: UUID | None
    department: UUID | None
    level: Level
    role: str | None
    starts_at: datetime
    ends_at: datetime | None
    note: str | None
    given_by: UUID | None
    given_at: datetime

    @property
    def by_seat(self) -> bool:
        """Whether it is what an approver sees, which is beside what people give."""
        return self.role == APPROVER

    @property
    def taker(self) -> tuple[UUID | None, UUID | None, bool]:
        """A record is shared once with each of these."""
        return self.person, self.department, self.by_seat

    def parts(self) -> dict[str, str | None]:
        """What can change of it, as JSON: equal where nothing did."""
        parts = ("person", "department", "level", "role", "starts_at", "ends_at", "note")
        values = {name: getattr(self, name) for name in parts}
        return {
            name: value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)
            for name, value in values.items()
        }


@dataclass(frozen=True, slots=True)
class Joined:
    """A share of the record that stays, as a merge leaves it; ``before`` is None where there was none."""

    before: Share | None
    after: Share


def read_share(row: Mapping[str, Any]) -> Share:
    """The share of a row."""
    return Share(**{one.name: row[one.name] for one in fields(Share)})


def join_shares(present: dict[tuple[UUID | None, UUID | None, bool], Share], coming: Iterable[Share]) -> list[Joined]:
    """What ``coming`` changes of the shares that are ``present``, by taker, which are kept up: takers who have none get
    one, who has a weaker or shorter one gets that changed."""
    joined = []
    for one in coming:
        before = present.get(one.taker)
        after = replace(one, id=new_id()) if before is None else _stronger(before, one)
        if after != before:
            present[one.taker] = after
            joined.append(Joined(before, after))
    return joined


def _stronger(one: Share, other: Share) -> Share:
    return replace(
        one,
        level="edit" if "edit" in (one.level, other.level) else "read",
        role=one.role or other.role,
        starts_at=min(one.starts_at, other.starts_at),
        ends_at=None if one.ends_at is None or other.ends_at is None else max(one.ends_at, other.ends_at),
        note=one.note or other.note,
    )
