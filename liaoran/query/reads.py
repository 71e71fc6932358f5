"""What can be read: each function gives a Plan, one statement whose only value is the JSON of the answer.

Run it with ``await tx.fetch_json(plan.statement, plan.binds)`` and pass the bytes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from liaoran.query.aggregates import plan_aggregate
from liaoran.query.boards import plan_board
from liaoran.query.lists import plan_list, plan_record
from liaoran.query.plans import Plan
from liaoran.query.requests import AggregateRequest, BoardRequest, QueryRequest
from liaoran.query.rows import Rows
from liaoran.query.search import plan_search


def compile_query(rows: Rows, object_key: str, request: QueryRequest) -> Plan:
    """A page of records: ``{"records": [{"id", "version", …}], "next_cursor": …, "total"?: …}``.

    Raises Invalid: ``unknown_object``, ``unknown_field``, ``invalid_path``, ``invalid_condition``,
    ``unknown_operator``, ``operator_not_applicable``, ``not_sortable``, ``invalid_cursor``, ``search_in_the_past``.
    """
    return plan_list(rows, object_key, request)


def compile_record(
    rows: Rows,
    object_key: str,
    record_id: UUID,
    *,
    select: Sequence[str] | None = None,
    as_of: datetime | None = None,
    deleted: bool = False,
) -> Plan:
    """One record as a JSON object with ``id``, ``version`` and the paths of ``select`` (left out: every visible Field).

    The statement yields no row where there is no such record for this actor. ``deleted`` reads the recycle bin.
    """
    return plan_record(rows, object_key, record_id, select=select, as_of=as_of, deleted=deleted)


def compile_aggregate(rows: Rows, object_key: str, request: AggregateRequest) -> Plan:
    """Figures per group: ``{"columns": [{"key", "kind", "field", "fn"?}], "rows": [[…]]}``."""
    return plan_aggregate(rows, object_key, request)


def compile_board(rows: Rows, process_key: str, request: BoardRequest) -> Plan:
    """A board: ``{"process", "states": [{"key", "count", "sums", "records", "next_cursor"}]}``, ``sums`` being
    ``{field: {currency: sum}}``.

    ``next_cursor`` continues a query with ``where`` the state and the same sort. Raises NotFound for an unknown
    Process.
    """
    return plan_board(rows, process_key, request)


def compile_search(rows: Rows, q: str, objects: Sequence[str] | None = None, limit: int = 8) -> Plan:
    """Records of all Objects by words, bigrams and pinyin: ``{"groups": [{"object", "records": [{"id", "label",
    "subtitle"}]}]}``, best matches first, at most ``limit`` per Object."""
    return plan_search(rows, q, objects, limit)
