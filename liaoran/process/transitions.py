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
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.process.gates import requirements
from liaoran.process.moves import Track, tracks_of, transition_between
from liaoran.records.changes import Update, Written
from liaoran.records.context import WriteContext
from liaoran.records.gates import unmet_checks
from liaoran.records.loading import hold_rows
from liaoran.records.write import write
from liaoran.schema.processes import Process, State, Transition

NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")
NO_TRANSITION = Text("没有名为“{key}”的流转", "there is no transition “{key}”")
ASKED = Text("“{field}”已填写", "“{field}” is filled in")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a gate, in words, and whether the record meets it as it is now."""

    met: bool
    message: Text
    field: str | None = None
    problem: Problem | None = None

    def to_json(self, language: Any) -> dict[str, Any]:
        """``{met, field, message, evidence}``."""
        evidence = dict(self.problem.evidence) if self.problem else {}
        return {"met": self.met, "field": self.field, "message": self.message.read(language), "evidence": evidence}


@dataclass(frozen=True, slots=True)
class Move:
    """A move that the Process knows from the record's state: into ``to``, by ``transition`` where moves are listed."""

    process: Process
    source: State | None
    to: State
    transition: Transition | None
    gate: list[Requirement] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the gate lets the record through as it is now."""
        return all(one.met for one in self.gate)

    def to_json(self, language: Any) -> dict[str, Any]:
        """The form of the HTTP contract."""
        label = self.transition.label if self.transition else self.to.label
        return {
            "key": self.transition.key if self.transition else self.to.key,
            "label": label.to_json(),
            "process": self.process.key,
            "from": self.source.key if self.source else None,
            "to": self.to.key,
            "to_label": self.to.label.to_json(),
            "kind": self.to.kind,
            "required": list(self.transition.required) if self.transition else [],
            "open": self.open,
            "gate": [one.to_json(language) for one in self.gate],
        }


async def transitions_of(
    tx: Transaction, scope: Scope, object_key: str, records: Sequence[UUID]
) -> dict[UUID, list[Move]]:
    """The moves of each record, in the order of the states; empty for records that follow no Process.

    Gates are evaluated by PostgreSQL on the records as they would be after the move, all in one statement. Raises
    NotFound where a record is not visible.
    """
    owner = scope.require(object_key, "read")
    context = WriteContext(tx, scope, owner, Cause(Door.API), datetime.now(UTC))
    rows = await hold_rows(context, records, (), lock=False)
    found: dict[UUID, list[Move]] = {}
    candidates: list[Candidate] = []
    moves: list[Move] = []
    for record in records:
        row = rows.get(str(record))
        if row is None or not row["__read"]:
            raise NotFound(NOT_FOUND)
        values = {key: row[key] for key in context.stored_fields if row[key] is not None}
        found[record] = []
        for track in tracks_of(scope.snapshot, owner):
            for move in _moves(track, values):
                found[record].append(move)
                moves.append(move)
                candidates.append(_candidate(context, len(candidates), move, row, values))
    unmet = {id(one): checks for one, checks in await unmet_checks(context, candidates)}
    for move, one in zip(moves, candidates, strict=True):
        failing = {check.key for check in unmet.get(id(one), ())}
        for check in one.checks:
            met = check.key not in failing
            key = check.problem.field
            message = ASKED.fill(field=owner.fields[key].label) if met and key else check.problem.message
            move.gate.append(Requirement(met, message, key, None if met else check.problem))
    return found


async def move(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    record: UUID,
    cause: Cause,
    *,
    transition: str | None = None,
    to_state: str | None = None,
    values: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Written:
    """Moves a record by a transition (by key) or into a state (by key or label), with further values that the gate
    asks for. It is an ordinary write of the state Field. Raises Invalid for an unknown transition, and as ``write``."""
    owner = scope.require(object_key, "edit")
    track = next(iter(tracks_of(scope.snapshot, owner)), None)
    if track is None:
        raise Invalid(NO_TRANSITION.fill(key=transition or to_state or ""), code="unknown_transition")
    target = to_state
    if transition is not None:
        known = {one.key: one.to for process in track.processes for one in process.transitions}
        known |= {} if known else {state.key: state.key for process in track.processes for state in process.states}
        if transition not in known:
            raise Invalid(NO_TRANSITION.fill(key=transition), code="unknown_transition")
        target = known[transition]
    change = Update(object_key, record, {**(values or {}), track.field: target}, version)
    outcome = (await write(tx, scope, [change], cause))[0]
    if not isinstance(outcome, Written):
        raise outcome.error()
    return outcome


def _moves(track: Track, values: Mapping[str, Any]) -> list[Move]:
    process = track.followed_by(values)
    if process is None:
        return []
    source = process.state_by_key.get(values.get(track.field, ""))
    return [
        Move(process, source, state, _way(process, source, state))
        for state in process.states
        if source is None or (state.key != source.key and _leads(process, source, state))
    ]


def _way(process: Process, source: State | None, to: State) -> Transition | None:
    return transition_between(process, source.key, to.key) if source is not None else None


def _leads(process: Process, source: State, to: State) -> bool:
    return not process.transitions or transition_between(process, source.key, to.key) is not None


def _candidate(
    context: WriteContext, position: int, move: Move, row: Mapping[str, Any], values: Mapping[str, Any]
) -> Candidate:
    """The record as it would be after the move, with the gate of the move."""
    required = move.transition.required if move.transition else ()
    return Candidate(
        position=position,
        id=UUID(row["id"]),
        kind=EventKind.UPDATED,
        at=context.now,
        by=context.actor.person,
        by_label=context.actor.label,
        old=values,
        new={**values, move.process.field: move.to.key},
        version=row["version"],
        stamps={"created_at": row["created_at"], "created_by": row["created_by"]},
        checks=list(requirements(context.object, move.process, move.to, tuple(required))),
    )
