"""Which moves a record can make now, and what each would still need: the same gate as in the write path, asked
without moving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound, Problem
from liaoran.kernel.events import Cause, Door, EventKind
from liaoran.kernel.ports import Candidate, Check
from liaoran.kernel.text import Language, Text
from liaoran.process.approvals.lock import ask_for_locks
from liaoran.process.derived import derive_values, take_effects
from liaoran.process.gates import ask_of_move, asks_for_comment
from liaoran.process.mending import mends, mends_of
from liaoran.process.moves import Track, Way, tracks_of, way_between
from liaoran.records.changes import Outcome, Update
from liaoran.records.context import Beside, WriteContext
from liaoran.records.gates import UnmetCheck, told, unmet_checks
from liaoran.records.loading import hold_rows
from liaoran.records.write import write
from liaoran.schema.processes import Process, State

NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")
NO_TRANSITION = Text("没有名为“{key}”的流转", "there is no transition “{key}”")
ASKED = Text("“{field}”已填写", "“{field}” is filled in")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a gate, in words, and whether the record meets it as it is now. ``mend`` says what can be done
    about it (``mending``)."""

    met: bool
    message: Text
    problem: Problem
    mend: Sequence[Mapping[str, Any]] = ()

    def to_json(self, language: Language) -> dict[str, Any]:
        """``{met, key, part, label, field, message, evidence, mend}``."""
        evidence = dict(self.problem.evidence)
        return {
            "met": self.met,
            "key": evidence.get("key"),
            "part": evidence.get("part"),
            "label": evidence.pop("label", None),
            "field": self.problem.field,
            "code": self.problem.code,
            "message": self.message.read(language),
            "evidence": {} if self.met else evidence,
            "mend": [] if self.met else list(self.mend),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """A move that the Process knows from the record's state: into ``to``, by ``way`` (None for a record that is in no
    state of the Process yet)."""

    process: Process
    source: State | None
    to: State
    way: Way | None
    gate: list[Requirement] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the gate lets the record through as it is now (a comment, where one is asked for, comes with the
        move)."""
        return all(one.met for one in self.gate)

    def to_json(self, language: Language) -> dict[str, Any]:
        """The form of the HTTP contract."""
        transition = self.way.transition if self.way else None
        return {
            "key": transition.key if transition else self.to.key,
            "label": (transition.label if transition else self.to.label).to_json(),
            "process": self.process.key,
            "from": self.source.key if self.source else None,
            "to": self.to.key,
            "to_label": self.to.label.to_json(),
            "kind": self.to.kind,
            "move": self.way.kind if self.way else None,
            "required": list(dict.fromkeys((*(transition.required if transition else ()), *self.to.required))),
            "comment": self.way is not None and asks_for_comment(self.process, self.way),
            "open": self.open,
            "gate": [one.to_json(language) for one in self.gate],
        }


async def transitions_of(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    records: Sequence[UUID],
    values: Mapping[str, Any] | None = None,
    *,
    to_state: str | None = None,
    follow: str | None = None,
    carried: Mapping[str, str] | None = None,
) -> dict[UUID, list[Move]]:
    """The moves of each record, in the order of the states; empty for records that follow no Process.

    Gates are evaluated by PostgreSQL on the records as they would be after the move, all in one statement: the same
    Checks as in the write path, asked without moving. ``values`` (canonical, by Field) come with the move; ``to_state``
    keeps to the moves into one state. ``follow`` asks for them as if the records followed that Process, and ``carried``
    as if they had been carried from one state to another. Raises NotFound where a record is not visible.
    """
    owner = scope.require(object_key, "read")
    context = WriteContext(tx, scope, owner, Cause(Door.API), datetime.now(UTC))
    rows = await hold_rows(context, records, (), lock=False)
    found: dict[UUID, list[Move]] = {}
    asked: list[tuple[Move, Candidate]] = []
    for record in records:
        row = rows.get(str(record))
        if row is None or not row["__read"]:
            raise NotFound(NOT_FOUND)
        held = _as_if(
            context, {key: row[key] for key in context.stored_fields if row[key] is not None}, follow, carried
        )
        found[record] = [
            one
            for track in tracks_of(scope.snapshot, owner)
            for one in _moves(track, held)
            if to_state in (None, one.to.key)
        ]
        asked += [
            (one, _candidate(context, len(asked) + place, one, row, held, values or {}))
            for place, one in enumerate(found[record])
        ]
    await _judge(context, asked)
    return found


def _as_if(
    context: WriteContext, values: dict[str, Any], follow: str | None, carried: Mapping[str, str] | None
) -> dict[str, Any]:
    """The record's values, seen in another Process or state."""
    for track in tracks_of(context.snapshot, context.object):
        if follow in track.by_key and track.chooser:
            values[track.chooser] = follow
        here = values.get(track.field)
        if here is not None and carried and here in carried:
            values[track.field] = carried[here]
    return values


async def _judge(context: WriteContext, asked: Sequence[tuple[Move, Candidate]]) -> None:
    """Notes with each move what its gate asks for, met or not."""
    candidates = [candidate for _, candidate in asked]
    ask_for_locks(context, candidates)
    answers = await unmet_checks(context, candidates)
    await context.tx.land()
    unmet = {id(candidate): {one.check.key: one for one in failing} for candidate, failing in answers}
    for move, candidate in asked:
        move.gate.extend(Requirement(False, one.message, one, mends_of(one)) for one in candidate.problems)
        failing = unmet.get(id(candidate), {})
        move.gate.extend(_requirement(context, check, failing.get(check.key), candidate) for check in candidate.checks)


def _requirement(context: WriteContext, check: Check, unmet: UnmetCheck | None, candidate: Candidate) -> Requirement:
    field_key = check.problem.field
    if unmet is not None:
        problem = told(context, unmet, candidate)
        return Requirement(False, problem.message, problem, mends(check.condition, field_key))
    label = check.problem.evidence.get("label")
    if field_key:
        return Requirement(True, ASKED.fill(field=context.object.fields[field_key].label), check.problem)
    return Requirement(True, Text.from_json(label) if label else check.problem.message, check.problem)


async def move(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    records: Sequence[UUID],
    cause: Cause,
    *,
    transition: str | None = None,
    to_state: str | None = None,
    values: Mapping[str, Any] | None = None,
    version: int | None = None,
    all_or_nothing: bool = True,
    beside: Beside | None = None,
) -> list[Outcome]:
    """Moves records by a transition (by key) or into a state (by key or label), with further values that the gate
    asks for. It is an ordinary write of the state Field, with one outcome per record. ``version`` is for one record,
    ``beside`` as in ``write``. Raises Invalid for an unknown transition, and as ``write``."""
    owner = scope.require(object_key, "edit")
    track = next(iter(tracks_of(scope.snapshot, owner)), None)
    if track is None:
        raise Invalid(NO_TRANSITION.fill(key=transition or to_state or ""), code="unknown_transition")
    target = to_state if transition is None else _target(track, transition)
    given = {**(values or {}), track.field: target}
    changes = [Update(object_key, one, given, version) for one in records]
    return await write(tx, scope, changes, cause, all_or_nothing, beside=beside)


async def try_move(
    tx: Transaction, scope: Scope, object_key: str, records: Sequence[UUID], cause: Cause, **how: Any
) -> list[Outcome]:
    """What ``move`` would do, found out by doing it and taking it back at once: nothing is left of it."""
    outcomes: list[Outcome] = []
    try:
        async with tx.savepoint():
            outcomes = await move(tx, scope, object_key, records, cause, **how, all_or_nothing=False)
            raise _TakenBack
    except _TakenBack:
        return outcomes


class _TakenBack(Exception):
    """Leaves the savepoint so that what was tried is undone."""


def _target(track: Track, transition: str) -> str:
    known = {one.key: one.to for process in track.processes for one in process.transitions}
    known = known or {state.key: state.key for process in track.processes for state in process.states}
    if transition not in known:
        raise Invalid(NO_TRANSITION.fill(key=transition), code="unknown_transition")
    return known[transition]


def _moves(track: Track, values: Mapping[str, Any]) -> list[Move]:
    process = track.followed_by(values)
    if process is None:
        return []
    source = process.state_by_key.get(values.get(track.field, ""))
    if source is None:
        return [Move(process, None, state, None) for state in process.states]
    ways = [(state, way_between(process, source, state)) for state in process.states if state is not source]
    return [Move(process, source, state, way) for state, way in ways if way.allowed]


def _candidate(
    context: WriteContext,
    position: int,
    move: Move,
    row: Mapping[str, Any],
    held: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Candidate:
    """The record as it would be after the move, with the gate of the move."""
    candidate = Candidate(
        position=position,
        id=UUID(row["id"]),
        kind=EventKind.UPDATED,
        at=context.now,
        by=context.actor.person,
        by_label=context.actor.label,
        old=held,
        new={**held, **values, move.process.field: move.to.key},
        given=frozenset({move.process.field, *values}),
        version=row["version"],
        stamps={"created_at": row["created_at"], "created_by": row["created_by"]},
    )
    if move.source is not None:
        take_effects(context, move.process, move.source, move.to, candidate)
    derive_values(context, move.process, move.to, candidate, before=move.source, moved=True)
    ask_of_move(context, move.process, move.source, move.to, candidate)
    return candidate
