"""The tasks of a stage: made when a record enters it, ended or left open when it goes on.

Tasks are records of the Object that says it is one (``schema.task_forms``) and links to the Object of the Process. Where
there is none, a Process makes no tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from liaoran.access.people import languages_of
from liaoran.access.scope import Scope
from liaoran.kernel.events import Cause
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Language, Text
from liaoran.process.outputs import named_output
from liaoran.process.people import one_for_each
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.query.workdays import nth_workday
from liaoran.records.changes import Change, Create, Update
from liaoran.records.context import WriteContext
from liaoran.records.write import write
from liaoran.schema.processes import ActionTemplate, Process, State
from liaoran.schema.snapshot import Field, Object, Snapshot, TaskForm

if TYPE_CHECKING:
    from liaoran.process.following import Made

_ONE_DAY = timedelta(days=1)
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class TaskObject:
    """Where tasks for an Object's records are kept, and the Field by which they link to the record."""

    object: Object
    form: TaskForm
    link: Field


def task_object(snapshot: Snapshot, object_key: str) -> TaskObject | None:
    """The first Object of tasks with a link to ``object_key``, in the order of the catalogue."""
    for one in sorted(snapshot.objects.values(), key=lambda each: (each.order, each.key)):
        if one.task_form is None or one.retired:
            continue
        for field in one.active_fields:
            if field.target == object_key and field.type == "link":
                return TaskObject(one, one.task_form, field)
    return None


def origin(process: Process, state: State, action: ActionTemplate | None = None) -> str:
    """What a task notes as its origin; without an action, what those of the state begin with."""
    return f"{process.key}.{state.key}.{action.key if action else ''}"


async def make_tasks(context: WriteContext, acting: Scope, moves: Sequence[Made], cause: Cause) -> None:
    """Makes the tasks of the states that were entered, all in one write. A task whose person cannot be found falls to
    the record's owner. It is worded in the language of whoever is to do it."""
    where = task_object(context.snapshot, context.object.key)
    asked = [(one, action) for one in moves for action in one.state.actions]
    if where is None or not asked:
        return
    # The owner need not be looked for: what finds nobody else is theirs.
    sought = {place: (one.asked, action.who) for place, (one, action) in enumerate(asked) if action.who.kind != "owner"}
    found = await one_for_each(context.tx, acting, context.object.key, list(sought.values()))
    people = dict(zip(sought, found, strict=True))
    doers = [_doer(one, people.get(place)) for place, (one, _) in enumerate(asked)]
    languages = await languages_of(context.tx, {one for one in doers if one is not None})
    zone = ZoneInfo(context.actor.zone)
    changes: list[Change] = [
        Create(
            where.object.key,
            _values(
                context,
                where,
                one,
                action,
                doer=doer,
                day=one.candidate.at.astimezone(zone).date(),
                language=languages.get(doer, context.snapshot.language) if doer else context.snapshot.language,
            ),
        )
        for (one, action), doer in zip(asked, doers, strict=True)
    ]
    await write(context.tx, acting, changes, cause)


def _doer(one: Made, found: UUID | None) -> UUID | None:
    owner = one.candidate.new.get("owner")
    return found or (UUID(owner) if owner else None)


def _values(
    context: WriteContext,
    where: TaskObject,
    one: Made,
    action: ActionTemplate,
    *,
    doer: UUID | None,
    day: date,
    language: Language,
) -> dict[str, Any]:
    form = where.form
    output = named_output(context.snapshot, context.object.key, action.output)["label"] if action.output else None
    values: dict[str, Any] = {
        form.subject: action.label.read(language),
        form.person: str(doer) if doer else None,
        form.due: due_on(day, action.due_days).isoformat(),
        form.help: action.help.read(language) or None,
        form.must: action.must,
        form.output: Text.from_json(output).read(language) or None,
        form.origin: origin(one.process, one.state, action),
        form.status: form.open,
        where.link.key: str(one.candidate.id),
    }
    return _with_links(context, where, one.candidate, values)


def _with_links(
    context: WriteContext, where: TaskObject, candidate: Candidate, values: dict[str, Any]
) -> dict[str, Any]:
    """A task also links to what the record itself links to by a Field of the same name (the account), and counts where
    the record does: whoever sees a department's records sees what is to be done about them."""
    for key, field in where.object.fields.items():
        own = context.object.fields.get(key)
        alike = own is not None and (field.type, field.target) == (own.type, own.target)
        if key not in values and alike and field.type in ("link", "department"):
            values[key] = candidate.new.get(key)
    return values


def due_on(day: date, working_days: int) -> date:
    """The day so many working days after; 0 is the day itself, or the next one on which people work."""
    return nth_workday(day, 1) if working_days == 0 else nth_workday(day + _ONE_DAY, working_days)


async def end_tasks(context: WriteContext, acting: Scope, moves: Sequence[Made], cause: Cause) -> None:
    """Cancels the open tasks of states that say so when they are left; the others are carried on."""
    closing = [
        (one.candidate.id, *one.left) for one in moves if one.left is not None and one.left[1].on_leave == "close"
    ]
    where = task_object(context.snapshot, context.object.key)
    if where is None or not closing:
        return
    cancelled = {where.form.status: where.form.cancelled}
    found = await tasks_of(context, acting, where, closing)
    changes = [Update(where.object.key, UUID(row["id"]), cancelled) for row in found if is_open(where.form, row)]
    if changes:
        await write(context.tx, acting, changes, cause)


async def tasks_of(
    context: WriteContext, acting: Scope, where: TaskObject, stays: Iterable[tuple[UUID, Process, State]]
) -> list[dict[str, Any]]:
    """The tasks, not those in the bin, that were made for these records in these states, whenever they were there."""
    found: list[dict[str, Any]] = []
    records: dict[str, list[str]] = {}
    for record, process, state in stays:
        records.setdefault(origin(process, state), []).append(str(record))
    for beginning, ids in records.items():
        for start in range(0, len(ids), _PAGE):
            condition = {
                "all": [
                    {"field": where.link.key, "op": "in", "value": ids[start : start + _PAGE]},
                    {"field": where.form.origin, "op": "starts_with", "value": beginning},
                ]
            }
            found += await _query(context, acting, where, condition)
    return found


async def _query(
    context: WriteContext, acting: Scope, where: TaskObject, condition: Mapping[str, Any]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        request = QueryRequest(where=dict(condition), select=(where.form.status,), limit=_PAGE, cursor=cursor)
        plan = compile_query(acting, where.object.key, request)
        answer = orjson.loads(await context.tx.fetch_json(plan.statement, plan.binds) or b"{}")
        rows += answer.get("records", [])
        cursor = answer.get("next_cursor")
        if cursor is None:
            return rows


def is_open(form: TaskForm, row: Mapping[str, Any]) -> bool:
    """Whether the task is still to be done."""
    return row[form.status] not in (form.done, form.cancelled)
