"""Merging duplicates: one record stays, the others go to the bin, and every link to them moves to the one that stays.

All of it is one action through the write path, so the gates hold, it is one entry in "undo", and it can go back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, Invalid, NotFound
from liaoran.kernel.events import Cause
from liaoran.kernel.text import Text
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.records.changes import Change, Delete, Update, Written
from liaoran.records.noting import require_readable
from liaoran.records.tables import merges
from liaoran.records.write import write
from liaoran.schema.snapshot import Field, Snapshot

MAXIMUM = 50
NOTHING = Text("请选择要合并的其他记录", "choose the other records to merge")
ITSELF = Text("不能把记录合并到它自己", "a record cannot be merged into itself")
TOO_MANY = Text("一次最多合并 {limit} 条记录", "at most {limit} records can be merged at once")
OTHERS_LINKS = Text(
    "有关联的“{object}”记录您无权修改，请由管理员合并",
    "some linked records of “{object}” are not yours to change; ask an administrator to merge",
)
_statements: LeastRecentlyUsed[Statement] = LeastRecentlyUsed(200)
_insert = pg.insert(merges).from_select(
    ["loser", "winner", "object", "action", "at"],
    sa.select(
        sa.func.unnest(sa.bindparam("losers", type_=pg.ARRAY(sa.Uuid))),
        sa.bindparam("winner", type_=sa.Uuid),
        sa.bindparam("object", type_=sa.Text),
        sa.bindparam("action", type_=sa.Uuid),
        sa.func.now(),
    ),
)
_NOTE = Statement(
    _insert.on_conflict_do_update(
        index_elements=["loser"],
        set_={name: _insert.excluded[name] for name in ("winner", "object", "action", "at")},
    )
)


async def merge(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    *,
    into: UUID,
    others: Sequence[UUID],
    values: Mapping[str, Any],
    cause: Cause,
) -> Written:
    """Merges ``others`` into the record ``into`` and gives ``values`` to it (the Fields that are to differ from what it
    holds). History of the others is read with its own from now on; ``undo`` takes the whole merge back.

    Raises Invalid for an empty or impossible selection, NotFound where the actor does not see one of the records,
    Forbidden where a linked record is not the actor's to change, and whatever ``write`` raises.
    """
    losers = list(dict.fromkeys(others))
    if not losers:
        raise Invalid(NOTHING, code="nothing_to_merge")
    if into in losers:
        raise Invalid(ITSELF, code="merge_into_itself")
    if len(losers) > MAXIMUM:
        raise Invalid(TOO_MANY.fill(limit=MAXIMUM), code="too_many_to_merge", extra={"limit": MAXIMUM})
    for one in (into, *losers):
        # Before their links are looked at: what links to a hidden record would tell that it is there.
        await require_readable(tx, scope, object_key, one)
    for link in _links_to(scope.snapshot, object_key):
        await _move_links(tx, scope, link, into=into, losers=losers, cause=cause)
    await write(tx, scope, [Delete(object_key, one, merged_into=into) for one in losers], cause)
    await tx.execute(_NOTE, {"losers": losers, "winner": into, "object": object_key, "action": cause.action})
    written = (await write(tx, scope, [Update(object_key, into, dict(values))], cause))[0]
    if not isinstance(written, Written):
        raise written.error()
    return written


def _links_to(snapshot: Snapshot, object_key: str) -> list[Field]:
    return [
        one
        for owner in snapshot.objects.values()
        if not owner.retired
        for one in owner.active_fields
        if one.target == object_key and not one.computed and not one.readonly
    ]


async def _move_links(
    tx: Transaction, scope: Scope, link: Field, *, into: UUID, losers: Sequence[UUID], cause: Cause
) -> None:
    """Points every live record that links to a loser to the winner, whoever may see it: nothing may dangle."""
    owner = scope.snapshot.object(link.object)
    table = owner.table

    def compile_linking() -> Statement:
        ids = sa.any_(sa.bindparam("losers", type_=pg.ARRAY(sa.Uuid)))
        return Statement(sa.select(table.c.id).where(table.c[link.key] == ids, table.c.deleted_at.is_(None)))

    statement = _statements.get((scope.snapshot.identity, link.object, link.key), compile_linking)
    linking = [one for one in await tx.fetch_column(statement, {"losers": list(losers)}) if one not in losers]
    # a winner that pointed to a loser would point to itself
    changes: list[Change] = [Update(link.object, one, {link.key: None if one == into else into}) for one in linking]
    if not changes:
        return
    try:
        await write(tx, scope, changes, cause)
    except (NotFound, Forbidden) as refused:
        raise Forbidden(OTHERS_LINKS.fill(object=owner.label), code="linked_records_of_others") from refused
