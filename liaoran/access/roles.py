"""Roles: shipped as data by packs, kept in ``roles``, given to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.actors import raise_access_version
from liaoran.access.grants import check_grants
from liaoran.access.holdings import ADMINISTRATOR_ROLE, are_present
from liaoran.access.tables import logins, person_roles, roles
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.snapshot import Snapshot


async def install_roles(tx: Transaction, definitions: Iterable[Mapping[str, Any]]) -> None:
    """Adds shipped roles (``{"key", "label", "objects"}``) and brings known shipped ones up to date."""
    for position, definition in enumerate(definitions):
        grants = {"objects": definition.get("objects", {})}
        check_grants(grants)
        values = {"label": definition["label"], "grants": grants, "position": position}
        await tx.execute(_UPSERT, {"key": definition["key"], "origin": "shipped", **values})
    await raise_access_version(tx)


async def list_roles(tx: Transaction) -> list[dict[str, Any]]:
    """All roles that people may have as ``{key, label, origin}``, in order; retired ones are left out."""
    return await tx.fetch_all(_LIST, {})


async def roles_of(tx: Transaction, person: UUID) -> tuple[str, ...]:
    """The keys of a person's roles."""
    return tuple(row["role"] for row in await tx.fetch_all(_OF_PERSON, {"person_id": person}))


async def give_roles(tx: Transaction, person: UUID, keys: Sequence[str]) -> None:
    """Makes exactly these the person's roles. Raises Refused for an unknown role, or if no administrator would be
    left."""
    known = {role["key"] for role in await list_roles(tx)}
    for key in keys:
        if key not in known:
            message = Text("没有名为“{role}”的角色", "there is no role “{role}”").fill(role=key)
            raise Refused(message, code="unknown_role", problems=[Problem("unknown_role", message, "roles")])
    former = await roles_of(tx, person)
    await tx.execute(_TAKE_ALL, {"person_id": person})
    for key in dict.fromkeys(keys):
        await tx.execute(sa.insert(person_roles), {"person": person, "role": key})
    if ADMINISTRATOR_ROLE in former:
        await require_an_administrator(tx)
    await raise_access_version(tx)


async def any_administrator(tx: Transaction, people: Sequence[UUID]) -> bool:
    """Whether any of these people has the role of administrators."""
    return bool(await tx.fetch_value(_ANY_ADMINISTRATOR, {"people": list(people), "role": ADMINISTRATOR_ROLE}))


async def require_an_administrator(tx: Transaction) -> None:
    """Raises Refused where nobody who can sign in is an administrator any more; to be asked after taking one away."""
    snapshot = await load_snapshot(tx)
    if not await tx.fetch_value(_administrators(snapshot), {"role": ADMINISTRATOR_ROLE}):
        message = Text("至少要保留一位可登录的管理员", "at least one administrator who can sign in must remain")
        raise Refused(message, code="last_administrator", problems=[Problem("last_administrator", message, "roles")])


_INSERT = pg.insert(roles)
_UPSERT = _INSERT.on_conflict_do_update(
    index_elements=[roles.c.key],
    set_={
        "label": _INSERT.excluded.label,
        "grants": _INSERT.excluded.grants,
        "position": _INSERT.excluded.position,
    },
    where=roles.c.origin == "shipped",
)
_LIST = (
    sa.select(roles.c.key, roles.c.label, roles.c.origin)
    .where(roles.c.retired.is_(False))
    .order_by(roles.c.position, roles.c.key)
)
_OF_PERSON = sa.select(person_roles.c.role).where(person_roles.c.person == sa.bindparam("person_id"))
_ANY_ADMINISTRATOR = sa.select(sa.func.count()).where(
    person_roles.c.role == sa.bindparam("role"),
    person_roles.c.person == sa.any_(sa.bindparam("people", type_=pg.ARRAY(sa.Uuid))),
)
_TAKE_ALL = sa.delete(person_roles).where(person_roles.c.person == sa.bindparam("person_id"))


def _administrators(snapshot: Snapshot) -> sa.Select[Any]:
    """How many there are: people who are here and have a password, with a login that is not disabled."""
    source = person_roles.join(logins, logins.c.person == person_roles.c.person)
    statement = sa.select(sa.func.count()).where(
        person_roles.c.role == sa.bindparam("role"), logins.c.disabled.is_(False), logins.c.password_hash.is_not(None)
    )
    people = snapshot.objects.get("person")
    if people is None:
        return statement.select_from(source)
    present = source.join(people.table, people.table.c.id == person_roles.c.person)
    return statement.select_from(present).where(*are_present(people))
