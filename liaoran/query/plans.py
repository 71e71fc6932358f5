"""Plan: one compiled statement and the values for this execution; statements are cached by shape, values never."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from liaoran.infra.statements import Statement
from liaoran.query.rows import Rows


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement that yields one row with one JSON column, and the binds to run it with."""

    statement: Statement
    binds: Mapping[str, Any] = field(default_factory=dict)


ValueT = TypeVar("ValueT")


class LeastRecentlyUsed(Generic[ValueT]):
    """A bounded map for compiled things, safe between threads. Two threads may build the same entry; one is kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, ValueT] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, build: Callable[[], ValueT]) -> ValueT:
        """The entry, built if it is not there."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
                return found
        built = build()
        with self._lock:
            self._entries[key] = built
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
        return built

    def __len__(self) -> int:
        return len(self._entries)


_statements: LeastRecentlyUsed[Statement] = LeastRecentlyUsed(2000)


def cached_statement(rows: Rows, shape: Hashable, build: Callable[[], sa.Select[Any]]) -> Statement:
    """The compiled statement for this shape of request as these Rows see it."""
    key = (rows.snapshot.identity, rows.key, shape)
    return _statements.get(key, lambda: Statement(build()))
