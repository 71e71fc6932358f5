"""Searching over all Objects at once: two characters, pinyin initials, a whole name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bench.client import Request
from bench.reads import Read
from bench.world import Role, World
from liaoran.query.words import name_query_of, query_of

LIMIT = 8
CANDIDATES = 100
TERMS = (
    ("search, two characters", "精密"),
    ("search, pinyin initials", "ccjm"),
    ("search, a whole name", "砚帆轻食品"),
)


def _matches(schema: str, table: str, visible: str, word: int) -> str:
    parts = [
        f"(SELECT o.id, o.name, {rank} AS rank FROM {schema}.{table} o "
        f"WHERE o.deleted_at IS NULL AND {visible} AND o.search__words @@ ${bind}::tsquery LIMIT {CANDIDATES})"
        for rank, bind in ((1, word), (2, word + 1))
    ]
    return (
        f"SELECT '{table}' AS object, f.* FROM (SELECT id, name, min(rank) AS rank "
        f"FROM ({' UNION ALL '.join(parts)}) c GROUP BY id, name ORDER BY min(rank), length(name), id DESC "
        f"LIMIT {LIMIT}) f"
    )


def _sql(world: World, role: Role) -> str:
    word = len(role.binds) + 1
    accounts = _matches(world.schema, "r_account", "true", word)
    opportunities = _matches(world.schema, "r_opportunity", role.visible, word)
    return f"SELECT json_agg(row_to_json(m))::text FROM ({accounts} UNION ALL {opportunities}) m"


def _ask(term: str) -> Callable[[Role, int], Request]:
    request = Request("GET", f"/api/v1/search?q={quote(term)}&limit={LIMIT}")
    return lambda _role, _n: request


def _binds(term: str) -> Callable[[Role, int], list[Any]]:
    return lambda role, _n: [*role.binds, name_query_of(term), query_of(term)]


SEARCHES = tuple(Read(name, _ask(term), _sql, _binds(term), grows=False) for name, term in TERMS)
