"""The one write path. Form, board, inline edit, bulk edit, import, API, rules, merge and undo all come through here.

The steps stand below in their order; each is a module of its own and works on the whole batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg.errors import UniqueViolation

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Problem
from liaoran.kernel.events import Cause
from liaoran.kernel.text import Text
from liaoran.records.accounting import account_for
from liaoran.records.batches import in_batches, uncollected
from liaoran.records.changes import Change, Create, Delete, Outcome, Restore, Update, Written
from liaoran.records.context import Batch, Beside, Turn, WriteContext
from liaoran.records.fields import admit_fields
from liaoran.records.filling import fill
from liaoran.records.gates import check_gates
from liaoran.records.guards import guards
from liaoran.records.loading import load
from liaoran.records.parsing import parse_values
from liaoran.records.reach import confirm_reach, keep_owners
from liaoran.records.references import check_references
from liaoran.records.refusing import raise_rejections
from liaoran.records.required import require_fields
from liaoran.records.storing import store

_VERBS: dict[type[Any], str] = {Create: "create", Update: "edit", Delete: "delete", Restore: "delete"}
_RACE = Text(
    "同一时刻有人保存了相同的内容，请再试一次", "someone saved the same value at the same moment; please try again"
)


async def write(
    tx: Transaction,
    scope: Scope,
    changes: Sequence[Change],
    cause: Cause,
    all_or_nothing: bool = True,
    turn: Turn | None = None,
    beside: Beside | None = None,
) -> list[Outcome]:
    """Carries out the changes in their order and gives one outcome for each.

    Nothing is committed here. With ``all_or_nothing`` the first batch with a rejection raises Invalid, Forbidden,
    NotFound, Conflict or Refused, with a problem for everything that is wrong, and the caller's transaction has to end;
    otherwise rejected changes come back as ``Rejected`` and the others take place. Raises Forbidden (or Invalid
    ``unknown_object``) where the actor may not do such a thing with the Object at all.

    ``turn`` is waited for when everything is judged and ready to be stored, so that a long run of writes, each in a
    transaction of its own, can make one ready while the one before is being stored. ``beside`` is called with the ids
    of each batch behind what is stored, so that reading it back takes no journey of its own; not for changes that turn
    out to change nothing.
    """
    now, seen = datetime.now(UTC), dict[Any, Any]()
    outcomes: dict[int, Outcome] = {}
    for object_key, part in in_batches(changes):
        for verb in {_VERBS[type(change)] for _, change in part}:
            scope.require(object_key, verb)
        context = WriteContext(tx, scope, scope.snapshot.object(object_key), cause, now, seen, turn, beside)
        batch = Batch(context, part)
        with uncollected(len(part)):
            await _judge(batch)
            if all_or_nothing:
                raise_rejections(batch)
                await _carry_out(batch)
            else:
                await _carry_out_what_can_be(batch)
        outcomes.update(batch.outcomes)
    return [outcomes[position] for position in range(len(changes))]


async def _judge(batch: Batch) -> None:
    """Everything that may speak against a change, before anything is written; all of it is told at once."""
    await load(batch)
    admit_fields(batch)
    parse_values(batch)
    await fill(batch)
    _derive(batch)
    require_fields(batch)
    batch.settle()
    keep_owners(batch)
    check_references(batch.context, batch.candidates)
    for guard in guards():
        guard.ask(batch.context, batch.candidates)
    await check_gates(batch.context, batch.candidates)
    await batch.context.tx.land()
    batch.sift()


async def _carry_out(batch: Batch) -> None:
    """Writes the batch as a whole or raises."""
    try:
        await _put(batch)
    except UniqueViolation as race:
        problem = Problem("not_unique", _RACE, evidence={"constraint": race.diag.constraint_name})
        raise Conflict(_RACE, problems=(problem,)) from race
    batch.sift()
    raise_rejections(batch)
    _note_written(batch)


async def _carry_out_what_can_be(batch: Batch) -> None:
    """Writes what can be written; what turns out to be wrong on the way is undone and left out."""
    while batch.candidates:
        try:
            async with batch.context.tx.savepoint():
                if await _put(batch):
                    raise _OutOfReach
        except _OutOfReach:
            batch.sift()
            continue
        except UniqueViolation:
            # someone else was faster; now that their row is there, the check finds it
            before = len(batch.candidates)
            check_references(batch.context, batch.candidates)
            await batch.context.tx.land()
            batch.sift()
            if len(batch.candidates) == before:
                raise
            continue
        break
    _note_written(batch)


async def _put(batch: Batch) -> bool:
    """Rows, Events and versions, the last look, what guards keep beside: sent together, since none of it waits for an
    answer. True where a row is out of reach."""
    if not batch.candidates:
        return False
    await store(batch)
    confirm_reach(batch)
    for guard in guards():
        await guard.after(batch.context, batch.candidates)
    if batch.context.beside is not None:
        batch.context.beside([one.id for one in batch.candidates])
    await batch.context.tx.land()
    return any(one.problems for one in batch.candidates)


def _derive(batch: Batch) -> None:
    if batch.candidates:
        for guard in guards():
            guard.derive(batch.context, batch.candidates)


def _note_written(batch: Batch) -> None:
    for one in batch.candidates:
        batch.outcomes[one.position] = Written(one.id, one.version + 1)
    if batch.candidates:
        account_for(batch.context, batch.candidates)
        action = str(batch.context.cause.action)
        batch.context.tx.notify({"change": {"object": batch.context.object.key, "action": action}})


class _OutOfReach(Exception):
    """Leaves the savepoint so that the rows written in it are undone."""
