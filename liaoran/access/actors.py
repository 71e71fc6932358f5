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

from liaoran.access.grants import Grants
from liaoran.access.holdings import holdings_of
from liaoran.access.scope import Scope
from liaoran.access.sessions import CHANGED, Credential
from liaoran.access.tables import access_state
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Unauthenticated
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Snapshot

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


async def access_version(tx: Transaction) -> int:
    """The current access version of the organisation."""
    return int(await tx.fetch_value(sa.select(access_state.c.version), {}))


async def raise_access_version(tx: Transaction) -> None:
    """Makes every Actor be resolved afresh from the next request on, in all processes."""
    tx.notify(CHANGED)
    await tx.execute(sa.update(access_state).values(version=access_state.c.version + 1), {})


async def _resolve(tx: Transaction, snapshot: Snapshot, person: UUID) -> ResolvedActor:
    held = (await holdings_of(tx, snapshot, [person])).get(person)
    if held is None or held.row["disabled"]:
        raise Unauthenticated(Text("此账号已不可用", "this account is no longer active"), code="account_inactive")
    labels = {role.key: role.label for role in held.roles if role.label}
    return ResolvedActor(held.actor(snapshot), held.grants(), labels, held.row["department_label"], held.row["theme"])
