"""Row predicates: which rows of an Object a verb reaches, in SQL over its own columns.

``reached = (alternatives of the roles and rules OR shared with the actor OR carried by a linked record) AND NOT
restrictions``; every verb but ``read`` lies within what is read. The actor's values are binds, so that people with
equal grants share one compiled statement and one plan. The words of reach:

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

A link that carries (``schema.carrying``) reaches what the linked record is reached for, with all that gives and takes
that one: reading, or editing, which stands for deleting as well. A linked record in the recycle bin carries nothing,
and what no role lets somebody do with an Object at all is not carried either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.access.grants import EVERY_ROW, Alternative, Alternatives, Grants, Reach, widest
from liaoran.access.standing import StandingConditions
from liaoran.access.tables import APPROVER, shares
from liaoran.query.compilation import Row
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field, Object

GRANT_OF_VERB = {"write": "edit", "bin": "delete"}
OWNER, DEPARTMENT, PERSON_OBJECT = "owner", "department", "person"
SHARED_VERBS = ("read", "edit")
NEEDED_OF_CARRIER = {"read": "read", "edit": "edit", "delete": "edit"}
"""What a linked record has to be reached for, so that a verb is carried."""
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

    def allows(self, one: Object, verb: str) -> bool:
        """Whether the verb may reach any row at all."""
        return bool(self.alternatives(one, verb) or self.carriers(one, verb))

    def carriers(self, one: Object, verb: str) -> tuple[Field, ...]:
        """The links of the Object along which the verb is carried, if the linked record is reached. None where no role
        allows the verb in any reach: a link opens rows, not kinds of record."""
        verb = GRANT_OF_VERB.get(verb, verb)
        needed = NEEDED_OF_CARRIER.get(verb)
        if needed is None or not one.carrying_links or not self._grants.of(one.key).alternatives(verb):
            return ()
        return tuple(
            link
            for link in self.rows.snapshot.carriers_of(one)
            if needed in ("read", link.carries) and self.allows(self._carrier(link), needed)
        )

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
        """The alternatives of reading where they go by owner and department alone, None where a Condition, a
        restriction or another record takes part."""
        found = self.alternatives(one, "read")
        if self.denied(one, "read") or any(each.where for each in found):
            return None
        return found if found == EVERY_ROW or not self.carriers(one, "read") else None

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

    def shared(
        self, one: Object, table: sa.FromClause, verb: str, *, by_seat: bool | None = None
    ) -> sa.ColumnElement[bool]:
        """The rows that are shared with the actor, for reading or for editing, now. ``by_seat`` asks only for what comes
        with a seat in an approval, or (False) only for what does not."""
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
        if by_seat is not None:
            approver = shares.c.role.is_not_distinct_from(sa.literal_column(f"'{APPROVER}'"))
            given = given.where(approver if by_seat else sa.not_(approver))
        # An array that is asked for once lets the index of ids serve; a subselect in its place would not.
        return table.c.id == sa.any_(sa.func.array(given.scalar_subquery(), type_=_UUIDS))

    def carried(
        self, one: Object, table: sa.FromClause, verb: str, link: Field, *, as_of: bool = False
    ) -> sa.ColumnElement[bool]:
        """The rows whose linked record, not in the recycle bin, is reached for what the verb needs."""
        carrier, needed = self._carrier(link), NEEDED_OF_CARRIER[GRANT_OF_VERB.get(verb, verb)]
        versions = carrier.versions_table if as_of else None
        rows = (carrier.table if versions is None else versions).alias()
        reached = self.reached(carrier, rows, needed, as_of=versions is not None)
        found = sa.select(rows.c.id).select_from(reached.around(rows))
        found = found.where(*present(rows, as_of=versions is not None), *reached.conditions)
        if self._is_few(carrier, needed):
            # what belongs to one person is found first, so that the index of links serves beside that of owners
            return table.c[link.key] == sa.any_(sa.func.array(found.scalar_subquery(), type_=_UUIDS))
        return found.where(rows.c.id == table.c[link.key]).correlate(table).exists()

    def _carrier(self, link: Field) -> Object:
        return self.rows.snapshot.object(link.target or "")

    def _is_few(self, one: Object, verb: str) -> bool:
        """Whether the verb reaches but what belongs to the actor alone, so that a list of it is short."""
        if any(each.reach is not Reach.OWN for each in self.alternatives(one, verb)):
            return False
        return all(self._is_few(self._carrier(link), NEEDED_OF_CARRIER[verb]) for link in self.carriers(one, verb))

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
        """Asks for one of the alternatives of the verb, for a share, or for a linked record that carries it."""
        alternatives = self._predicates.alternatives(self._one, verb)
        if any(each.is_all for each in alternatives):
            return
        # what most rows go by is asked first: PostgreSQL takes alternatives in the order in which they stand
        ways = [self.way(each) for each in sorted(alternatives, key=lambda each: bool(each.where))]
        if ways and verb in SHARED_VERBS and is_owned(self._one):
            ways.append(self._predicates.shared(self._one, self._table, verb))
        ways += [
            self._predicates.carried(self._one, self._table, verb, link, as_of=self._as_of)
            for link in self._predicates.carriers(self._one, verb)
        ]
        self.found.conditions.append(sa.or_(sa.false(), *ways))


def present(table: sa.FromClause, *, as_of: bool = False, verb: str = "read") -> list[sa.ColumnElement[bool]]:
    """The rows of a table of records that are there: not in the recycle bin (for the verb ``bin``: in it), and of a
    versions table (``as_of``) those that held at that moment."""
    if as_of:
        moment = sa.bindparam("as_of", type_=sa.DateTime(timezone=True))
        return [table.c.valid_from <= moment, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > moment)]
    return [table.c.deleted_at.is_not(None) if verb == "bin" else table.c.deleted_at.is_(None)]


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
