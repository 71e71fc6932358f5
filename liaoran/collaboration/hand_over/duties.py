"""Places of the person in approvals, Processes and sharing rules."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.actors import raise_access_version
from liaoran.access.tables import sharing_rules
from liaoran.collaboration.hand_over.beside import Change, Work
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import LiaoranError
from liaoran.kernel.text import Text
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.reseating import (
    name_again,
    open_seats_of,
    rename_in_step,
    reseat,
    seat_again,
    steps_naming,
)
from liaoran.process.replacing import processes_naming, put_in_place, take_place_back
from liaoran.schema.snapshot import Snapshot

_SEATED = Text(
    "“{approval}”：接手人已经是该步骤的审批人，或审批已有变化",
    "“{approval}”: every successor decides that step already, or it has moved on",
)
_HELD_PROCESS = Text("流程“{process}”没有改动：{why}", "the process “{process}” stays as it is: {why}")
_PERSON = sa.bindparam("person", type_=sa.Uuid)
_NAMING = Statement(
    sa.select(sharing_rules.c.id, sharing_rules.c.people)
    .where(sharing_rules.c.people.any(_PERSON))
    .order_by(sharing_rules.c.id)
)
_PEOPLE = Statement(
    sa.select(sharing_rules.c.people).where(sharing_rules.c.id == sa.bindparam("rule", type_=sa.Uuid)).with_for_update()
)
_SET_PEOPLE = Statement(
    sa.update(sharing_rules)
    .where(sharing_rules.c.id == sa.bindparam("rule", type_=sa.Uuid))
    .values(people=sa.bindparam("new_people", type_=pg.ARRAY(sa.Uuid)))
)


class Approvals:
    """Approvals in which it is the person's turn, and steps still to come that name them."""

    key = "approvals"
    label = Text("待处理的审批", "Approvals waiting")
    changes = frozenset({"seat", "step"})

    async def count(self, tx: Transaction, snapshot: Snapshot, person: UUID) -> int:
        """Seats and steps."""
        return len(await open_seats_of(tx, person)) + len(await steps_naming(tx, person))

    async def give(self, work: Work) -> None:
        """Seats go to a successor who does not decide the step already; steps name the successor."""
        one, desk = work.hand_over, _desk(work)
        for seat in await open_seats_of(work.tx, one.person):
            chosen = one.division.choose(self.key, seat.object)
            for to in dict.fromkeys([chosen, *one.plan.successors]):
                done = await reseat(desk, seat, to, work.names[to], one.plan.reason)
                if done is not None:
                    work.note("seat", seat.id, *done)
                    one.division.count(self.key, to)
                    break
            else:
                why = _SEATED.fill(approval=Text.from_json(dict(seat.label)))
                one.keep(self.key, why, object_key=seat.object, record=seat.record)
        for step in await steps_naming(work.tx, one.person):
            to = one.division.choose(self.key)
            work.note("step", step["id"], *await rename_in_step(work.tx, step, one.person, to))
            one.division.count(self.key, to)

    async def put_back(self, work: Work, change: Change) -> bool:
        """Gives a seat back, or lets a step name the person again."""
        if change.kind == "seat":
            return await seat_again(_desk(work), UUID(change.key), change.before, change.after)
        return await name_again(work.tx, UUID(change.key), change.before, change.after)


class Rules:
    """Sharing rules that name the person."""

    key = "rules"
    label = Text("共享规则", "Sharing rules")
    changes = frozenset({"rule"})

    async def count(self, tx: Transaction, snapshot: Snapshot, person: UUID) -> int:
        """How many there are."""
        return len(await tx.fetch_all(_NAMING, {"person": person}))

    async def give(self, work: Work) -> None:
        """Lets the rules name the successor."""
        one = work.hand_over
        for row in await work.tx.fetch_all(_NAMING, {"person": one.person}):
            to = one.division.choose(self.key)
            people = list(dict.fromkeys(to if each == one.person else each for each in row["people"]))
            await self._set(work, row["id"], people)
            work.note("rule", row["id"], _texts(row["people"]), _texts(people))
            one.division.count(self.key, to)

    async def put_back(self, work: Work, change: Change) -> bool:
        """Lets a rule name whom it named."""
        row = await work.tx.fetch_one(_PEOPLE, {"rule": UUID(change.key)})
        if row is None or _texts(row["people"]) != change.after:
            return False
        await self._set(work, UUID(change.key), [UUID(each) for each in change.before])
        return True

    async def _set(self, work: Work, rule: UUID, people: list[UUID]) -> None:
        await work.tx.execute(_SET_PEOPLE, {"rule": rule, "new_people": people})
        await raise_access_version(work.tx)


class Processes:
    """Processes whose parts name the person: who is accountable for a stage, does a task, may move, decides."""

    key = "processes"
    label = Text("流程中的角色", "Places in pipelines")
    changes = frozenset({"process"})

    async def count(self, tx: Transaction, snapshot: Snapshot, person: UUID) -> int:
        """How many Processes there are."""
        return len(processes_naming(snapshot, person))

    async def give(self, work: Work) -> None:
        """Publishes the next version of each with the successor in the person's place. One that cannot be published as it
        is stays and is told of."""
        one = work.hand_over
        for process, _ in processes_naming(work.scope.snapshot, one.person):
            to = one.division.choose(self.key, process.object)
            try:
                async with work.tx.savepoint():
                    changed = await put_in_place(work.tx, work.scope, process, one.person, to, one.plan.reason)
            except LiaoranError as refused:
                why = _HELD_PROCESS.fill(process=process.label, why=refused.message)
                one.keep(self.key, why, object_key=process.object)
                continue
            work.note("process", process.key, *changed)
            one.division.count(self.key, to)

    async def put_back(self, work: Work, change: Change) -> bool:
        """Publishes the version before again."""
        before, after = change.before["version"], change.after["version"]
        return await take_place_back(work.tx, work.scope, change.key, before, after, work.hand_over.plan.reason)


def _desk(work: Work) -> Desk:
    return Desk(work.tx, work.scope, work.cause, work.now)


def _texts(people: list[UUID]) -> list[str]:
    return [str(one) for one in people]
