"""The same gate on every door: random writes through all of them over a random Process, against an oracle in plain
Python; and what is kept beside the records (totals, visits, Events, versions) tells the same story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.access.scope import Scope, system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.process.publish import publish_process
from liaoran.process.recount import wrong_totals
from liaoran.process.transitions import move, transitions_of
from liaoran.records.changes import Change, Create, Delete, Past, Restore, Update, Written
from liaoran.records.merge import merge
from liaoran.records.undo import undo
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot

STATES = {"first": "open", "offer": "open", "won": "won", "lost": "lost"}
ASKED = ("amount", "note", "win_reason", "loss_reason")
VALUES: dict[str, list[Any]] = {
    "amount": [None, 0, 7.5, "1.2万"],
    "note": [None, " ", "seen"],
    "win_reason": [None, "price", "信任"],
    "loss_reason": [None, "Price"],
}
FILLED = {0, 7.5, "1.2万", "seen", "price", "信任", "Price"}

way = st.tuples(
    st.sampled_from([None, *STATES]), st.sampled_from(list(STATES)), st.sets(st.sampled_from(ASKED), max_size=2)
)
transitions = st.one_of(st.just([]), *[st.lists(way, min_size=5, max_size=12, unique_by=lambda one: one[:2])] * 5)
filling = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()})
values_given = st.builds(
    lambda filled, stage: {**filled, **({} if stage == "absent" else {"stage": stage})},
    filling,
    st.sampled_from(["absent", "absent", *STATES, *STATES, "初步接触", "Won", None]),
)
DOORS = ["form", "board", "bulk", "form", "board", "bulk", "create", "import", "delete", "restore", "undo", "merge"]
steps = st.lists(st.tuples(st.sampled_from(DOORS), st.integers(0, 5), values_given), min_size=10, max_size=25)


@dataclass
class Record:
    """What the oracle knows of a record."""

    stage: str
    filled: set[str] = field(default_factory=set)
    deleted: bool = False

    def copy(self) -> Record:
        return Record(self.stage, set(self.filled), self.deleted)


class Oracle:
    """The rules of a Process, written down as plainly as possible."""

    def __init__(self, moves: list[tuple[str | None, str, set[str]]]) -> None:
        self.moves = moves

    def entry(self, stage: str) -> set[str]:
        """What every listed way into the state asks for."""
        ways = [asked for _, to, asked in self.moves if to == stage]
        return set.intersection(*ways) if ways else set()

    def outcome(self, old: Record | None, given: dict[str, Any]) -> Record | None:
        """The record after the change, or None where it is refused."""
        new = old.copy() if old else Record("")
        for key, value in given.items():
            if key != "stage":
                new.filled.discard(key)
                if value in FILLED:
                    new.filled.add(key)
        if "stage" in given and given["stage"] is None and old is not None:
            return None
        named = {"初步接触": "first", "Won": "won"}.get(given.get("stage") or "", given.get("stage"))
        new.stage = named or (old.stage if old else "first")
        if old is None or not self.moves:
            asked = self.entry(new.stage) if old is None else set()
        elif new.stage == old.stage:
            emptied = old.filled - new.filled
            asked = self.entry(new.stage) & emptied
        else:
            exact = [asked for source, to, asked in self.moves if (source, to) == (old.stage, new.stage)]
            general = [asked for source, to, asked in self.moves if (source, to) == (None, new.stage)]
            if not exact and not general:
                return None
            asked = (exact or general)[0]
        return new if asked <= new.filled else None


def reachable(moves: list[tuple[str | None, str, set[str]]]) -> list[tuple[str | None, str, set[str]]]:
    """The same moves, with ways added so that every state can be reached (a Process without is not published)."""
    if not moves:
        return moves
    targets = {to for source, to, _ in moves if source in (None, "first") and to != source}
    return [*moves, *(("first", to, set()) for to in STATES if to not in targets and to != "first")]


def definition(moves: list[tuple[str | None, str, set[str]]]) -> dict[str, Any]:
    labels = {
        "first": ("初步接触", "First contact"),
        "offer": ("方案报价", "Offer"),
        "won": ("赢单", "Won"),
        "lost": ("输单", "Lost"),
    }
    return {
        "key": "selling",
        "object": "deal",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "销售", "en": "Selling"},
        "is_default": True,
        "sum_field": "amount",
        "derived": {"status": {"open": "open", "won": "won", "lost": "lost"}, "probability": "chance"},
        "states": [
            {"key": key, "label": dict(zip(("zh", "en"), labels[key], strict=True)), "kind": kind}
            for key, kind in STATES.items()
        ],
        "transitions": [{"from": source, "to": to, "required": sorted(asked)} for source, to, asked in moves],
    }


class World:
    """Drives the engine and the oracle side by side."""

    def __init__(self, tx: Transaction, scope: Scope, oracle: Oracle) -> None:
        self.tx, self.scope, self.oracle = tx, scope, oracle
        self.records: dict[UUID, Record] = {}
        self.done: list[tuple[UUID, Callable[[], bool]]] = []

    def pick(self, number: int, *, deleted: bool = False) -> UUID | None:
        known = [key for key, one in self.records.items() if one.deleted is deleted]
        return known[number % len(known)] if known else None

    async def step(self, door: str, number: int, given: dict[str, Any]) -> None:
        if door in ("create", "import"):
            await self.create(given, Door.IMPORT if door == "import" else Door.FORM)
        elif door == "undo":
            await self.undo()
        elif door == "merge":
            await self.merge(number)
        elif door in ("delete", "restore"):
            await self.bin(number, restore=door == "restore")
        else:
            await self.update(door, number, given)

    async def attempt(self, changes: list[Change], door: Door, *, partly: bool) -> tuple[UUID, list[Any]]:
        cause = Cause(door)
        try:
            async with self.tx.savepoint():
                return cause.action, await write(self.tx, self.scope, changes, cause, all_or_nothing=not partly)
        except Refused as refused:
            return cause.action, [refused] * len(changes)

    async def create(self, given: dict[str, Any], door: Door) -> None:
        expected = self.oracle.outcome(None, given)
        values = {"name": "D", **given}
        action, (found,) = await self.attempt([Create("deal", values)], door, partly=door is Door.IMPORT)
        assert isinstance(found, Written) == (expected is not None), (given, expected, found)
        if expected is not None:
            self.records[found.id] = expected
            self.done.append((action, lambda: self.put_away(found.id)))

    def put_away(self, key: UUID) -> bool:
        self.records[key].deleted = True
        return True

    async def update(self, door: str, number: int, given: dict[str, Any]) -> None:
        keys = list(
            dict.fromkeys(key for offset in range(3 if door == "bulk" else 1) if (key := self.pick(number + offset)))
        )
        if not keys or not given:
            return
        if door == "board":
            await self.move(keys[0], given)
            return
        expected = [self.oracle.outcome(self.records[key], given) for key in keys]
        changes: list[Change] = [Update("deal", key, given) for key in keys]
        partly = door == "bulk"
        action, found = await self.attempt(changes, Door(door), partly=partly)
        assert [isinstance(one, Written) for one in found] == [one is not None for one in expected], (
            given,
            expected,
            found,
        )
        self.note(action, keys, expected, found)

    async def move(self, key: UUID, given: dict[str, Any]) -> None:
        if not given.get("stage"):
            return
        rest = {name: value for name, value in given.items() if name != "stage"}
        expected = self.oracle.outcome(self.records[key], given)
        if not rest:
            await self.compare_transitions(key)
        cause = Cause(Door.BOARD)
        try:
            async with self.tx.savepoint():
                outcomes = await move(self.tx, self.scope, "deal", [key], cause, to_state=given["stage"], values=rest)
                found: Any = outcomes[0]
        except Refused as refused:
            found = refused
        assert isinstance(found, Written) == (expected is not None), (given, expected, found)
        self.note(cause.action, [key], [expected], [found])

    async def compare_transitions(self, key: UUID) -> None:
        """What the list of transitions promises is what a move then does."""
        told = {one.to.key: one.open for one in (await transitions_of(self.tx, self.scope, "deal", [key]))[key]}
        here = self.records[key]
        for state in STATES:
            if state != here.stage:
                allowed = self.oracle.outcome(here, {"stage": state}) is not None
                assert told.get(state, False) == allowed, (state, told, here)

    def note(self, action: UUID, keys: list[UUID], expected: list[Record | None], found: list[Any]) -> None:
        before = {key: self.records[key] for key, new in zip(keys, expected, strict=True) if new is not None}
        for key, new in zip(keys, expected, strict=True):
            if new is not None:
                self.records[key] = new
        if any(isinstance(one, Written) and one.changed for one in found):
            self.done.append((action, lambda: self.go_back(before)))

    def go_back(self, before: dict[UUID, Record]) -> bool:
        """Undo gives the former values; the gate decides whether that is allowed, for all records or none."""
        former = {}
        for key, old in before.items():
            now = self.records[key]
            given: dict[str, Any] = {
                name: "seen" if name in old.filled else None
                for name in ASKED
                if (name in old.filled) != (name in now.filled)
            }
            if now.stage != old.stage:
                given["stage"] = old.stage
            if given and self.oracle.outcome(now, given) is None:
                return False
            former[key] = old
        self.records.update({key: old.copy() for key, old in former.items()})
        return True

    async def bin(self, number: int, *, restore: bool) -> None:
        key = self.pick(number, deleted=restore)
        if key is None:
            return
        change: Change = Restore("deal", key) if restore else Delete("deal", key)
        action, (found,) = await self.attempt([change], Door.FORM, partly=False)
        assert isinstance(found, Written)
        self.records[key].deleted = not restore

        def back() -> bool:
            self.records[key].deleted = restore
            return True

        self.done.append((action, back))

    async def merge(self, number: int) -> None:
        into, loser = self.pick(number), self.pick(number + 1)
        if into is None or loser is None or into == loser:
            return
        cause = Cause(Door.MERGE)
        await merge(self.tx, self.scope, "deal", into=into, others=[loser], values={}, cause=cause)
        self.records[loser].deleted = True

        def back() -> bool:
            self.records[loser].deleted = False
            return True

        self.done.append((cause.action, back))

    async def undo(self) -> None:
        if not self.done:
            return
        _, back = self.done[-1]
        expected = back()
        try:
            async with self.tx.savepoint():
                report = await undo(self.tx, self.scope)
        except (Refused, Conflict) as error:
            assert not expected, error
            return
        assert expected and not report.kept
        self.done.pop()

    async def compare(self) -> None:
        rows = await self.tx.fetch_all("SELECT * FROM {org}.r_deal")
        assert {row["id"]: (row["stage"], row["deleted_at"] is not None) for row in rows} == {
            key: (one.stage, one.deleted) for key, one in self.records.items()
        }
        for row in rows:
            assert {key for key in ASKED if row[key] is not None} == self.records[row["id"]].filled
            assert row["status"] == STATES[row["stage"]]
            assert row["chance"] == 0, "the states of this Process give no probability"
        assert await wrong_totals(self.tx, self.scope, "deal") == []
        await self.compare_visits()

    async def compare_visits(self) -> None:
        """The stays are the changes of the state in the Events, one after the other."""
        for key in self.records:
            told = await self.tx.fetch_column(
                "SELECT changes->'stage'->>1 FROM {org}.events WHERE record_id = :id AND changes ? 'stage' "
                "ORDER BY seq",
                {"id": key},
            )
            stays = await self.tx.fetch_all(
                "SELECT state, entered_at, left_at FROM {org}.visits WHERE record_id = :id ORDER BY ordinal",
                {"id": key},
            )
            assert [one["state"] for one in stays] == told
            assert [one["left_at"] for one in stays] == [one["entered_at"] for one in stays[1:]] + [None]

    async def compare_past(self, data: st.DataObject) -> None:
        """Replaying the Events up to a moment gives what the versions say of it."""
        events = await self.tx.fetch_all("SELECT * FROM {org}.events WHERE object = 'deal' ORDER BY seq")
        if not events:
            return
        moments = [row["at"] + timedelta(microseconds=shift) for row in events for shift in (-1, 0, 1)]
        for moment in data.draw(st.lists(st.sampled_from(moments), min_size=1, max_size=5)):
            source = self.scope.source("deal", as_of=True)
            rows = await self.tx.fetch_all(source.select(), {**self.scope.params(), "as_of": moment})
            seen = {row["id"]: {key: _plain(row[key]) for key in (*ASKED, "stage", "status", "owner")} for row in rows}
            assert seen == _replay(events, moment)


def _replay(events: list[dict[str, Any]], moment: datetime) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    gone: set[UUID] = set()
    for event in events:
        if event["at"] <= moment:
            values = found.setdefault(event["record_id"], dict.fromkeys((*ASKED, "stage", "status", "owner")))
            values.update({key: new for key, (_, new) in event["changes"].items() if key in values})
            (gone.add if event["kind"] in ("deleted", "merged") else gone.discard)(event["record_id"])
    return {key: values for key, values in found.items() if key not in gone}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


class _Enough(Exception):
    """Ends an example's transaction without a trace."""


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=transitions, walk=steps, data=st.data())
async def test_every_door_has_the_same_gate(selling: Any, moves: Any, walk: Any, data: st.DataObject) -> None:
    moves = reachable(moves)
    try:
        async with selling.begin() as tx:
            scope = await selling.scope(tx, "admin")
            await publish_process(tx, system_scope(scope.snapshot), definition(moves))
            world = World(tx, await selling.scope(tx, "admin"), Oracle(moves))
            for _ in range(3):
                await world.create(data.draw(values_given), Door.FORM)
            for door, number, given_values in walk:
                await world.step(door, number, given_values)
            await world.compare()
            await world.compare_past(data)
            raise _Enough
    except _Enough:
        pass


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.tuples(st.integers(0, 400), st.sampled_from(list(STATES))), min_size=1, max_size=12))
async def test_a_past_told_in_any_order_is_still_one_story(selling: Any, days: list[tuple[int, str]]) -> None:
    """Dates of the past never go backwards on one record, so stays do not overlap whatever a file says."""
    start = datetime.fromisoformat("2024-01-01T00:00:00+00:00")
    try:
        async with selling.begin() as tx:
            scope = system_scope(await load_snapshot(tx))
            await publish_process(tx, scope, definition([]))
            scope = system_scope(await load_snapshot(tx))
            made = (await write(tx, scope, [Create("deal", {"name": "A"}, past=Past(start))], Cause(Door.IMPORT)))[0]
            for day, stage in days:
                past = Past(start + timedelta(days=day))
                await write(tx, scope, [Update("deal", made.id, {"stage": stage}, past=past)], Cause(Door.IMPORT))
            world = World(tx, scope, Oracle([]))
            world.records = {made.id: Record(days[-1][1])}
            await world.compare_visits()
            raise _Enough
    except _Enough:
        pass


async def test_a_refusal_leaves_nothing_behind(selling: Any) -> None:
    async with selling.begin() as tx:
        before = await tx.fetch_one(
            "SELECT (SELECT count(*) FROM {org}.events) e, (SELECT count(*) FROM {org}.visits) v"
        )
    with pytest.raises(Refused):
        await selling.write("ann", Create("deal", {"name": "A"}), Create("deal", {"name": "B", "stage": "won"}))
    async with selling.begin() as tx:
        after = await tx.fetch_one(
            "SELECT (SELECT count(*) FROM {org}.events) e, (SELECT count(*) FROM {org}.visits) v"
        )
    assert after == before
