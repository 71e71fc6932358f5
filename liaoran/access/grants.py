"""Grants: what a role allows, as plain data, and what several roles allow together.

The JSON of one role, as packs ship it and the table ``roles`` keeps it::

    {"objects": {
        "*":       {"read": "own", "create": true, "edit": "own", "delete": "own", "export": "own", "bulk": true},
        "account": {"read": "all", "fields": {"credit_limit": "hidden", "level": "readonly"}}}}

``"*"`` serves every Object; an entry of an Object replaces it verb by verb. A verb that is named nowhere is not
allowed. Several roles add up: the widest row scope of each verb holds, and a Field is hidden only where every role of
the person hides it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

import orjson

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

EVERY_OBJECT = "*"
SCOPED_VERBS = ("read", "edit", "delete", "export")
PLAIN_VERBS = ("create", "import", "bulk")
VERBS = ("read", "create", "edit", "delete", "export", "import", "bulk")


class Reach(IntEnum):
    """How far a verb reaches over the rows of an Object; each step includes the ones before it."""

    NONE = 0
    OWN = 1
    DEPARTMENT = 2
    ALL = 3


_REACH_BY_WORD = {
    "none": Reach.NONE,
    "own": Reach.OWN,
    "department": Reach.DEPARTMENT,
    "below": Reach.DEPARTMENT,
    "all": Reach.ALL,
}


class Mask(IntEnum):
    """What is withheld of a Field; each step includes the ones before it."""

    OPEN = 0
    READONLY = 1
    HIDDEN = 2


_MASK_BY_WORD = {"readonly": Mask.READONLY, "hidden": Mask.HIDDEN}


@dataclass(frozen=True)
class ObjectGrant:
    """What is allowed on one Object. Editing, deleting and exporting never reach further than reading."""

    reach: Mapping[str, Reach] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    masks: Mapping[str, Mask] = field(default_factory=dict)

    def reaches(self, verb: str) -> Reach:
        """The row scope of ``read``, ``edit``, ``delete`` or ``export``."""
        found = self.reach.get(verb, Reach.NONE)
        return found if verb == "read" else min(found, self.reach.get("read", Reach.NONE))

    def allows(self, verb: str) -> bool:
        """Whether the verb is allowed on any row at all."""
        if verb in PLAIN_VERBS:
            return verb in self.plain and self.reaches("read") > Reach.NONE
        return self.reaches(verb) > Reach.NONE

    def mask(self, field_key: str) -> Mask:
        """What is withheld of the Field."""
        return self.masks.get(field_key, Mask.OPEN)

    def plus(self, other: ObjectGrant) -> ObjectGrant:
        """Both together: the wider of each. A grant that reads no row has no say in what is hidden of the rows."""
        reach = {
            verb: max(self.reach.get(verb, Reach.NONE), other.reach.get(verb, Reach.NONE)) for verb in SCOPED_VERBS
        }
        plain = self.plain | other.plain
        if not self.reaches("read") or not other.reaches("read"):
            return ObjectGrant(reach, plain, self.masks if self.reaches("read") else other.masks)
        both = {key: min(mask, other.mask(key)) for key, mask in self.masks.items()}
        return ObjectGrant(reach, plain, {key: mask for key, mask in both.items() if mask})


NOTHING = ObjectGrant(dict.fromkeys(SCOPED_VERBS, Reach.NONE))
EVERYTHING = ObjectGrant(dict.fromkeys(SCOPED_VERBS, Reach.ALL), frozenset(PLAIN_VERBS))


@dataclass(frozen=True)
class Grants:
    """What an actor's roles allow together. Equal ``key`` means equal grants, so it keys compiled statements."""

    default: ObjectGrant
    objects: Mapping[str, ObjectGrant]
    key: str

    def of(self, object_key: str) -> ObjectGrant:
        """The grant on one Object."""
        return self.objects.get(object_key, self.default)

    @cached_property
    def masks_anything(self) -> bool:
        """Whether any Field of any Object is withheld; most roles withhold none."""
        return bool(self.default.masks) or any(grant.masks for grant in self.objects.values())


def merge_grants(roles: Iterable[Mapping[str, Any]]) -> Grants:
    """The grants of several roles together; no roles allow nothing.

    Raises Invalid for grants that cannot be read (an unknown verb or scope word): callers must then allow nothing.
    """
    parsed = [_parse_role(role) for role in roles]
    named = sorted({key for role in parsed for key in role if key != EVERY_OBJECT})
    default, objects = NOTHING, dict.fromkeys(named, NOTHING)
    for index, role in enumerate(parsed):
        own_default = role.get(EVERY_OBJECT, NOTHING)
        default = own_default if index == 0 else default.plus(own_default)
        for key in named:
            own = role.get(key, own_default)
            objects[key] = own if index == 0 else objects[key].plus(own)
    return Grants(default, objects, _digest(default, objects))


def check_grants(value: Mapping[str, Any]) -> None:
    """Raises Invalid where the JSON of a role's grants cannot be read."""
    _parse_role(value)


def _parse_role(role: Mapping[str, Any]) -> dict[str, ObjectGrant]:
    objects = role.get("objects", {})
    if not isinstance(objects, Mapping):
        raise _unreadable("objects", objects)
    base = objects.get(EVERY_OBJECT, {})
    parsed: dict[str, ObjectGrant] = {}
    for key, entry in objects.items():
        if not isinstance(entry, Mapping) or not isinstance(base, Mapping):
            raise _unreadable(str(key), entry)
        parsed[key] = _parse_entry(key, {**base, **entry})
    return parsed


def _parse_entry(key: str, entry: Mapping[str, Any]) -> ObjectGrant:
    unknown = sorted(set(entry) - set(VERBS) - {"fields"})
    if unknown:
        raise _unreadable(f"{key}.{unknown[0]}", entry[unknown[0]])
    reach: dict[str, Reach] = {}
    for verb in SCOPED_VERBS:
        word = entry.get(verb, "none")
        if word not in _REACH_BY_WORD:
            raise _unreadable(f"{key}.{verb}", word)
        reach[verb] = _REACH_BY_WORD[word]
    for verb in PLAIN_VERBS:
        if not isinstance(entry.get(verb, False), bool):
            raise _unreadable(f"{key}.{verb}", entry[verb])
    masks: dict[str, Mask] = {}
    for field_key, word in entry.get("fields", {}).items():
        if word not in _MASK_BY_WORD:
            raise _unreadable(f"{key}.fields.{field_key}", word)
        masks[field_key] = _MASK_BY_WORD[word]
    plain = frozenset(verb for verb in PLAIN_VERBS if entry.get(verb))
    return ObjectGrant(reach, plain, masks if reach["read"] else {})


def _digest(default: ObjectGrant, objects: Mapping[str, ObjectGrant]) -> str:
    def plain(grant: ObjectGrant) -> list[Any]:
        return [
            sorted((verb, int(reach)) for verb, reach in grant.reach.items()),
            sorted(grant.plain),
            sorted((key, int(mask)) for key, mask in grant.masks.items()),
        ]

    content = orjson.dumps([plain(default), sorted((key, plain(grant)) for key, grant in objects.items())])
    return hashlib.sha256(content).hexdigest()[:24]


def _unreadable(place: str, value: Any) -> Invalid:
    message = Text("权限定义中的“{place}”无法识别：{value}", "the grant “{place}” cannot be read: {value}")
    return Invalid(message.fill(place=place, value=str(value)[:80]), code="invalid_grants", extra={"at": place})


ADMINISTRATOR = Grants(EVERYTHING, {}, "administrator")
NO_GRANTS = merge_grants(())
