"""Search words made anew for records that are there already: after a Field has got another type, and for records that
an earlier version of Liaoran has worded.

Words follow from the record, so there is no Event and no new version. Records are taken in small groups, each in a
transaction of its own; running twice does no harm, so a job that was interrupted simply begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import system_scope
from liaoran.infra.database import Database
from liaoran.infra.jobs import defer, job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.records.context import WriteContext
from liaoran.records.loading import hold_rows
from liaoran.records.rows import LEXEME_END, record_words
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.snapshot import Object, Snapshot
from liaoran.schema.system_fields import WORDS_COLUMN

JOB = "records.reword"
CHUNK = 1_000
FORMER_MARK = "'=':*"
"""As ``tsquery``: lexemes that names had in the first form of the words, and have no more."""
_FIRST = UUID(int=0)
_statements: LeastRecentlyUsed[Statement] = LeastRecentlyUsed(400)


@dataclass(frozen=True)
class Rewording:
    """Implements ``schema.usages.RetypeFollower``: what was found by the former values is found by the new ones."""

    async def field_retyped(self, tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str) -> None:
        """Queues the job; whether the Field was searched before or is now, the words change."""
        await defer(JOB, tx, once=f"reword/{object_key}", object=object_key)


@job(JOB, retries=6)
async def reword(database: Database, schema: str, object: str) -> None:
    """Makes the words of all records of the Object anew, those in the recycle bin included."""
    after = _FIRST
    while True:
        async with database.transaction(schema, statement_seconds=0) as tx:
            one = (await load_snapshot(tx)).objects.get(object)
            if one is None:
                return
            ids = await tx.fetch_column(_statement(_next, one), {"after": after, "most": CHUNK})
            if not ids:
                return
            await reword_records(tx, object, ids)
            after = ids[-1]


@job("records.reword_former", cron="37 18 * * *")
async def reword_former(database: Database, schema: str) -> None:
    """Brings records that an earlier version has worded to the present form, in every organisation, once a day. New
    queries find them before as well; the index is larger than it need be, and names in pinyin are not ranked. Where
    nothing is left, this is one look into the index for each Object."""
    for organisation in await list_organisations(database):
        async with database.read(organisation.schema) as tx:
            keys = list((await load_snapshot(tx)).objects)
        for key in keys:
            await _reword_former_of(database, organisation.schema, key)


async def _reword_former_of(database: Database, schema: str, object_key: str) -> None:
    done: set[UUID] = set()
    while True:
        async with database.transaction(schema, statement_seconds=0) as tx:
            one = (await load_snapshot(tx)).objects.get(object_key)
            if one is None:
                return
            ids = await tx.fetch_column(_statement(_former, one), {"mark": FORMER_MARK, "most": CHUNK})
            # what still has the mark after it was reworded would keep the job busy for ever
            fresh = sorted(set(ids) - done)
            if not fresh:
                return
            await reword_records(tx, object_key, fresh)
            done.update(fresh)


async def reword_records(tx: Transaction, object_key: str, ids: Sequence[UUID]) -> None:
    """Makes the search words of the records anew from what they hold now."""
    snapshot = await load_snapshot(tx)
    scope = system_scope(snapshot)
    context = WriteContext(tx, scope, snapshot.object(object_key), Cause(Door.RULE), datetime.now(UTC))
    records = list((await hold_rows(context, ids, ())).values())
    values = [{key: row[key] for key in context.stored_fields if row[key] is not None} for row in records]
    rows = [
        {"id": row["id"], "words": lexemes or None}
        for row, lexemes in zip(records, record_words(context, values), strict=True)
    ]
    await tx.execute(_statement(_store, context.object), {"rows": orjson.dumps(rows).decode()})


def _statement(build: Callable[[Object], sa.Executable], one: Object) -> Statement:
    return _statements.get((build, one.table), lambda: Statement(build(one)))


def _next(one: Object) -> sa.Select[tuple[UUID]]:
    table = one.table
    after, most = sa.bindparam("after", type_=sa.Uuid), sa.bindparam("most", type_=sa.Integer)
    return sa.select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(most)


def _former(one: Object) -> sa.Select[tuple[UUID]]:
    mark = sa.cast(sa.bindparam("mark", type_=sa.Text), pg.TSQUERY)
    most = sa.bindparam("most", type_=sa.Integer)
    return sa.select(one.table.c.id).where(one.table.c[WORDS_COLUMN].bool_op("@@")(mark)).limit(most)


def _store(one: Object) -> sa.Update:
    table, source = one.table, sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text), pg.JSON))
    parts = [sa.column("id", sa.Uuid), sa.column("words", sa.Text)]
    rows = source.table_valued(*parts).render_derived("reworded", with_types=True)
    split = sa.func.string_to_array(rows.c.words, LEXEME_END)
    vector = sa.func.array_to_tsvector(split, type_=pg.TSVECTOR)
    return sa.update(table).where(table.c.id == rows.c.id).values({WORDS_COLUMN: vector})
