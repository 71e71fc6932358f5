"""The last look: what was written must still lie within the writer's own rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement
from liaoran.records.context import Batch, WriteContext

OUT_OF_REACH = Text(
    "保存后这条记录不在您的权限范围内（检查负责人和部门）",
    "saved like this, the record would be outside of what you may work on (see owner and department)",
)
VERBS = {EventKind.CREATED: "read", EventKind.UPDATED: "edit"}
"""A new record must be one that its maker may see; a changed one must be one that its writer may go on changing."""


async def confirm_reach(batch: Batch) -> list[Candidate]:
    """The candidates, already written, that are out of the writer's scope now; each has got its problem."""
    context = batch.context
    outside: list[Candidate] = []
    for verb in ("read", "edit"):
        group = {one.id: one for one in batch.candidates if VERBS.get(one.kind) == verb}
        if not group or context.scope.reaches_all(context.object.key, verb):
            continue
        for record in await _outside(context, verb, list(group)):
            group[record].problems.append(Problem("out_of_reach", OUT_OF_REACH))
            outside.append(group[record])
    return outside


async def _outside(context: WriteContext, verb: str, ids: Sequence[UUID]) -> list[UUID]:
    statement = cached_statement(
        context.scope, ("records.reach", context.object.key, verb), lambda: _compile(context, verb)
    )
    return await context.tx.fetch_column(statement, {**context.scope.params(), "ids": ids})


def _compile(context: WriteContext, verb: str) -> sa.Select[Any]:
    asked = sa.func.unnest(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))).column_valued("asked")
    source = context.scope.source(context.object.key, verb)
    return sa.select(asked).where(~sa.exists(sa.select(sa.literal(1)).where(source.c.id == asked)))
