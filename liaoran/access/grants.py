"""Grants: what a role allows, as plain data, and what several roles allow together.

The JSON of one role, as packs ship it and the table ``roles`` keeps it::

    {"objects": {
        "*":       {"read": "own", "create": true, "edit": "own", "delete": "own", "export": "own", "bulk": true},
        "account": {"read": ["own", {"reach": "all", "where": {"field": "region", "op": "eq", "value": "310000"}}],
                    "fields": {"credit_limit": "hidden", "level": "readonly", "phone": "masked"}}}}

``"*"`` serves every Object; an entry of an Object replaces it verb by verb. A verb that is named nowhere is not
allowed. The scope of a verb is a word (``Reach``), a word with a Condition, or a list of these: alternatives, of which
one is enough. Several roles add up: the alternatives of all of them hold, and a Field is withheld only as far as every
role of the person withholds it. What takes rows away again is no grant but a restriction (``access.policies``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

import orjson

from liaoran.kernel.conditions import ALWAYS, Condition, condition_to_json, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

EVERY_OBJECT = "*"
SCOPED_VERBS = ("read", "edit", "delete", "export", "transfer", "share")
PLAIN_VERBS = ("create", "import", "bulk")
VERBS = ("read", "create", "edit", "delete", "transfer", "share", "export", "import", "bulk")
MAXIMUM_ALTERNATIVES = 20


class Reach(StrEnum):
    """How far a verb reaches over the rows of an Object. ``reports`` are the own ones and those of everybody below on
    the reporting line; ``department`` and ``below`` hold the own ones, too."""

    NONE = "none"
    OWN = "own"
    REPORTS = "reports"
    DEPARTMENT = "department"
    BELOW = "below"
    ALL = "all"

    def covers(self, other: Reach) -> bool:
        """Whether every row that the other one reaches is reached, whoever asks."""
        return other in _COVERED[self]


_COVERED: Mapping[Reach, frozenset[Reach]] = {
    Reach.NONE: frozenset({Reach.NONE}),
    Reach.OWN: frozenset({Reach.NONE, Reach.OWN}),
    Reach.REPORTS: frozenset({Reach.NONE, Reach.OWN, Reach.REPORTS}),
    Reach.DEPARTMENT: frozenset({Reach.NONE, Reach.OWN, Reach.DEPARTMENT}),
    Reach.BELOW: frozenset({Reach.NONE, Reach.OWN, Reach.DEPARTMENT, Reach.BELOW}),
    Reach.ALL: frozenset(Reach),
}


class Mask(IntEnum):
    """What is withheld of a Field; each step includes the ones before it."""

    OPEN = 0
    READONLY = 1
    MASKED = 2
    HIDDEN = 3


_MASK_BY_WORD = {"readonly": Mask.READONLY, "masked": Mask.MASKED, "hidden": Mask.HIDDEN}


@dataclass(frozen=True, slots=True, order=True)
class Alternative:
    """One way in which a verb reaches a row: how far, and under which Condition (its JSON text; empty: under none)."""

    reach: Reach
    where: str = ""

    def covers(self, other: Alternative) -> bool:
        """Whether every row that the other one reaches is reached, whoever asks."""
        return self.reach.covers(other.reach) and self.where in ("", other.where)

    @property
    def is_all(self) -> bool:
        """Whether it reaches every row."""
        return self.reach is Reach.ALL and not self.where


Alternatives = tuple[Alternative, ...]
EVERY_ROW: Alternatives = (Alternative(Reach.ALL),)


def condition_text(condition: Condition) -> str:
    """The one text that stands for a Condition in grants; the empty one for no restriction."""
    if condition == ALWAYS:
        return ""
    return orjson.dumps(condition_to_json(condition), option=orjson.OPT_SORT_KEYS).decode()


def condition_of(text: str) -> Condition:
    """The Condition of ``condition_text``."""
    return parse_condition(orjson.loads(text)) if text else ALWAYS


def widest(alternatives: Iterable[Alternative]) -> Alternatives:
    """The same rows by the fewest alternatives, in one order: what another one covers is left out."""
    kept: list[Alternative] = []
    for one in sorted(set(alternatives), key=lambda one: (bool(one.where), -len(_COVERED[one.reach]), one)):
        if one.reach is not Reach.NONE and not any(other.covers(one) for other in kept):
            kept.append(one)
    return tuple(sorted(kept))


@dataclass(frozen=True)
class ObjectGrant:
    """What is allowed on one Object. No other verb ever reaches further than reading.

    ``scopes`` holds the alternatives by verb; ``denied`` the Conditions (texts) of restrictions by verb: rows for which
    one of them holds are out of the reach of the verb.
    """

    scopes: Mapping[str, Alternatives] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    masks: Mapping[str, Mask] = field(default_factory=dict)
    denied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def alternatives(self, verb: str) -> Alternatives:
        """The alternatives of a verb with a scope, none where nothing may be read."""
        return self.scopes.get(verb, ()) if self.scopes.get("read") else ()

    def allows(self, verb: str) -> bool:
        """Whether the verb is allowed on any row at all."""
        if verb in PLAIN_VERBS:
            return verb in self.plain and bool(self.alternatives("read"))
        return bool(self.alternatives(verb))

    def mask(self, field_key: str) -> Mask:
        """What is withheld of the Field."""
        return self.masks.get(field_key, Mask.OPEN)

    def plus(self, other: ObjectGrant) -> ObjectGrant:
        """Both together: the wider of each. A grant that reads no row has no say in what is withheld of the rows."""
        scopes = {
            verb: widest((*self.scopes.get(verb, ()), *other.scopes.get(verb, ())))
            for verb in {*self.scopes, *other.scopes}
        }
        plain = self.plain | other.plain
        if not self.allows("read") or not other.allows("read"):
            return ObjectGrant(scopes, plain, self.masks if self.allows("read") else other.masks)
        both = {key: min(mask, other.mask(key)) for key, mask in self.masks.items()}
        return ObjectGrant(scopes, plain, {key: mask for key, mask in both.items() if mask})

    def with_rule(self, where: str, *, editing: bool) -> ObjectGrant:
        """With the rows of a sharing rule. A rule opens rows, not kinds of record: what the roles do not let read (or
        edit) at all stays closed."""
        if not self.allows("read"):
            return self
        verbs = ("read", "edit") if editing and self.allows("edit") else ("read",)
        opened = Alternative(Reach.ALL, where)
        return replace(
            self, scopes={**self.scopes, **{verb: widest((*self.alternatives(verb), opened)) for verb in verbs}}
        )

    def without(self, where: str, verbs: Iterable[str]) -> ObjectGrant:
        """Without the rows of a restriction."""
        added = {verb: tuple(sorted({*self.denied.get(verb, ()), where})) for verb in verbs}
        return replace(self, denied={**self.denied, **added})


NOTHING = ObjectGrant()
EVERYTHING = ObjectGrant(dict.fromkeys(SCOPED_VERBS, EVERY_ROW), frozenset(PLAIN_VERBS))


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

    @cached_property
    def has_conditions(self) -> bool:
        """Whether any Condition takes part in deciding which rows are reached."""
        return any(
            grant.denied or any(one.where for scope in grant.scopes.values() for one in scope)
            for grant in (self.default, *self.objects.values())
        )

    def uses(self, reach: Reach) -> bool:
        """Whether any verb on any Object reaches just so far."""
        return any(
            one.reach is reach
            for grant in (self.default, *self.objects.values())
            for scope in grant.scopes.values()
            for one in scope
        )

    def of_every_row(self) -> Grants:
        """What is read with the same Fields withheld, but of every row: for what somebody is shown of a record that they
        have to decide about, although it is out of their reach."""
        objects = {key: _every_row(grant) for key, grant in self.objects.items()}
        default = _every_row(self.default)
        return Grants(default, objects, _digest(default, objects))

    def changed(self, changes: Mapping[str, ObjectGrant]) -> Grants:
        """With other grants for some Objects."""
        objects = {**self.objects, **changes}
        return Grants(self.default, objects, _digest(self.default, objects)) if changes else self


def _every_row(grant: ObjectGrant) -> ObjectGrant:
    return ObjectGrant({"read": EVERY_ROW}, masks=grant.masks)


def merge_grants(roles: Iterable[Mapping[str, Any]]) -> Grants:
    """The grants of several roles together; no roles allow nothing.

    Raises Invalid for grants that cannot be read (an unknown verb or scope word): callers must then allow nothing.
    """
    parsed = [_parse_role(role) for role in roles]
    named = sorted({key for role in parsed for key in role if key != EVERY_OBJECT})
    default, objects = NOTHING, dict.fromkeys(named, NOTHING)
    for role in parsed:
        own_default = role.get(EVERY_OBJECT, NOTHING)
        default = default.plus(own_default)
        for key in named:
            objects[key] = objects[key].plus(role.get(key, own_default))
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
    scopes = {verb: _parse_scope(f"{key}.{verb}", entry[verb]) for verb in SCOPED_VERBS if verb in entry}
    for verb in PLAIN_VERBS:
        if not isinstance(entry.get(verb, False), bool):
            raise _unreadable(f"{key}.{verb}", entry[verb])
    plain = frozenset(verb for verb in PLAIN_VERBS if entry.get(verb))
    masks = _parse_masks(key, entry.get("fields", {}))
    return ObjectGrant(
        {verb: scope for verb, scope in scopes.items() if scope}, plain, masks if scopes.get("read") else {}
    )


def _parse_scope(place: str, value: Any) -> Alternatives:
    listed: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    if len(listed) > MAXIMUM_ALTERNATIVES:
        raise _unreadable(place, f"{len(listed)} > {MAXIMUM_ALTERNATIVES}")
    return widest(_parse_alternative(place, one) for one in listed)


def _parse_alternative(place: str, value: Any) -> Alternative:
    where = ""
    if isinstance(value, Mapping):
        if not set(value) <= {"reach", "where"}:
            raise _unreadable(place, value)
        try:
            where = condition_text(parse_condition(value.get("where")))
        except Invalid as error:
            raise Invalid(error.message, code="invalid_grants", extra={"at": place}) from error
        value = value.get("reach")
    if not isinstance(value, str) or value not in set(Reach):
        raise _unreadable(place, value)
    return Alternative(Reach(value), where)


def _parse_masks(key: str, fields: Any) -> dict[str, Mask]:
    if not isinstance(fields, Mapping):
        raise _unreadable(f"{key}.fields", fields)
    for field_key, word in fields.items():
        if word not in _MASK_BY_WORD:
            raise _unreadable(f"{key}.fields.{field_key}", word)
    return {field_key: _MASK_BY_WORD[word] for field_key, word in fields.items()}


def _digest(default: ObjectGrant, objects: Mapping[str, ObjectGrant]) -> str:
    def plain(grant: ObjectGrant) -> list[Any]:
        return [
            sorted((verb, [[one.reach, one.where] for one in scope]) for verb, scope in grant.scopes.items() if scope),
            sorted(grant.plain),
            sorted((key, int(mask)) for key, mask in grant.masks.items()),
            sorted((verb, list(texts)) for verb, texts in grant.denied.items()),
        ]

    content = orjson.dumps([plain(default), sorted((key, plain(grant)) for key, grant in objects.items())])
    return hashlib.sha256(content).hexdigest()[:24]


def _unreadable(place: str, value: Any) -> Invalid:
    message = Text("权限定义中的“{place}”无法识别：{value}", "the grant “{place}” cannot be read: {value}")
    return Invalid(message.fill(place=place, value=str(value)[:80]), code="invalid_grants", extra={"at": place})


ADMINISTRATOR = Grants(EVERYTHING, {}, "administrator")
NO_GRANTS = merge_grants(())
