"""The parts that people have in the team of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from liaoran.access.tables import APPROVER
from liaoran.kernel.text import Text
from liaoran.process.approvals.sight import APPROVER_LABEL

Level = Literal["read", "edit"]
OWNER_ROLE = "owner"


@dataclass(frozen=True, slots=True)
class TeamRole:
    """A part in a team, the level of access that somebody with it usually needs, and whether people give it."""

    label: Text
    usual: Level
    given: bool = True


TEAM_ROLES: Mapping[str, TeamRole] = {
    OWNER_ROLE: TeamRole(Text("负责人", "Owner"), "edit", given=False),
    "presales": TeamRole(Text("售前", "Pre-sales"), "edit"),
    "technical": TeamRole(Text("技术", "Technical"), "edit"),
    "legal": TeamRole(Text("法务", "Legal"), "read"),
    "finance": TeamRole(Text("财务", "Finance"), "read"),
    "member": TeamRole(Text("成员", "Member"), "read"),
    APPROVER: TeamRole(APPROVER_LABEL, "read", given=False),
}
"""By key, in the order in which a team is shown. The owner is whom the record's own Field names, approvers are those who
have or had a seat in an approval of the record; the others have a share with their role."""


def team_roles_to_json() -> list[dict[str, Any]]:
    """``[{key, label, usual, given}]`` in order."""
    return [
        {"key": key, "label": one.label.to_json(), "usual": one.usual, "given": one.given}
        for key, one in TEAM_ROLES.items()
    ]
