"""Activities: Objects whose records stand in the timeline of the records that they link to (a call, a visit, a task).

An Object is marked by a key of its definition; the Fields named are its own::

    "activity": {"at": ["done_at", "due_on"], "by": "owner", "shows": ["status"], "text": "result"}

``at`` names days or instants, the first filled one says when it is; none filled, it is the moment of creation.
``by`` is the person who does it (left out: who created it), ``shows`` are facts in short, ``text`` is what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.reading import Place, Reader, near
from liaoran.schema.snapshot import Activity, Field, Object

MOST_FACTS = 6
_UNFIT = Text("“{key}”不适合放在这里，应为{wanted}", "“{key}” does not serve here, it should be {wanted}")
_MOMENT = Text("日期或时间", "a day or an instant")
_PERSON = Text("人员", "a person")
_TEXT = Text("文字", "text")
_STORED = Text("存下的值，而不是公式", "a stored value, not a formula")


def read_activity(reader: Reader) -> dict[str, Any] | None:
    """The part ``activity`` of an Object's definition, complete; None where it is none. Raises Invalid by place."""
    given = reader.part("activity")
    if not given:
        return None
    part = Reader(given, reader.place.at("activity"))
    at, shows = list(part.texts("at")), list(part.texts("shows"))
    by, text = part.text("by") or None, part.text("text") or None
    part.done()
    if len(shows) > MOST_FACTS:
        message = Text("最多 {most} 项", "at most {most}").fill(most=MOST_FACTS)
        raise part.place.at("shows").refuse(message)
    return {"at": at, "by": by, "shows": shows, "text": text}


def build_activity(definition: Mapping[str, Any] | None) -> Activity | None:
    """The Activity of a complete definition."""
    if not definition:
        return None
    return Activity(tuple(definition["at"]), definition["by"], tuple(definition["shows"]), definition["text"])


def check_activity(one: Object, place: Place) -> None:
    """Whether the Fields named are there and of the right kind. Raises Invalid by place."""
    found = one.activity
    if found is None:
        return
    for index, key in enumerate(found.at):
        _check(one, key, place.at("at").at(index), _MOMENT, lambda field: field.kind in _MOMENTS)
    if found.by is not None:
        _check(one, found.by, place.at("by"), _PERSON, lambda field: field.type == "person")
    for index, key in enumerate(found.shows):
        _check(one, key, place.at("shows").at(index), _STORED, lambda field: True)
    if found.text is not None:
        _check(one, found.text, place.at("text"), _TEXT, lambda field: field.kind is ValueKind.TEXT)


_MOMENTS = (ValueKind.DATE, ValueKind.INSTANT)


def _check(one: Object, key: str, place: Place, wanted: Text, fits: Callable[[Field], bool]) -> None:
    field = one.fields.get(key)
    if field is None:
        message = Text("没有名为“{key}”的字段", "there is no field “{key}”").fill(key=key)
        raise place.refuse(message, "unknown_field", near=near(key, one.fields))
    if field.computed or not fits(field):
        raise place.refuse(_UNFIT.fill(key=key, wanted=wanted))
