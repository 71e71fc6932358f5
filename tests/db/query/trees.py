"""Random Conditions over the random records."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.db.query.data import DAYS, KINDS, NUMBERS, PLACES, WORDS, moment

ORDER = ("gt", "gte", "lt", "lte")
PLAIN_PERIODS = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
    "before_today", "after_today",
)  # fmt: skip
COUNTED = ("last_days", "next_days", "older_than_days", "last_working_days", "next_working_days")


COUNT = "company.count(deal.company)"


def _day_text() -> st.SearchStrategy[str]:
    return st.sampled_from(DAYS).map(date.isoformat)


def _instant_text() -> st.SearchStrategy[str]:
    return st.one_of(_day_text(), st.integers(0, 10_000).map(lambda seed: moment(random.Random(seed))))


def _values(path: str, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    match KINDS[path]:
        case "text":
            return st.sampled_from([*WORDS, "不存在"])
        case "number":
            return st.sampled_from([*NUMBERS, 3])
        case "choice" if path == "currency":
            return st.sampled_from(["CNY", "USD", "EUR"])
        case "choice":
            return st.sampled_from(["new", "talk", "won"] if path == "stage" else ["factory", "bank"])
        case "region":
            return st.sampled_from(PLACES)
        case "date":
            return _day_text()
        case "instant":
            return _instant_text()
        case "boolean":
            return st.booleans()
        case _:
            return _link_values(path, ids)


def _link_values(path: str, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    target = {"company": "company", "owner": "person"}.get(path, "department")
    special = {"person": ["@me"], "department": ["@my_department"], "company": []}[target]
    return st.sampled_from([*ids[target][:6], *special])


@st.composite
def leaves(draw: st.DrawFn, ids: dict[str, list[str]], *, inner: bool = False) -> dict[str, Any]:
    path = draw(st.sampled_from(sorted(KINDS)))
    kind, value = KINDS[path], _values(path, ids)
    none = st.just(None)
    possible: list[tuple[str, st.SearchStrategy[Any]]] = [("empty", none), ("not_empty", none)]
    if kind == "choices":
        listed = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)
        possible += [("has_any", listed), ("has_all", listed), ("has_none", listed)]
    else:
        possible += [("eq", value), ("ne", value), ("eq", none), ("ne", none)]
    if kind not in ("choices", "boolean", "instant"):
        listed = st.lists(st.one_of(none, value), max_size=4)
        possible += [("in", listed), ("not_in", listed)]
    if kind in ("number", "date", "instant"):
        possible += [(op, value) for op in ORDER]
        possible.append(("between", st.tuples(value, st.one_of(none, value)).map(list)))
        possible.append(("between", st.tuples(none, value).map(list)))
    if kind == "text":
        piece = st.sampled_from(["宝", "信软", "ALPHA", "%", "_", "\\", "a", "软件"])
        possible += [(op, piece) for op in ("contains", "not_contains", "starts_with", "ends_with")]
    if kind == "boolean":
        possible += [("is_true", none), ("is_false", none)]
    if kind in ("date", "instant"):
        possible += [(op, none) for op in PLAIN_PERIODS]
        possible += [(op, st.integers(1, 40)) for op in COUNTED]
    if kind == "region" or path in ("department", "owner.department"):
        possible.append(("under", value))
    if path == "owner":
        possible.append(("is_me", none))
    if path in ("department", "owner.department"):
        possible.append(("is_my_department", none))
    if path == COUNT and not inner:
        within = st.one_of(none, trees(ids, inner=True))
        possible = [("has", within), ("has_no", within), ("gt", value)]
    op, strategy = draw(st.sampled_from(possible))
    return {"field": path, "op": op, "value": draw(strategy)}


def trees(ids: dict[str, list[str]], *, inner: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        leaves(ids, inner=inner),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=8,
    ).filter(lambda tree: _depth(tree) <= 8)


def _depth(tree: dict[str, Any]) -> int:
    parts = tree.get("all") or tree.get("any") or ([tree["not"]] if "not" in tree else [])
    return 1 + max(map(_depth, parts), default=0)
