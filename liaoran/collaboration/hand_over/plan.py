"""The plan of a hand-over: whose, to whom, how it is split; and who gets a thing by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text
from liaoran.process.people import labels_of, present_people

Split = Literal["one", "object", "department", "evenly"]
Extent = Literal["all", "open", "none"]
MOST_SUCCESSORS = 20
_GONE = Text("所选接手人中有人不存在或已离职", "one of the successors is not there or has left")
_SAME = Text("接手人不能是交接人自己", "nobody can be their own successor")
_OUTSIDE = Text("请在接手人中指定“{part}”的接手人", "the successor for “{part}” has to be one of the successors")
_ONESELF = Text(
    "不能把自己设为离职，请由另一位管理员操作", "you cannot mark yourself as having left; ask another administrator"
)
_NOBODY = Text("没有这个人员", "there is no such person")


class HandOverPlan(BaseModel):
    """Who hands over to whom.

    ``split``: everything to the first successor (``one``), by Object (``by_object``), by the department of the record
    (``by_department``), or ``evenly``, where a record goes to the successor who has what it hangs on. Where a map says
    nothing, the first successor gets it. ``parts`` says how much of each part goes (a part left out: tasks that are
    open, of everything else all); ``leaves`` marks the person as having left, at once.
    """

    model_config = ConfigDict(extra="forbid")

    person: UUID
    successors: list[UUID] = Field(min_length=1, max_length=MOST_SUCCESSORS)
    split: Split = "one"
    by_object: dict[str, UUID] = Field(default={}, max_length=500)
    by_department: dict[UUID, UUID] = Field(default={}, max_length=500)
    parts: dict[str, Extent] = Field(default={}, max_length=1000)
    leaves: bool = False
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]

    def extent(self, part: str, *, is_task: bool = False) -> Extent:
        """How much of a part goes."""
        return self.parts.get(part, "open" if is_task else "all")


async def check_plan(tx: Transaction, scope: Scope, plan: HandOverPlan) -> dict[UUID, str]:
    """The names of the person and the successors. Raises Refused where somebody is not there, is their own successor,
    or is named in a map but no successor."""
    people = await labels_of(tx, scope, "person", [plan.person])
    if plan.person not in people:
        raise _refusal("unknown_person", _NOBODY, "person")
    if plan.person in plan.successors:
        raise _refusal("own_successor", _SAME, "successors")
    present = await present_people(tx, scope.snapshot, plan.successors)
    if any(one not in present for one in plan.successors):
        raise _refusal("unknown_person", _GONE, "successors")
    maps: tuple[tuple[str, Mapping[str, UUID]], ...] = (
        ("by_object", plan.by_object),
        ("by_department", {str(key): to for key, to in plan.by_department.items()}),
    )
    for name, chosen in maps:
        for key, to in chosen.items():
            if to not in plan.successors:
                raise _refusal("no_successor", _OUTSIDE.fill(part=key), name)
    if plan.leaves and plan.person == scope.actor.person:
        raise _refusal("not_yourself", _ONESELF, "leaves")
    return {**people, **present}


@dataclass
class Division:
    """Who gets the next thing. ``given`` counts by part and successor, so that a run that goes on after an interruption
    goes on dividing as it had begun."""

    plan: HandOverPlan
    given: dict[str, dict[str, int]] = field(default_factory=dict)

    def choose(
        self, part: str, object_key: str | None = None, department: UUID | None = None, near: UUID | None = None
    ) -> UUID:
        """The successor for one thing of a part: of which Object and department it is, and who has what it hangs on."""
        plan, first = self.plan, self.plan.successors[0]
        match plan.split:
            case "object":
                chosen = plan.by_object.get(object_key or "", first)
            case "department":
                chosen = plan.by_department.get(department, first) if department else first
            case "evenly":
                chosen = near if near in plan.successors and near is not None else self._fewest(part)
            case _:
                chosen = first
        return chosen

    def count(self, part: str, to: UUID, by: int = 1) -> None:
        """Notes that a successor was given something (or, with -1, did not get it after all)."""
        counts = self.given.setdefault(part, {})
        counts[str(to)] = counts.get(str(to), 0) + by

    def total(self, part: str) -> int:
        """How much of the part has been given."""
        return sum(self.given.get(part, {}).values())

    def _fewest(self, part: str) -> UUID:
        counts = self.given.get(part, {})
        return min(self.plan.successors, key=lambda one: counts.get(str(one), 0))


def _refusal(code: str, message: Text, name: str) -> Refused:
    return Refused(message, code=code, problems=(Problem(code, message, name),))
