"""What happened to a record: a reading of its Events, with those of the records that were merged into it.

PostgreSQL builds the JSON; labels of choices and linked records are resolved as of today, through the actor's scope.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.masks import masked
from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.computed import new_compilation
from liaoran.query.display import instant_text, json_object, record_label
from liaoran.query.plans import LeastRecentlyUsed, cached_statement
from liaoran.records.tables import events, merges
from liaoran.schema.regions import region_label
from liaoran.schema.snapshot import Field

MAXIMUM = 200
_INSTANT = sa.DateTime(timezone=True)
_MOST = sa.bindparam("most", type_=sa.Integer)
_BAD_CURSOR = Text("cursor 无效", "the cursor is not valid")
_descriptions: LeastRecentlyUsed[str] = LeastRecentlyUsed(500)
_NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")


async def read_history(
    tx: Transaction, scope: Scope, object_key: str, record: UUID, *, cursor: str | None = None, limit: int = 50
) -> bytes:
    """JSON ``{events, next_cursor}``, newest first.

    An Event: ``{id, at, kind, door, action, note, actor: {kind, id, label}, file, approval, sharing, record: {id,
    label}, changes}``, where ``file`` says what happened to a file (``{what, id, title, …}``, else null), ``approval``
    what happened in an approval (``{what, id, label, step_label, comment, to, …}``, else null) and ``sharing`` with
    whom the record is shared since (``{what, id, to, level, …}``, or what a merge brought over, ``{what, record, shares,
    followers}``; else null); a change:
    ``{field, label, kind, old, new, old_label, new_label}``, where labels of Fields and choices are ``{zh, en}`` and
    those of links are names (null where hidden). Fields that the actor may not see are left out. Raises NotFound where
    the record is not visible, Invalid for a cursor that this function did not give.
    """
    fields = list(scope.fields(object_key))
    statement = cached_statement(scope, ("records.history", object_key), lambda: _compile(scope, object_key, fields))
    at, seq = _read_cursor(cursor)
    found = await tx.fetch_json(
        statement,
        {
            **scope.params(),
            "record": record,
            "before_at": at,
            "before_seq": seq,
            "most": max(1, min(limit, MAXIMUM)),
            "fields": described_fields(scope, object_key, fields),
        },
    )
    if found is None:
        raise NotFound(_NOT_FOUND)
    if any(one.kind is ValueKind.REGION for one in fields):
        return name_regions(orjson.loads(found), "events")
    return found


def described_fields(scope: Scope, object_key: str, fields: list[Field]) -> str:
    """What the statement needs to know of the Fields, as JSON; made once per catalogue and grants."""
    key = (scope.snapshot.identity, scope.key, object_key)
    return _descriptions.get(
        key, lambda: orjson.dumps({one.key: _describe(one, order) for order, one in enumerate(fields)}).decode()
    )


def _describe(one: Field, order: int) -> dict[str, Any]:
    return {
        "order": order,
        "label": one.label.to_json(),
        "kind": str(one.kind),
        "choices": {choice.key: choice.label.to_json() for choice in one.choices},
    }


def _compile(scope: Scope, object_key: str, fields: list[Field]) -> sa.Select[Any]:
    record = sa.bindparam("record", type_=sa.Uuid)
    before = sa.tuple_(sa.bindparam("before_at", type_=_INSTANT), sa.bindparam("before_seq", type_=sa.BigInteger))
    # one Event more than asked for tells whether there is a next page
    newest = (
        sa.select(events, sa.func.row_number().over(order_by=(events.c.at.desc(), events.c.seq.desc())).label("rank"))
        .where(events.c.record_id.in_(record_with_merged(record)), sa.tuple_(events.c.at, events.c.seq) < before)
        .order_by(events.c.at.desc(), events.c.seq.desc())
        .limit(_MOST + 1)
        .subquery("newest")
    )
    entry = json_object(*event_parts(scope, newest, fields))
    listed = sa.func.json_agg(pg.aggregate_order_by(entry, newest.c.rank)).filter(newest.c.rank <= _MOST)
    mark = sa.func.max(sa.cast(newest.c.at, sa.Text) + "|" + sa.cast(newest.c.seq, sa.Text)).filter(
        newest.c.rank == _MOST
    )
    more = sa.func.bool_or(newest.c.rank > _MOST)
    page = json_object(
        ("events", sa.func.coalesce(listed, sa.literal_column("'[]'::json"))),
        ("next_cursor", sa.case((more, sa.func.encode(sa.func.convert_to(mark, "UTF8"), "base64")))),
    )
    return sa.select(sa.case((is_visible(scope, object_key, record), sa.select(page).scalar_subquery())))


def record_with_merged(record: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Ids of the record and of all that were merged into it."""
    chain = sa.select(record.label("id")).cte("chain", recursive=True)
    chain = chain.union(sa.select(merges.c.loser).where(merges.c.winner == chain.c.id))
    return sa.select(chain.c.id)


def record_with_heirs(record: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Ids of the record and of those that it lives on in, where it was merged."""
    chain = sa.select(record.label("id")).cte("chain", recursive=True)
    chain = chain.union(sa.select(merges.c.winner).where(merges.c.loser == chain.c.id))
    return sa.select(chain.c.id)


def is_visible(scope: Scope, object_key: str, record: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the actor may see the record, in the bin or outside."""
    sources = [scope.source(object_key, verb) for verb in ("read", "bin")]
    return sa.or_(*(sa.exists(sa.select(sa.literal(1)).where(one.c.id == record)) for one in sources))


def event_parts(scope: Scope, event: sa.FromClause, fields: list[Field]) -> list[tuple[str, Any]]:
    """The members of an Event in an answer. ``event`` has the columns of ``events``; the statement needs the bind
    ``fields`` from ``described_fields``."""
    actor = json_object(("kind", event.c.actor_kind), ("id", event.c.actor_id), ("label", event.c.actor_label))
    return [
        ("id", event.c.id),
        ("at", instant_text(event.c.at)),
        ("kind", event.c.kind),
        ("door", event.c.door),
        ("action", event.c.action),
        ("note", event.c.cause["note"].astext),
        ("actor", actor),
        ("file", event.c.cause["file"]),
        ("approval", event.c.cause["approval"]),
        ("sharing", event.c.cause["sharing"]),
        ("record", json_object(("id", event.c.record_id), ("label", _record_label(scope, event)))),
        ("changes", _changes(scope, event, fields)),
    ]


def _record_label(scope: Scope, event: sa.FromClause) -> sa.ColumnElement[Any]:
    """What the record was called then, where the actor may see the names of its Object."""
    closed = [
        event.c.object == sa.literal_column(f"'{one.key}'")
        for one in scope.snapshot.objects.values()
        if not one.retired and not scope.shows_plainly(one.key, one.name_field)
    ]
    return sa.case((sa.or_(*closed), sa.null()), else_=event.c.record_label) if closed else event.c.record_label


def _changes(scope: Scope, event: sa.FromClause, fields: list[Field]) -> sa.ScalarSelect[Any]:
    """The changes of one Event in catalogue order. ``fields`` travels as a bind, so relabelling needs no new plan."""
    described = sa.func.jsonb_each(sa.cast(sa.bindparam("fields", type_=sa.Text), pg.JSONB)).table_valued(
        sa.column("key", sa.Text), sa.column("value", pg.JSONB), with_ordinality="position", name="described"
    )
    change = event.c.changes[described.c.key]
    old, new = change[0], change[1]
    entry = json_object(
        ("field", described.c.key),
        ("label", described.c.value["label"]),
        ("kind", described.c.value["kind"]),
        ("old", _shown(scope, fields, described.c.key, old)),
        ("new", _shown(scope, fields, described.c.key, new)),
        ("old_label", _label(scope, fields, (event, described), old)),
        ("new_label", _label(scope, fields, (event, described), new)),
    )
    listed = sa.func.json_agg(pg.aggregate_order_by(entry, described.c.value["order"]))
    return (
        sa.select(sa.func.coalesce(listed, sa.literal_column("'[]'::json")))
        .select_from(described)
        .where(event.c.changes.has_key(described.c.key))
        .correlate(event)
        .scalar_subquery()
    )


def _shown(
    scope: Scope, fields: list[Field], key: sa.ColumnElement[Any], value: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """The value as the actor may see it: that of a masked Field is masked here, too."""
    text = value.op("#>>", return_type=sa.Text())(sa.literal_column("'{}'"))
    cases = [
        (key == sa.literal_column(f"'{one.key}'"), sa.func.to_jsonb(masked(one, text)))
        for one in fields
        if scope.is_masked(one.object, one.key)
    ]
    return sa.case(*cases, else_=_plain(value)) if cases else _plain(value)


def _plain(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.nullif(value, sa.literal_column("'null'::jsonb"))


def _label(
    scope: Scope, fields: list[Field], around: tuple[sa.FromClause, sa.FromClause], value: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """Labels of choices as ``{zh, en}`` (a list for multi-choice), names of linked records, null for plain values."""
    _, described = around
    labels = described.c.value["choices"]
    kind = described.c.value["kind"].astext
    item = sa.func.jsonb_array_elements_text(value).column_valued("item")
    shown = sa.func.jsonb_agg(sa.func.coalesce(labels[item], sa.func.to_jsonb(item)))
    many = sa.select(shown).correlate(*around).scalar_subquery()
    text = value.op("#>>", return_type=sa.Text())(sa.literal_column("'{}'"))
    cases: list[tuple[Any, Any]] = [
        (sa.func.jsonb_typeof(value) == "null", sa.null()),
        (sa.and_(kind == "choices", sa.func.jsonb_typeof(value) == "array"), many),
        (kind == "choice", labels[text]),
    ]
    for target in sorted({one.target for one in fields if one.target is not None}):
        linking = [one.key for one in fields if one.target == target]
        name = _names(scope, target, sa.cast(text, sa.Uuid)).correlate(*around).scalar_subquery()
        cases.append((described.c.key == sa.any_(sa.literal(linking, pg.ARRAY(sa.Text))), sa.func.to_jsonb(name)))
    return sa.case(*cases)


def _names(scope: Scope, target: str, record: sa.ColumnElement[Any]) -> sa.Select[Any]:
    linked = Row(new_compilation(scope), target, scope.source(target))
    label = record_label(linked)
    return sa.select(label).select_from(linked.from_clause()).where(linked.column("id") == record)


def _read_cursor(cursor: str | None) -> tuple[datetime, int]:
    """The place after which the page begins; without a cursor the end of time."""
    if cursor is None:
        return datetime.max.replace(tzinfo=UTC), 0
    try:
        at, _, seq = base64.b64decode(cursor, validate=True).decode().partition("|")
        return datetime.fromisoformat(at), int(seq)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_BAD_CURSOR, code="invalid_cursor") from error


def name_regions(page: dict[str, Any], entries: str) -> bytes:
    """The page with the names of regions, which live beside the code and not in the database."""
    for event in page[entries]:
        for change in event.get("changes", ()):
            if change["kind"] == ValueKind.REGION:
                for side in ("old", "new"):
                    code = change[side]
                    change[f"{side}_label"] = None if code is None else region_label(code)
    return orjson.dumps(page)
