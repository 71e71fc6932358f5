"""The work log 工作日志: what somebody did on a day or in a week, read from Events. Nobody has to write it.

It is read through the reader's own row sources: a manager sees of it what she may see of the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.leading import require_leads
from liaoran.access.people import require_person
from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.events import EventKind
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement
from liaoran.records.tables import events
from liaoran.schema.snapshot import Object

MOST_DAYS = 31
MOST_ENTRIES = 500
"""Most records of one Object that are listed; all are counted."""
_INSTANT = sa.DateTime(timezone=True)
_SPAN = Text("一次最多查看 {most} 天", "at most {most} days at once")
_KINDS: Mapping[str, str] = {
    EventKind.CREATED: "created",
    EventKind.UPDATED: "changed",
    EventKind.DELETED: "deleted",
    EventKind.RESTORED: "restored",
    EventKind.MERGED: "merged",
    EventKind.FILE: "files",
    EventKind.APPROVAL: "approvals",
    EventKind.SHARING: "shared",
}
FIGURES = (
    "created",
    "changed",
    "moved",
    "activities",
    "tasks_done",
    "files",
    "approvals",
    "deleted",
    "restored",
    "merged",
)
"""What is counted: records made (activities apart), changed, moved to another stage, activities written down, tasks
finished, and what happened beside Fields."""


@dataclass(slots=True)
class Day:
    """One day: how many records of each kind of work, and the records themselves, the latest first."""

    on: date
    figures: Counter[str] = field(default_factory=Counter)
    entries: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As the pages get it."""
        entries = sorted(self.entries, key=lambda one: one["last_at"], reverse=True)
        return {"on": self.on, "figures": {name: self.figures[name] for name in FIGURES}, "entries": entries}


async def read_work_log(tx: Transaction, scope: Scope, person: UUID, first: date, last: date) -> dict[str, Any]:
    """``{days: [{on, figures, entries}], totals}`` from ``first`` to ``last``, both included, in the reader's zone.

    An entry is one record on one day: ``{object, object_label, record, label, what: [created|changed|…], fields,
    state, count, first_at, last_at}``; ``state`` is the label of the stage that it was moved to. Raises Forbidden for
    the log of somebody whom the reader does not lead, NotFound where there is no such person, Invalid for more than
    ``MOST_DAYS`` days or the wrong order.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid(_SPAN.fill(most=MOST_DAYS), code="invalid_span")
    await require_leads(tx, scope, person)
    await require_person(tx, scope.snapshot, person)
    zone = ZoneInfo(scope.actor.zone)
    begin, end = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    span = {"who": person, "begin": begin, "end": end, "zone": scope.actor.zone, "most": MOST_ENTRIES}
    days = {
        first + timedelta(days=number): Day(first + timedelta(days=number)) for number in range((last - first).days + 1)
    }
    for key in await tx.fetch_column(_OBJECTS, span):
        one = scope.snapshot.objects.get(key)
        if one is None or not scope.may(key, "read"):
            continue
        for row in await tx.fetch_all(_statement(scope, one), {**scope.params(), **span}):
            _put(days[row["day"]], scope, one, row)
    totals: Counter[str] = Counter()
    for day in days.values():
        totals.update(day.figures)
    listed = [day.to_json() for day in sorted(days.values(), key=lambda day: day.on, reverse=True)]
    return {"days": listed, "totals": {name: totals[name] for name in FIGURES}}


def _put(day: Day, scope: Scope, one: Object, row: Mapping[str, Any]) -> None:
    """Counts a record of a day and adds it to what is listed."""
    what = _what(one, row)
    day.figures.update(what)
    visible = {found.key: found for found in scope.fields(one.key)}
    changed = [visible[key].label.to_json() for key in row["keys"] or () if key in visible]
    day.entries.append(
        {
            "object": one.key,
            "object_label": one.label.to_json(),
            "record": row["id"],
            "label": row["label"],
            "what": what,
            "fields": changed,
            "state": _state(scope, one, row["state"]) if "moved" in what else None,
            "count": row["count"],
            "first_at": row["first_at"],
            "last_at": row["last_at"],
        }
    )


def _what(one: Object, row: Mapping[str, Any]) -> list[str]:
    found = [_KINDS[kind] for kind in row["kinds"] if kind in _KINDS]
    if one.activity is not None and "created" in found and one.task_form is None:
        found[found.index("created")] = "activities"
    if row["done"]:
        found.append("tasks_done")
    if row["state"] is not None and EventKind.UPDATED in row["kinds"]:
        found.append("moved")
    return found


def _state(scope: Scope, one: Object, key: str) -> dict[str, str]:
    """The label of a stage, in whichever Process has it."""
    for process in one.processes:
        if key in process.state_by_key and process.field in {found.key for found in scope.fields(one.key)}:
            return process.state_by_key[key].label.to_json()
    return Text(key).to_json()


def _statement(scope: Scope, one: Object) -> Statement:
    return cached_statement(scope, ("analytics.work_log", one.key), lambda: _compile(scope, one))


def _compile(scope: Scope, one: Object) -> sa.Select[Any]:
    """The records of one Object that the person worked on, by day, as far as the reader sees them."""
    source = scope.source(one.key)
    shown = {found.key for found in scope.fields(one.key)}
    event = events.c
    day = sa.cast(sa.func.timezone(sa.bindparam("zone", type_=sa.Text), event.at), sa.Date).label("day")
    updated = event.kind == sa.literal(str(EventKind.UPDATED))
    keys = sa.func.array(
        sa.select(sa.func.jsonb_object_keys(event.changes)).where(updated).correlate(events).scalar_subquery()
    )
    listed = (
        sa.select(
            day,
            event.record_id,
            event.kind,
            event.at,
            keys.label("keys"),
            _moved_to(one, shown).label("state"),
            _finished(one).label("done"),
        )
        .where(
            event.actor_id == sa.bindparam("who", type_=sa.Uuid),
            event.actor_kind == sa.literal("person"),
            event.object == sa.literal(one.key),
            event.at >= sa.bindparam("begin", type_=_INSTANT),
            event.at < sa.bindparam("end", type_=_INSTANT),
        )
        .subquery("done")
    )
    name = source.c[one.name_field] if one.name_field in source.c else sa.null()
    last = pg.aggregate_order_by(listed.c.state, listed.c.at.desc())
    flat = sa.func.unnest(listed.c["keys"]).table_valued(sa.column("key", sa.Text), name="flat").render_derived()
    changed = sa.func.array_agg(sa.distinct(flat.c.key)).filter(flat.c.key.is_not(None))
    return (
        sa.select(
            listed.c.day,
            source.c.id,
            sa.cast(name, sa.Text).label("label"),
            sa.func.array_agg(sa.distinct(listed.c.kind)).label("kinds"),
            changed.label("keys"),
            sa.func.array_agg(last).filter(listed.c.state.is_not(None))[1].label("state"),
            sa.func.bool_or(listed.c.done).label("done"),
            sa.func.count(sa.distinct(listed.c.at)).label("count"),
            sa.func.min(listed.c.at).label("first_at"),
            sa.func.max(listed.c.at).label("last_at"),
        )
        .select_from(listed.join(source, source.c.id == listed.c.record_id).outerjoin(flat, sa.true()))
        .group_by(listed.c.day, source.c.id, name)
        .order_by(sa.func.max(listed.c.at).desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def _moved_to(one: Object, shown: Sequence[str] | set[str]) -> sa.ColumnElement[Any]:
    """The stage that a change moved the record to, null for other changes."""
    fields = {process.field for process in one.processes} & set(shown)
    if not fields:
        return sa.cast(sa.null(), sa.Text)
    return sa.func.coalesce(*(events.c.changes[field][1].astext for field in sorted(fields)))


def _finished(one: Object) -> sa.ColumnElement[Any]:
    """Whether the change finished a task."""
    form = one.task_form
    if form is None:
        return sa.false()
    return sa.func.coalesce(events.c.changes[form.status][1].astext == sa.literal(form.done), sa.false())


_OBJECTS = Statement(
    sa.select(events.c.object)
    .where(
        events.c.actor_id == sa.bindparam("who", type_=sa.Uuid),
        events.c.at >= sa.bindparam("begin", type_=_INSTANT),
        events.c.at < sa.bindparam("end", type_=_INSTANT),
    )
    .distinct()
)
