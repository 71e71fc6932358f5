"""Shares and durations against plain computations that owe nothing to the code under test."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.process.design_check.significance import (
    Durations,
    compare_durations,
    compare_shares,
    interval_of_share,
    two_sided,
)

values = st.lists(st.integers(0, 30), min_size=20, max_size=60)


def durations(numbers: list[int]) -> Durations:
    return Durations.of((number, 1, float(number)) for number in numbers)


def test_the_normal_distribution() -> None:
    assert two_sided(1.959963984540054) == pytest.approx(0.05)
    assert two_sided(-2.5758293035489004) == pytest.approx(0.01)
    assert two_sided(0) == 1


def test_two_proportions_as_the_chi_square_of_the_table() -> None:
    """Physicians' Health Study (Agresti, table 2.3): 189 of 11,034 against 104 of 11,037, chi-square 25.01."""
    verdict = compare_shares(189, 11034, 104, 11037)
    table = [[189, 11034 - 189], [104, 11037 - 104]]
    total = sum(map(sum, table))
    chi = sum(
        (table[i][j] - sum(table[i]) * (table[0][j] + table[1][j]) / total) ** 2
        / (sum(table[i]) * (table[0][j] + table[1][j]) / total)
        for i, j in product((0, 1), repeat=2)
    )
    assert chi == pytest.approx(25.01, abs=0.01)
    assert verdict.p == pytest.approx(math.erfc(math.sqrt(chi / 2)))
    assert verdict.differs


@pytest.mark.parametrize(
    ("sides", "enough"),
    [
        ((10, 29, 10, 300), False),
        ((10, 30, 10, 30), True),
        ((1, 100, 1, 100), False),
        ((5, 100, 5, 100), True),
        ((0, 100, 0, 100), True),
        ((100, 100, 100, 100), True),
        ((0, 0, 0, 0), False),
    ],
)
def test_small_numbers_are_said_to_be_small(sides: tuple[int, int, int, int], enough: bool) -> None:
    verdict = compare_shares(*sides)
    assert verdict.enough is enough
    assert (verdict.p is None) is not enough
    assert not verdict.differs


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilson_holds_the_share_and_solves_its_equation(hits: int, misses: int) -> None:
    total = hits + misses
    low, high = interval_of_share(hits, total)
    if total == 0:
        assert (low, high) == (0, 1)
        return
    share = hits / total
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    for end in (low, high):
        if 1e-9 < end < 1 - 1e-9:
            assert abs(share - end) / math.sqrt(end * (1 - end) / total) == pytest.approx(1.959963984540054)


@given(values, values)
def test_mann_whitney_by_counting_pairs(one: list[int], other: list[int]) -> None:
    u = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in product(one, other))
    n, m = len(one), len(other)
    both = one + other
    ties = sum(both.count(value) ** 3 - both.count(value) for value in set(both))
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    verdict = compare_durations(durations(one), durations(other))
    if variance <= 1e-9:
        assert verdict.p == 1
        return
    expected = two_sided(max(0.0, abs(u - n * m / 2) - 0.5) / math.sqrt(variance))
    assert verdict.p == pytest.approx(expected)


def test_few_durations_are_said_to_be_few() -> None:
    assert not compare_durations(durations([1] * 19), durations([2] * 500)).enough
    assert compare_durations(durations([1] * 20), durations([2] * 20)).differs


@given(values, st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_quantiles_are_those_of_the_sorted_list(numbers: list[int], share: float) -> None:
    ordered = sorted(numbers)
    assert durations(numbers).quantile(share) == ordered[math.ceil(share * len(ordered) - 1e-6) - 1]
