"""Row predicates: which rows of an Object a verb reaches, in SQL over its own columns.

``reached = (alternatives of the roles and rules OR shared with the actor) AND NOT restrictions``; every verb but
``read`` lies within what is read. The actor's values are binds, so that people with equal grants share one compiled
statement and one plan. The words of reach:

==========  ===========================================================================================
all         no predicate at all
below       ``department = ANY(:actor_departments)`` or owned; an Object with an owner but no department goes by the
            departments of the owners
department  the same with ``:actor_department`` alone
reports     ``owner = ANY(:actor_reports)`` or owned
own         ``owner = :actor_person``
none        no row
==========  ===========================================================================================

An Object without an ``owner`` Field belongs to nobody: what reaches less than all reads all of it, and changes none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.access.grants import EVERY_ROW, Alternative, Alternatives, Grants, Reach, widest
from liaoran.access.standing import StandingConditions
from liaoran.access.tables import shares
from liaoran.query.compilation import Row
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Object

GRANT_OF_VERB = {"write": "edit", "bin": "delete"}
OWNER, DEPARTMENT, PERSON_OBJECT = "owner", "department", "person"
SHARED_VERBS = ("read", "edit")
_OF_NOBODY = ("read", "export")
_UUIDS = postgresql.ARRAY(postgresql.UUID())


@dataclass(slots=True)
class Reached:
    """What a verb reaches: ``conditions`` have to hold together (none: every row is reached) over the table with the
    links of ``rows`` joined."""

    conditions: list[sa.ColumnElement[bool]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def around(self, table: sa.FromClause) -> sa.FromClause:
        """The table with the links that the Conditions follow."""
        for one in self.rows:
            table = one.joins.around(table)
        return table

    @property
    def predicate(self) -> sa.ColumnElement[bool]:
        """All of it as one; true or false or null, which means false."""
        return sa.and_(sa.true(), *self.conditions)


class RowPredicates:
    """The predicates of one set of grants. ``rows`` are rows as they are, for the Conditions."""

    def __init__(self, rows: Rows, grants: Grants, standing: StandingConditions) -> None:
        self.rows = rows
        self.standing = standing
        self._grants = grants

    def alternatives(self, one: Object, verb: str) -> Alternatives:
        """What the roles and rules let the verb reach of the Object."""
        verb = GRANT_OF_VERB.get(verb, verb)
        return fitting(one, verb, self._grants.of(one.key).alternatives(verb))

    def reaches_all(self, one: Object, verb: str) -> bool:
        """Whether the verb reaches every row, so that no single row has to be looked at."""
        if self.alternatives(one, verb) != EVERY_ROW or self.denied(one, verb):
            return False
        return self._is_within_reading(one, verb)

    def denied(self, one: Object, verb: str) -> tuple[str, ...]:
        """The Conditions of the restrictions on the verb; what cannot be read cannot be changed either."""
        denied = self._grants.of(one.key).denied
        verb = GRANT_OF_VERB.get(verb, verb)
        return tuple(sorted({*denied.get("read", ()), *denied.get(verb, ())}))

    def reached(self, one: Object, table: sa.FromClause, verb: str, *, as_of: bool = False) -> Reached:
        """What the verb reaches of the rows of a table that has the columns of the Object's records."""
        writing = Ways(self, one, table, as_of=as_of)
        writing.allow(GRANT_OF_VERB.get(verb, verb))
        if not self._is_within_reading(one, verb):
            writing.allow("read")
        for where in self.denied(one, verb):
            writing.found.conditions.append(writing.condition(where, takes=True))
        return writing.found

    def _is_within_reading(self, one: Object, verb: str) -> bool:
        reading = self.alternatives(one, "read")
        return all(any(wide.covers(each) for wide in reading) for each in self.alternatives(one, verb))

    def plain(self, one: Object) -> Alternatives | None:
        """The alternatives of reading where they go by owner and department alone, None where a Condition or a
        restriction takes part."""
        found = self.alternatives(one, "read")
        return None if self.denied(one, "read") or any(each.where for each in found) else found

    def by_reach(self, one: Object, columns: sa.FromClause, reach: Reach) -> sa.ColumnElement[bool]:
        """The rows of a word of reach. ``columns`` has ``owner``, and ``department`` where the Object has one."""
        if reach is Reach.ALL:
            return sa.true()
        owned = columns.c[OWNER] == sa.bindparam("actor_person", type_=postgresql.UUID())
        match reach:
            case Reach.REPORTS:
                return sa.or_(columns.c[OWNER] == sa.any_(sa.bindparam("actor_reports", type_=_UUIDS)), owned)
            case Reach.DEPARTMENT:
                mine = sa.bindparam("actor_department", type_=postgresql.UUID())
                return sa.or_(self._in_department(one, columns, lambda column: column == mine), owned)
            case Reach.BELOW:
                below = sa.func.any(sa.bindparam("actor_departments", type_=_UUIDS))
                return sa.or_(self._in_department(one, columns, lambda column: column == below), owned)
            case _:
                return owned

    def shared(self, one: Object, table: sa.FromClause, verb: str) -> sa.ColumnElement[bool]:
        """The rows that are shared with the actor, for reading or for editing, now."""
        now = sa.bindparam("now", type_=sa.DateTime(timezone=True))
        mine = sa.or_(
            shares.c.person == sa.bindparam("actor_person", type_=postgresql.UUID()),
            shares.c.department == sa.any_(sa.bindparam("actor_above", type_=_UUIDS)),
        )
        given = sa.select(shares.c.record).where(
            shares.c.object == sa.literal_column(f"'{one.key}'"),
            mine,
            shares.c.starts_at <= now,
            sa.or_(shares.c.ends_at.is_(None), shares.c.ends_at > now),
        )
        if verb == "edit":
            given = given.where(shares.c.level == sa.literal_column("'edit'"))
        # An array that is asked for once lets the index of ids serve; a subselect in its place would not.
        return table.c.id == sa.any_(sa.func.array(given.scalar_subquery(), type_=_UUIDS))

    def _in_department(
        self, one: Object, columns: sa.FromClause, is_mine: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
    ) -> sa.ColumnElement[bool]:
        if DEPARTMENT in one.fields:
            return is_mine(columns.c[DEPARTMENT])
        people = self.rows.snapshot.object(PERSON_OBJECT).table.alias("colleague")
        return columns.c[OWNER].in_(sa.select(people.c.id).where(is_mine(people.c[DEPARTMENT])))


class Ways:
    """Writes the ways in which rows of one table are reached. Each Condition is written once, however often it stands
    there. ``found`` collects the links to be joined, and what ``allow`` asks for."""

    def __init__(self, predicates: RowPredicates, one: Object, table: sa.FromClause, *, as_of: bool = False) -> None:
        self.found = Reached()
        self._predicates = predicates
        self._one = one
        self._table = table
        self._as_of = as_of
        self._written: dict[tuple[str, bool], sa.ColumnElement[bool]] = {}

    def condition(self, where: str, *, takes: bool = False) -> sa.ColumnElement[bool]:
        """A Condition of the grants over the table."""
        known = self._written.get((where, takes))
        if known is None:
            known, row = self._predicates.standing.write(
                self._predicates.rows, self._one.key, where, self._table, takes=takes, as_of=self._as_of
            )
            self._written[where, takes] = known
            if row is not None:
                self.found.rows.append(row)
        return known

    def way(self, each: Alternative) -> sa.ColumnElement[bool]:
        """The rows of one alternative."""
        reach = self._predicates.by_reach(self._one, self._table, each.reach)
        if not each.where:
            return reach
        where = self.condition(each.where)
        return where if each.reach is Reach.ALL else sa.and_(reach, where)

    def allow(self, verb: str) -> None:
        """Asks for one of the alternatives of the verb, or for a share."""
        alternatives = self._predicates.alternatives(self._one, verb)
        if any(each.is_all for each in alternatives):
            return
        ways = [self.way(each) for each in alternatives]
        if ways and verb in SHARED_VERBS and is_owned(self._one):
            ways.append(self._predicates.shared(self._one, self._table, verb))
        self.found.conditions.append(sa.or_(sa.false(), *ways))


def fitting(one: Object, verb: str, alternatives: Alternatives) -> Alternatives:
    """The alternatives as they are meant for an Object: one that nobody owns is read in whole by whoever reads it."""
    if is_owned(one):
        return alternatives
    if verb in _OF_NOBODY:
        return widest(Alternative(Reach.ALL, each.where) for each in alternatives)
    return tuple(each for each in alternatives if each.reach is Reach.ALL)


def is_owned(one: Object) -> bool:
    """Whether the records of the Object belong to somebody."""
    owner = one.fields.get(OWNER)
    return owner is not None and not owner.retired and PERSON_OBJECT in (owner.type, owner.target)
