"""The tasks that stages made for one record, as an actor may see them: each with the stay that it was made in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.flights import Row
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.process.outputs import named_output
from liaoran.process.tasks import TaskObject, task_object
from liaoran.process.transitions import NOT_FOUND
from liaoran.query.plans import cached_statement
from liaoran.query.reads import compile_query, compile_record
from liaoran.query.requests import QueryRequest, Sort
from liaoran.schema.processes import ActionTemplate, Process

_ORIGIN = Text("来自阶段“{state}”的动作“{action}”", "from the action “{action}” of the stage “{state}”")
_ORIGIN_GONE = Text("来自一个流程中已经没有的动作", "from an action that the process has no more")
_MOST = 1000
_FAR = date.max.isoformat()


@dataclass(frozen=True, slots=True)
class StageTask:
    """A task and where it came from: Process, state, action (by key). ``said`` is what is to be done, in both languages
    where nobody has put it in words of their own; ``wanted`` is what it is to leave behind; ``done_at`` and ``result`` are
    what its Object says of activities; ``editable`` says whether the actor may end it."""

    row: Mapping[str, Any]
    where: TaskObject
    origin: tuple[str, str, str]
    said: Text
    wanted: Mapping[str, Any] | None
    today: date
    editable: bool

    @property
    def status(self) -> str:
        """``open``, ``done`` or ``cancelled``."""
        value, form = self.row.get(self.where.form.status), self.where.form
        return {form.done: "done", form.cancelled: "cancelled"}.get(value or "", "open")

    @property
    def must(self) -> bool:
        """Whether the stage cannot do without it."""
        return bool(self.row.get(self.where.form.must))

    @property
    def due(self) -> str | None:
        """The day by which it is to be done."""
        return self.row.get(self.where.form.due)

    @property
    def person(self) -> str | None:
        """The name of who is to do it."""
        found = self.row.get(self.where.form.person)
        return found.get("label") if found else None

    @property
    def urgency(self) -> tuple[bool, str, bool]:
        """What comes first: open ones, the earliest, musts before the rest."""
        return self.status != "open", self.due or _FAR, not self.must

    def to_json(self) -> dict[str, Any]:
        """``{id, version, subject, status, must, person, due, overdue, help, output, wanted, done_at, result, state,
        editable}``."""
        form, activity = self.where.form, self.where.object.activity
        moments = activity.at if activity else ()
        done = self.status == "done"
        return {
            "id": self.row["id"],
            "version": self.row["version"],
            "subject": self.row.get(form.subject) or "",
            "status": self.status,
            "must": self.must,
            "person": self.row.get(form.person),
            "due": self.due,
            "overdue": self.status == "open" and self.due is not None and self.due < self.today.isoformat(),
            "help": self.row.get(form.help),
            "output": self.row.get(form.output),
            "wanted": self.wanted,
            "done_at": next((self.row[key] for key in moments if self.row.get(key)), None) if done else None,
            "result": self.row.get(activity.text) if activity and activity.text else None,
            "state": self.origin[1],
            "editable": self.editable,
        }


async def read_stage_tasks(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> list[StageTask]:
    """All tasks that stages made for the record, the most urgent first; empty where tasks are not kept, or not seen."""
    where = task_object(scope.snapshot, object_key)
    if where is None or not scope.may(where.object.key, "read"):
        return []
    visible = {one.key for one in scope.fields(where.object.key)}
    form, activity = where.form, where.object.activity
    if not {where.link.key, form.origin} <= visible:
        return []
    wanted = (form.subject, form.status, form.person, form.due, form.must, form.help, form.output, form.origin)
    more = (*activity.at, activity.text) if activity else ()
    request = QueryRequest(
        where={
            "all": [
                {"field": where.link.key, "op": "eq", "value": str(record)},
                {"field": form.origin, "op": "not_empty"},
            ]
        },
        select=(*dict.fromkeys(key for key in (*wanted, *more) if key in visible), "created_at"),
        sort=(Sort(field="created_at"),),
        limit=_MOST,
    )
    plan = compile_query(scope, where.object.key, request)
    editable = _ask_editable(tx, scope, where, record)
    rows = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"records": []}')["records"]
    processes = {one.key: one for one in scope.snapshot.object(object_key).processes}
    today = scope.params()["today"]
    found = [_task(scope, row, where, processes, today, row["id"] in editable) for row in rows]
    return sorted(found, key=lambda one: one.urgency)


def _ask_editable(tx: Transaction, scope: Scope, where: TaskObject, record: UUID) -> set[str]:
    """Asks, together with the next question, which tasks of the record the actor may end: a task of somebody else may
    well be seen with the record, and be theirs to do. The ids are there with that answer."""
    key, found = where.object.key, set[str]()
    if not (scope.may(key, "edit") and scope.may_write_field(key, where.form.status)):
        return found

    def compile_editable() -> sa.Select[Any]:
        source = scope.source(key, "edit")
        return sa.select(source.c.id).where(source.c[where.link.key] == sa.bindparam("record", type_=sa.Uuid))

    def take(rows: list[Row]) -> None:
        found.update(str(row["id"]) for row in rows)

    statement = cached_statement(scope, ("process.editable_tasks", key, where.link.key), compile_editable)
    tx.send(statement, {**scope.params(), "record": record}, take)
    return found


def described_task_form(scope: Scope, object_key: str) -> dict[str, Any] | None:
    """How a page ends a task of the record: ``{object, status, open, done, result, done_at}``, keys of the Object, of
    its Fields and choices; ``result`` and ``done_at`` are null where there is none. None where there are no tasks."""
    where = task_object(scope.snapshot, object_key)
    if where is None or not scope.may(where.object.key, "read"):
        return None
    form, activity = where.form, where.object.activity
    visible = {one.key: one for one in scope.fields(where.object.key)}
    moments = [key for key in (activity.at if activity else ()) if key in visible]
    return {
        "object": where.object.key,
        "status": form.status,
        "open": form.open,
        "done": form.done,
        "result": activity.text if activity and activity.text in visible else None,
        "done_at": next((key for key in moments if visible[key].kind is ValueKind.INSTANT), None),
    }


def read_origin(origin: str) -> tuple[str, str, str]:
    """Process, state and action of what ``tasks.origin`` wrote."""
    process, _, rest = origin.partition(".")
    state, _, action = rest.partition(".")
    return process, state, action


def _task(
    scope: Scope,
    row: Mapping[str, Any],
    where: TaskObject,
    processes: Mapping[str, Process],
    today: date,
    editable: bool,
) -> StageTask:
    origin = read_origin(row[where.form.origin])
    action = action_of(processes.get(origin[0]), origin)
    if action is None:
        return StageTask(row, where, origin, Text(row.get(where.form.subject) or ""), None, today, editable)
    wanted = named_output(scope.snapshot, where.link.target or "", action.output) if action.output else None
    said = {where.form.subject: action.label, where.form.help: action.help}
    if wanted is not None:
        said[where.form.output] = Text.from_json(wanted["label"])
    own = {key: text for key, text in said.items() if row.get(key) in _worded(text)}
    spoken = {key: text.read(scope.actor.language) for key, text in own.items()}
    subject = own.get(where.form.subject) or Text(row.get(where.form.subject) or "")
    return StageTask({**row, **spoken}, where, origin, subject, wanted, today, editable)


def _worded(text: Text) -> set[str]:
    """What a task says that nobody has put in other words; such a one is shown in the reader's language."""
    return {text.read("zh"), text.read("en")} - {""}


def action_of(process: Process | None, origin: tuple[str, str, str]) -> ActionTemplate | None:
    """The action as the published version has it, None where it has it no more."""
    state = process.state_by_key.get(origin[1]) if process else None
    return next((one for one in state.actions if one.key == origin[2]), None) if state else None


def by_stay(tasks: Sequence[StageTask], stays: Sequence[Mapping[str, Any]]) -> list[list[StageTask]]:
    """The tasks of each stay: those of its state that were made after it began and before the next stay there."""
    found: list[list[StageTask]] = [[] for _ in stays]
    for task in tasks:
        made = datetime.fromisoformat(task.row["created_at"])
        places = [
            place
            for place, stay in enumerate(stays)
            if (stay["process"], stay["state"]) == task.origin[:2]
            and datetime.fromisoformat(stay["entered_at"]) <= made
        ]
        if places:
            found[places[-1]].append(task)
    return found


async def origin_of(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, Any]:
    """Where a task came from: ``{label, process, state, action}``, all null where no stage made it. Raises NotFound
    where the record is not visible."""
    owner = scope.require(object_key, "read")
    nothing = dict.fromkeys(("label", "process", "state", "action"))
    form = owner.task_form
    visible = {one.key for one in scope.fields(object_key)}
    key = form.origin if form and form.origin in visible else None
    plan = compile_record(scope, object_key, record, select=[key] if key else [])
    body = await tx.fetch_json(plan.statement, plan.binds)
    if body is None:
        raise NotFound(NOT_FOUND)
    origin = orjson.loads(body).get(key)
    if not origin:
        return nothing
    process, state, action = read_origin(origin)
    told = {"process": process, "state": state, "action": action}
    return {"label": _origin_text(scope, process, state, action).to_json(), **told}


def _origin_text(scope: Scope, process_key: str, state_key: str, action_key: str) -> Text:
    process = scope.snapshot.process(process_key)
    state = process.state_by_key.get(state_key) if process else None
    action = action_of(process, (process_key, state_key, action_key))
    if state is None or action is None:
        return _ORIGIN_GONE
    return _ORIGIN.fill(state=state.label, action=action.label)
