"""Policies that restrict: rows that a verb does not reach, whatever the roles say.

A restriction names an Object, verbs, a Condition, and for whom it holds: people, departments (with all below), roles; if
it names nobody, everybody but administrators, for whom none ever holds. What cannot be read cannot be changed either, so
restricting ``read`` restricts all verbs. What it says becomes part of the grants (``access.holdings``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from liaoran import audit
from liaoran.access.actors import raise_access_version
from liaoran.access.grants import SCOPED_VERBS
from liaoran.access.scope import Scope
from liaoran.access.soundness import require_sound
from liaoran.access.tables import policies
from liaoran.access.whom import ForWhomChange, Key, NewForWhom, plain, problems_of_new, told_with_names
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, NotFound, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.schema.keys import key_of

MOST = 200
_NO_SUCH = Text("没有这条限制规则", "there is no such restriction")
_TAKEN = Text("已有名为“{key}”的限制规则", "there is a restriction “{key}” already")
_NO_VERB = Text("请选择要限制的操作：{known}", "choose what is restricted: {known}")
_FULL = Text("最多 {most} 条限制规则", "there are at most {most} restrictions")


class NewPolicy(NewForWhom):
    """A restriction to make. Rows for which ``where`` holds are out of the reach of the verbs."""

    key: Key | None = Field(default=None, description="Left out: made of the name.")
    verbs: list[str] = Field(max_length=len(SCOPED_VERBS), examples=[["read"]])
    where: dict[str, Any]


class PolicyChange(ForWhomChange):
    """What to change of a restriction; what is left out stays."""

    verbs: list[str] | None = Field(default=None, max_length=len(SCOPED_VERBS))


async def list_policies(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """All restrictions in order, each with ``problems``: what about it cannot be carried out at present. Raises
    Forbidden for everybody but administrators."""
    scope.require_administrator()
    return await told_with_names(tx, scope, await tx.fetch_all(_LIST))


async def make_policy(tx: Transaction, scope: Scope, policy: NewPolicy) -> dict[str, Any]:
    """Makes a restriction. Raises Forbidden for everybody but administrators, Conflict for a key in use, Refused for a
    Condition that cannot be read over the Object (a retired Field), an unknown verb or role."""
    scope.require_administrator()
    taken = {row["key"] for row in await tx.fetch_all(_LIST)}
    if policy.key in taken:
        raise Conflict(_TAKEN.fill(key=policy.key), code="policy_exists")
    if len(taken) >= MOST:
        raise Refused(_FULL.fill(most=MOST), code="too_many_policies")
    values = {**policy.model_dump(), "key": policy.key or key_of(Text(policy.label.zh, policy.label.en), taken)}
    await _check(tx, scope, values)
    await tx.execute(_INSERT, values)
    await raise_access_version(tx)
    audit.note(tx, "policy.made", scope.actor, object=policy.object, facts=_facts(values))
    return (await told_with_names(tx, scope, [values]))[0]


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
        changes = {name: [plain(row[name]), plain(value)] for name, value in changed.items()}
        facts = {"key": key, "label": values["label"], "changes": changes}
        audit.note(tx, "policy.changed", scope.actor, object=row["object"], facts=facts)
    return (await told_with_names(tx, scope, [values]))[0]


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
    problems = await problems_of_new(tx, scope, values)
    if not values["verbs"] or not set(values["verbs"]) <= set(SCOPED_VERBS):
        problems.append(Problem("unknown_verb", _NO_VERB.fill(known=", ".join(SCOPED_VERBS)), "verbs"))
    require_sound(problems)


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(row[name]) for name in ("key", "label", "verbs", "where", "people", "departments", "roles")}


_COLUMNS = [column.name for column in policies.c]
_KEY = sa.bindparam("policy", type_=sa.Text)
_LIST = Statement(sa.select(policies).order_by(policies.c.position, policies.c.key))
_HELD = Statement(sa.select(policies).where(policies.c.key == _KEY).with_for_update())
_INSERT = Statement(sa.insert(policies), columns=_COLUMNS)
_DELETE = Statement(sa.delete(policies).where(policies.c.key == _KEY))
