"""Wordings: values of one record as people write them, to be put into a text."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from liaoran.kernel.text import Language
from liaoran.query.compilation import Compilation, Row
from liaoran.query.display import field_as_text, json_array
from liaoran.query.paths import Path
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field


def compile_wordings(
    rows: Rows, object_key: str, record: UUID, paths: Sequence[Path], languages: Sequence[Language]
) -> Plan:
    """For each path a list with its value in each language (null where it is empty), as one JSON list; no row where
    there is no such record for this actor. The paths end in Fields, and there are at most 100 of them."""
    shape = ("wordings", object_key, tuple(one.text for one in paths), tuple(languages))

    def build(compilation: Compilation) -> sa.Select[sa.JSON]:
        row = Row(compilation, object_key, compilation.source(object_key))
        values = [json_array(*(_worded(row, path, language) for language in languages)) for path in paths]
        chosen = row.column("id") == sa.bindparam("record", type_=sa.Uuid)
        return sa.select(json_array(*values)).select_from(row.from_clause()).where(chosen)

    return make_plan(rows, rows.params(), shape, {"record": record}, build)


def _worded(row: Row, path: Path, language: Language) -> sa.ColumnElement[str]:
    if not isinstance(path.end, Field):
        raise TypeError("a path that ends in a Field")
    return field_as_text(row.at(path), path.end, language)
