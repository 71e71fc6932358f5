"""Who 谁: whom a part of a Process means, asked of an actor, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from liaoran.kernel.actor import Actor
from liaoran.kernel.conditions import AnyOf, Condition, Leaf
from liaoran.kernel.text import Text
from liaoran.schema.processes import Who
from liaoran.schema.snapshot import Object

_OWNER = Text("负责人", "the owner")
_MANAGERS = (
    Text("负责人的直属上级", "the owner's manager"),
    Text("负责人的二级上级", "the manager of the owner's manager"),
    Text("负责人的三级上级", "the manager three levels above the owner"),
)


def permission(who: Sequence[Who], actor: Actor) -> bool | Condition:
    """Whether the actor is one of these people, as far as it does not depend on the record; where it does, the
    Condition that says so over the record as it was before the change. Nobody named means everybody.

    The installation itself is never kept out.
    """
    if not who or actor.kind == "system" or any(_is(one, actor) for one in who):
        return True
    paths = [path for one in who if (path := person_path(one)) is not None]
    return _is_at(tuple(paths)) if paths else False


@lru_cache(maxsize=500)
def _is_at(paths: tuple[str, ...]) -> Condition:
    """The actor is at the end of one of the paths. Always the same object, as what judges it expects."""
    return AnyOf(tuple(Leaf(f"old.{path}", "is_me") for path in paths))


def _is(who: Who, actor: Actor) -> bool:
    match who.kind:
        case "actor":
            return True
        case "role":
            return who.key in actor.roles
        case "person":
            return actor.person is not None and actor.person == who.id
        case "department":
            return actor.department is not None and actor.department == who.id
        case _:
            return False


def person_path(who: Who) -> str | None:
    """The path from the record to the person, None where it is not found on the record."""
    match who.kind:
        case "owner":
            return "owner"
        case "manager":
            return "owner" + ".manager" * who.level
        case "department_head":
            return "department.head"
        case "field":
            return who.key
        case _:
            return None


def who_text(who: Who, owner: Object, names: Mapping[str, Text]) -> Text:
    """In words. ``names`` gives the labels of roles by key and of people and departments by id as text."""
    match who.kind:
        case "owner":
            return _OWNER
        case "actor":
            return Text("操作人", "whoever makes the move")
        case "role":
            return names.get(who.key or "", Text(who.key or ""))
        case "person":
            return names.get(str(who.id), Text("未知人员", "an unknown person"))
        case "department":
            return names.get(str(who.id), Text("未知部门", "an unknown department"))
        case "department_head":
            return Text("部门负责人", "the head of the department")
        case "manager":
            return _MANAGERS[who.level - 1]
        case "field":
            found = owner.fields.get(who.key or "")
            return found.label if found else Text(who.key or "")
