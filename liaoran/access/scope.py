"""Scope: the rows and Fields one actor may see, as compiled subselects. Every read and every write starts here.

``query`` and ``records`` take their ``FROM`` entries from ``Scope.source`` and nowhere else, so there is no second,
hand-written check in Python: opening one record is the same source with ``id = …``.

Which rows a verb reaches is written by ``access.predicates``; values of masked Fields are replaced where the columns are
listed (``access.masks``), so nothing behind a row source ever meets what is withheld.
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

from liaoran.access.grants import ADMINISTRATOR, PLAIN_VERBS, VERBS, Grants, Mask
from liaoran.access.masks import can_be_masked, masked
from liaoran.access.predicates import RowPredicates, present
from liaoran.access.standing import StandingConditions, standing_conditions
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.schema.expressions import checker
from liaoran.schema.processes import Process
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object, Snapshot, unknown_field, unknown_object
from liaoran.schema.system_fields import WORDS_COLUMN

SourceVerb = Literal["read", "edit", "write", "delete", "bin", "export", "transfer", "share"]

VERB_LABELS: Mapping[str, Text] = {
    "read": Text("查看", "see"),
    "create": Text("新建", "create"),
    "edit": Text("修改", "edit"),
    "delete": Text("删除", "delete"),
    "transfer": Text("转移", "hand over"),
    "share": Text("共享", "share"),
    "export": Text("导出", "export"),
    "import": Text("导入", "import"),
    "bulk": Text("批量修改", "change in bulk"),
}


def _now() -> datetime:
    return datetime.now(UTC)


class Scope:
    """Implements ``query.Rows`` for one actor at one schema version; immutable, shared by that actor's requests.

    ``key`` is equal for actors whose statements compile to the same SQL. ``mark`` begins the names of the binds of
    standing Conditions, so that two Scopes can be looked at in one statement.
    """

    def __init__(
        self, snapshot: Snapshot, actor: Actor, grants: Grants, clock: Callable[[], datetime] = _now, mark: str = "g"
    ) -> None:
        self.snapshot = snapshot
        self.actor = actor
        self.grants = grants
        self._clock = clock
        self._mark = mark
        self._fields: dict[str, tuple[Field, ...]] = {}

    @property
    def key(self) -> Hashable:
        """Keys the caches of compiled statements and descriptions (together with schema and version)."""
        return self.grants.key if self._mark == "g" else (self._mark, self.grants.key)

    @cached_property
    def as_it_is(self) -> Scope:
        """All rows and Fields as they are, with this actor's binds: for the Conditions of the grants, and for what
        does not depend on what the actor may see."""
        return self if self.grants is ADMINISTRATOR else Scope(self.snapshot, self.actor, ADMINISTRATOR, self._clock)

    @cached_property
    def predicates(self) -> RowPredicates:
        """Which rows each verb reaches, in SQL."""
        return RowPredicates(self.as_it_is, self.grants, self._standing)

    @cached_property
    def _standing(self) -> StandingConditions:
        return standing_conditions(self.as_it_is, self.grants, self._mark)

    def source(self, object_key: str, verb: str = "read", as_of: bool = False) -> sa.FromClause:
        """A fresh alias over exactly the rows that ``verb`` reaches, with exactly the columns the actor may see.

        Rows in the recycle bin are left out, except for the verb ``bin``, which yields only those. ``as_of`` reads a
        tracked Object at the bind ``as_of`` (an instant): its rows as they were, by who owned them then; an Object
        that is not tracked has no past and is read as it is. Raises Invalid for an unknown Object.
        """
        one = self.snapshot.object(object_key)
        versioned = as_of and one.versions_table is not None
        table = one.versions_table if versioned and one.versions_table is not None else one.table
        conditions = present(table, as_of=versioned, verb=verb)
        reached = self.predicates.reached(one, table, verb, as_of=versioned)
        source = sa.select(*self._columns(one, table)).select_from(reached.around(table))
        return source.where(*conditions, *reached.conditions).subquery()

    def totals_source(self, process: Process) -> sa.FromClause | None:
        """A fresh alias over totals of exactly the records of a Process that the actor may read: ``state, currency,
        count, sum``. They are those that are maintained per owner and department, and what is shared with the actor
        beyond these. None where Conditions decide what the actor may read, so that it has to be counted."""
        one = self.snapshot.object(process.object)
        alternatives = self.predicates.plain(one)
        if alternatives is None:
            return None
        totals = sa.table("state_totals", *_totals_columns(), schema=self.snapshot.schema)
        kept = sa.select(totals.c.state, totals.c.currency, totals.c.count, totals.c.sum).where(
            totals.c.process == sa.literal_column(f"'{process.key}'")
        )
        if self.predicates.reaches_all(one, "read"):
            return kept.subquery()
        reached = [self.predicates.by_reach(one, totals, each.reach) for each in alternatives]
        kept = kept.where(sa.or_(sa.false(), *reached))
        return kept.union_all(self._shared_totals(one, process)).subquery() if reached else kept.subquery()

    def _shared_totals(self, one: Object, process: Process) -> sa.Select[Any]:
        """The totals of what is shared with the actor beyond what the roles reach."""
        table = one.table
        summed = one.fields.get(process.sum_field or "")
        currency = one.fields.get(str(summed.options.get("currency_field"))) if summed is not None else None
        roles = [self.predicates.by_reach(one, table, each.reach) for each in self.predicates.plain(one) or ()]
        state, nothing = table.c[process.field], sa.literal_column("''", sa.Text)
        known = sa.func.coalesce(table.c[currency.key], nothing) if currency is not None else nothing
        amount = sa.func.coalesce(sa.func.sum(table.c[summed.key]), 0) if summed is not None else sa.literal(0)
        followed = (
            [table.c[process.process_field] == sa.literal_column(f"'{process.key}'")] if process.process_field else []
        )
        return (
            sa.select(state, known, sa.func.count(), sa.cast(amount, sa.Numeric))
            .where(
                self.predicates.shared(one, table, "read"),
                sa.or_(sa.false(), *roles).is_not(sa.true()),
                table.c.deleted_at.is_(None),
                state.is_not(None),
                *followed,
            )
            .group_by(state, known)
        )

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

    def is_masked(self, object_key: str, field_key: str) -> bool:
        """Whether the actor sees the Field, but only the masked form of its values."""
        one = self.snapshot.object(object_key).fields.get(field_key)
        if one is None or self.grants.of(object_key).mask(field_key) is not Mask.MASKED:
            return False
        return can_be_masked(one)

    def mask(self, object_key: str, field_key: str) -> Mask:
        """What is withheld of the Field in effect."""
        if self._is_hidden(object_key, field_key):
            return Mask.HIDDEN
        return self.grants.of(object_key).mask(field_key)

    def shows_plainly(self, object_key: str, field_key: str) -> bool:
        """Whether the actor sees the Field's values as they are."""
        return not self._is_hidden(object_key, field_key) and not self.is_masked(object_key, field_key)

    def params(self) -> dict[str, Any]:
        """The actor's binds: who, which departments, what "today" and "now" are for them, and the values of the
        Conditions that decide what they see."""
        now = self._clock()
        params = {**self._identity, "now": now, "today": now.astimezone(_zone(self.actor.zone)).date()}
        if self.grants.has_conditions:
            params.update(self._standing.values(self.as_it_is, params))
        return params

    @cached_property
    def _identity(self) -> dict[str, Any]:
        actor = self.actor
        return {
            "actor_id": actor.id,
            "actor_person": actor.person,
            "actor_department": actor.department,
            "actor_departments": list(actor.departments),
            "actor_above": list(actor.above),
            "actor_reports": list(actor.reports),
            "zone": actor.zone,
        }

    def may(self, object_key: str, verb: str) -> bool:
        """Whether the verb is allowed on any row of the Object; which rows, ``source`` decides."""
        one = self.snapshot.objects.get(object_key)
        if one is None or one.retired or not self._token_allows(verb):
            return False
        if verb in PLAIN_VERBS:
            return self.grants.of(object_key).allows(verb)
        return self.predicates.allows(one, verb)

    def reaches_all(self, object_key: str, verb: str) -> bool:
        """Whether the verb reaches every row of the Object, so that no single row has to be looked at."""
        return self.predicates.reaches_all(self.snapshot.object(object_key), verb)

    def require(self, object_key: str, verb: str) -> Object:
        """The Object, if ``verb`` is allowed on it.

        Raises Invalid ``unknown_object`` where the actor may not even see it, Forbidden where they may.
        """
        one = self.snapshot.object(object_key)
        if self.may(object_key, verb):
            return one
        if not self.grants.of(object_key).allows("read"):
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
        """Whether the Field is hidden itself, or is computed from one that is. What cannot be masked is hidden."""
        if not self.grants.masks_anything:
            return False
        one = self.snapshot.object(object_key).fields.get(field_key)
        if _hides(self.grants.of(object_key).mask(field_key), one):
            return True
        if one is None or not one.computed:
            return False
        return any(self._is_hidden(*read) for read in checker().references(self.snapshot, object_key, field_key))

    def _columns(self, one: Object, table: sa.Table) -> list[sa.ColumnElement[Any]]:
        """The columns of what the actor may see, masked values as their masks. Search words are those of all Fields
        together, so where a Field with words is withheld there are none: else one could guess at its value by
        searching."""
        masks = self.grants.of(one.key).masks
        hidden = {key for key, mask in masks.items() if _hides(mask, one.fields.get(key))}
        masks_of = {key: one.fields[key] for key in masks if key not in hidden and self.is_masked(one.key, key)}
        if not hidden and not masks_of:
            return list(table.c)
        columns: list[sa.ColumnElement[Any]] = []
        for column in table.c:
            key = column.name.partition("__")[0]
            if column.name in masks_of:
                columns.append(masked(masks_of[key], column).label(key))
            elif key not in hidden and key not in masks_of and column.name != WORDS_COLUMN:
                columns.append(column)
        if WORDS_COLUMN in table.c:
            withheld = any(_has_words(one.fields[key]) for key in (*hidden, *masks_of) if key in one.fields)
            words = sa.cast(sa.null(), postgresql.TSVECTOR).label(WORDS_COLUMN) if withheld else table.c[WORDS_COLUMN]
            columns.append(words)
        return columns


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


def _hides(mask: Mask, one: Field | None) -> bool:
    return mask is Mask.HIDDEN or (mask is Mask.MASKED and (one is None or not can_be_masked(one)))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
