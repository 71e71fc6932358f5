"""Explaining: who sees a record and why; what a person can see, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.access.grants import PLAIN_VERBS, SCOPED_VERBS, Mask, merge_grants
from liaoran.access.holdings import Holdings, holdings_of, open_to_all
from liaoran.access.predicates import fitting
from liaoran.access.reasons import Explained, described_scope, explain
from liaoran.access.scope import Scope
from liaoran.infra.flights import Row
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement
from liaoran.query.reads import compile_record
from liaoran.schema.snapshot import Object

_TOGETHER = 200
"""People that are asked about in one journey."""
_NO_PERSON = Text("没有这个人员，或此人已离职", "there is no such person, or they have left")
_NOT_YOURS = Text("只有管理员可以查看他人的权限", "only an administrator may look at what others can see")
_WITH = {
    "read": Text("随能查看的{object}", "with each {object} that they see"),
    "edit": Text("随能修改的{object}", "with each {object} that they may change"),
    "delete": Text("随能修改的{object}", "with each {object} that they may change"),
}
_WORDS = {Mask.READONLY: "readonly", Mask.MASKED: "masked", Mask.HIDDEN: "hidden"}


async def who_sees(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, Any]:
    """``{people: [{person: {id, label}, sees, edits, reasons, obstacles}]}`` of everybody who sees the record, by name,
    as far as the actor knows of these people. The record must be one that the actor sees: the caller asks for that."""
    people = scope.source("person")
    linked = await _linked(tx, scope, object_key, record)
    ids = await tx.fetch_column(sa.select(people.c.id).order_by(people.c.id), scope.params())
    open_to = await open_to_all(tx)
    told: list[dict[str, Any]] = []
    for start in range(0, len(ids), _TOGETHER):
        held = await holdings_of(tx, scope.snapshot, ids[start : start + _TOGETHER], open_to)
        found = await explain(tx, scope.snapshot, list(held.values()), object_key, record, linked)
        told += [_told(held[person], one) for person, one in found.items() if one.sees]
    return {"people": sorted(told, key=lambda one: (not one["edits"], one["person"]["label"]))}


async def why_one(tx: Transaction, scope: Scope, object_key: str, record: UUID, person: UUID) -> dict[str, Any]:
    """The same for one person, whether they see the record or not: then ``obstacles`` say why not. Raises NotFound for
    somebody who is not there, or whom the actor does not know of."""
    held = (await _held(tx, scope, person))[person]
    linked = await _linked(tx, scope, object_key, record)
    found = await explain(tx, scope.snapshot, [held], object_key, record, linked)
    return {"people": [_told(held, found[person])]}


async def what_one_sees(tx: Transaction, scope: Scope, person: UUID, object_key: str | None) -> dict[str, Any]:
    """``{person, roles, objects: [{object, label, records, verbs, doors, fields, restrictions}]}``: for each Object that
    the person may read how many records, for each verb the scopes in words, for each Field what is withheld. Raises
    Forbidden for everybody but administrators and the person, NotFound."""
    if person != scope.actor.person and not scope.is_administrator:
        raise Forbidden(_NOT_YOURS, code="administrators_only")
    held = (await _held(tx, scope, person))[person]
    seen = Scope(scope.snapshot, held.actor(scope.snapshot), held.grants())
    objects = [scope.snapshot.object(object_key)] if object_key else _objects(scope)
    told = [_object(held, seen, one) for one in objects if seen.may(one.key, "read")]
    for entry in told:
        _send_count(tx, seen, entry)
    await tx.land()
    roles = [{"key": role.key, "label": dict(role.label or {"zh": role.key})} for role in held.roles]
    return {"person": {"id": str(person), "label": held.label}, "roles": roles, "objects": told}


async def _held(tx: Transaction, scope: Scope, person: UUID) -> Mapping[UUID, Holdings]:
    people = scope.source("person")
    known = sa.select(people.c.id).where(people.c.id == sa.bindparam("asked", type_=sa.Uuid))
    found = {}
    if person == scope.actor.person or await tx.fetch_value(known, {**scope.params(), "asked": person}) is not None:
        found = await holdings_of(tx, scope.snapshot, [person])
    if person not in found:
        raise NotFound(_NO_PERSON, code="unknown_person")
    return found


async def _linked(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, str]:
    """The names of the records that may carry this one, by link, where the actor may know them."""
    visible = {field.key for field in scope.fields(object_key)}
    links = [link.key for link in scope.snapshot.object(object_key).carrying_links if link.key in visible]
    if not links:
        return {}
    plan = compile_record(scope, object_key, record, select=links)
    found = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"{}")
    return {link: found[link]["label"] for link in links if found.get(link) and found[link].get("label")}


def _told(held: Holdings, one: Explained) -> dict[str, Any]:
    return {"person": {"id": str(held.person), "label": held.label}, **one.to_json()}


def _objects(scope: Scope) -> Sequence[Object]:
    found = [one for one in scope.snapshot.objects.values() if not one.retired]
    return sorted(found, key=lambda one: (one.order, one.key))


def _object(held: Holdings, seen: Scope, one: Object) -> dict[str, Any]:
    withheld = [
        {"field": each.key, "label": each.label.to_json(), "shows": _WORDS[mask]}
        for each in one.active_fields
        if (mask := seen.mask(one.key, each.key)) is not Mask.OPEN
    ]
    return {
        "object": one.key,
        "label": one.label.to_json(),
        "records": 0,
        "verbs": {verb: list(_scopes(held, seen, one, verb)) for verb in SCOPED_VERBS if seen.may(one.key, verb)},
        "doors": [verb for verb in PLAIN_VERBS if seen.may(one.key, verb)],
        "fields": withheld,
        "restrictions": [
            {"key": each.key, "label": dict(each.label), "verbs": list(each.verbs)}
            for each in held.restrictions
            if each.object == one.key and not held.is_administrator
        ],
    }


def _scopes(held: Holdings, seen: Scope, one: Object, verb: str) -> Iterator[dict[str, Any]]:
    """Where a verb comes from: ``{kind, key, text}``."""
    if held.is_administrator:
        yield {"kind": "administrator", "key": "administrator", "text": described_scope(seen, one, None).to_json()}
        return
    for role in held.roles:
        scopes = merge_grants([role.grants]).of(one.key).scopes if role.grants is not None else {}
        for each in fitting(one, verb, scopes.get(verb, ())):
            yield {"kind": "role", "key": role.key, "text": described_scope(seen, one, each).to_json()}
    for link in seen.predicates.carriers(one, verb):
        carrier = seen.snapshot.object(link.target or "")
        yield {"kind": "carried", "key": link.key, "text": _WITH[verb].fill(object=carrier.label).to_json()}
    for rule in held.rules:
        if rule.object == one.key and (verb == "read" or (verb == "edit" and rule.level == "edit")):
            yield {"kind": "rule", "key": str(rule.id), "text": Text.from_json(rule.label).to_json()}


def _send_count(tx: Transaction, seen: Scope, entry: dict[str, Any]) -> None:
    key = entry["object"]

    def count() -> sa.Select[Any]:
        return sa.select(sa.func.count().label("records")).select_from(seen.source(key))

    def tell(rows: list[Row]) -> None:
        entry["records"] = rows[0]["records"]

    tx.send(cached_statement(seen, ("explaining.count", key), count), seen.params(), tell)
