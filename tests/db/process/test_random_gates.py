"""The same gate on every door, whatever a Process asks for: random Processes and walks through all doors, against the
oracle in plain Python; what is told before a move is what the move then does, and trying leaves nothing."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.access.scope import Scope, system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import LiaoranError, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.process.publish import publish_process
from liaoran.process.recount import wrong_totals
from liaoran.process.transitions import move, transitions_of, try_move
from liaoran.records.changes import Create, Delete, Restore, Update, Written
from liaoran.records.merge import merge
from liaoran.records.undo import undo
from liaoran.records.write import write
from tests.db.process.gate_oracle import ENTRY_FIELDS, Attempt, Oracle, Outcome, Person, Record, Task
from tests.db.process.random_processes import FULL, STAGES, given_values, named, processes

EXAMPLES = int(os.environ.get("GATE_EXAMPLES", "25"))
DOORS = (
    "board", "board", "board", "batch", "batch", "form", "inline", "bulk", "from_file", "undo", "undo", "undo",
    "create", "import", "delete", "restore", "merge", "meeting", "task", "task",
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from(DOORS),
        st.integers(0, 5),
        st.sampled_from(["ann", "lee", "lee", "admin"]),
        given_values,
        st.sampled_from([None, *STAGES, "s1", "s2", "s2", "won"]),
        st.sampled_from([None, " ", "客户要求", "客户要求"]),
    ),
    min_size=12,
    max_size=25,
)


@dataclass
class Done:
    """An action that may be taken back: the records before it, the tasks it made and ended."""

    action: UUID
    before: dict[UUID, Record] = field(default_factory=dict)
    made: list[Task] = field(default_factory=list)
    ended: list[Task] = field(default_factory=list)
    moved_links: list[tuple[Any, UUID]] = field(default_factory=list)
    kind: str = "change"


class World:
    """Drives the engine and the oracle side by side."""

    def __init__(self, tx: Transaction, scopes: dict[str, Scope], oracle: Oracle, holders: Any) -> None:
        self.tx, self.scopes, self.oracle, self.holders = tx, scopes, oracle, holders
        self.records: dict[UUID, Record] = {}
        self.done: list[Done] = []

    def person(self, name: str) -> Person:
        return self.oracle.people[name]

    def pick(self, number: int, *, deleted: bool = False) -> UUID | None:
        known = [key for key, one in self.records.items() if one.deleted is deleted]
        return known[number % len(known)] if known else None

    def several(self, number: int) -> list[UUID]:
        return list(dict.fromkeys(key for offset in range(3) if (key := self.pick(number + offset))))

    async def step(self, door: str, number: int, name: str, values: Any, stage: str | None, comment: Any) -> None:
        known = stage if stage in self.oracle.states else None
        given = {**values, **({"stage": known} if known else {})}
        how = Attempt(self.person(name), comment, file=door in ("import", "from_file"))
        if door in ("create", "import"):
            await self.create(given, how)
        elif door == "undo":
            await self.undo()
        elif door == "merge":
            await self.merge(number)
        elif door in ("delete", "restore"):
            await self.bin(number, restore=door == "restore")
        elif door == "meeting":
            await self.meet(number)
        elif door == "task":
            await self.finish(number)
        elif door in ("board", "batch") and known:
            keys = self.several(number) if door == "batch" else self.several(number)[:1]
            await self.move(door, keys, known, values, how)
        elif given:
            await self.update(door, number, given, how)

    # doors

    async def create(self, given: dict[str, Any], how: Attempt) -> None:
        key, door = new_id(), Door.IMPORT if how.file else Door.FORM
        expected = self.oracle.judge(None, given, how, key)
        changes_ = [Create("deal", {"name": "D", **given}, key)]
        cause = Cause(door, note=how.comment)
        found = await self.attempt(how, changes_, cause, partly=how.file)
        self.compare_outcomes([expected], found)
        self.take(cause.action, [key], [expected], how, "create")

    async def update(self, door: str, number: int, given: dict[str, Any], how: Attempt) -> None:
        keys = self.several(number)
        keys = keys if door in ("bulk", "batch") else keys[:1]
        if door == "inline":
            given = dict([list(given.items())[number % len(given)]])
        real = {"from_file": Door.IMPORT, "board": Door.BOARD, "batch": Door.BULK}.get(door) or Door(door)
        expected = [self.oracle.judge(self.records[key], given, how) for key in keys]
        cause = Cause(real, note=how.comment)
        partly = door in ("bulk", "batch", "from_file")
        found = await self.attempt(how, [Update("deal", key, given) for key in keys], cause, partly=partly)
        self.compare_outcomes(expected, found)
        self.take(cause.action, keys, expected, how)

    async def move(self, door: str, keys: list[UUID], to: str, values: Any, how: Attempt) -> None:
        given = {**values, "stage": to}
        expected = [self.oracle.judge(self.records[key], given, how) for key in keys]
        scope = self.scopes[how.who.name]
        for key in keys:
            await self.compare_offers(key, how)
        before = await self.traces()
        cause = Cause(Door.BOARD if door == "board" else Door.BULK, note=how.comment)
        tried = await try_move(
            self.tx, scope, "deal", keys, replace(cause, action=new_id()), to_state=to, values=values
        )
        assert await self.traces() == before, "trying leaves nothing behind"
        self.compare_outcomes(expected, tried)
        try:
            async with self.tx.savepoint():
                found: list[Any] = await move(
                    self.tx, scope, "deal", keys, cause, to_state=to, values=values, all_or_nothing=door == "board"
                )
        except LiaoranError as refused:
            found = [refused] * len(keys)
        self.compare_outcomes(expected, found)
        assert [_told(one) for one in tried] == [_told(one) for one in found], "a try foretells the move word for word"
        self.take(cause.action, keys, expected, how)

    async def attempt(self, how: Attempt, made: list[Any], cause: Cause, *, partly: bool) -> list[Any]:
        try:
            async with self.tx.savepoint():
                scope = self.scopes[how.who.name]
                return list(await write(self.tx, scope, made, cause, all_or_nothing=not partly))
        except (Refused, NotFound) as refused:
            return [refused] * len(made)

    async def compare_offers(self, key: UUID, how: Attempt) -> None:
        """The list of transitions says which moves there are, and exactly what each still needs."""
        here = self.records[key]
        if not self.oracle.may_edit(how.who, here):
            return
        offers = {
            one.to.key: one for one in (await transitions_of(self.tx, self.scopes[how.who.name], "deal", [key]))[key]
        }
        ways = {to for to in self.oracle.states if to != here.stage and self.oracle.allowed(here.stage, to)}
        assert set(offers) == ways
        for to, offer in offers.items():
            wanted = self.oracle.judge(here, {"stage": to}, how).refusals
            asks = ("comment_required", "comment")
            assert {_key(one.problem) for one in offer.gate if not one.met} == wanted - {asks}, (to, here)
            assert offer.open == (not wanted - {asks})
            if not (how.comment or "").strip():
                assert offer.to_json("zh")["comment"] == (asks in wanted)

    def compare_outcomes(self, expected: list[Outcome], found: list[Any]) -> None:
        for wanted, one in zip(expected, found, strict=True):
            told = set() if isinstance(one, Written) else {_key(problem) for problem in one.problems}
            assert told == wanted.refusals, (wanted, one)

    def take(self, action: UUID, keys: list[UUID], expected: list[Outcome], how: Attempt, kind: str = "change") -> None:
        """Notes what became of the records."""
        done = Done(action, kind=kind)
        tasks = {id(one): one.status for one in self.oracle.tasks}
        for key, outcome in zip(keys, expected, strict=True):
            old, new = self.records.get(key), outcome.record
            if new is None or (old is not None and new.values == old.values):
                continue
            if old is not None:
                done.before[key] = old.copy()
            if outcome.moved:
                self.oracle.after(old, new, how, self.holders)
            self.records[key] = new
            done.before.setdefault(key, new.copy())
        if done.before:
            done.made = [one for one in self.oracle.tasks if id(one) not in tasks]
            done.ended = [one for one in self.oracle.tasks if tasks.get(id(one), one.status) != one.status]
            self.done.append(done)

    async def meet(self, number: int) -> None:
        key = self.pick(number)
        if key is not None:
            values = {"name": "会", "deal": str(key), "minutes": number % 2 == 0}
            await write(self.tx, self.scopes["admin"], [Create("meeting", values)], Cause(Door.FORM))
            self.oracle.meetings.append({"deal": key, "minutes": number % 2 == 0})

    async def finish(self, number: int) -> None:
        """Does one of the open tasks."""
        waiting = [one for one in self.oracle.tasks if one.status == "open" and not one.gone]
        if waiting:
            task = waiting[number % len(waiting)]
            newer = [one for one in self.oracle.tasks if (one.origin, one.first) == (task.origin, task.first)]
            ids = await self.tx.fetch_column(
                "SELECT id FROM {org}.r_todo WHERE origin = :origin AND id = ANY(:known) ORDER BY created_at, id",
                {"origin": task.origin, "known": await self.tasks_of(task.first)},
            )
            change = Update("todo", ids[newer.index(task)], {"status": "done"})
            await write(self.tx, self.scopes["admin"], [change], Cause(Door.FORM))
            task.status, task.touched = "done", True

    async def tasks_of(self, deal: UUID) -> list[UUID]:
        """The tasks that were made for a record, wherever they link to now."""
        return await self.tx.fetch_column(
            "SELECT record_id FROM {org}.events WHERE object = 'todo' AND kind = 'created' "
            "AND changes->'deal'->>1 = :deal",
            {"deal": str(deal)},
        )

    async def bin(self, number: int, *, restore: bool) -> None:
        key = self.pick(number, deleted=restore)
        if key is None:
            return
        cause = Cause(Door.FORM)
        change: Any = Restore("deal", key) if restore else Delete("deal", key)
        await write(self.tx, self.scopes["admin"], [change], cause)
        self.done.append(Done(cause.action, {key: self.records[key].copy()}, kind="bin"))
        self.records[key].deleted = not restore

    async def merge(self, number: int) -> None:
        into, loser = self.pick(number), self.pick(number + 1)
        if into is None or loser is None or into == loser:
            return
        cause = Cause(Door.MERGE)
        await merge(self.tx, self.scopes["admin"], "deal", into=into, others=[loser], values={}, cause=cause)
        done = Done(cause.action, {loser: self.records[loser].copy()}, kind="bin")
        for one in self.oracle.tasks:
            if one.deal == loser and not one.gone:
                one.deal, one.touched = into, True
                done.moved_links.append((one, loser))
        for meeting in self.oracle.meetings:
            if meeting["deal"] == loser:
                meeting["deal"] = into
                done.moved_links.append((meeting, loser))
        self.records[loser].deleted = True
        self.done.append(done)

    async def undo(self) -> None:
        """Takes the newest action back, or none of it where the gate is in the way."""
        if not self.done:
            return
        done, how = self.done[-1], Attempt(self.person("admin"), undo=True)
        expected = {key: self.back(done, key, old, how) for key, old in done.before.items()}
        refusals = set().union(*(one.refusals for one in expected.values()))
        try:
            async with self.tx.savepoint():
                report = await undo(self.tx, self.scopes["admin"], done.action)
        except Refused as refused:
            assert {_key(one) for one in refused.problems} == refusals
            return
        assert not refusals and not report.kept
        self.done.pop()
        self.taken_back(done, expected)

    def back(self, done: Done, key: UUID, old: Record, how: Attempt) -> Outcome:
        now = self.records[key]
        if done.kind != "change":
            return Outcome(record=now)
        names = {*now.values, *old.values} - {"status", "owner", "department"}
        former = {name: old.values.get(name) for name in names if now.values.get(name) != old.values.get(name)}
        return self.oracle.judge(now, former, how)

    def taken_back(self, done: Done, expected: dict[UUID, Outcome]) -> None:
        for key, old in done.before.items():
            if done.kind == "create":
                self.records[key].deleted = True
            else:
                self.records[key] = old
                assert done.kind == "bin" or expected[key].record is not None
        moved = {key for key, one in expected.items() if one.moved}
        for one in done.made:
            if one.deal in moved and one.status == "open" and not one.touched:
                one.gone = True
        for one in done.ended:
            if one.deal in moved and one.status == "cancelled":
                one.status, one.touched = "open", True
        for linked, former in done.moved_links:
            if isinstance(linked, Task):
                linked.deal = former
            else:
                linked["deal"] = former

    # what is kept

    async def traces(self) -> dict[str, Any]:
        found = await self.tx.fetch_one(
            "SELECT (SELECT count(*) FROM {org}.events) e, (SELECT count(*) FROM {org}.visits) v, "
            "(SELECT count(*) FROM {org}.r_todo) t, (SELECT sum(version) FROM {org}.r_deal) d"
        )
        assert found is not None
        return found

    async def compare(self) -> None:
        rows = await self.tx.fetch_all("SELECT * FROM {org}.r_deal")
        assert len(rows) == len(self.records)
        for row in rows:
            record = self.records[row["id"]]
            seen = {key: row[key] for key in (*ENTRY_FIELDS, "stage", "status", "owner", "department")}
            shown = {key: _plain(value) for key, value in seen.items() if value is not None}
            assert shown == {key: _plain(value) for key, value in record.values.items()}
            assert (row["deleted_at"] is not None) == record.deleted
            assert row["currency"] is not None or row["amount"] is None
        tasks = await self.tx.fetch_all("SELECT * FROM {org}.r_todo")
        assert Counter(
            (one["origin"], one["must"], one["status"], one["owner"], one["deal"], one["deleted_at"] is not None)
            for one in tasks
        ) == Counter((one.origin, one.must, one.status, one.owner, one.deal, one.gone) for one in self.oracle.tasks)
        assert await wrong_totals(self.tx, self.scopes["admin"], "deal") == []
        await self.compare_visits()

    async def compare_visits(self) -> None:
        """The stays are the changes of the state in the Events, one after the other."""
        for key in self.records:
            told = await self.tx.fetch_column(
                "SELECT changes->'stage'->>1 FROM {org}.events WHERE record_id = :id AND changes ? 'stage' ORDER BY seq",
                {"id": key},
            )
            stays = await self.tx.fetch_all(
                "SELECT state, entered_at, left_at FROM {org}.visits WHERE record_id = :id ORDER BY ordinal",
                {"id": key},
            )
            assert [one["state"] for one in stays] == told
            assert [one["left_at"] for one in stays] == [one["entered_at"] for one in stays[1:]] + [None]


def _key(problem: Any) -> tuple[str, str | None]:
    return problem.code, problem.field or problem.evidence.get("key")


def _told(outcome: Any) -> Any:
    return [(one.code, one.message) for one in outcome.problems] if not isinstance(outcome, Written) else outcome


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return float(value) if hasattr(value, "as_tuple") or isinstance(value, int) else str(value)


async def _scopes(strict: Any, tx: Transaction) -> dict[str, Scope]:
    scopes = {name: await strict.scope(tx, name) for name in ("ann", "lee", "admin")}
    lee = scopes["lee"]
    scopes["lee"] = Scope(lee.snapshot, replace(lee.actor, roles=("sales", "boss")), lee.grants)
    return scopes


def _people(strict: Any) -> dict[str, Person]:
    north = strict.departments["north"]
    return {
        "ann": Person("ann", strict.people["ann"], north, ("sales",)),
        "lee": Person("lee", strict.people["lee"], north, ("sales", "boss"), "department"),
        "admin": Person("admin", strict.people["admin"], None, ("administrator",), "all"),
        "bob": Person("bob", strict.people["bob"], north, ("sales",)),
        "eve": Person("eve", strict.people["eve"], strict.departments["south"], ("sales",)),
    }


class _Enough(Exception):
    """Ends an example's transaction without a trace."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=processes(), walk=steps, data=st.data())
async def test_every_door_has_the_same_gate(strict: Any, drawn: Any, walk: Any, data: st.DataObject) -> None:
    try:
        async with strict.begin() as tx:
            everything = await strict.scope(tx, "system")
            companies = [Create("company", {"name": "甲", "code": "A"}), Create("company", {"name": "乙"})]
            first, second = await write(tx, everything, companies, Cause(Door.API))
            ids = {**strict.people, "first": first.id, "second": second.id}
            definition = named(drawn, ids)
            await publish_process(tx, system_scope(everything.snapshot), definition)
            oracle = Oracle(definition, _people(strict))
            oracle.codes = {str(first.id): "A"}
            holders = {"presales": [ids["bob"], ids["eve"]], "boss": [ids["lee"]]}
            world = World(tx, await _scopes(strict, tx), oracle, holders)
            for number in range(3):
                values = named(data.draw(given_values) if number else FULL, ids)
                await world.create(values, Attempt(world.person("ann")))
            for door, number, name, values, stage, comment in walk:
                await world.step(door, number, name, named(values, ids), stage, comment)
            await world.compare()
            raise _Enough
    except _Enough:
        pass
