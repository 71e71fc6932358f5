"""Sharing rules: records for which a Condition holds are given to people, departments and roles, as if each were shared.

What a rule gives is resolved into the grants of whom it names (``access.grants``); here it is kept and checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from liaoran import audit
from liaoran.access.actors import raise_access_version
from liaoran.access.roles import list_roles
from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import sharing_rules
from liaoran.collaboration.sharing.team import Level
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound, Problem, Refused
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.people import labels_of
from liaoran.query.reads import compile_aggregate, compile_query
from liaoran.query.requests import AggregateRequest, QueryRequest

MOST_RULES = 200
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
_NO_SUCH = Text("没有这条共享规则", "there is no such sharing rule")
_NAMELESS = Text("请给规则起一个名字", "give the rule a name")
_NOBODY = Text("请选择共享给谁：人员、部门或角色", "choose whom it is for: people, departments or roles")
_GONE = {
    "people": Text("所选人员中有人不存在", "one of the people is not there"),
    "departments": Text("所选部门中有的不存在", "one of the departments is not there"),
    "roles": Text("没有名为“{role}”的角色", "there is no role “{role}”"),
}
_FULL = Text("最多 {most} 条共享规则", "there are at most {most} sharing rules")
_LIST = Statement(sa.select(sharing_rules).order_by(sharing_rules.c.position, sharing_rules.c.id))
_ID = sa.bindparam("rule", type_=sa.Uuid)
_HELD = Statement(sa.select(sharing_rules).where(sharing_rules.c.id == _ID).with_for_update())
_INSERT = Statement(sa.insert(sharing_rules), columns=[column.name for column in sharing_rules.c])
_DELETE = Statement(sa.delete(sharing_rules).where(sharing_rules.c.id == _ID))


class RuleLabel(BaseModel):
    """The name of a rule; one language is enough."""

    model_config = ConfigDict(extra="forbid")

    zh: Label = ""
    en: Label = ""


class NewRule(BaseModel):
    """A rule to make: which records (``where`` left out: all of the Object), for whom, for reading or editing."""

    model_config = ConfigDict(extra="forbid")

    label: RuleLabel
    object: str
    where: dict[str, Any] | None = None
    people: list[UUID] = Field(default=[], max_length=500)
    departments: list[UUID] = Field(default=[], max_length=500)
    roles: list[str] = Field(default=[], max_length=100)
    level: Level = "read"
    active: bool = True
    position: int = Field(default=1000, ge=0, le=1_000_000)


class RuleChange(BaseModel):
    """What to change of a rule; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    label: RuleLabel | None = None
    where: dict[str, Any] | None = None
    people: list[UUID] | None = Field(default=None, max_length=500)
    departments: list[UUID] | None = Field(default=None, max_length=500)
    roles: list[str] | None = Field(default=None, max_length=100)
    level: Level | None = None
    active: bool | None = None
    position: int | None = Field(default=None, ge=0, le=1_000_000)


async def list_rules(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """All rules in order: ``{id, label, object, where, people, departments, roles, level, active, position, problem}``,
    people and departments as ``{id, label}``. ``problem`` says why a rule gives nothing at present, else it is null."""
    rows = await tx.fetch_all(_LIST)
    return await _shown(tx, scope, rows)


async def make_rule(tx: Transaction, scope: Scope, rule: NewRule) -> dict[str, Any]:
    """Makes a rule. Raises Forbidden for everybody but administrators, Invalid for an unknown Object or a Condition that
    cannot be read, Refused for a rule without a name or for nobody."""
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
        changes = {key: [_plain(row[key]), _plain(values[key])] for key in given if row[key] != values[key]}
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
    label = Text.from_json(values["label"])
    if not label:
        raise _refusal("required", _NAMELESS, "label")
    # what cannot be compiled would give nobody anything
    compile_query(system_scope(scope.snapshot), values["object"], QueryRequest(where=values["where"] or None, limit=1))
    if not (values["people"] or values["departments"] or values["roles"]):
        raise _refusal("nobody_named", _NOBODY, "people")
    await _check_present(tx, scope, "people", "person", values["people"])
    await _check_present(tx, scope, "departments", "department", values["departments"])
    known = {one["key"] for one in await list_roles(tx)}
    for role in values["roles"]:
        if role not in known:
            raise _refusal("unknown_role", _GONE["roles"].fill(role=role), "roles")


async def _check_present(tx: Transaction, scope: Scope, part: str, object_key: str, ids: Sequence[UUID]) -> None:
    if ids and len(await labels_of(tx, system_scope(scope.snapshot), object_key, ids)) < len(set(ids)):
        raise _refusal(f"unknown_{object_key}", _GONE[part], part)


async def _shown(tx: Transaction, scope: Scope, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = list(rows)
    everything = system_scope(scope.snapshot)
    names: dict[UUID, str] = {}
    for part, object_key in (("people", "person"), ("departments", "department")):
        ids = {one for row in rows for one in row[part]}
        names |= await labels_of(tx, everything, object_key, ids) if ids else {}
    return [
        {
            **{key: row[key] for key in ("id", "object", "roles", "level", "active", "position")},
            "label": Text.from_json(row["label"]).to_json(),
            "where": row["where"] or None,
            "people": [{"id": str(one), "label": names.get(one, "—")} for one in row["people"]],
            "departments": [{"id": str(one), "label": names.get(one, "—")} for one in row["departments"]],
            "problem": _problem(everything, row),
        }
        for row in rows
    ]


def _problem(everything: Scope, row: Mapping[str, Any]) -> str | None:
    """Why the Condition of a rule cannot be read any more (a Field that was retired), in the words of the error."""
    try:
        compile_query(everything, row["object"], QueryRequest(where=row["where"] or None, limit=1))
    except Invalid as error:
        return error.message.read(everything.actor.language)
    return None


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    named = ("id", "label", "where", "people", "departments", "roles", "level", "active")
    return {key: _plain(values[key]) for key in named}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _refusal(code: str, message: Text, field: str) -> Refused:
    return Refused(message, code=code, problems=(Problem(code, message, field),))
