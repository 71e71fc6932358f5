"""The key of each row of a file, and the existing records that have it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.exchange.imports.drafts import Draft, Fingerprints
from liaoran.exchange.imports.lookups import find_by_value
from liaoran.exchange.imports.running import IN_LINE, in_words
from liaoran.exchange.imports.settling import Setup
from liaoran.exchange.mapping.names import RECORD_ID
from liaoran.exchange.readers.table import cell_text
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Text
from liaoran.schema.field_types.base import ColumnParser, ParseContext
from liaoran.schema.registry import FIELD_TYPES

REPEATED = Text("“{value}”在第 {first} 行已经出现过", "“{value}” is already in line {first}")
SEVERAL = Text("“{value}”对应 {count} 条已有记录", "{count} existing records have “{value}”")
NOT_AN_ID = Text("“{value}”不是记录 ID", "“{value}” is not the id of a record")
NO_KEY = Text("用来识别记录的“{column}”为空", "“{column}”, which identifies the record, is empty")


class RowKeys:
    """Gives drafts their keys in file order and remembers in which line each key came first.

    Several chunks may be under way: each call of ``give`` is one, and ``settle`` is called for them in their order.
    """

    def __init__(self) -> None:
        self._lines: dict[Any, int] = {}
        self._fingerprints = Fingerprints()
        self._open: deque[tuple[list[Any], int]] = deque()

    def give(self, setup: Setup, drafts: Sequence[Draft]) -> None:
        """Sets ``key`` of each draft; rows that repeat one, or have none, get a problem."""
        self._open.append(([], len(drafts) if setup.fingerprint else 0))
        if setup.id_index is not None:
            self._give_ids(setup, setup.id_index, drafts)
        one = setup.key_field
        if one is None:
            return
        if setup.fingerprint:
            for draft in drafts:
                draft.key = draft.values[one.key] = self._fingerprints.of(draft.cells)
            return
        parsed = ColumnParser(FIELD_TYPES[one.type], one, ParseContext())(
            [draft.values.get(one.key) for draft in drafts]
        )
        column = setup.column_of.get(one.key)
        for draft, value in zip(drafts, parsed.values, strict=True):
            draft.key = value
            if value is None:
                if not draft.problems:
                    named = NO_KEY.fill(column=column or one.label)
                    draft.problems.append(Problem("no_key", IN_LINE.fill(line=draft.line, message=named), one.key))
                continue
            first = self._first_line(value, draft.line)
            if first != draft.line:
                problem = Problem("repeated_key", REPEATED.fill(value=value, first=first), one.key, {"first": first})
                cell = draft.cells[setup.columns.index(column)] if column is not None else None
                draft.problems.append(in_words(problem, draft.line, column, cell))

    def _give_ids(self, setup: Setup, index: int, drafts: Sequence[Draft]) -> None:
        """Record ids as keys; a row without one is a new record."""
        column = setup.columns[index]
        for draft in drafts:
            text = cell_text(draft.cells[index]).strip()
            if not text:
                continue
            try:
                draft.key = UUID(text)
            except ValueError:
                problem = Problem("not_an_id", NOT_AN_ID.fill(value=text[:80]))
                draft.problems.append(in_words(problem, draft.line, column, text))
                continue
            first = self._first_line(draft.key, draft.line)
            if first != draft.line:
                problem = Problem("repeated_key", REPEATED.fill(value=text, first=first), None, {"first": first})
                draft.problems.append(in_words(problem, draft.line, column, text))

    def _first_line(self, key: Any, line: int) -> int:
        first = self._lines.setdefault(key, line)
        if first == line:
            self._open[-1][0].append(key)
        return first

    def settle(self) -> None:
        """The oldest chunk that is not settled is committed."""
        _, fingerprints = self._open.popleft()
        self._fingerprints.settle(fingerprints)

    def forget(self) -> None:
        """Forgets the keys of all chunks that are not settled, which are tried again."""
        for keys, _ in self._open:
            for key in keys:
                self._lines.pop(key, None)
        self._open.clear()
        self._fingerprints.forget()


async def existing_records(
    tx: Transaction, scope: Scope, setup: Setup, drafts: Sequence[Draft]
) -> dict[Any, list[UUID]]:
    """The visible records that have the keys of the drafts."""
    field = RECORD_ID if setup.id_index is not None else setup.key_field.key if setup.key_field is not None else None
    if field is None:
        return {}
    keys = [draft.key for draft in drafts if draft.key is not None and not draft.problems]
    return await find_by_value(tx, scope, setup.owner.key, field, keys)
