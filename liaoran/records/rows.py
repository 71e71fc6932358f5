"""Candidates as JSON rows: columns with their helpers, search words, and what the Event needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from liaoran.kernel.ports import Candidate
from liaoran.query.words import words_of
from liaoran.records.context import WriteContext
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field
from liaoran.schema.system_fields import WORDS_COLUMN

LEXEME_END = " "
"""Between the lexemes of a record; lexemes are runs of letters and digits and hold no blank themselves."""
MOST_BYTES = 900_000
"""PostgreSQL takes search vectors of at most 1 MiB."""


def candidate_rows(context: WriteContext, group: Sequence[Candidate], written: frozenset[str]) -> list[dict[str, Any]]:
    """One JSON object per candidate with the columns ``written`` (by name) and the parts of its Event (prefix
    ``__``)."""
    rows = _event_parts(context, group)
    for key, field in context.stored_fields.items():
        if key not in written:
            continue
        if len(context.shape.columns[key]) == 1:
            for one, row in zip(group, rows, strict=True):
                if key in one.new:
                    row[key] = one.new[key]
        else:
            _put_with_helpers(field, group, rows)
    if WORDS_COLUMN in written:
        _put_words(context, group, rows)
    return rows


def _event_parts(context: WriteContext, group: Sequence[Candidate]) -> list[dict[str, Any]]:
    label = context.shape.label or ""
    writer = context.actor.person
    return [
        {
            "__id": one.id,
            "__version": one.version + 1,
            "__at": one.at,
            "__by": one.by,
            # only where somebody else than the writer did it, long ago
            "__actor": None if one.by == writer else one.by,
            "__by_label": one.by_label,
            "__label": one.new.get(label),
            "__changes": _changes_text(one),
        }
        for one in group
    ]


def _changes_text(one: Candidate) -> str:
    """The Event's changes as text: PostgreSQL reads JSON within JSON at several times the cost."""
    changes = one.changes if one.old is not None else {key: (None, value) for key, value in one.new.items()}
    return orjson.dumps(changes).decode()


def _put_with_helpers(field: Field, group: Sequence[Candidate], rows: Sequence[dict[str, Any]]) -> None:
    """Helper columns (sort keys) are worked out once for each different value."""
    values = [one.new.get(field.key) for one in group]
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    for name, stored in type_of(field).store_many(list(places), field).items():
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name] = stored[places[value]]


def _put_words(context: WriteContext, group: Sequence[Candidate], rows: Sequence[dict[str, Any]]) -> None:
    for row, lexemes in zip(rows, record_words(context, [one.new for one in group]), strict=True):
        if lexemes:
            row[WORDS_COLUMN] = lexemes


def record_words(context: WriteContext, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """The lexemes of each record, given by its canonical values, parted by ``LEXEME_END``."""
    name_field = context.object.name_field
    present = {key for one in records for key in one}
    searched = [field for field in context.shape.searched if field.key in present]
    columns = [(type_of(field), field, field.key, field.key == name_field) for field in searched]
    return [
        bounded(
            LEXEME_END.join(
                [
                    lexemes
                    for kind, field, key, is_name in columns
                    if (value := one.get(key)) is not None
                    for text in kind.words(value, field)
                    if (lexemes := LEXEME_END.join(words_of(text, True)) if is_name else _lexemes(text))
                ]
            )
        )
        for one in records
    ]


def bounded(lexemes: str) -> str:
    """As many lexemes, parted by ``LEXEME_END``, as fit into a search vector; only very many long texts hold more."""
    if len(lexemes) * 4 <= MOST_BYTES:
        return lexemes
    kept, size = [], 0
    for lexeme in dict.fromkeys(lexemes.split(LEXEME_END)):
        # an entry of four bytes for each, beside the text itself
        size += len(lexeme.encode()) + 4
        if size > MOST_BYTES:
            break
        kept.append(lexeme)
    return LEXEME_END.join(kept)


@lru_cache(maxsize=2000)
def _lexemes(text: str) -> str:
    """Kept for texts that many records share; names are hardly ever the same."""
    return LEXEME_END.join(words_of(text))
