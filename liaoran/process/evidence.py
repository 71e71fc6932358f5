"""Evidence that stages may ask for: finished must-tasks, and activities; and since when evidence counts.

``since`` says how fresh it has to be: ``any``; ``entered``, since the record came to the state it is in; ``left``, since
it last left the state named by ``state`` (any, where it was never there), so that who comes back brings something new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.process.tables import visits
from liaoran.process.tasks import TaskObject, task_object
from liaoran.query.compilation import Row
from liaoran.query.display import literal_int
from liaoran.query.evidence import Evidence
from liaoran.query.operators.base import Reading
from liaoran.query.subjects import Subject
from liaoran.schema.snapshot import Object, Snapshot

ANY, ENTERED, LEFT = "any", "entered", "left"
SINCE: Mapping[str, Text] = {
    ANY: Text(""),
    ENTERED: Text("进入本阶段后的", " since this stage was entered"),
    LEFT: Text("上次离开该阶段后的", " since that stage was last left"),
}
_INSTANT = sa.DateTime(timezone=True)
_BEGINNING = sa.cast(sa.literal("-infinity", sa.Text), _INSTANT)


def read_value(raw: Any, subject: Subject, known: Sequence[str]) -> dict[str, Any]:
    """The value as an object with no other keys than the known ones. Raises Invalid."""
    value = {} if raw is None else raw
    if not isinstance(value, Mapping) or not set(value) <= set(known):
        why = Text("应为对象，可用的键：{known}", "must be an object with these keys: {known}")
        raise subject.refuse(why.fill(known=", ".join(known)), raw)
    return dict(value)


def read_since(value: Mapping[str, Any], subject: Subject) -> tuple[str, list[Any]]:
    """Since when, and the values to bind for it. Raises Invalid."""
    since = value.get("since") or ANY
    if not isinstance(since, str) or since not in SINCE:
        raise subject.refuse(Text("since 应为 any、entered 或 left", "since must be any, entered or left"), since)
    if since != LEFT:
        return since, []
    if not isinstance(value.get("state"), str):
        raise subject.refuse(Text("需要写明是哪个阶段（state）", "it has to say which stage (state)"), since)
    return since, [value["state"]]


def read_word(value: Mapping[str, Any], key: str, subject: Subject) -> str | None:
    """A key that the value names, None where it names none. Raises Invalid."""
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise subject.refuse(Text("{key} 应为文字", "{key} must be a string").fill(key=key), found)
    return found or None


def moment(row: Row, since: str, binds: Sequence[str]) -> sa.ColumnElement[Any]:
    """The moment from which evidence counts."""
    if since == ANY:
        return _BEGINNING
    own = visits.c.record_id == row.column("id")
    if since == ENTERED:
        found = sa.select(sa.func.max(visits.c.entered_at)).where(own, visits.c.left_at.is_(None))
    else:
        state = sa.bindparam(binds[0], type_=sa.Text)
        found = sa.select(sa.func.max(visits.c.left_at)).where(own, visits.c.state == state)
    return sa.func.coalesce(found.correlate(row.source).scalar_subquery(), _BEGINNING)


class TasksDone(Evidence):
    """The must-tasks of the state that the record is in are done: all of them, or that of one action. ``{"action": key}``
    or nothing.

    Of tasks that were made more than once, since the record came here again, the newest counts. One that was cancelled
    or thrown away is not done; a state for which no task was made has nothing to do.
    """

    key = "tasks"
    label = Text("本阶段的必做任务", "Must-tasks of the stage")

    def read(self, raw: Any, subject: Subject) -> Reading:
        """One action, or all."""
        value = read_value(raw, subject, ("action",))
        action = read_word(value, "action", subject)
        return Reading((f".{action}",), "one") if action else Reading((), "all")

    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """No must-task of this state is left undone, in the list or in the bin."""
        where = task_object(row.compilation.rows.snapshot, row.object_key)
        if where is None:
            return sa.true()
        made, here = _made(row, where), _here(row)
        # the newest of each origin; two of the same moment both count
        age = sa.func.rank().over(partition_by=made.c.origin, order_by=made.c.created_at.desc()).label("age")
        tasks = (
            sa.select(made.c.origin, made.c.must, made.c.done, age)
            .where(made.c.link == row.column("id"), sa.func.starts_with(made.c.origin, here))
            .correlate(row.source)
            .subquery("tasks")
        )
        undone = (
            sa.exists()
            .select_from(tasks)
            .where(tasks.c.age == literal_int(1), self._wanted(tasks, reading, binds), sa.not_(tasks.c.done))
        )
        return sa.not_(undone.correlate(row.source))

    def _wanted(self, tasks: sa.FromClause, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        if reading.form == "all":
            return tasks.c.must.is_(sa.true())
        action = sa.bindparam(binds[0], type_=sa.Text)
        return sa.func.right(tasks.c.origin, sa.func.length(action)) == action

    def spoken(self, raw: Any, subject: Subject) -> Text:
        """``已完成的必做任务``."""
        return Text("已完成的本阶段必做任务", "all must-tasks of the stage done")

    def parameters(self) -> Mapping[str, Any]:
        """An action, or none for all."""
        return {"action": {"label": Text("动作", "Action").to_json(), "kind": "action"}}


def _here(row: Row) -> sa.ColumnElement[str]:
    """What the origins of the tasks begin with that were made for the state that the record is in."""
    stay = sa.select(visits.c.process + "." + visits.c.state + ".")
    present = stay.where(visits.c.record_id == row.column("id"), visits.c.left_at.is_(None))
    return present.correlate(row.source).scalar_subquery()


def _made(row: Row, where: TaskObject) -> sa.FromClause:
    """The tasks that stages made, and whether each is done: one in the bin is not."""
    parts = []
    for verb in ("read", "bin"):
        tasks = row.compilation.rows.source(where.object.key, verb)
        done = sa.false() if verb == "bin" else tasks.c[where.form.status].is_not_distinct_from(where.form.done)
        columns = [
            tasks.c[where.link.key].label("link"),
            tasks.c[where.form.origin].label("origin"),
            tasks.c[where.form.must].label("must"),
            tasks.c.created_at,
            done.label("done"),
        ]
        parts.append(sa.select(*columns).where(tasks.c[where.form.origin].is_not(None)))
    return sa.union_all(*parts).subquery("made")


class ActivityHeld(Evidence):
    """An activity that links to the record: ``{"objects": [keys], "since"}``; no Objects means any kind."""

    key = "activity"
    label = Text("活动记录", "Activity")

    def read(self, raw: Any, subject: Subject) -> Reading:
        """Which kinds, since when."""
        value = read_value(raw, subject, ("objects", "since", "state"))
        since, values = read_since(value, subject)
        return Reading(tuple(values), (since, tuple(self._objects(value, subject))))

    def _objects(self, value: Mapping[str, Any], subject: Subject) -> list[str]:
        possible = [one.key for one, _ in _activities(subject.rows.snapshot, subject.path.object)]
        named = value.get("objects") or possible
        wanted = named if isinstance(named, list) else [named]
        for key in wanted:
            if key not in possible:
                why = Text("不是可关联的活动，可用：{known}", "is no activity that links here, there is: {known}")
                raise subject.refuse(why.fill(known=", ".join(possible)), key)
        return wanted

    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """One of the kinds is there."""
        since, wanted = cast("tuple[str, tuple[str, ...]]", reading.form)
        start = moment(row, since, binds)
        held = []
        for one, link in _activities(row.compilation.rows.snapshot, row.object_key):
            if one.key in wanted:
                rows = row.compilation.rows.source(one.key)
                mine = (rows.c[link] == row.column("id"), rows.c.created_at >= start)
                held.append(sa.exists().select_from(rows).where(*mine).correlate(row.source))
        return sa.or_(sa.false(), *held)

    def spoken(self, raw: Any, subject: Subject) -> Text:
        """``进入本阶段后的通话或日程``."""
        value = raw or {}
        snapshot = subject.rows.snapshot
        labels = [snapshot.objects[key].label for key in value.get("objects") or () if key in snapshot.objects]
        named = Text(
            "或".join(one.zh for one in labels) or "活动记录",
            " or ".join(one.read("en") for one in labels) or "an activity",
        )
        since = SINCE.get(value.get("since") or ANY, Text(""))
        return Text(f"{since.zh}{named.zh}", f"{named.en}{since.en}")

    def parameters(self) -> Mapping[str, Any]:
        """Kinds of activities, and since when."""
        return {
            "objects": {"label": Text("活动类型", "Kinds").to_json(), "kind": "activities"},
            "since": since_choice(),
        }


def since_choice() -> Mapping[str, Any]:
    """The parameter ``since`` for the pages."""
    labels = {
        ANY: Text("任何时候", "At any time"),
        ENTERED: Text("进入当前阶段之后", "Since the present stage was entered"),
        LEFT: Text("上次离开该阶段之后", "Since that stage was last left"),
    }
    choices = [{"key": key, "label": label.to_json()} for key, label in labels.items()]
    return {"label": Text("从何时算起", "Since").to_json(), "kind": "choice", "choices": choices}


def _activities(snapshot: Snapshot, object_key: str) -> list[tuple[Object, str]]:
    """Objects marked as activities, each with the Field by which it links to ``object_key``. Tasks are none: they say
    what is to be done."""
    return [
        (one, field.key)
        for one in snapshot.objects.values()
        if one.activity is not None and one.task_form is None and not one.retired
        for field in one.active_fields
        if field.type == "link" and field.target == object_key
    ]
