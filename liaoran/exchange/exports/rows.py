"""The rows of an export: the list's own query, page after page, of one moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.query.paths import Path, resolve_path
from liaoran.query.projection import default_select
from liaoran.query.reads import compile_query
from liaoran.query.requests import MAXIMUM_LIMIT, QueryRequest
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Field, Snapshot

RECORD_ID = "id"


class ExportRows:
    """Implements ``query.Rows``: what the actor may export of one Object, and read of all others."""

    def __init__(self, scope: Scope, object_key: str) -> None:
        self._scope = scope
        self._object = object_key

    @property
    def snapshot(self) -> Snapshot:
        """The catalogue at one schema version."""
        return self._scope.snapshot

    @property
    def key(self) -> Hashable:
        """Equal keys compile to equal SQL."""
        return "export", self._object, self._scope.key

    def source(self, object_key: str, verb: str = "read", as_of: bool = False) -> sa.FromClause:
        """The rows of the exported Object that may be exported; other Objects as they are read."""
        return self._scope.source(object_key, "export" if object_key == self._object else verb, as_of)

    def totals_source(self, process: Process) -> sa.FromClause | None:
        """Maintained totals, as the Scope gives them."""
        return self._scope.totals_source(process)

    def field(self, object_key: str, field_key: str) -> Field:
        """The Field, if the actor may see it."""
        return self._scope.field(object_key, field_key)

    def fields(self, object_key: str) -> tuple[Field, ...]:
        """The Fields the actor may see."""
        return self._scope.fields(object_key)

    def params(self) -> dict[str, Any]:
        """The actor's binds."""
        return self._scope.params()


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its path and the Field at the end of it (None for the record's id and for counts)."""

    key: str
    path: Path | None
    field: Field | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What is exported: the columns, and the request whose pages give the rows."""

    object: str
    columns: tuple[ExportColumn, ...]
    request: QueryRequest


def select_columns(scope: Scope, object_key: str, request: QueryRequest) -> Selection:
    """The Selection of a list request. Without ``select`` every visible Field is exported, and the record's id, by
    which an import finds the record again. Raises Forbidden where the actor may not export, Invalid as queries do."""
    scope.require(object_key, "export")
    rows = ExportRows(scope, object_key)
    if request.select is None:
        paths = list(default_select(rows, object_key))
        columns = [ExportColumn(path.text, path, path.field) for path in paths]
        columns.append(ExportColumn(RECORD_ID, None, None))
    else:
        columns = []
        for text in dict.fromkeys(request.select):
            path = None if text == RECORD_ID else resolve_path(rows, object_key, text)
            columns.append(ExportColumn(text, path, path.field if path is not None else None))
    select = tuple(one.key for one in columns if one.key != RECORD_ID)
    asked = request.model_copy(update={"select": select, "limit": MAXIMUM_LIMIT, "cursor": None, "count": True})
    compile_query(rows, object_key, asked)
    return Selection(object_key, tuple(columns), asked)


async def export_pages(
    tx: Transaction, scope: Scope, selection: Selection
) -> AsyncIterator[tuple[int, list[dict[str, Any]]]]:
    """Pages of records with the number of all records, in the order of the list. ``tx`` should see one moment only."""
    rows = ExportRows(scope, selection.object)
    request, total = selection.request, 0
    while True:
        plan = compile_query(rows, selection.object, request)
        answer = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"{}")
        total = answer.get("total", total)
        yield total, answer["records"]
        if answer["next_cursor"] is None:
            return
        request = request.model_copy(update={"cursor": answer["next_cursor"], "count": False})
