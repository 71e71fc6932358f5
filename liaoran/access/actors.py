"""From a signed-in person to an Actor and a Scope, resolved once and kept in the process.

The cache is keyed by the ``access_version`` that the look at the session found, so a change of roles, departments or
people is in force from the next request on, in every process, and nothing has to be told to forget.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog

from liaoran.access.grants import ADMINISTRATOR, Grants, check_grants, merge_grants
from liaoran.access.scope import Scope
from liaoran.access.sessions import CHANGED, Credential
from liaoran.access.tables import access_state, logins, person_roles, roles
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Invalid, Unauthenticated
from liaoran.kernel.text import LANGUAGES, Text
from liaoran.schema.snapshot import Object, Snapshot

_log = structlog.get_logger(__name__)

ADMINISTRATOR_ROLE = "administrator"
_PERSON, _DEPARTMENT, _PARENT = "person", "department", "parent"
_STATUS, _LEFT = "status", "left"
_KEPT = 10_000

V = TypeVar("V")


class _Kept(Generic[V]):
    """The last values by key; the oldest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: dict[Any, V] = {}

    def get(self, key: Any) -> V | None:
        return self._values.get(key)

    def put(self, key: Any, value: V) -> V:
        if len(self._values) >= self._size:
            self._values.pop(next(iter(self._values)), None)
        self._values[key] = value
        return value


@dataclass(frozen=True, slots=True)
class ResolvedActor:
    """An Actor with what the roles allow together, and the roles' labels and the person's preferences."""

    actor: Actor
    grants: Grants
    role_labels: Mapping[str, Mapping[str, str]]
    department_label: str | None = None
    theme: str | None = None


_actors: _Kept[ResolvedActor] = _Kept(_KEPT)
_scopes: _Kept[Scope] = _Kept(_KEPT)


async def resolve_actor(tx: Transaction, snapshot: Snapshot, person: UUID, version: int | None = None) -> ResolvedActor:
    """The person as an Actor. ``version`` is the access version if it is known already.

    Raises Unauthenticated for a person who is gone, has left, or whose login is disabled.
    """
    if version is None:
        version = await access_version(tx)
    key = (snapshot.identity, person, version)
    found = _actors.get(key)
    return found or _actors.put(key, await _resolve(tx, snapshot, person))


async def scope_for(tx: Transaction, snapshot: Snapshot, credential: Credential) -> Scope:
    """The Scope of a signed request. Raises Unauthenticated as ``resolve_actor`` does."""
    key = (snapshot.identity, credential.access_version, credential.kind, credential.id)
    found = _scopes.get(key)
    if found is not None:
        return found
    resolved = await resolve_actor(tx, snapshot, credential.person, credential.access_version)
    actor = resolved.actor
    if credential.kind == "token":
        label = f"{actor.label} · {credential.label}" if credential.label else actor.label
        actor = replace(actor, kind="token", id=credential.id, label=label, scopes=credential.scopes)
    return _scopes.put(key, Scope(snapshot, actor, resolved.grants))


async def scope_of_person(tx: Transaction, snapshot: Snapshot, person: UUID) -> Scope:
    """The Scope of a person for work in their name without a request: jobs, the command line."""
    resolved = await resolve_actor(tx, snapshot, person)
    return Scope(snapshot, resolved.actor, resolved.grants)


def are_present(people: Object) -> list[sa.ColumnElement[bool]]:
    """Of the Object ``person``: who is neither deleted nor has left. Nobody else can sign in or act."""
    table = people.table
    conditions: list[sa.ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    status = people.fields.get(_STATUS)
    if status is not None and _LEFT in status.choice_by_key:
        conditions.append(table.c[_STATUS].is_distinct_from(_LEFT))
    return conditions


async def access_version(tx: Transaction) -> int:
    """The current access version of the organisation."""
    return int(await tx.fetch_value(sa.select(access_state.c.version), {}))


async def raise_access_version(tx: Transaction) -> None:
    """Makes every Actor be resolved afresh from the next request on, in all processes."""
    tx.notify(CHANGED)
    await tx.execute(sa.update(access_state).values(version=access_state.c.version + 1), {})


async def _resolve(tx: Transaction, snapshot: Snapshot, person: UUID) -> ResolvedActor:
    row = await tx.fetch_one(_person_statement(snapshot), {"person_id": person})
    if row is None or row["disabled"]:
        raise Unauthenticated(Text("此账号已不可用", "this account is no longer active"), code="account_inactive")
    departments = await tx.fetch_all(_departments_statement(snapshot), {"department_id": row["department"]})
    assigned = await tx.fetch_all(_ROLES, {"person_id": person})
    actor = Actor(
        kind="person",
        id=person,
        person=person,
        label=row["label"] or row["login"] or str(person),
        roles=tuple(role["key"] for role in assigned),
        department=row["department"],
        departments=tuple(department["id"] for department in departments),
        language=row["language"] if row["language"] in LANGUAGES else snapshot.language,
        zone=row["zone"] or snapshot.zone,
        login=row["login"] or "",
    )
    labels = {role["key"]: role["label"] for role in assigned if role["label"]}
    return ResolvedActor(actor, _grants_of(actor, assigned), labels, row["department_label"], row["theme"])


def _grants_of(actor: Actor, assigned: list[dict[str, Any]]) -> Grants:
    """A role that is gone or cannot be read adds nothing, which only ever narrows, and is reported."""
    if ADMINISTRATOR_ROLE in actor.roles:
        return ADMINISTRATOR
    readable = []
    for role in assigned:
        try:
            if role["grants"] is None:
                raise Invalid(Text("角色不存在", "the role does not exist"))
            check_grants(role["grants"])
        except Invalid as error:
            _log.warning("role_allows_nothing", role=role["key"], person=str(actor.person), reason=str(error))
        else:
            readable.append(role["grants"])
    return merge_grants(readable)


def _person_statement(snapshot: Snapshot) -> sa.Select[Any]:
    one, department = snapshot.object(_PERSON), snapshot.object(_DEPARTMENT)
    people, departments = one.table, department.table
    at_home = departments.c.id == people.c[_DEPARTMENT]
    return (
        sa.select(
            people.c[one.name_field].label("label"),
            departments.c.id.label("department"),
            departments.c[department.name_field].label("department_label"),
            logins.c.login,
            logins.c.language,
            logins.c.theme,
            logins.c.zone,
            sa.func.coalesce(logins.c.disabled, sa.false()).label("disabled"),
        )
        .select_from(
            people.outerjoin(logins, logins.c.person == people.c.id).outerjoin(
                departments, sa.and_(at_home, departments.c.deleted_at.is_(None))
            )
        )
        .where(people.c.id == sa.bindparam("person_id"), *are_present(one))
    )


def _departments_statement(snapshot: Snapshot) -> sa.Select[Any]:
    departments = snapshot.object(_DEPARTMENT).table
    tree = (
        sa.select(departments.c.id)
        .where(departments.c.id == sa.bindparam("department_id", type_=sa.Uuid()), departments.c.deleted_at.is_(None))
        .cte("tree", recursive=True)
    )
    below = departments.alias()
    tree = tree.union(sa.select(below.c.id).where(below.c[_PARENT] == tree.c.id, below.c.deleted_at.is_(None)))
    return sa.select(tree.c.id)


_ROLES = (
    sa.select(person_roles.c.role.label("key"), roles.c.label, roles.c.grants)
    .select_from(person_roles.outerjoin(roles, roles.c.key == person_roles.c.role))
    .where(person_roles.c.person == sa.bindparam("person_id"))
    .order_by(roles.c.position, person_roles.c.role)
)
