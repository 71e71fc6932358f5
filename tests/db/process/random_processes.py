"""Random Processes over deals for property tests, as definition JSON. People and companies stand in them by name, for
``named`` to put their ids in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.db.process.gate_oracle import ENTRY_FIELDS

KINDS = ("forward", "skip", "back", "reopen", "win", "lose")
STAGES = ("s1", "s2", "s3", "s4", "s5", "won", "lost")
VALUES: dict[str, list[Any]] = {
    "amount": [None, 5, 100, 250],
    "note": [None, " ", "seen", "see more"],
    "company": [None, "first", "second"],
    "tags": [None, ["price"], ["price", "trust"]],
    "closed_on": [None, "2026-01-05", "2026-06-30"],
}


def _leaf(field: str, op: str, *values: Any) -> st.SearchStrategy[dict[str, Any]]:
    if not values:
        return st.just({"field": field, "op": op})
    return st.sampled_from(values).map(lambda value: {"field": field, "op": op, "value": value})


_WITH_MINUTES = {"field": "minutes", "op": "is_true"}
leaves = st.one_of(
    _leaf("amount", "gte", 5, 100),
    _leaf("amount", "lt", 100),
    _leaf("amount", "changed"),
    _leaf("note", "contains", "see", "more"),
    _leaf("note", "not_empty"),
    _leaf("company", "not_empty"),
    _leaf("company", "eq", "first"),
    _leaf("company.code", "eq", "A"),
    _leaf("tags", "has_any", ["trust"], ["price", "trust"]),
    _leaf("tags", "has_all", ["price", "trust"]),
    _leaf("tags", "has_none", ["trust"]),
    _leaf("closed_on", "gte", "2026-03-01"),
    _leaf("status", "eq", "open", "won"),
    _leaf("owner", "is_me"),
    _leaf("old.amount", "gte", 100),
    _leaf("old.note", "not_empty"),
    _leaf("old.tags", "has_any", ["price"]),
    _leaf("old.stage", "eq", "won", "lost"),
    _leaf("old.company.code", "eq", "A"),
    _leaf("count(meeting.deal)", "has", None, _WITH_MINUTES),
    _leaf("count(meeting.deal)", "has_no", None, _WITH_MINUTES),
    _leaf("count(meeting.deal)", "gte", 1),
    _leaf("evidence(tasks)", "has", None, {"action": "one"}),
    _leaf("evidence(tasks)", "has_no", None),
)
conditions = st.one_of(
    leaves,
    leaves,
    leaves,
    leaves.map(lambda one: {"not": one}),
    st.tuples(st.sampled_from(["any", "all"]), st.lists(leaves, min_size=2, max_size=2)).map(
        lambda drawn: {drawn[0]: drawn[1]}
    ),
)
who = st.sampled_from(
    [
        {"who": "owner"},
        {"who": "actor"},
        {"who": "manager"},
        {"who": "role", "role": "presales"},
        {"who": "role", "role": "boss"},
        {"who": "person", "person": "ann"},
        {"who": "person", "person": "lee"},
    ]
)
changes = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()})
FULL = {"amount": 100, "note": "see more", "company": "first", "tags": ["price", "trust"], "closed_on": "2026-06-30"}
given_values = st.one_of(changes, st.just({}), st.just(FULL))


def _rarely(draw: Any, strategy: st.SearchStrategy[Any], empty: Any, often: int = 3) -> Any:
    return draw(strategy) if draw(st.integers(0, 9)) < often else empty


def _checks(draw: Any, most: int, *, often: int = 3, always: bool = False) -> list[dict[str, Any]]:
    found = _rarely(draw, st.lists(conditions, min_size=1, max_size=most), [], often)
    return [
        {
            "label": {"zh": "条件", "en": "Check"},
            "condition": one,
            **({"always": draw(st.booleans())} if always else {}),
        }
        for one in found
    ]


def _state(draw: Any, key: str) -> dict[str, Any]:
    kind = key if key in ("won", "lost") else "open"
    state: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "label": {"won": {"zh": "赢单", "en": "Won"}, "lost": {"zh": "输单", "en": "Lost"}}.get(
            key, {"zh": f"第{key}步", "en": f"Step {key}"}
        ),
        "required": sorted(_rarely(draw, st.sets(st.sampled_from(ENTRY_FIELDS), min_size=1, max_size=2), set(), 2)),
        "entry": _checks(draw, 1),
        "exit": _checks(draw, 2, often=4, always=True),
        "on_leave": draw(st.sampled_from(["close", "carry"])),
    }
    actions = _rarely(draw, st.lists(st.tuples(who, st.booleans()), min_size=1, max_size=2), [], 5)
    state["actions"] = [
        {"key": name, "label": {"zh": name, "en": name}, "who": person, "must": must}
        for name, (person, must) in zip(("one", "two"), actions, strict=False)
    ]
    hand_over = _rarely(draw, who, None, 2)
    return {**state, "hand_over": hand_over} if hand_over else state


def _move(draw: Any, source: str | None, to: str) -> dict[str, Any]:
    return {
        "key": f"{source or 'any'}_to_{to}",
        "from": source,
        "to": to,
        "required": sorted(_rarely(draw, st.sets(st.sampled_from(ENTRY_FIELDS), min_size=1, max_size=2), set(), 2)),
        "who": _rarely(draw, st.lists(who, min_size=1, max_size=2), [], 2),
        "conditions": _checks(draw, 1, often=2),
        "comment": draw(st.sampled_from([False, False, True])),
        "set": _rarely(draw, changes, {}),
    }


def _reached(states: list[str], moves: list[tuple[str | None, str]]) -> set[str]:
    reached, waiting = {states[0]}, [states[0]]
    while waiting:
        here = waiting.pop()
        further = {to for source, to in moves if source in (None, here)}
        waiting += further - reached
        reached |= further
    return reached


@st.composite
def processes(draw: Any) -> dict[str, Any]:
    """A Process that can be published: every state is reached. Keys of Conditions say where they stand."""
    states = [f"s{number}" for number in range(1, draw(st.integers(2, 5)) + 1)] + ["won", "lost"]
    ways = st.tuples(st.sampled_from([None, *states]), st.sampled_from(states)).filter(lambda way: way[0] != way[1])
    listed = draw(st.one_of(st.just([]), st.lists(ways, min_size=4, max_size=12, unique=True)))
    if listed:
        while missing := [one for one in states if one not in _reached(states, listed)]:
            listed.append((None, missing[0]))
    definition = {
        "key": "walk",
        "object": "deal",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "随机流程", "en": "A walk"},
        "is_default": True,
        "sum_field": "amount",
        "derived": {"status": {"open": "open", "won": "won", "lost": "lost"}},
        "minimum": sorted(_rarely(draw, st.sets(st.sampled_from(["company", "note"]), min_size=1), set(), 1)),
        "comment_on": sorted(_rarely(draw, st.sets(st.sampled_from(KINDS), min_size=1, max_size=3), set())),
        "forbid": sorted(_rarely(draw, st.sets(st.sampled_from(KINDS), min_size=1, max_size=2), set(), 2)),
        "states": [_state(draw, key) for key in states],
        "transitions": [_move(draw, source, to) for source, to in listed],
    }
    for place, part in [(one["key"], one) for one in (*definition["states"], *definition["transitions"])]:
        for name in ("entry", "exit", "conditions"):
            for index, check in enumerate(part.get(name, ())):
                check["key"] = f"{place}_{name}_{index}"
    return definition


def named(part: Any, ids: dict[str, UUID]) -> Any:
    """The same with ids in the places of names of people and companies."""
    if isinstance(part, list):
        return [named(one, ids) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: named(one, ids) for key, one in part.items()}
    for key in ("person", "company"):
        if found.get(key) in ids:
            found[key] = str(ids[found[key]])
    if found.get("field") in ("company", "old.company") and found.get("value") in ids:
        found["value"] = str(ids[found["value"]])
    return found
