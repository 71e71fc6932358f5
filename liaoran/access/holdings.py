"""Holdings: everything that decides what a person may do: place, roles, sharing rules and restrictions.

It is asked for in one journey, several people at once, and becomes an Actor and Grants. Resolving a signer, "who sees
this and why" and the preview of a role all start here, so none of them can tell another story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.grants import (
    ADMINISTRATOR,
    SCOPED_VERBS,
    Grants,
    ObjectGrant,
    Reach,
    check_grants,
    condition_text,
    merge_grants,
)
from liaoran.access.tables import logins, person_roles, policies, roles, sharing_rules
from liaoran.infra.flights import Row
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.conditions import parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import LANGUAGES
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.schema.snapshot import Object, Snapshot

_log = structlog.get_logger(__name__)

ADMINISTRATOR_ROLE = "administrator"
_PERSON, _DEPARTMENT, _PARENT, _MANAGER = "person", "department", "parent", "manager"
_STATUS, _LEFT = "status", "left"


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a rule or a restriction names: people, departments (each with all below), roles."""

    people: frozenset[UUID] = frozenset()
    departments: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.people or self.departments or self.roles)

    def holds_for(self, person: UUID, above: Iterable[UUID], held: Iterable[str]) -> bool:
        """Whether the person is among them; ``above`` are their department and all above it."""
        return person in self.people or not self.departments.isdisjoint(above) or not self.roles.isdisjoint(held)


@dataclass(frozen=True, slots=True)
class SharingRule:
    """The records of a Condition (its text) opened to whom it names. ``level``: read or edit."""

    id: UUID
    label: Mapping[str, str]
    object: str
    where: str
    meant: Meant
    level: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """The records of a Condition (its text) taken out of the reach of verbs, for whom it names, or everybody."""

    key: str
    label: Mapping[str, str]
    object: str
    where: str
    verbs: tuple[str, ...]
    meant: Meant


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a person; ``grants`` is None where the role is gone, retired, or cannot be read: it adds nothing."""

    key: str
    label: Mapping[str, str] | None
    grants: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class OpenTo:
    """The rules and restrictions of the organisation that are in force."""

    rules: tuple[SharingRule, ...] = ()
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True)
class Holdings:
    """What one person has. ``row`` holds label, login, language, theme, zone, disabled, department and its label."""

    person: UUID
    row: Mapping[str, Any]
    departments: tuple[UUID, ...] = ()
    above: tuple[UUID, ...] = ()
    roles: tuple[HeldRole, ...] = ()
    rules: tuple[SharingRule, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    reports: tuple[UUID, ...] = field(default=())

    @property
    def is_administrator(self) -> bool:
        """Whether the shipped role of administrators is among the roles."""
        return any(role.key == ADMINISTRATOR_ROLE for role in self.roles)

    @property
    def label(self) -> str:
        """The person's name, or what stands in for it."""
        return self.row["label"] or self.row["login"] or str(self.person)

    def grants(self) -> Grants:
        """What roles, rules and restrictions allow together."""
        if self.is_administrator:
            return ADMINISTRATOR
        grants = merge_grants(role.grants for role in self.roles if role.grants is not None)
        changed: dict[str, ObjectGrant] = {}
        for rule in self.rules:
            found = changed.get(rule.object, grants.of(rule.object))
            changed[rule.object] = found.with_rule(rule.where, editing=rule.level == "edit")
        for one in self.restrictions:
            found = changed.get(one.object, grants.of(one.object))
            changed[one.object] = found.without(one.where, one.verbs)
        return grants.changed(changed)

    def actor(self, snapshot: Snapshot) -> Actor:
        """The person as an Actor."""
        row = self.row
        return Actor(
            kind="person",
            id=self.person,
            person=self.person,
            label=self.label,
            roles=tuple(role.key for role in self.roles),
            department=row["department"],
            departments=self.departments,
            above=self.above,
            reports=self.reports,
            language=row["language"] if row["language"] in LANGUAGES else snapshot.language,
            zone=row["zone"] or snapshot.zone,
            login=row["login"] or "",
        )

    def with_roles(self, held: Sequence[HeldRole], open_to: OpenTo) -> Holdings:
        """The same person with other roles, as far as is known: whoever comes to report to them is asked for anew."""
        return replace(self, roles=tuple(held), **_in_force(open_to, self.person, self.above, held))


async def holdings_of(
    tx: Transaction, snapshot: Snapshot, people: Sequence[UUID], open_to: OpenTo | None = None
) -> dict[UUID, Holdings]:
    """What each of the people has; who is gone or has left is left out."""
    known: list[OpenTo] = [open_to] if open_to is not None else []
    if open_to is None:
        _ask_open_to(tx, known.append)
    rows: dict[UUID, dict[str, list[Row]]] = {}
    for person in people:
        rows[person] = _ask(tx, snapshot, person)
    await tx.land()
    found = {person: _held(person, one, known[0]) for person, one in rows.items() if one["person"]}
    return await with_reports(tx, snapshot, found)


async def open_to_all(tx: Transaction) -> OpenTo:
    """The rules and restrictions that are in force."""
    found: list[OpenTo] = []
    _ask_open_to(tx, found.append)
    await tx.land()
    return found[0]


def are_present(people: Object) -> list[sa.ColumnElement[bool]]:
    """Of the Object ``person``: who is neither deleted nor has left. Nobody else can sign in or act."""
    table = people.table
    conditions: list[sa.ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    status = people.fields.get(_STATUS)
    if status is not None and _LEFT in status.choice_by_key:
        conditions.append(table.c[_STATUS].is_distinct_from(_LEFT))
    return conditions


def _ask_open_to(tx: Transaction, then: Callable[[OpenTo], None]) -> None:
    rules: list[Row] = []
    tx.send(_RULES, {}, rules.extend)
    tx.send(_RESTRICTIONS, {}, lambda rows: then(OpenTo(tuple(_rules(rules)), tuple(map(_restriction, rows)))))


def _rules(rows: Iterable[Row]) -> Iterable[SharingRule]:
    for row in rows:
        try:
            where = condition_text(parse_condition(row["where"]))
        except Invalid as error:
            _log.warning("sharing_rule_opens_nothing", rule=str(row["id"]), reason=str(error))
        else:
            yield SharingRule(row["id"], row["label"], row["object"], where, _meant(row), row["level"])


def _restriction(row: Row) -> Restriction:
    try:
        where = condition_text(parse_condition(row["where"]))
    except Invalid as error:
        # without a Condition it takes everything away: never more than was meant to be seen
        _log.warning("restriction_takes_everything", policy=row["key"], reason=str(error))
        where = ""
    verbs = tuple(verb for verb in SCOPED_VERBS if verb in row["verbs"])
    return Restriction(row["key"], row["label"], row["object"], where, verbs, _meant(row))


def _meant(row: Row) -> Meant:
    return Meant(frozenset(row["people"]), frozenset(row["departments"]), frozenset(row["roles"]))


def _ask(tx: Transaction, snapshot: Snapshot, person: UUID) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}

    def keep(name: str) -> Callable[[list[Row]], None]:
        return lambda rows: found.update({name: rows})

    for name, statement in _statements(snapshot).items():
        tx.send(statement, {"person_id": person}, keep(name))
    return found


def _held(person: UUID, rows: Mapping[str, list[Row]], open_to: OpenTo) -> Holdings:
    held = tuple(_held_role(row, person) for row in rows["roles"])
    above = tuple(row["id"] for row in rows["above"])
    return Holdings(
        person,
        rows["person"][0],
        tuple(row["id"] for row in rows["departments"]),
        above,
        held,
        **_in_force(open_to, person, above, held),
    )


def _in_force(open_to: OpenTo, person: UUID, above: Iterable[UUID], held: Iterable[HeldRole]) -> dict[str, Any]:
    keys, above = [role.key for role in held], tuple(above)
    return {
        "rules": tuple(one for one in open_to.rules if one.meant.holds_for(person, above, keys)),
        "restrictions": tuple(
            one for one in open_to.restrictions if not one.meant or one.meant.holds_for(person, above, keys)
        ),
    }


def _held_role(row: Row, person: UUID) -> HeldRole:
    """A role that is gone or cannot be read adds nothing, which only ever narrows, and is reported."""
    why = "retired" if row["retired"] else "gone"
    if row["grants"] is not None and not row["retired"]:
        try:
            check_grants(row["grants"])
        except Invalid as error:
            why = str(error)
        else:
            return HeldRole(row["key"], row["label"], row["grants"])
    _log.warning("role_allows_nothing", role=row["key"], person=str(person), reason=why)
    return HeldRole(row["key"], row["label"], None)


async def with_reports(tx: Transaction, snapshot: Snapshot, found: Mapping[UUID, Holdings]) -> dict[UUID, Holdings]:
    """The same with everybody below on the reporting line, for those whose grants ask for it."""
    asking = [person for person, one in found.items() if one.grants().uses(Reach.REPORTS)]
    statement = _reports_statement(snapshot) if asking else None
    if statement is None:
        return {person: replace(one, reports=(person,)) for person, one in found.items()}
    lines: dict[UUID, tuple[UUID, ...]] = {}

    def keep(person: UUID) -> Callable[[list[Row]], None]:
        return lambda rows: lines.update({person: tuple(row["id"] for row in rows)})

    for person in asking:
        tx.send(statement, {"person_id": person}, keep(person))
    await tx.land()
    return {person: replace(one, reports=lines.get(person, (person,))) for person, one in found.items()}


_made: LeastRecentlyUsed[dict[str, Statement]] = LeastRecentlyUsed(100)
_lines: LeastRecentlyUsed[Statement | None] = LeastRecentlyUsed(100)


def _statements(snapshot: Snapshot) -> dict[str, Statement]:
    def make() -> dict[str, Statement]:
        return {
            "person": Statement(_person_statement(snapshot)),
            "departments": Statement(_tree_statement(snapshot, downwards=True)),
            "above": Statement(_tree_statement(snapshot, downwards=False)),
            "roles": _ROLES,
        }

    return _made.get(snapshot.identity, make)


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
        .where(people.c.id == _PERSON_ID, *are_present(one))
    )


def _tree_statement(snapshot: Snapshot, *, downwards: bool) -> sa.Select[Any]:
    """The department of a person and all below it, or all above it; circles end where they close."""
    departments, people = snapshot.object(_DEPARTMENT).table, snapshot.object(_PERSON).table
    home = sa.select(people.c[_DEPARTMENT]).where(people.c.id == _PERSON_ID).scalar_subquery()
    tree = (
        sa.select(departments.c.id, departments.c[_PARENT])
        .where(departments.c.id == home, departments.c.deleted_at.is_(None))
        .cte("tree", recursive=True)
    )
    further = departments.alias()
    step = further.c[_PARENT] == tree.c.id if downwards else further.c.id == tree.c[_PARENT]
    tree = tree.union(sa.select(further.c.id, further.c[_PARENT]).where(step, further.c.deleted_at.is_(None)))
    return sa.select(tree.c.id)


def _reports_statement(snapshot: Snapshot) -> Statement | None:
    """The person and everybody below on the reporting line, whoever has left included: their records are still there.
    None where people have no managers."""

    def make() -> Statement | None:
        one = snapshot.object(_PERSON)
        manager = one.fields.get(_MANAGER)
        if manager is None or manager.retired or _PERSON not in (manager.type, manager.target):
            return None
        people = one.table
        line = sa.select(people.c.id).where(people.c.id == _PERSON_ID).cte("line", recursive=True)
        below = people.alias()
        line = line.union(sa.select(below.c.id).where(below.c[_MANAGER] == line.c.id, below.c.deleted_at.is_(None)))
        return Statement(sa.select(line.c.id))

    return _lines.get(snapshot.identity, make)


_PERSON_ID = sa.bindparam("person_id", type_=pg.UUID())
_ROLES = Statement(
    sa.select(person_roles.c.role.label("key"), roles.c.label, roles.c.grants, roles.c.retired)
    .select_from(person_roles.outerjoin(roles, roles.c.key == person_roles.c.role))
    .where(person_roles.c.person == _PERSON_ID)
    .order_by(roles.c.position, person_roles.c.role)
)
_RULES = Statement(
    sa.select(sharing_rules).where(sharing_rules.c.active).order_by(sharing_rules.c.position, sharing_rules.c.id)
)
_RESTRICTIONS = Statement(sa.select(policies).where(policies.c.active).order_by(policies.c.position, policies.c.key))
