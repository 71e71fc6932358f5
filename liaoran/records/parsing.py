"""Raw values to canonical ones, one Field after the other for the whole batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liaoran.kernel.events import Door
from liaoran.kernel.ports import Candidate
from liaoran.records.changes import Create, Update
from liaoran.records.context import Batch, WriteContext
from liaoran.schema.field_types.base import ColumnParser, ParseContext
from liaoran.schema.registry import type_of


def parse_values(batch: Batch) -> None:
    """Puts the given values into the candidates' ``new``; what cannot be read becomes a problem of its Field."""
    changes = dict(batch.changes)
    alike: dict[tuple[str, ...], tuple[list[Candidate], list[Mapping[str, Any]]]] = {}
    for candidate in batch.candidates:
        change = changes[candidate.position]
        if isinstance(change, Create | Update):
            group = alike.setdefault(tuple(change.values), ([], []))
            group[0].append(candidate)
            group[1].append(change.values)
    for keys, (candidates, values) in alike.items():
        given = frozenset(keys)
        for candidate in candidates:
            candidate.given = given
        for key in keys:
            _parse_column(batch.context, key, candidates, [one[key] for one in values])


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
        found = context.seen[mark] = type_of(one).column_parser(one, parse_context(context))
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
