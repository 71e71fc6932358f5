"""Sharing rules: records for which a Condition holds are given to people, departments and roles, as if each were shared.

What a rule gives is resolved into the grants of whom it names (``access.grants``); here it is kept and checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran import audit
from liaoran.access.actors import raise_access_version
from liaoran.access.scope import Scope
from liaoran.access.soundness import require_sound
from liaoran.access.tables import sharing_rules
from liaoran.access.whom import ForWhomChange, NewForWhom, plain, problems_of_new, told_with_names
from liaoran.collaboration.sharing.team import Level
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound, Problem, Refused
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.query.reads import compile_aggregate
from liaoran.query.requests import AggregateRequest

MOST_RULES = 200
_NO_SUCH = Text("没有这条共享规则", "there is no such sharing rule")
_NOBODY = Text("请选择共享给谁：人员、部门或角色", "choose whom it is for: people, departments or roles")
_FULL = Text("最多 {most} 条共享规则", "there are at most {most} sharing rules")
_LIST = Statement(sa.select(sharing_rules).order_by(sharing_rules.c.position, sharing_rules.c.id))
_ID = sa.bindparam("rule", type_=sa.Uuid)
_HELD = Statement(sa.select(sharing_rules).where(sharing_rules.c.id == _ID).with_for_update())
_INSERT = Statement(sa.insert(sharing_rules), columns=[column.name for column in sharing_rules.c])
_DELETE = Statement(sa.delete(sharing_rules).where(sharing_rules.c.id == _ID))


class NewRule(NewForWhom):
    """A rule to make: which records (``where`` left out: all of the Object), for whom, for reading or editing."""

    where: dict[str, Any] | None = None
    level: Level = "read"


class RuleChange(ForWhomChange):
    """What to change of a rule; what is left out stays."""

    level: Level | None = None


async def list_rules(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """All rules in order: ``{id, label, object, where, people, departments, roles, level, active, position, problems}``,
    people and departments as ``{id, label}``. ``problems`` says why a rule gives nothing at present."""
    rows = await tx.fetch_all(_LIST)
    return await _shown(tx, scope, rows)


async def make_rule(tx: Transaction, scope: Scope, rule: NewRule) -> dict[str, Any]:
    """Makes a rule. Raises Forbidden for everybody but administrators, Invalid for an unknown Object, Refused for a rule
    without a name, for nobody, or with a Condition that cannot be read."""
    scope.require_administrator()
    values = {**rule.model_dump(), "where": rule.where or {}, "id": new_id()}
    await _check(tx, scope, values)
    if len(await tx.fetch_all(_LIST)) >= MOST_RULES:
        raise Refused(_FULL.fill(most=MOST_RULES), code="too_many_rules")
    await tx.execute(_INSERT, values)
    await raise_access_version(tx)
    audit.note(tx, "sharing_rule.made", scope.actor, object=rule.object, facts=_facts(values))
    return (await _shown(tx, scope, [values]))[0]


async def change_rule(tx: Transaction, scope: Scope, rule: UUID, change: RuleChange) -> dict[str, Any]:
    """Changes a rule. Raises as ``make_rule``, NotFound."""
    scope.require_administrator()
    row = await _hold(tx, rule)
    given = {key: value for key, value in change.model_dump(exclude_unset=True).items() if value is not None}
    if "where" in change.model_fields_set:
        given["where"] = change.where or {}
    values = {**row, **given}
    await _check(tx, scope, values)
    if given:
        await tx.execute(sa.update(sharing_rules).where(sharing_rules.c.id == rule).values(**given))
        await raise_access_version(tx)
        changes = {key: [plain(row[key]), plain(values[key])] for key in given if row[key] != values[key]}
        facts = {"id": str(rule), "label": values["label"], "changes": changes}
        audit.note(tx, "sharing_rule.changed", scope.actor, object=row["object"], facts=facts)
    return (await _shown(tx, scope, [values]))[0]


async def remove_rule(tx: Transaction, scope: Scope, rule: UUID) -> None:
    """Removes a rule; what it gave is gone with it. Raises Forbidden for everybody but administrators, NotFound."""
    scope.require_administrator()
    row = await _hold(tx, rule)
    await tx.execute(_DELETE, {"rule": rule})
    await raise_access_version(tx)
    audit.note(tx, "sharing_rule.removed", scope.actor, object=row["object"], facts=_facts(row))


async def count_of_rule(tx: Transaction, scope: Scope, object_key: str, where: Mapping[str, Any] | None) -> int:
    """How many records a rule with this Condition would give. Raises Forbidden for everybody but administrators, Invalid
    for a Condition that cannot be read."""
    scope.require_administrator()
    plan = compile_aggregate(scope, object_key, AggregateRequest(where=dict(where) if where else None))
    answer = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"rows": []}')
    return int(answer["rows"][0][0]) if answer["rows"] else 0


async def _hold(tx: Transaction, rule: UUID) -> dict[str, Any]:
    row = await tx.fetch_one(_HELD, {"rule": rule})
    if row is None:
        raise NotFound(_NO_SUCH)
    return row


async def _check(tx: Transaction, scope: Scope, values: Mapping[str, Any]) -> None:
    problems = await problems_of_new(tx, scope, values)
    if not (values["people"] or values["departments"] or values["roles"]):
        problems.append(Problem("nobody_named", _NOBODY, "people"))
    require_sound(problems)


async def _shown(tx: Transaction, scope: Scope, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    told = await told_with_names(tx, scope, list(rows))
    return [{**one, "where": one["where"] or None} for one in told]


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    named = ("id", "label", "where", "people", "departments", "roles", "level", "active")
    return {key: plain(values[key]) for key in named}
