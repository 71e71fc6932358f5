"""Previews: what each person would gain or lose by a change of a role, counted before anybody publishes it.

Before and after are two Scopes of the same person, and the rows are counted by the predicates of both in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.grants import PLAIN_VERBS, SCOPED_VERBS, Mask
from liaoran.access.holdings import HeldRole, Holdings, holdings_of, open_to_all, with_reports
from liaoran.access.role_shaping import find_role
from liaoran.access.scope import Scope
from liaoran.access.soundness import require_sound, role_problems
from liaoran.access.tables import person_roles
from liaoran.infra.flights import Row
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.schema.snapshot import Object, Snapshot

MOST_PEOPLE = 200
_WORDS = {Mask.OPEN: "open", Mask.READONLY: "readonly", Mask.MASKED: "masked", Mask.HIDDEN: "hidden"}
_HAVING = Statement(
    sa.select(person_roles.c.person)
    .where(person_roles.c.role == sa.bindparam("role", type_=sa.Text))
    .order_by(person_roles.c.person)
)
_counting: LeastRecentlyUsed[Statement] = LeastRecentlyUsed(200)


@dataclass(frozen=True, slots=True)
class _Pair:
    """One person before and after."""

    held: Holdings
    before: Scope
    after: Scope


async def preview_role(
    tx: Transaction,
    scope: Scope,
    key: str,
    grants: Mapping[str, Any] | None,
    people: Sequence[UUID] = (),
) -> dict[str, Any]:
    """What changes if the role allows ``grants`` (None: if it is taken out of use), for everybody who has it, or for
    ``people`` who would get it: ``{people: [{person: {id, label}, objects: [...]}], affected, unchanged, more}``.

    An Object: ``{object, label, verbs: {verb: {gained, lost}}, doors: {gained, lost}, fields: [{field, label, before,
    after}]}``; ``verbs`` count records, ``doors`` are create, import and bulk. Objects where nothing changes are left
    out, and so are people. At most 200 people are looked at; ``more`` counts the others. Raises Forbidden for everybody
    but administrators, Refused for grants that cannot be carried out."""
    scope.require_administrator()
    if grants is not None:
        require_sound(role_problems(scope.snapshot, grants))
    having = list(await tx.fetch_column(_HAVING, {"role": key})) if not people else list(people)
    looked_at = having[:MOST_PEOPLE]
    open_to = await open_to_all(tx)
    before = await holdings_of(tx, scope.snapshot, looked_at, open_to)
    label = None if people else (await find_role(tx, key))["label"]
    after = {person: one.with_roles(_changed(one.roles, key, grants, label), open_to) for person, one in before.items()}
    after = await with_reports(tx, scope.snapshot, after)
    pairs = [_pair(scope.snapshot, before[person], after[person]) for person in before]
    told = [one for one in await _differences(tx, scope.snapshot, pairs) if one["objects"]]
    return {
        "people": sorted(told, key=lambda one: one["person"]["label"]),
        "affected": len(told),
        "unchanged": len(pairs) - len(told),
        "more": len(having) - len(looked_at),
    }


def _changed(
    held: Sequence[HeldRole], key: str, grants: Mapping[str, Any] | None, label: Mapping[str, str] | None
) -> list[HeldRole]:
    others = [role for role in held if role.key != key]
    return others if grants is None else [*others, HeldRole(key, label, grants)]


def _pair(snapshot: Snapshot, before: Holdings, after: Holdings) -> _Pair:
    # who reports to them is the same before and after; only whether anybody asks may differ
    reports = max(before.reports, after.reports, key=len)
    actor = replace(after.actor(snapshot), reports=reports)
    return _Pair(
        before, Scope(snapshot, actor, before.grants(), mark="b"), Scope(snapshot, actor, after.grants(), mark="a")
    )


async def _differences(tx: Transaction, snapshot: Snapshot, pairs: Sequence[_Pair]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    objects = sorted(
        (one for one in snapshot.objects.values() if not one.retired), key=lambda one: (one.order, one.key)
    )
    for pair in pairs:
        person: dict[str, Any] = {"person": {"id": str(pair.held.person), "label": pair.held.label}, "objects": []}
        told.append(person)
        for one in objects:
            if _is_same(pair, one):
                continue
            entry = {
                "object": one.key,
                "label": one.label.to_json(),
                "verbs": {},
                "doors": _doors(pair, one),
                "fields": _fields(pair, one),
            }
            person["objects"].append(entry)
            _send_count(tx, pair, one, entry)
    await tx.land()
    for person in told:
        person["objects"] = [
            one for one in person["objects"] if one["verbs"] or one["fields"] or any(one["doors"].values())
        ]
    return told


def _is_same(pair: _Pair, one: Object) -> bool:
    """Whether nothing can change for the Object: neither its own grants do, nor those of what its records go with."""
    if pair.before.grants.of(one.key) != pair.after.grants.of(one.key):
        return False
    snapshot = pair.before.snapshot
    return all(_is_same(pair, snapshot.object(link.target or "")) for link in snapshot.carriers_of(one))


def _doors(pair: _Pair, one: Object) -> dict[str, list[str]]:
    had = {verb for verb in PLAIN_VERBS if pair.before.may(one.key, verb)}
    has = {verb for verb in PLAIN_VERBS if pair.after.may(one.key, verb)}
    return {"gained": sorted(has - had), "lost": sorted(had - has)}


def _fields(pair: _Pair, one: Object) -> list[dict[str, Any]]:
    """Fields that show otherwise, where the Object is read both before and after."""
    if not (pair.before.may(one.key, "read") and pair.after.may(one.key, "read")):
        return []
    found = []
    for each in one.active_fields:
        before, after = (_WORDS[side.mask(one.key, each.key)] for side in (pair.before, pair.after))
        if before != after:
            found.append({"field": each.key, "label": each.label.to_json(), "before": before, "after": after})
    return found


def _send_count(tx: Transaction, pair: _Pair, one: Object, entry: dict[str, Any]) -> None:
    snapshot = pair.before.snapshot
    shape = (snapshot.identity, one.key, pair.before.key, pair.after.key)
    statement = _counting.get(shape, lambda: Statement(_count(pair, one)))
    params = {**pair.before.params(), **pair.after.params()}

    def tell(rows: list[Row]) -> None:
        for verb in SCOPED_VERBS:
            gained, lost = rows[0][f"gained_{verb}"], rows[0][f"lost_{verb}"]
            if gained or lost:
                entry["verbs"][verb] = {"gained": gained, "lost": lost}

    tx.send(statement, params, tell)


def _count(pair: _Pair, one: Object) -> sa.Select[Any]:
    """For each verb the records that only one of the two reaches."""
    columns: list[sa.ColumnElement[Any]] = []
    for verb in SCOPED_VERBS:
        before, after = (_ids(side, one, verb) for side in (pair.before, pair.after))
        columns.append(_size(sa.except_(after, before)).label(f"gained_{verb}"))
        columns.append(_size(sa.except_(before, after)).label(f"lost_{verb}"))
    return sa.select(*columns)


def _ids(side: Scope, one: Object, verb: str) -> sa.Select[Any]:
    if not side.may(one.key, verb):
        return sa.select(sa.cast(sa.null(), sa.Uuid)).where(sa.false())
    source = side.source(one.key, verb)
    return sa.select(source.c.id)


def _size(ids: sa.CompoundSelect[Any]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(ids.subquery()).scalar_subquery()
