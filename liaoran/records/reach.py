"""Whose the record is: who may hand it over, and the last look that what was written lies within the writer's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.predicates import OWNER
from liaoran.infra.flights import Row
from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement
from liaoran.records.batches import ONE, SEVERAL, asked_for
from liaoran.records.context import Batch, WriteContext

OUT_OF_REACH = Text(
    "保存后这条记录不在您的权限范围内（检查负责人、部门和它所随的记录）",
    "saved like this, the record would be outside of what you may work on (see owner, department and what it goes with)",
)
NOT_TO_HAND_OVER = Text(
    "您可以修改这条记录，但不能把它转给别人", "you may change this record but not hand it over to somebody else"
)
VERBS = {EventKind.CREATED: "read", EventKind.UPDATED: "edit"}
"""A new record must be one that its maker may see; a changed one must be one that its writer may go on changing."""


def keep_owners(batch: Batch) -> None:
    """Gives a problem to each candidate whose owner changes without the right to hand it over."""
    for one in batch.candidates:
        if one.old is not None and one.id in batch.settled_owners and one.changed(OWNER):
            one.problems.append(Problem("may_not_transfer", NOT_TO_HAND_OVER, OWNER))


def confirm_reach(batch: Batch) -> None:
    """Sends the question which candidates, already written, are out of the writer's scope now; each of them gets its
    problem as soon as the answer is there. A record that was handed over may leave: that is what the right is for."""
    context = batch.context
    for verb in ("read", "edit"):
        group = {
            one.id: one
            for one in batch.candidates
            if VERBS.get(one.kind) == verb and not (verb == "edit" and one.changed(OWNER))
        }
        if not group or context.scope.reaches_all(context.object.key, verb):
            continue
        single = len(group) == 1
        shape = ("records.reach", context.object.key, verb, single)
        statement = cached_statement(context.scope, shape, partial(_compile, context, verb, single))
        context.tx.send(statement, {**context.scope.params(), **asked_for(list(group))}, partial(_judge, group))


def _judge(group: Mapping[UUID, Candidate], outside: Sequence[Row]) -> None:
    for row in outside:
        group[row["asked"]].problems.append(Problem("out_of_reach", OUT_OF_REACH))


def _compile(context: WriteContext, verb: str, single: bool) -> sa.Select[Any]:
    source = context.scope.source(context.object.key, verb)
    if single:
        found = sa.select(sa.literal(1)).where(source.c.id == ONE)
        return sa.select(ONE.label("asked")).where(~sa.exists(found))
    asked = sa.func.unnest(SEVERAL).column_valued("asked")
    return sa.select(asked).where(~sa.exists(sa.select(sa.literal(1)).where(source.c.id == asked)))
