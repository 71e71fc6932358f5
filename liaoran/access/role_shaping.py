"""Shaping roles: made, changed and retired by administrators, never so that nobody could administrate any more.

The role of administrators is fixed: it reaches everything without a predicate, so there is nothing to say about it. A
shipped role that somebody changes is theirs from then on and is not brought up to date any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from liaoran import audit
from liaoran.access.actors import raise_access_version
from liaoran.access.holdings import ADMINISTRATOR_ROLE
from liaoran.access.scope import Scope
from liaoran.access.soundness import require_sound, role_problems
from liaoran.access.tables import person_roles, roles
from liaoran.access.whom import Key, Label, nameless
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, NotFound, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.schema.keys import key_of

MOST = 200
_NO_SUCH = Text("没有名为“{role}”的角色", "there is no role “{role}”")
_TAKEN = Text("已有名为“{role}”的角色", "there is a role “{role}” already")
_FIXED = Text("管理员角色不能修改或停用", "the role of administrators cannot be changed or retired")
_IN_USE = Text(
    "还有 {count} 人是“{role}”，请先选择由哪个角色接替",
    "{count} people are “{role}”; choose the role that takes its place",
)
_ITSELF = Text("请选择另一个角色来接替", "choose another role to take its place")
_NOBODY = Text("目前没有人担任这个角色", "nobody has this role at present")
_FULL = Text("最多 {most} 个角色", "there are at most {most} roles")


class RoleGrants(BaseModel):
    """What a role allows, by Object; ``*`` stands for all. The how-to on roles says what may stand there."""

    model_config = ConfigDict(extra="forbid")

    objects: dict[str, dict[str, Any]] = Field(max_length=500, examples=[{"*": {"read": "own", "edit": "own"}}])


class NewRole(BaseModel):
    """A role to make."""

    model_config = ConfigDict(extra="forbid")

    key: Key | None = Field(default=None, description="Left out: made of the name.")
    label: Label
    grants: RoleGrants
    position: int = Field(default=1000, ge=0, le=1_000_000)


class RoleChange(BaseModel):
    """What to change of a role; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    label: Label | None = None
    grants: RoleGrants | None = None
    position: int | None = Field(default=None, ge=0, le=1_000_000)


async def list_definitions(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """All roles in order, retired ones last: ``{key, label, origin, retired, position, grants, people, problems}``, where
    ``people`` counts who has the role and ``problems`` says what of it cannot be carried out, or that nobody has it.
    Raises Forbidden for everybody but administrators."""
    scope.require_administrator()
    return [_shown(scope, row) for row in await tx.fetch_all(_LIST)]


async def make_role(tx: Transaction, scope: Scope, role: NewRole) -> dict[str, Any]:
    """Makes a role. Raises Forbidden for everybody but administrators, Conflict for a key in use, Refused for grants
    that cannot be carried out."""
    scope.require_administrator()
    taken = {row["key"] for row in await tx.fetch_all(_LIST)}
    if role.key in taken:
        raise Conflict(_TAKEN.fill(role=role.key), code="role_exists")
    if len(taken) >= MOST:
        raise Refused(_FULL.fill(most=MOST), code="too_many_roles")
    key = role.key or key_of(Text(role.label.zh, role.label.en), taken)
    values = {**role.model_dump(), "key": key}
    _check(scope, values)
    await tx.execute(_INSERT, {**values, "origin": "custom", "retired": False})
    await raise_access_version(tx)
    audit.note(tx, "role.made", scope.actor, facts={"key": key, "label": values["label"]})
    return _shown(scope, await find_role(tx, key))


async def change_role(tx: Transaction, scope: Scope, key: str, change: RoleChange) -> dict[str, Any]:
    """Changes a role. Raises as ``make_role``, NotFound; Refused for the role of administrators."""
    scope.require_administrator()
    row = await _hold(tx, key)
    given = {name: value for name, value in change.model_dump(exclude_unset=True).items() if value is not None}
    changed = {name: value for name, value in given.items() if row[name] != value}
    _check(scope, {**row, **changed})
    if changed:
        origin = "changed" if row["origin"] == "shipped" else row["origin"]
        await tx.execute(sa.update(roles).where(roles.c.key == key).values(**changed, origin=origin))
        await raise_access_version(tx)
        changes = {name: [row[name], value] for name, value in changed.items()}
        audit.note(tx, "role.changed", scope.actor, facts={"key": key, "label": row["label"], "changes": changes})
    return _shown(scope, await find_role(tx, key))


async def retire_role(tx: Transaction, scope: Scope, key: str, replaced_by: str | None) -> dict[str, Any]:
    """Takes a role out of use; who has it gets ``replaced_by`` instead. Raises Refused ``role_in_use`` where somebody
    has it and nothing takes its place, for the role of administrators, and for an unknown replacement."""
    scope.require_administrator()
    row = await _hold(tx, key)
    people = row["people"]
    if replaced_by is not None:
        other = await _usable(tx, replaced_by)
        if other == key:
            _refuse("role_replaces_itself", _ITSELF, "replaced_by")
        await tx.execute(_REPLACE, {"role": key, "other": other})
    elif people:
        _refuse("role_in_use", _IN_USE.fill(count=people, role=Text.from_json(row["label"])), "replaced_by")
    await tx.execute(_TAKE, {"role": key})
    await tx.execute(sa.update(roles).where(roles.c.key == key).values(retired=True))
    await raise_access_version(tx)
    facts = {"key": key, "label": row["label"], "replaced_by": replaced_by, "count": people}
    audit.note(tx, "role.removed", scope.actor, facts=facts)
    return _shown(scope, await find_role(tx, key))


async def bring_role_back(tx: Transaction, scope: Scope, key: str) -> dict[str, Any]:
    """Puts a retired role into use again; nobody has it then. Raises NotFound."""
    scope.require_administrator()
    row = await _hold(tx, key)
    if row["retired"]:
        await tx.execute(sa.update(roles).where(roles.c.key == key).values(retired=False))
        await raise_access_version(tx)
        changes = {"retired": [True, False]}
        audit.note(tx, "role.changed", scope.actor, facts={"key": key, "label": row["label"], "changes": changes})
    return _shown(scope, await find_role(tx, key))


async def find_role(tx: Transaction, key: str) -> dict[str, Any]:
    """One role with the number of its people. Raises NotFound."""
    row = next((row for row in await tx.fetch_all(_LIST) if row["key"] == key), None)
    if row is None:
        raise NotFound(_NO_SUCH.fill(role=key), code="unknown_role")
    return row


async def _hold(tx: Transaction, key: str) -> dict[str, Any]:
    await tx.lock("roles")
    row = await find_role(tx, key)
    if key == ADMINISTRATOR_ROLE:
        _refuse("administrator_role_is_fixed", _FIXED, "key")
    return row


async def _usable(tx: Transaction, key: str) -> str:
    row = next((row for row in await tx.fetch_all(_LIST) if row["key"] == key and not row["retired"]), None)
    if row is None:
        _refuse("unknown_role", _NO_SUCH.fill(role=key), "replaced_by")
    return key


def _check(scope: Scope, values: Mapping[str, Any]) -> None:
    require_sound([*nameless(values["label"]), *role_problems(scope.snapshot, values["grants"])])


def _refuse(code: str, message: Text, field: str) -> None:
    raise Refused(message, code=code, problems=[Problem(code, message, field)])


def _shown(scope: Scope, row: Mapping[str, Any]) -> dict[str, Any]:
    problems = role_problems(scope.snapshot, row["grants"])
    if not row["people"] and not row["retired"]:
        problems.append(Problem("role_without_people", _NOBODY))
    told = [{"code": one.code, "at": one.field, "message": one.message.to_json()} for one in problems]
    return {**row, "problems": told}


_PEOPLE = (
    sa.select(sa.func.count()).select_from(person_roles).where(person_roles.c.role == roles.c.key).scalar_subquery()
)
_LIST = Statement(
    sa.select(
        roles.c.key,
        roles.c.label,
        roles.c.origin,
        roles.c.retired,
        roles.c.position,
        roles.c.grants,
        _PEOPLE.label("people"),
    ).order_by(roles.c.retired, roles.c.position, roles.c.key)
)
_INSERT = Statement(sa.insert(roles), columns=["key", "label", "grants", "origin", "position", "retired"])
_ROLE, _OTHER = sa.bindparam("role", type_=sa.Text), sa.bindparam("other", type_=sa.Text)
_HAS = person_roles.alias("has")
_REPLACE = Statement(
    sa.insert(person_roles).from_select(
        ["person", "role"],
        sa.select(person_roles.c.person, _OTHER).where(
            person_roles.c.role == _ROLE,
            ~sa.exists().where(_HAS.c.person == person_roles.c.person, _HAS.c.role == _OTHER),
        ),
    )
)
_TAKE = Statement(sa.delete(person_roles).where(person_roles.c.role == _ROLE))
