"""Whether what roles, sharing rules and restrictions say can be carried out; if not, the administrator is told.

At run time whatever cannot be read gives no rows. That is safe, and easily taken for a mistake of the system, so it is
refused where it is written down, and shown as a warning where it has come about since (a Field was retired).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from liaoran.access.grants import EVERY_OBJECT, SCOPED_VERBS, check_grants, condition_of, merge_grants
from liaoran.access.masks import can_be_masked
from liaoran.access.scope import system_scope
from liaoran.access.standing import make_ready
from liaoran.kernel.conditions import condition_to_json, parse_condition
from liaoran.kernel.errors import Invalid, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Snapshot

_UNREADABLE = Text(
    "“{place}”的条件无法判断（{why}），因此不给出任何记录",
    "the Condition of “{place}” cannot be read ({why}), so it gives no records",
)
_NO_OBJECT = Text("没有名为“{object}”的对象", "there is no object “{object}”")
_NO_FIELD = Text("“{object}”没有在用的字段“{field}”", "“{object}” has no field “{field}” in use")
_NOT_TEXT = Text("“{field}”不是文字，不能脱敏，只能隐藏", "“{field}” is no text, so it cannot be masked, only hidden")


def condition_problem(snapshot: Snapshot, object_key: str, where: Any, place: str = "where") -> Problem | None:
    """What is wrong with a Condition (JSON) over the rows of an Object, or None."""
    try:
        condition = parse_condition(where)
        make_ready(system_scope(snapshot), object_key, condition, "t")
    except Invalid as error:
        message = _UNREADABLE.fill(place=place, why=error.message)
        return Problem("unresolvable_condition", message, place, {"object": object_key, "cause": error.code})
    return None


def role_problems(snapshot: Snapshot, grants: Mapping[str, Any]) -> list[Problem]:
    """Everything in a role's grants that cannot be carried out, by place (``account.read``)."""
    try:
        check_grants(grants)
    except Invalid as error:
        return [Problem(error.code, error.message, str(error.extra.get("at", "grants")))]
    return list(_problems(snapshot, grants.get("objects", {})))


def require_sound(problems: Sequence[Problem]) -> None:
    """Raises Refused with the problems, if there are any."""
    if problems:
        raise Refused(problems[0].message, code=problems[0].code, problems=problems)


def _problems(snapshot: Snapshot, entries: Mapping[str, Any]) -> Iterator[Problem]:
    for key, entry in entries.items():
        one = snapshot.objects.get(key)
        if key != EVERY_OBJECT and (one is None or one.retired):
            yield Problem("no_such_object", _NO_OBJECT.fill(object=key), key)
            continue
        grant = merge_grants([{"objects": {EVERY_OBJECT: entry}}]).default
        for verb in SCOPED_VERBS:
            for each in grant.scopes.get(verb, ()):
                if each.where:
                    yield from _unreadable(snapshot, key, each.where, f"{key}.{verb}")
        if key != EVERY_OBJECT:
            yield from _unknown_fields(snapshot, key, entry.get("fields", {}))


def _unreadable(snapshot: Snapshot, key: str, where: str, place: str) -> Iterator[Problem]:
    """For all Objects together a Condition is good where at least one of them can be asked for it."""
    json = condition_to_json(condition_of(where))
    asked = [key] if key != EVERY_OBJECT else [one.key for one in snapshot.objects.values() if not one.retired]
    found = [condition_problem(snapshot, each, json, place) for each in asked]
    if found and all(found) and found[0] is not None:
        yield found[0]


def _unknown_fields(snapshot: Snapshot, key: str, fields: Mapping[str, str]) -> Iterator[Problem]:
    one = snapshot.object(key)
    for name, word in fields.items():
        found = one.fields.get(name)
        place = f"{key}.fields.{name}"
        if found is None or found.retired:
            yield Problem("unknown_field", _NO_FIELD.fill(object=one.label, field=name), place)
        elif word == "masked" and not can_be_masked(found):
            yield Problem("not_maskable", _NOT_TEXT.fill(field=found.label), place)
