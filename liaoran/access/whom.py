"""For whom a rule holds: what sharing rules and restrictions have in common besides a Condition over an Object.

Both have a name, name people, departments (each with all below) and roles, can be put out of force, and stand in an
order. ``access.holdings`` resolves them; here they are taken in, checked and told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.roles import list_roles
from liaoran.access.scope import Scope, system_scope
from liaoran.access.soundness import condition_problem
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Text

_PARTS = {"people": "person", "departments": "department"}
_NAMELESS = Text("请起一个名字", "give it a name")
_NOBODY = Text("所选角色目前没有任何人", "nobody has any of the chosen roles at present")
_GONE = {
    "people": Text("所选人员中有人不存在", "one of the people is not there"),
    "departments": Text("所选部门中有的不存在", "one of the departments is not there"),
    "roles": Text("没有名为“{role}”的角色", "there is no role “{role}”"),
}
_IDS = sa.bindparam("named", type_=pg.ARRAY(sa.Uuid))

Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class Label(BaseModel):
    """What something is called; one language is enough."""

    model_config = ConfigDict(extra="forbid")

    zh: Word = ""
    en: Word = ""


class NewForWhom(BaseModel):
    """A rule to make, but for what it does to the records."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    object: str
    people: list[UUID] = Field(default=[], max_length=500)
    departments: list[UUID] = Field(default=[], max_length=500)
    roles: list[str] = Field(default=[], max_length=100)
    active: bool = True
    position: int = Field(default=1000, ge=0, le=1_000_000)


class ForWhomChange(BaseModel):
    """What to change of a rule; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    label: Label | None = None
    where: dict[str, Any] | None = None
    people: list[UUID] | None = Field(default=None, max_length=500)
    departments: list[UUID] | None = Field(default=None, max_length=500)
    roles: list[str] | None = Field(default=None, max_length=100)
    active: bool | None = None
    position: int | None = Field(default=None, ge=0, le=1_000_000)


def nameless(label: Mapping[str, str]) -> list[Problem]:
    """The problem of a label without a word in any language."""
    return [] if any(label.values()) else [Problem("required", _NAMELESS, "label")]


async def problems_of_new(tx: Transaction, scope: Scope, values: Mapping[str, Any]) -> list[Problem]:
    """What keeps a rule from being made or changed: no name, somebody who is not there, a Condition that cannot be read
    over the Object. Raises Invalid for an unknown Object."""
    one = scope.snapshot.object(values["object"])
    problems = nameless(values["label"])
    for part, object_key in _PARTS.items():
        if len(await _names(tx, scope, object_key, set(values[part]))) < len(set(values[part])):
            problems.append(Problem(f"unknown_{object_key}", _GONE[part], part))
    known = {role["key"] for role in await list_roles(tx)}
    problems += [
        Problem("unknown_role", _GONE["roles"].fill(role=role), "roles")
        for role in values["roles"]
        if role not in known
    ]
    unreadable = condition_problem(scope.snapshot, one.key, values["where"]) if values["where"] else None
    return [*problems, unreadable] if unreadable else problems


async def told_with_names(tx: Transaction, scope: Scope, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules as they are answered: people and departments as ``{id, label}``, and ``problems``: what about a rule
    cannot be carried out at present, each ``{code, message}``."""
    held = frozenset(await tx.fetch_column("SELECT DISTINCT role FROM {org}.person_roles"))
    names = {
        part: await _names(tx, scope, object_key, {each for row in rows for each in row[part]})
        for part, object_key in _PARTS.items()
    }
    return [
        {
            **row,
            **{
                part: [{"id": str(each), "label": known.get(each, "—")} for each in row[part]]
                for part, known in names.items()
            },
            "problems": [{"code": one.code, "message": one.message.to_json()} for one in _at_present(scope, row, held)],
        }
        for row in rows
    ]


def plain(value: Any) -> Any:
    """A value of a rule as the audit log keeps it."""
    if isinstance(value, UUID):
        return str(value)
    return [plain(each) for each in value] if isinstance(value, list) else value


def _at_present(scope: Scope, row: Mapping[str, Any], held: frozenset[str]) -> Iterator[Problem]:
    one = scope.snapshot.objects.get(row["object"])
    unreadable = condition_problem(scope.snapshot, one.key, row["where"]) if one and not one.retired else None
    if unreadable is not None:
        yield unreadable
    if row["roles"] and held.isdisjoint(row["roles"]) and not row["people"] and not row["departments"]:
        yield Problem("role_without_people", _NOBODY, "roles")


async def _names(tx: Transaction, scope: Scope, object_key: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """What the people or departments are called that are there, by id."""
    if not ids:
        return {}
    everything = system_scope(scope.snapshot)
    source = everything.source(object_key)
    name = source.c[scope.snapshot.object(object_key).name_field]
    statement = sa.select(source.c.id, name.label("name")).where(source.c.id == sa.any_(_IDS))
    rows = await tx.fetch_all(statement, {**everything.params(), "named": list(ids)})
    return {row["id"]: row["name"] or str(row["id"]) for row in rows}
