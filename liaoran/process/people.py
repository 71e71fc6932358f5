"""From Who to people: whom the parts of a Process mean for each of many records, in a few statements for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from liaoran.access.nearest import nearest_with_role, people_with_role
from liaoran.access.roles import list_roles
from liaoran.access.scope import Scope, system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.process.who import person_path
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.schema.process_json import who_to_json
from liaoran.schema.processes import Process, Who
from liaoran.schema.reading import Place
from liaoran.schema.snapshot import Snapshot

GONE: Mapping[str, Text] = {
    "role": Text("没有名为“{who}”的角色", "there is no role “{who}”"),
    "person": Text("这个人不存在或已离职", "this person is not there or has left"),
    "department": Text("这个部门不存在", "this department is not there"),
}
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A record and what is known of it; ``actor`` is the person who made the move, None for a machine."""

    record: UUID
    department: UUID | None
    actor: UUID | None


async def one_for_each(
    tx: Transaction, scope: Scope, object_key: str, asked: Sequence[tuple[Asked, Who]]
) -> list[UUID | None]:
    """For each record and Who the one person who is to do something: of a role the nearest to the record's department,
    of a department its head. None where there is nobody."""
    roles = {who.key or "" for _, who in asked if who.kind == "role"}
    departments = {one.department for one, who in asked if who.kind == "role" and one.department}
    nearest = await nearest_with_role(tx, scope.snapshot, roles, departments)
    found = await _on_records(tx, scope, object_key, asked)
    heads = await _heads(tx, scope, {who.id for _, who in asked if who.kind == "department" and who.id})
    people: list[UUID | None] = []
    for one, who in asked:
        match who.kind:
            case "actor":
                people.append(one.actor)
            case "person":
                people.append(who.id)
            case "role":
                people.append(nearest.get((who.key or "", one.department)) or nearest.get((who.key or "", None)))
            case "department":
                people.append(heads.get(who.id) if who.id else None)
            case _:
                people.append(found.get(one.record, {}).get(person_path(who) or ""))
    return people


async def all_for_each(
    tx: Transaction, scope: Scope, object_key: str, asked: Sequence[tuple[Asked, Who]]
) -> list[list[UUID]]:
    """For each record and Who everybody who may do something: all of a role, all of a department."""
    holders = await people_with_role(tx, scope.snapshot, [who.key or "" for _, who in asked if who.kind == "role"])
    members = await _members(tx, scope, {who.id for _, who in asked if who.kind == "department" and who.id})
    alone = {place: pair for place, pair in enumerate(asked) if pair[1].kind not in ("role", "department")}
    found = dict(zip(alone, await one_for_each(tx, scope, object_key, list(alone.values())), strict=True))
    people: list[list[UUID]] = []
    for place, (_, who) in enumerate(asked):
        if who.kind == "role":
            people.append(holders.get(who.key or "", []))
        elif who.kind == "department":
            people.append(members.get(who.id, []) if who.id else [])
        else:
            one = found[place]
            people.append([one] if one else [])
    return people


async def superiors(tx: Transaction, snapshot: Snapshot, people: Iterable[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Who stands above each of these people, by id as a name by id: the nearest manager who is there and is somebody
    else, else the nearest head of a department above. Those who have nobody above them are left out."""
    asked = sorted(set(people))
    if not asked:
        return {}
    paths = _upwards(snapshot)
    rows = await rows_of(tx, system_scope(snapshot), "person", asked, paths)
    chains = {
        UUID(row["id"]): [UUID(row[path]["id"]) for path in paths if row.get(path) and row[path]["id"] != row["id"]]
        for row in rows
    }
    present = await present_people(tx, snapshot, {one for chain in chains.values() for one in chain})
    nearest = {person: next((one for one in chain if one in present), None) for person, chain in chains.items()}
    return {person: {one: present[one]} for person, one in nearest.items() if one is not None}


def _upwards(snapshot: Snapshot) -> list[str]:
    """The paths from a person to those above, the nearest first, as far as the catalogue has the Fields for them."""
    person, department = snapshot.object("person").fields, snapshot.object("department").fields
    managers = ["manager", "manager.manager", "manager.manager.manager"] if "manager" in person else []
    if "department" not in person or "head" not in department:
        return managers
    higher = ["department.parent.head", "department.parent.parent.head"] if "parent" in department else []
    return [*managers, "department.head", *higher]


async def present_people(tx: Transaction, snapshot: Snapshot, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of those of these people who are there, by id; who has left or was deleted is not."""
    name = snapshot.object("person").name_field
    rows = await rows_of(tx, system_scope(snapshot), "person", ids, [name, "status"])
    return {UUID(row["id"]): row[name] or row["id"] for row in rows if row.get("status") != "left"}


async def labels_of(tx: Transaction, scope: Scope, object_key: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What records are called, by id; those that the scope does not reach are left out."""
    name = scope.snapshot.object(object_key).name_field
    rows = await rows_of(tx, scope, object_key, ids, [name])
    return {UUID(row["id"]): row[name] if isinstance(row.get(name), str) else row["id"] for row in rows}


async def refuse_missing_people(tx: Transaction, snapshot: Snapshot, process: Process) -> None:
    """Raises Refused where a Process names a role, a person or a department that is not there, or not any more, at the
    place in the definition."""
    named = list(_places_of_who(process))
    roles = {one["key"] for one in await list_roles(tx)}
    wanted = {kind: sorted({str(who.id) for _, who in named if who.kind == kind}) for kind in ("person", "department")}
    everything, present = system_scope(snapshot), set[str]()
    for kind, ids in wanted.items():
        for row in await _rows(tx, everything, kind, ids, ["status"] if kind == "person" else []) if ids else []:
            if row.get("status") != "left":
                present.add(row["id"])
    for place, who in named:
        if (who.kind == "role" and who.key not in roles) or (who.id is not None and str(who.id) not in present):
            raise place.refuse(GONE[who.kind].fill(who=who.key or who.id), code="unknown_person", **who_to_json(who))


def _places_of_who(process: Process) -> Iterator[tuple[Place, Who]]:
    top = Place()
    for index, state in enumerate(process.states):
        at = top.at("states").at(index)
        single = (("accountable", state.accountable), ("hand_over", state.hand_over))
        yield from ((at.at(name), who) for name, who in single if who is not None)
        yield from ((at.at("team").at(number), who) for number, who in enumerate(state.team))
        yield from ((at.at("actions").at(number).at("who"), one.who) for number, one in enumerate(state.actions))
    for index, move in enumerate(process.transitions):
        at = top.at("transitions").at(index).at("who")
        yield from ((at.at(number), who) for number, who in enumerate(move.who))
    for index, approval in enumerate(process.approvals):
        for number, step in enumerate(approval.steps):
            at = top.at("approvals").at(index).at("steps").at(number)
            yield from ((at.at("who").at(place), who) for place, who in enumerate(step.who))
            if step.escalate_to is not None:
                yield at.at("escalate_to"), step.escalate_to


async def _on_records(
    tx: Transaction, scope: Scope, object_key: str, asked: Iterable[tuple[Asked, Who]]
) -> dict[UUID, dict[str, UUID]]:
    """By record and path the person at the end of the path."""
    wanted = [(one.record, path) for one, who in asked if (path := person_path(who)) is not None]
    paths = sorted({path for _, path in wanted})
    records = sorted({record for record, _ in wanted})
    found: dict[UUID, dict[str, UUID]] = {}
    everything = system_scope(scope.snapshot)
    for start in range(0, len(records), _PAGE):
        page = [str(one) for one in records[start : start + _PAGE]]
        for row in await _rows(tx, everything, object_key, page, paths):
            people = {path: UUID(row[path]["id"]) for path in paths if row.get(path)}
            found[UUID(row["id"])] = people
    return found


async def _heads(tx: Transaction, scope: Scope, departments: Iterable[UUID]) -> dict[UUID, UUID]:
    ids = sorted(map(str, departments))
    rows = await _rows(tx, system_scope(scope.snapshot), "department", ids, ["head"]) if ids else []
    return {UUID(row["id"]): UUID(row["head"]["id"]) for row in rows if row.get("head")}


async def _members(tx: Transaction, scope: Scope, departments: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    members: dict[UUID, list[UUID]] = {}
    ids = sorted(map(str, departments))
    if not ids:
        return members
    where = {
        "all": [{"field": "department", "op": "in", "value": ids}, {"field": "status", "op": "ne", "value": "left"}]
    }
    for row in await _query(tx, system_scope(scope.snapshot), "person", where, ["department"]):
        members.setdefault(UUID(row["department"]["id"]), []).append(UUID(row["id"]))
    return members


async def rows_of(
    tx: Transaction, scope: Scope, object_key: str, ids: Iterable[UUID], select: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows that the scope reaches of so many ids as there are, a page at a time."""
    wanted, found = sorted(set(map(str, ids))), list[dict[str, Any]]()
    for start in range(0, len(wanted), _PAGE):
        found += await _rows(tx, scope, object_key, wanted[start : start + _PAGE], select)
    return found


async def _rows(
    tx: Transaction, scope: Scope, object_key: str, ids: Sequence[str], select: Sequence[str]
) -> list[dict[str, Any]]:
    return await _query(tx, scope, object_key, {"field": "id", "op": "in", "value": list(ids)}, select)


async def _query(
    tx: Transaction, scope: Scope, object_key: str, where: Mapping[str, Any], select: Sequence[str]
) -> list[dict[str, Any]]:
    request = QueryRequest(where=where, select=tuple(select), limit=_PAGE)
    plan = compile_query(scope, object_key, request)
    answer = await tx.fetch_json(plan.statement, plan.binds)
    found: list[dict[str, Any]] = orjson.loads(answer or b'{"records": []}')["records"]
    return found
