"""Policies that restrict: rows that a verb does not reach, whatever the roles say.

A restriction names an Object, verbs, a Condition, and for whom it holds: people, departments (with all below), roles; if
it names nobody, everybody but administrators, for whom none ever holds. What cannot be read cannot be changed either, so
restricting ``read`` restricts all verbs. What it says becomes part of the grants (``access.holdings``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.dialects import postgresql as pg

from liaoran import audit
from liaoran.access.actors import raise_access_version
from liaoran.access.grants import SCOPED_VERBS
from liaoran.access.roles import list_roles
from liaoran.access.scope import Scope
from liaoran.access.soundness import condition_problem, require_sound
from liaoran.access.tables import policies
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, NotFound, Problem, Refused
from liaoran.kernel.text import Text

MOST = 200
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
_NO_SUCH = Text("没有这条限制规则", "there is no such restriction")
_TAKEN = Text("已有名为“{key}”的限制规则", "there is a restriction “{key}” already")
_NAMELESS = Text("请给规则起一个名字", "give the rule a name")
_NO_VERB = Text("请选择要限制的操作：{known}", "choose what is restricted: {known}")
_NO_ROLE = Text("没有名为“{role}”的角色", "there is no role “{role}”")
_FULL = Text("最多 {most} 条限制规则", "there are at most {most} restrictions")
_NOBODY = Text("所选角色目前没有任何人", "nobody has any of the chosen roles at present")


class PolicyLabel(BaseModel):
    """The name of a restriction; one language is enough."""

    model_config = ConfigDict(extra="forbid")

    zh: Label = ""
    en: Label = ""


class NewPolicy(BaseModel):
    """A restriction to make. Rows for which ``where`` holds are out of the reach of the verbs."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    label: PolicyLabel
    object: str
    verbs: list[str] = Field(max_length=len(SCOPED_VERBS), examples=[["read"]])
    where: dict[str, Any]
    people: list[UUID] = Field(default=[], max_length=500)
    departments: list[UUID] = Field(default=[], max_length=500)
    roles: list[str] = Field(default=[], max_length=100)
    active: bool = True
    position: int = Field(default=1000, ge=0, le=1_000_000)


class PolicyChange(BaseModel):
    """What to change of a restriction; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    label: PolicyLabel | None = None
    verbs: list[str] | None = Field(default=None, max_length=len(SCOPED_VERBS))
    where: dict[str, Any] | None = None
    people: list[UUID] | None = Field(default=None, max_length=500)
    departments: list[UUID] | None = Field(default=None, max_length=500)
    roles: list[str] | None = Field(default=None, max_length=100)
    active: bool | None = None
    position: int | None = Field(default=None, ge=0, le=1_000_000)


async def list_policies(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """All restrictions in order, each with ``problems``: what about it cannot be carried out at present. Raises
    Forbidden for everybody but administrators."""
    scope.require_administrator()
    return await _told(tx, scope, await tx.fetch_all(_LIST))


async def make_policy(tx: Transaction, scope: Scope, policy: NewPolicy) -> dict[str, Any]:
    """Makes a restriction. Raises Forbidden for everybody but administrators, Conflict for a key in use, Refused for a
    Condition that cannot be read over the Object (a retired Field), an unknown verb or role."""
    scope.require_administrator()
    rows = await tx.fetch_all(_LIST)
    if any(row["key"] == policy.key for row in rows):
        raise Conflict(_TAKEN.fill(key=policy.key), code="policy_exists")
    if len(rows) >= MOST:
        raise Refused(_FULL.fill(most=MOST), code="too_many_policies")
    values = policy.model_dump()
    await _check(tx, scope, values)
    await tx.execute(_INSERT, values)
    await raise_access_version(tx)
    audit.note(tx, "policy.made", scope.actor, object=policy.object, facts=_facts(values))
    return (await _told(tx, scope, [values]))[0]


async def change_policy(tx: Transaction, scope: Scope, key: str, change: PolicyChange) -> dict[str, Any]:
    """Changes a restriction. Raises as ``make_policy``, NotFound."""
    scope.require_administrator()
    row = await _hold(tx, key)
    given = {name: value for name, value in change.model_dump(exclude_unset=True).items() if value is not None}
    values = {**row, **given}
    await _check(tx, scope, values)
    changed = {name: value for name, value in given.items() if row[name] != value}
    if changed:
        await tx.execute(sa.update(policies).where(policies.c.key == key).values(**changed))
        await raise_access_version(tx)
        changes = {name: [_plain(row[name]), _plain(value)] for name, value in changed.items()}
        facts = {"key": key, "label": values["label"], "changes": changes}
        audit.note(tx, "policy.changed", scope.actor, object=row["object"], facts=facts)
    return (await _told(tx, scope, [values]))[0]


async def remove_policy(tx: Transaction, scope: Scope, key: str) -> None:
    """Removes a restriction. Raises Forbidden for everybody but administrators, NotFound."""
    scope.require_administrator()
    row = await _hold(tx, key)
    await tx.execute(_DELETE, {"policy": key})
    await raise_access_version(tx)
    audit.note(tx, "policy.removed", scope.actor, object=row["object"], facts=_facts(row))


async def _hold(tx: Transaction, key: str) -> dict[str, Any]:
    row = await tx.fetch_one(_HELD, {"policy": key})
    if row is None:
        raise NotFound(_NO_SUCH, code="unknown_policy")
    return row


async def _check(tx: Transaction, scope: Scope, values: Mapping[str, Any]) -> None:
    scope.snapshot.object(values["object"])
    problems: list[Problem] = []
    if not any(values["label"].values()):
        problems.append(Problem("required", _NAMELESS, "label"))
    if not values["verbs"] or not set(values["verbs"]) <= set(SCOPED_VERBS):
        problems.append(Problem("unknown_verb", _NO_VERB.fill(known=", ".join(SCOPED_VERBS)), "verbs"))
    known = {role["key"] for role in await list_roles(tx)}
    problems += [
        Problem("unknown_role", _NO_ROLE.fill(role=role), "roles") for role in values["roles"] if role not in known
    ]
    unreadable = condition_problem(scope.snapshot, values["object"], values["where"])
    require_sound([*problems, unreadable] if unreadable else problems)


async def _told(tx: Transaction, scope: Scope, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The restrictions as they are answered: people and departments by name, and what cannot be carried out."""
    held = frozenset(await tx.fetch_column("SELECT DISTINCT role FROM {org}.person_roles"))
    names = {
        column: await _names(tx, scope, object_key, {each for row in rows for each in row[column]})
        for column, object_key in (("people", "person"), ("departments", "department"))
    }
    return [
        {
            **{name: row[name] for name in _COLUMNS},
            **{
                column: [{"id": str(each), "label": known.get(each) or str(each)} for each in row[column]]
                for column, known in names.items()
            },
            "problems": [{"code": one.code, "message": one.message.to_json()} for one in _problems(scope, row, held)],
        }
        for row in rows
    ]


async def _names(tx: Transaction, scope: Scope, object_key: str, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    source = scope.source(object_key)
    name = source.c[scope.snapshot.object(object_key).name_field]
    wanted = sa.any_(sa.bindparam("named", type_=pg.ARRAY(sa.Uuid)))
    statement = sa.select(source.c.id, name.label("name")).where(source.c.id == wanted)
    return {row["id"]: row["name"] for row in await tx.fetch_all(statement, {**scope.params(), "named": list(ids)})}


def _problems(scope: Scope, row: Mapping[str, Any], held: frozenset[str]) -> Iterator[Problem]:
    one = scope.snapshot.objects.get(row["object"])
    unreadable = (
        condition_problem(scope.snapshot, one.key, row["where"]) if one is not None and not one.retired else None
    )
    if unreadable is not None:
        yield unreadable
    if row["roles"] and held.isdisjoint(row["roles"]) and not row["people"] and not row["departments"]:
        yield Problem("role_without_people", _NOBODY, "roles")


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in ("key", "label", "verbs", "where", "people", "departments", "roles")}


def _plain(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, list) else value


_COLUMNS = [column.name for column in policies.c]
_KEY = sa.bindparam("policy", type_=sa.Text)
_LIST = Statement(sa.select(policies).order_by(policies.c.position, policies.c.key))
_HELD = Statement(sa.select(policies).where(policies.c.key == _KEY).with_for_update())
_INSERT = Statement(sa.insert(policies), columns=_COLUMNS)
_DELETE = Statement(sa.delete(policies).where(policies.c.key == _KEY))
