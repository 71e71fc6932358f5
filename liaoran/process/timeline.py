"""The timeline of a record: one stream of what happened around it, newest first.

It joins three readings: Events of the record (and of those merged into it), its entries into states, and records of
activities that link to it. A change of state is shown once, as the entry into the state, with the comment of the move.
Everything is read through the actor's scope, in one statement; an activity whose day is still to come stands first.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.process.activities import activities_around
from liaoran.process.reading import described_state, stay_parts
from liaoran.process.tables import visits
from liaoran.query.display import instant_text, json_object, literal, literal_int
from liaoran.query.plans import cached_statement
from liaoran.records.history import described_fields, event_parts, is_visible, name_regions, record_with_merged
from liaoran.records.tables import events
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Field

Kind = Literal["change", "stage", "activity"]
KINDS: tuple[Kind, ...] = ("change", "stage", "activity")
"""What a timeline holds; at one moment the later kind stands first."""
MAXIMUM = 100
_INSTANT = sa.DateTime(timezone=True)
_RECORD = sa.bindparam("record", type_=sa.Uuid)
_MOST = sa.bindparam("most", type_=sa.Integer)
_BEFORE_AT = sa.bindparam("before_at", type_=_INSTANT)
_BEFORE = sa.tuple_(_BEFORE_AT, sa.bindparam("before_kind", type_=sa.Integer), sa.bindparam("before_id", type_=sa.Text))
_END = (datetime.max.replace(tzinfo=UTC), len(KINDS), "")
_DIGITS = 20
_BAD_CURSOR = Text("cursor 无效", "the cursor is not valid")
_NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")


async def read_timeline(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    record: UUID,
    *,
    kinds: Sequence[Kind] = KINDS,
    cursor: str | None = None,
    limit: int = 30,
) -> bytes:
    """JSON ``{entries, next_cursor}`` of the ``kinds`` asked for.

    ``{"type": "change", …}`` is an Event as ``read_history`` gives it, without the Fields that follow from a state;
    ``{"type": "stage", …}`` a stay as ``read_visits`` gives it, with ``at``, ``from_label``, ``action`` and ``note``;
    ``{"type": "activity", id, at, on, object, label, by, facts, text}`` a linked record, ``on`` its day where it has
    no time. Raises NotFound where the record is not visible, Invalid for a cursor that this function did not give.
    """
    scope.require(object_key, "read")
    fields = list(scope.fields(object_key))
    wanted = tuple(kind for kind in KINDS if kind in kinds)
    statement = cached_statement(
        scope, ("process.timeline", object_key, wanted), lambda: _compile(scope, object_key, fields, wanted)
    )
    at, kind, last = _read_cursor(cursor)
    found = await tx.fetch_json(
        statement,
        {
            **scope.params(),
            "record": record,
            "before_at": at,
            "before_kind": kind,
            "before_id": last,
            "most": max(1, min(limit, MAXIMUM)),
            "fields": described_fields(scope, object_key, fields),
        },
    )
    if found is None:
        raise NotFound(_NOT_FOUND)
    if any(one.kind is ValueKind.REGION for one in fields):
        return name_regions(orjson.loads(found), "entries")
    return found


def _compile(scope: Scope, object_key: str, fields: list[Field], kinds: Sequence[Kind]) -> sa.Select[Any]:
    streams = list(_streams(scope, object_key, fields, kinds))
    empty: sa.ColumnElement[Any] = sa.literal_column("'[]'::json")
    visible = is_visible(scope, object_key, _RECORD)
    if not streams:
        return sa.select(sa.case((visible, json_object(("entries", empty), ("next_cursor", sa.null())))))
    every = sa.union_all(*streams).subquery("every")
    order = (every.c.at.desc(), every.c.kind.desc(), every.c.ref.desc())
    ranked = sa.select(every, sa.func.row_number().over(order_by=order).label("rank"))
    # one entry more than asked for tells whether there is a next page
    page = ranked.order_by(*order).limit(_MOST + 1).subquery("page")
    listed = sa.func.json_agg(pg.aggregate_order_by(page.c.entry, page.c.rank)).filter(page.c.rank <= _MOST)
    mark = sa.func.concat_ws("|", sa.cast(page.c.at, sa.Text), page.c.kind, page.c.ref)
    last = sa.func.max(mark).filter(page.c.rank == _MOST)
    coded = sa.func.translate(sa.func.encode(sa.func.convert_to(last, "UTF8"), "base64"), "\n", "")
    answer = json_object(
        ("entries", sa.func.coalesce(listed, empty)),
        ("next_cursor", sa.case((sa.func.bool_or(page.c.rank > _MOST), coded))),
    )
    return sa.select(sa.case((visible, sa.select(answer).scalar_subquery())))


def _streams(scope: Scope, object_key: str, fields: list[Field], kinds: Sequence[Kind]) -> Iterator[sa.Select[Any]]:
    """Selects of ``at, kind, ref, entry``, each with the newest entries of one source."""
    seen = {field.key for field in fields}
    processes = [one for one in scope.snapshot.object(object_key).processes if one.field in seen]
    if "change" in kinds:
        yield _changes(scope, fields, processes)
    if "stage" in kinds and processes:
        yield _stages(scope, object_key, processes)
    if "activity" in kinds:
        rank = literal_int(KINDS.index("activity"))
        for one in activities_around(scope, object_key, _RECORD):
            columns = (one.at.label("at"), rank.label("kind"), one.ref.label("ref"), one.entry.label("entry"))
            statement = sa.select(*columns).select_from(one.rows).where(one.around)
            yield sa.select(_newest(statement, one.at, rank, one.ref))


def _newest(
    statement: sa.Select[Any], at: sa.ColumnElement[Any], rank: sa.ColumnElement[Any], ref: sa.ColumnElement[Any]
) -> sa.Subquery:
    """The newest rows of a source before the cursor. The first comparison is there for the index."""
    before = (at <= _BEFORE_AT, sa.tuple_(at, rank, ref) < _BEFORE)
    return statement.where(*before).order_by(at.desc(), ref.desc()).limit(_MOST + 1).subquery()


def _number(value: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """A whole number as text that sorts like it."""
    return sa.func.lpad(sa.cast(value, sa.Text), literal_int(_DIGITS), literal("0"))


def _changes(scope: Scope, fields: list[Field], processes: Sequence[Process]) -> sa.Select[Any]:
    rank, ref = literal_int(KINDS.index("change")), _number(events.c.seq)
    states = _texts({one.field for one in processes})
    moved = sa.and_(events.c.kind == literal("updated"), events.c.changes.has_any(states))
    # what follows from a move is told by the entry into the state, and so is the comment
    rest = sa.case((moved, events.c.changes.op("-")(_texts(_kept_in_step(processes)))), else_=events.c.changes)
    cause = sa.case((moved, events.c.cause.op("-")(literal("note"))), else_=events.c.cause)
    told = [column for column in events.c if column.name not in ("changes", "cause")]
    statement = sa.select(
        *told,
        sa.type_coerce(rest, pg.JSONB).label("changes"),
        sa.type_coerce(cause, pg.JSONB).label("cause"),
        rank.label("rank"),
        ref.label("ref"),
    ).where(
        events.c.record_id.in_(record_with_merged(_RECORD)),
        sa.not_(sa.and_(moved, rest == sa.literal_column("'{}'::jsonb"))),
    )
    newest = _newest(statement, events.c.at, rank, ref)
    entry = json_object(("type", literal("change")), *event_parts(scope, newest, fields))
    return sa.select(newest.c.at, newest.c.rank.label("kind"), newest.c.ref, entry.label("entry"))


def _kept_in_step(processes: Sequence[Process]) -> set[str]:
    """Keys of the Fields that change along with the state."""
    derived = {
        found.get("field", name) if isinstance(found, Mapping) else found
        for one in processes
        for name, found in one.derived.items()
    }
    chosen = {key for one in processes for key in (one.field, one.process_field) if key is not None}
    return {*chosen, *(key for key in derived if isinstance(key, str))}


def _stages(scope: Scope, object_key: str, processes: Sequence[Process]) -> sa.Select[Any]:
    rank, ref = literal_int(KINDS.index("stage")), _number(visits.c.id)
    statement = sa.select(visits, rank.label("rank"), ref.label("ref")).where(
        visits.c.record_id == _RECORD, visits.c.process == sa.any_(_texts({one.key for one in processes}))
    )
    newest = _newest(statement, visits.c.entered_at, rank, ref)
    state = described_state(newest, newest.c.state, "entered")
    former = described_state(newest, newest.c.from_state, "former")
    move = _move(newest, {one.field for one in processes})
    entry = json_object(
        ("type", literal("stage")),
        *stay_parts(scope, object_key, newest, state),
        ("at", instant_text(newest.c.entered_at)),
        ("from_label", former.c.state["label"]),
        ("action", move.c.action),
        ("note", move.c.cause["note"].astext),
    )
    around = newest.outerjoin(state, sa.true()).outerjoin(former, sa.true()).outerjoin(move, sa.true())
    return sa.select(
        newest.c.entered_at.label("at"), newest.c.rank.label("kind"), newest.c.ref, entry.label("entry")
    ).select_from(around)


def _move(visit: sa.FromClause, fields: set[str]) -> sa.FromClause:
    """The Event by which the record came into the state."""
    return (
        sa.select(events.c.action, events.c.cause)
        .where(
            events.c.record_id == visit.c.record_id,
            events.c.at == visit.c.entered_at,
            events.c.changes.has_any(_texts(fields)),
        )
        .order_by(events.c.seq)
        .limit(1)
        .lateral("move")
    )


def _texts(values: set[str]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal(sorted(values), pg.ARRAY(sa.Text)), pg.ARRAY(sa.Text))


def _read_cursor(cursor: str | None) -> tuple[datetime, int, str]:
    """The place after which the page begins; without a cursor the end of time."""
    if cursor is None:
        return _END
    try:
        at, kind, last = base64.b64decode(cursor, validate=True).decode().split("|")
        return datetime.fromisoformat(at), int(kind), last
    except (binascii.Error, ValueError) as error:
        raise Invalid(_BAD_CURSOR, code="invalid_cursor") from error
