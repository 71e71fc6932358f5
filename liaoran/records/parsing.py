"""Raw values to canonical ones, one Field after the other for the whole batch."""

from __future__ import annotations

from typing import Any

from liaoran.kernel.events import Door
from liaoran.kernel.ports import Candidate
from liaoran.records.changes import Create, Update
from liaoran.records.context import Batch, WriteContext
from liaoran.schema.field_types.base import ColumnParser, ParseContext
from liaoran.schema.registry import FIELD_TYPES


def parse_values(batch: Batch) -> None:
    """Puts the given values into the candidates' ``new``; what cannot be read becomes a problem of its Field."""
    changes = dict(batch.changes)
    columns: dict[str, tuple[list[Candidate], list[Any]]] = {}
    for candidate in batch.candidates:
        change = changes[candidate.position]
        if not isinstance(change, Create | Update):
            continue
        candidate.given = frozenset(change.values)
        for key, raw in change.values.items():
            column = columns.get(key)
            if column is None:
                column = columns[key] = ([], [])
            column[0].append(candidate)
            column[1].append(raw)
    for key, (candidates, raws) in columns.items():
        _parse_column(batch.context, key, candidates, raws)


def _parse_column(context: WriteContext, key: str, candidates: list[Candidate], raws: list[Any]) -> None:
    parsed = column_parser(context, key)(raws)
    for candidate, value in zip(candidates, parsed.values, strict=True):
        if value is None:
            candidate.new.pop(key, None)
        else:
            candidate.new[key] = value
    for index, problem in parsed.problems:
        candidates[index].problems.append(problem)


def column_parser(context: WriteContext, key: str) -> ColumnParser:
    """The parser of one Field, which remembers what it has read for the rest of the call."""
    mark = ("parser", context.object.key, key)
    found: ColumnParser | None = context.seen.get(mark)
    if found is None:
        one = context.stored_fields[key]
        found = context.seen[mark] = FIELD_TYPES[one.type].column_parser(one, parse_context(context))
    return found


def parse_context(context: WriteContext) -> ParseContext:
    """What reading a value depends on: the actor's zone and language, who "@me" is. Undo may bring retired choices
    back, because it restores what was."""
    actor = context.actor
    return ParseContext(
        zone=actor.zone,
        now=context.cause.at or context.now,
        language=actor.language,
        me=str(actor.person) if actor.person else None,
        my_department=str(actor.department) if actor.department else None,
        allow_retired=context.cause.door is Door.UNDO,
    )
