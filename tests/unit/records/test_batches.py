"""Cutting changes into batches, and the garbage collector around large ones."""

from __future__ import annotations

import gc
from uuid import uuid4

import pytest

from liaoran.records.batches import LARGE, LIMIT, in_batches, named_ids, uncollected
from liaoran.records.changes import Change, Create, Delete, Update


def test_batches_keep_the_order_and_hold_one_object_and_each_record_once() -> None:
    one, other = uuid4(), uuid4()
    changes: list[Change] = [
        Create("a", {}),
        Update("a", one, {}),
        Update("a", other, {}),
        Delete("a", one),
        Create("b", {}),
        Create("a", {}, id=one),
    ]
    found = list(in_batches(changes))
    assert [(key, [position for position, _ in part]) for key, part in found] == [
        ("a", [0, 1, 2]),
        ("a", [3]),
        ("b", [4]),
        ("a", [5]),
    ]
    assert named_ids(found[0][1]) == [one, other]
    assert list(in_batches([])) == []


def test_batches_are_of_a_bounded_size() -> None:
    sizes = [len(part) for _, part in in_batches([Create("a", {})] * (2 * LIMIT + 1))]
    assert sizes == [LIMIT, LIMIT, 1]


def test_the_collector_rests_for_large_batches_only_and_always_comes_back() -> None:
    with uncollected(LARGE - 1):
        assert gc.isenabled()
    with pytest.raises(ValueError, match="stop"), uncollected(LARGE):
        assert not gc.isenabled()
        with uncollected(LARGE):
            assert not gc.isenabled()
        raise ValueError("stop")
    assert gc.isenabled()
