"""Where a record stands in its Process: the state, how long, what is met, what is to be done next and by whom.

It puts together what other readings know: the stays, the gate of the next move, the tasks of the stage, its guidance
filled in for the record, its outputs. All of it is read as the actor may see it, in a handful of statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.process.activities import activities_around
from liaoran.process.due import due_state
from liaoran.process.guidance import filled_guidance
from liaoran.process.moves import Track, tracks_of
from liaoran.process.naming import named_people
from liaoran.process.next_step import answer, next_step
from liaoran.process.outputs import judge_stage
from liaoran.process.people import Asked
from liaoran.process.reading import stays_of
from liaoran.process.stage_tasks import StageTask, by_stay, described_task_form, read_stage_tasks
from liaoran.process.transitions import NOT_FOUND, Move, transitions_of
from liaoran.query.display import instant_text, json_object
from liaoran.query.plans import cached_statement
from liaoran.query.reads import compile_record
from liaoran.schema.processes import Process, State
from liaoran.schema.snapshot import Object

_NO_PROCESS = Text("“{object}”没有流程", "{object} has no process")
_INSTANT = sa.DateTime(timezone=True)
_SECONDS_OF_A_DAY = 86_400
_OWNER, _DEPARTMENT = "owner", "department"
_NEXT, _NEXT_AT = "next_action", "next_follow_up_at"
"""Fields of these names, where an Object has them, say what its owner means to do next, and when."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The record's state and what the actor may know of it."""

    process: Process
    state: State | None
    values: Mapping[str, Any]


async def read_standing(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, Any]:
    """``{process, state, dwell, follow_up, answer, next, gate, tasks, task_form, guidance, goal, outputs, inputs, accountable,
    team, stays}`` as the HTTP contract describes them (``api.stage``).

    ``state`` is null, and so is what follows from it, where the record is in no state. Raises NotFound where the record
    is not visible, or follows no Process that the actor may see.
    """
    owner = scope.require(object_key, "read")
    place = await _read_place(tx, scope, owner, record)
    stays, followed_at = await _read_stays(tx, scope, object_key, record)
    if place.state is None:
        return _of_no_state(place, stays)
    moves = (await transitions_of(tx, scope, object_key, [record]))[record]
    tasks = await read_stage_tasks(tx, scope, object_key, record)
    forward = forward_move(place.process, place.state, moves)
    goal, outputs = await judge_stage(tx, scope, object_key, record, place.state)
    step = next_step(tasks, place.values.get(_OWNER), _planned(scope, place), forward)
    told = _tell_stays(scope, owner, stays, tasks)
    present = told[-1] if told and told[-1]["left_at"] is None else None
    return {
        "process": _label(place.process),
        "state": _state(place.state),
        "dwell": present and {key: present[key] for key in ("since", "days", "target_days", "maximum_days", "due")},
        "follow_up": present and _follow_up(scope, place.state, present["since"], followed_at),
        "answer": answer(place.state, forward, step, scope.params()["today"]).to_json(),
        "next": step.to_json() if step else None,
        "gate": _gate(scope, forward),
        "tasks": _tasks_now(place, tasks, present),
        "task_form": described_task_form(scope, object_key),
        "guidance": {
            key: text.to_json()
            for key, text in (await filled_guidance(tx, scope, object_key, record, place.state)).items()
        },
        "goal": goal,
        "inputs": [one.to_json() for one in place.state.inputs],
        "outputs": outputs,
        **await _people(tx, scope, owner, record, place),
        "stays": told,
    }


def forward_move(process: Process, state: State, moves: Sequence[Move]) -> Move | None:
    """The move that the state is for: to the next open state, from the last one to the good end. None at an end."""
    kinds = ("forward", "win", "close") if state.is_open else ()
    found = (one for kind in kinds for one in moves if one.way is not None and one.way.kind == kind)
    return next((one for one in found if one.process is process), None)


async def _read_place(tx: Transaction, scope: Scope, owner: Object, record: UUID) -> _Place:
    visible = {one.key for one in scope.fields(owner.key)}
    track = next((one for one in tracks_of(scope.snapshot, owner) if one.field in visible), None)
    if track is None:
        raise NotFound(_NO_PROCESS.fill(object=owner.label), code="no_process")
    asked = [key for key in (track.field, track.chooser, _OWNER, _DEPARTMENT, _NEXT, _NEXT_AT) if key in visible]
    plan = compile_record(scope, owner.key, record, select=asked)
    body = await tx.fetch_json(plan.statement, plan.binds)
    if body is None:
        raise NotFound(NOT_FOUND)
    values: dict[str, Any] = orjson.loads(body)
    return _place(track, owner, values)


def _place(track: Track, owner: Object, values: Mapping[str, Any]) -> _Place:
    process = track.followed_by(values)
    if process is None:
        raise NotFound(_NO_PROCESS.fill(object=owner.label), code="no_process")
    return _Place(process, process.state_by_key.get(values.get(track.field) or ""), values)


async def _read_stays(
    tx: Transaction, scope: Scope, object_key: str, record: UUID
) -> tuple[list[dict[str, Any]], str | None]:
    """The stays in order, and when somebody last did something about the record."""
    statement = cached_statement(scope, ("process.standing", object_key), lambda: _compile_stays(scope, object_key))
    found = orjson.loads(await tx.fetch_json(statement, {**scope.params(), "record": record}) or b"{}")
    return found["stays"], found["followed_at"]


def _compile_stays(scope: Scope, object_key: str) -> sa.Select[Any]:
    record = sa.bindparam("record", type_=sa.Uuid)
    moments = [
        sa.select(sa.func.max(one.took_place)).select_from(one.rows).where(one.around).scalar_subquery()
        for one in activities_around(scope, object_key, record)
    ]
    last = sa.func.greatest(*moments) if moments else sa.cast(sa.null(), _INSTANT)
    return sa.select(json_object(("stays", stays_of(scope, object_key, record)), ("followed_at", instant_text(last))))


def _of_no_state(place: _Place, stays: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("state", "dwell", "follow_up", "answer", "next", "gate", "task_form", "goal", "accountable")
    )
    empty: dict[str, list[Any]] = {"tasks": [], "inputs": [], "outputs": [], "team": []}
    told = [{**one, "since": one["entered_at"], "tasks": []} | _limits(None, one["days"]) for one in stays]
    return {"process": _label(place.process), **nothing, "guidance": {}, **empty, "stays": told}


def _tell_stays(
    scope: Scope, owner: Object, stays: Sequence[Mapping[str, Any]], tasks: Sequence[StageTask]
) -> list[dict[str, Any]]:
    """The stays with where each stood against its limits, and what was done in it."""
    processes = {one.key: one for one in owner.processes}
    told = []
    for stay, done in zip(stays, by_stay(tasks, stays), strict=True):
        process = processes.get(stay["process"])
        state = process.state_by_key.get(stay["state"]) if process else None
        told.append(
            {**stay, "since": stay["entered_at"], "tasks": [one.to_json() for one in done]}
            | _limits(state, float(stay["days"]))
        )
    return told


def _limits(state: State | None, days: float) -> dict[str, Any]:
    target, maximum = (state.target_days, state.maximum_days) if state else (None, None)
    return {"target_days": target, "maximum_days": maximum, "due": due_state(days, target, maximum)}


def _follow_up(scope: Scope, state: State, since: str, followed_at: str | None) -> dict[str, Any]:
    """Followed up means: since the record came here, and no longer ago than the stage's interval."""
    last = followed_at if followed_at is not None and followed_at >= since else None
    now: datetime = scope.params()["now"]
    days = max(0.0, (now - datetime.fromisoformat(last or since)).total_seconds() / _SECONDS_OF_A_DAY)
    due = due_state(days, None, state.follow_up_days)
    return {
        "done": last is not None and due != "over",
        "last_at": last,
        "days": round(days, 4),
        "interval_days": state.follow_up_days,
        "due": due,
    }


def _planned(scope: Scope, place: _Place) -> tuple[str, str | None] | None:
    """What the record's owner has noted as next, and the day for it where the actor is."""
    text, at = place.values.get(_NEXT), place.values.get(_NEXT_AT)
    if not text:
        return None
    zone = ZoneInfo(scope.actor.zone)
    day = datetime.fromisoformat(at).astimezone(zone).date().isoformat() if at else None
    return str(text), day


def _gate(scope: Scope, forward: Move | None) -> dict[str, Any] | None:
    if forward is None:
        return None
    shown = forward.to_json(scope.actor.language)
    items = shown.pop("gate")
    return {
        **shown,
        "met": sum(1 for one in items if one["met"]),
        "of": len(items),
        "checks": items,
    }


def _tasks_now(place: _Place, tasks: Sequence[StageTask], present: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The tasks of this stay, and those carried on from before that are still open; open ones first."""
    here = {one["id"] for one in present["tasks"]} if present else set()
    told = [one.to_json() | {"here": one.row["id"] in here, "state_label": _origin_label(place, one)} for one in tasks]
    return [one for one in told if one["here"] or one["status"] == "open"]


def _origin_label(place: _Place, task: StageTask) -> dict[str, str] | None:
    state = place.process.state_by_key.get(task.origin[1]) if task.origin[0] == place.process.key else None
    return state.label.to_json() if state else None


async def _people(tx: Transaction, scope: Scope, owner: Object, record: UUID, place: _Place) -> dict[str, Any]:
    if place.state is None:
        return {"accountable": None, "team": []}
    department = (place.values.get(_DEPARTMENT) or {}).get("id")
    asked = Asked(record, UUID(department) if department else None, scope.actor.person)
    first = [place.state.accountable] if place.state.accountable else []
    named = await named_people(tx, scope, owner, asked, [*first, *place.state.team])
    return {"accountable": named[0] if first else None, "team": named[len(first) :]}


def _label(process: Process) -> dict[str, Any]:
    return {"key": process.key, "label": process.label.to_json(), "version": process.version}


def _state(state: State) -> dict[str, Any]:
    return {"key": state.key, "label": state.label.to_json(), "kind": state.kind, "color": state.color}
