"""Roles: shipped as data by packs, kept in ``roles``, given to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.actors import ADMINISTRATOR_ROLE, raise_access_version
from liaoran.access.grants import check_grants
from liaoran.access.tables import logins, person_roles, roles
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text


async def install_roles(tx: Transaction, definitions: Iterable[Mapping[str, Any]]) -> None:
    """Adds shipped roles (``{"key", "label", "objects"}``) and brings known shipped ones up to date."""
    for position, definition in enumerate(definitions):
        grants = {"objects": definition.get("objects", {})}
        check_grants(grants)
        values = {"label": definition["label"], "grants": grants, "position": position}
        await tx.execute(_UPSERT, {"key": definition["key"], "origin": "shipped", **values})
    await raise_access_version(tx)


async def list_roles(tx: Transaction) -> list[dict[str, Any]]:
    """All roles as ``{key, label, origin}``, in order."""
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
    await tx.execute(_TAKE_ALL, {"person_id": person})
    for key in dict.fromkeys(keys):
        await tx.execute(sa.insert(person_roles), {"person": person, "role": key})
    await require_an_administrator(tx)
    await raise_access_version(tx)


async def require_an_administrator(tx: Transaction) -> None:
    """Raises Refused where nobody who can sign in is an administrator any more."""
    if not await tx.fetch_value(_ADMINISTRATORS, {"role": ADMINISTRATOR_ROLE}):
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
_LIST = sa.select(roles.c.key, roles.c.label, roles.c.origin).order_by(roles.c.position, roles.c.key)
_OF_PERSON = sa.select(person_roles.c.role).where(person_roles.c.person == sa.bindparam("person_id"))
_TAKE_ALL = sa.delete(person_roles).where(person_roles.c.person == sa.bindparam("person_id"))
_ADMINISTRATORS = (
    sa.select(sa.func.count())
    .select_from(person_roles.join(logins, logins.c.person == person_roles.c.person))
    .where(
        person_roles.c.role == sa.bindparam("role"), logins.c.disabled.is_(False), logins.c.password_hash.is_not(None)
    )
)
