"""Scope: the rows and Fields one actor may see, as compiled subselects. Every read and every write starts here.

``query`` and ``records`` take their ``FROM`` entries from ``Scope.source`` and nowhere else, so there is no second,
hand-written check in Python: opening one record is the same source with ``id = …``.

Row scopes (``grants.Reach``) become predicates over the Object's own columns, with the actor's values as binds, so
that two people with equal roles share one compiled statement and one plan:

=============  ==========================================================================================
all            no predicate at all
department     ``department = ANY(:actor_departments) OR owner = :actor_person``; an Object with an owner but no
               department goes by the departments of the owners
own            ``owner = :actor_person``
none           ``false``
=============  ==========================================================================================

An Object without an ``owner`` Field belongs to nobody: "own" and "department" read all of it, and change none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.access.grants import ADMINISTRATOR, VERBS, Grants, Mask, ObjectGrant, Reach
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.schema.expressions import checker
from liaoran.schema.processes import Process
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object, Snapshot, unknown_field, unknown_object
from liaoran.schema.system_fields import WORDS_COLUMN

SourceVerb = Literal["read", "edit", "write", "delete", "bin", "export"]
_GRANT_OF_VERB = {"write": "edit", "bin": "delete"}
_OWNER, _DEPARTMENT, _PERSON_OBJECT = "owner", "department", "person"

VERB_LABELS: Mapping[str, Text] = {
    "read": Text("查看", "see"),
    "create": Text("新建", "create"),
    "edit": Text("修改", "edit"),
    "delete": Text("删除", "delete"),
    "export": Text("导出", "export"),
    "import": Text("导入", "import"),
    "bulk": Text("批量修改", "change in bulk"),
}


def _now() -> datetime:
    return datetime.now(UTC)


class Scope:
    """Implements ``query.Rows`` for one actor at one schema version; immutable, shared by that actor's requests.

    ``key`` is equal for actors whose statements compile to the same SQL.
    """

    def __init__(self, snapshot: Snapshot, actor: Actor, grants: Grants, clock: Callable[[], datetime] = _now) -> None:
        self.snapshot = snapshot
        self.actor = actor
        self.grants = grants
        self._clock = clock
        self._fields: dict[str, tuple[Field, ...]] = {}

    @property
    def key(self) -> Hashable:
        """Keys the caches of compiled statements and descriptions (together with schema and version)."""
        return self.grants.key

    def source(self, object_key: str, verb: str = "read", as_of: bool = False) -> sa.FromClause:
        """A fresh alias over exactly the rows that ``verb`` reaches, with exactly the columns the actor may see.

        Rows in the recycle bin are left out, except for the verb ``bin``, which yields only those. ``as_of`` reads a
        tracked Object at the bind ``as_of`` (an instant): its rows as they were, by who owned them then; an Object
        that is not tracked has no past and is read as it is. Raises Invalid for an unknown Object.
        """
        one = self.snapshot.object(object_key)
        versioned = as_of and one.versions_table is not None
        table = one.versions_table if versioned and one.versions_table is not None else one.table
        conditions = [] if versioned else [_bin_condition(table, verb)]
        if versioned:
            moment = sa.bindparam("as_of", type_=sa.DateTime(timezone=True))
            conditions += [
                table.c.valid_from <= moment,
                sa.or_(table.c.valid_to.is_(None), table.c.valid_to > moment),
            ]
        predicate = self._predicate(one, table, verb)
        if predicate is not None:
            conditions.append(predicate)
        return sa.select(*self._columns(one, table)).where(*conditions).subquery()

    def totals_source(self, object_key: str) -> sa.FromClause:
        """A fresh alias over the maintained totals per state (``process, state, owner, department, currency, count,
        sum``) of exactly the records of the Object that the actor may read."""
        one = self.snapshot.object(object_key)
        totals = sa.table("state_totals", *_totals_columns(), schema=self.snapshot.schema)
        predicate = self._predicate(one, totals, "read")
        statement = sa.select(*totals.c)
        return (statement if predicate is None else statement.where(predicate)).subquery()

    def field(self, object_key: str, field_key: str) -> Field:
        """The Field; refused exactly like an unknown one where the actor may not see it."""
        one = self.snapshot.object(object_key)
        found = one.field(field_key)
        if self._is_hidden(object_key, field_key):
            raise unknown_field(one, field_key)
        return found

    def fields(self, object_key: str) -> tuple[Field, ...]:
        """The Fields the actor may see, in catalogue order."""
        found = self._fields.get(object_key)
        if found is None:
            active = self.snapshot.object(object_key).active_fields
            found = tuple(one for one in active if not self._is_hidden(object_key, one.key))
            self._fields[object_key] = found
        return found

    def may_write_field(self, object_key: str, field_key: str) -> bool:
        """Whether a value for the Field is accepted from this actor (the engine's own Fields aside)."""
        return self.grants.of(object_key).mask(field_key) is Mask.OPEN

    def params(self) -> dict[str, Any]:
        """The actor's binds: who, which departments, and what "today" and "now" are for them."""
        now = self._clock()
        return {**self._identity, "now": now, "today": now.astimezone(_zone(self.actor.zone)).date()}

    @cached_property
    def _identity(self) -> dict[str, Any]:
        actor = self.actor
        return {
            "actor_id": actor.id,
            "actor_person": actor.person,
            "actor_department": actor.department,
            "actor_departments": list(actor.departments),
            "zone": actor.zone,
        }

    def may(self, object_key: str, verb: str) -> bool:
        """Whether the verb is allowed on any row of the Object; which rows, ``source`` decides."""
        one = self.snapshot.objects.get(object_key)
        if one is None or one.retired or not self._token_allows(verb):
            return False
        grant = self.grants.of(object_key)
        verb = _GRANT_OF_VERB.get(verb, verb)
        return grant.allows(verb) and not (verb in ("edit", "delete") and self._reach(one, verb) is Reach.NONE)

    def reaches_all(self, object_key: str, verb: str) -> bool:
        """Whether the verb reaches every row of the Object, so that no single row has to be looked at."""
        return self._reach(self.snapshot.object(object_key), verb) is Reach.ALL

    def require(self, object_key: str, verb: str) -> Object:
        """The Object, if ``verb`` is allowed on it.

        Raises Invalid ``unknown_object`` where the actor may not even see it, Forbidden where they may.
        """
        one = self.snapshot.object(object_key)
        if self.may(object_key, verb):
            return one
        if self.grants.of(object_key).reaches("read") is Reach.NONE:
            raise unknown_object(object_key)
        message = Text("您没有权限{verb}“{object}”", "you may not {verb} “{object}”")
        raise Forbidden(message.fill(verb=VERB_LABELS.get(verb, Text(verb)), object=one.label))

    def require_process(self, key: str) -> Process:
        """The Process; raises NotFound where there is none, or none over something that the actor may read."""
        found = self.snapshot.process(key)
        if found is None or not self.may(found.object, "read") or self._is_hidden(found.object, found.field):
            message = Text("没有名为“{key}”的流程", "there is no process “{key}”").fill(key=key)
            raise NotFound(message, code="unknown_process")
        return found

    def verbs(self, object_key: str) -> tuple[str, ...]:
        """The verbs allowed on the Object, for the description."""
        return tuple(verb for verb in VERBS if self.may(object_key, verb))

    @property
    def is_administrator(self) -> bool:
        """Whether the actor may shape the organisation: Objects, Fields, processes, people, roles."""
        return self.grants is ADMINISTRATOR and self._token_allows("admin")

    def require_administrator(self) -> None:
        """Raises Forbidden for everybody but administrators."""
        if not self.is_administrator:
            raise Forbidden(
                Text("只有管理员可以这样做", "only an administrator may do this"), code="administrators_only"
            )

    def require_writing(self) -> None:
        """Raises Forbidden for a token that is narrowed to reading."""
        if not self._token_allows("write"):
            raise Forbidden(Text("此令牌只能读取", "this token can only read"), code="token_reads_only")

    def _token_allows(self, verb: str) -> bool:
        scopes = self.actor.scopes
        if scopes is None or "admin" in scopes:
            return True
        if verb == "admin":
            return False
        return "write" in scopes or ("read" in scopes and verb in ("read", "export"))

    def _is_hidden(self, object_key: str, field_key: str) -> bool:
        """Whether the Field is hidden itself, or is computed from one that is."""
        if not self.grants.masks_anything:
            return False
        if self.grants.of(object_key).mask(field_key) is Mask.HIDDEN:
            return True
        one = self.snapshot.object(object_key).fields.get(field_key)
        if one is None or not one.computed:
            return False
        return any(self._is_hidden(*read) for read in checker().references(self.snapshot, object_key, field_key))

    def _columns(self, one: Object, table: sa.Table) -> list[sa.ColumnElement[Any]]:
        """The columns of what the actor may see. Search words are those of all Fields together, so where a Field with
        words is hidden there are none: else one could guess at its value by searching."""
        hidden = {key for key, mask in self.grants.of(one.key).masks.items() if mask is Mask.HIDDEN}
        if not hidden:
            return list(table.c)
        columns: list[sa.ColumnElement[Any]] = [
            column for column in table.c if column.name.partition("__")[0] not in hidden and column.name != WORDS_COLUMN
        ]
        if WORDS_COLUMN in table.c:
            withheld = any(_has_words(one.fields[key]) for key in hidden if key in one.fields)
            words = sa.cast(sa.null(), postgresql.TSVECTOR).label(WORDS_COLUMN) if withheld else table.c[WORDS_COLUMN]
            columns.append(words)
        return columns

    def _reach(self, one: Object, verb: str) -> Reach:
        grant: ObjectGrant = self.grants.of(one.key)
        verb = _GRANT_OF_VERB.get(verb, verb)
        reach = grant.reaches(verb)
        if reach in (Reach.OWN, Reach.DEPARTMENT) and not _is_owned(one):
            return Reach.ALL if verb in ("read", "export") else Reach.NONE
        return reach

    def _predicate(self, one: Object, table: sa.FromClause, verb: str) -> sa.ColumnElement[bool] | None:
        reach = self._reach(one, verb)
        if reach is Reach.ALL:
            return None
        if reach is Reach.NONE:
            return sa.false()
        owned = table.c[_OWNER] == sa.bindparam("actor_person", type_=postgresql.UUID())
        if reach is Reach.OWN:
            return owned
        departments = sa.bindparam("actor_departments", type_=postgresql.ARRAY(postgresql.UUID()))
        if _DEPARTMENT in one.fields:
            return sa.or_(table.c[_DEPARTMENT] == sa.func.any(departments), owned)
        people = self.snapshot.object(_PERSON_OBJECT).table
        colleagues = sa.select(people.c.id).where(people.c[_DEPARTMENT] == sa.func.any(departments))
        return sa.or_(table.c[_OWNER].in_(colleagues), owned)


def system_scope(snapshot: Snapshot, label: str = "liaoran", person: UUID | None = None) -> Scope:
    """The scope of the installation itself (set-up, demo data, migrations): sees and may do everything."""
    actor = Actor(
        kind="system",
        id=person or new_id(),
        person=person,
        label=label,
        roles=("administrator",),
        language=snapshot.language,
        zone=snapshot.zone,
    )
    return Scope(snapshot, actor, ADMINISTRATOR)


def _totals_columns() -> list[sa.ColumnClause[Any]]:
    return [
        sa.column("process", sa.Text()),
        sa.column("state", sa.Text()),
        sa.column("owner", postgresql.UUID()),
        sa.column("department", postgresql.UUID()),
        sa.column("currency", sa.Text()),
        sa.column("count", sa.BigInteger()),
        sa.column("sum", sa.Numeric()),
    ]


def _has_words(field: Field) -> bool:
    return next(iter(type_of(field).words("x", field)), None) is not None


def _is_owned(one: Object) -> bool:
    owner = one.fields.get(_OWNER)
    return owner is not None and not owner.retired and _PERSON_OBJECT in (owner.type, owner.target)


def _bin_condition(table: sa.Table, verb: str) -> sa.ColumnElement[bool]:
    return table.c.deleted_at.is_not(None) if verb == "bin" else table.c.deleted_at.is_(None)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
