"""Candidates as JSON rows: columns with their helpers, search words, and what the Event needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liaoran.kernel.ports import Candidate
from liaoran.kernel.values import ValueKind
from liaoran.query.words import words_of
from liaoran.records.context import WriteContext
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.system_fields import WORDS_COLUMN as WORDS


def candidate_rows(context: WriteContext, group: Sequence[Candidate], written: frozenset[str]) -> list[dict[str, Any]]:
    """One JSON object per candidate with the columns ``written`` (by name) and the parts of its Event (prefix
    ``__``)."""
    named = context.stored_fields.get(context.object.name_field)
    label_key = named.key if named is not None and named.kind is ValueKind.TEXT else None
    rows: list[dict[str, Any]] = [
        {
            "__id": one.id,
            "__version": one.version + 1,
            "__at": one.at,
            "__by": one.by,
            # only where somebody else than the writer did it, long ago
            "__actor": None if one.by == context.actor.person else one.by,
            "__by_label": one.by_label,
            "__label": one.new.get(label_key) if label_key else None,
            "__changes": one.changes,
        }
        for one in group
    ]
    for key in sorted({key for one in group for key in one.changes}):
        _put_columns(context, key, group, rows)
    if WORDS in written:
        _put_words(context, group, rows)
    return rows


def searched_fields(context: WriteContext) -> frozenset[str]:
    """Fields whose values the search finds."""
    mark = ("searched", context.object.key)
    found: frozenset[str] | None = context.seen.get(mark)
    if found is None:
        keys = (one.key for one in context.stored_fields.values() if _is_searched(one.type, one))
        found = context.seen[mark] = frozenset(keys)
    return found


def _is_searched(type_key: str, one: Any) -> bool:
    return next(iter(FIELD_TYPES[type_key].words("x", one)), None) is not None


def _put_columns(context: WriteContext, key: str, group: Sequence[Candidate], rows: Sequence[dict[str, Any]]) -> None:
    field = context.stored_fields[key]
    columns = FIELD_TYPES[field.type].store_many([one.new.get(key) for one in group], field)
    for name, values in columns.items():
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name] = value


def _put_words(context: WriteContext, group: Sequence[Candidate], rows: Sequence[dict[str, Any]]) -> None:
    name_field = context.object.name_field
    searched = [(context.stored_fields[key], key) for key in sorted(searched_fields(context))]
    for one, row in zip(group, rows, strict=True):
        lexemes: set[str] = set()
        for field, key in searched:
            value = one.new.get(key)
            if value is not None:
                for text in FIELD_TYPES[field.type].words(value, field):
                    lexemes.update(words_of(text, key == name_field))
        if lexemes:
            row[WORDS] = tsvector_text(lexemes)


def tsvector_text(lexemes: set[str]) -> str:
    """Lexemes in the input syntax of ``tsvector``: each quoted, quotes and backslashes doubled."""
    return " ".join("'" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in lexemes)
