"""Whatever stands in a definition, it is read or refused in words: never another error."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.kernel.errors import Invalid
from liaoran.packs.sales.templates import TEMPLATES
from liaoran.process.definition import read_process
from liaoran.schema.process_json import process_from_json, process_to_json
from tests.unit.process.shipped import owner, pipeline, read

DEFINITIONS = [pipeline(), *(one["definition"] for one in TEMPLATES)]
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(
        [
            "won",
            "amount",
            "owner",
            "",
            " ",
            "old.amount",
            "count(task.opportunity)",
            "evidence(file)",
            "x" * 5000,
            "\x00",
        ]
    ),
)
junk = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["key", "label", "field", "op", "value", "who", "zh", "all", "any", "not", "kind", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


def places(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path] + [one for key, each in inner for one in places(each, (*path, key))]


PLACES = [places(one) for one in DEFINITIONS]


@st.composite
def mutated(draw: Any) -> Any:
    """A shipped definition with up to three parts replaced, taken away, doubled or put elsewhere."""
    number = draw(st.integers(0, len(DEFINITIONS) - 1))
    definition = copy.deepcopy(DEFINITIONS[number])
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PLACES[number]))
        what = draw(st.sampled_from(["junk", "junk", "gone", "twice", "elsewhere"]))
        if not path:
            return draw(junk)
        holder = definition
        try:
            for key in path[:-1]:
                holder = holder[key]
            if what == "gone":
                del holder[path[-1]]
            elif what == "twice" and isinstance(holder, list):
                holder.append(copy.deepcopy(holder[path[-1]]))
            elif what == "elsewhere":
                other: Any = DEFINITIONS[number]
                for key in draw(st.sampled_from(PLACES[number])):
                    other = other[key]
                holder[path[-1]] = copy.deepcopy(other)
            else:
                holder[path[-1]] = draw(junk)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has taken the place away
    return definition


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # long definitions where one is told of
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(definition=mutated(), whole=st.booleans())
def test_any_definition_is_read_or_refused_in_words(definition: Any, whole: bool) -> None:
    try:
        process = read(definition) if whole else read_process(definition, owner())
    except Invalid as refused:
        assert refused.message.zh and refused.message.en
        assert "at" in refused.extra
        return
    stored = process_to_json(process)
    assert process_to_json(process_from_json(stored)) == stored
