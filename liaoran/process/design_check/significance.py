"""Whether a difference is more than chance: shares and durations, plainly.

Nothing here is approximate beyond what the docstrings name, and every function says when its numbers are too small.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST_EXPECTED = 5
"""Cochran's rule: the normal approximation to two proportions holds where every expected count is at least five
(W. G. Cochran, "Some methods for strengthening the common chi-squared tests", Biometrics 10, 1954)."""
LEAST_OF_SHARES = 30
"""How many a side at least for comparing shares."""
LEAST_OF_DURATIONS = 20
"""How many a side at least for the normal approximation to Mann-Whitney's U (E. L. Lehmann, "Nonparametrics", 1975)."""
ALPHA = 0.05
"""A difference counts where chance alone would make one as large in fewer than five of a hundred cases."""
Z95 = 1.959963984540054
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Verdict:
    """``p`` is the two-sided probability of so large a difference by chance; None where the numbers are too small."""

    enough: bool
    p: float | None

    @property
    def differs(self) -> bool:
        """Whether the difference is more than chance."""
        return self.p is not None and self.p < ALPHA


def two_sided(z: float) -> float:
    """The probability that a standard normal variable lies at least ``|z|`` from zero."""
    return math.erfc(abs(z) / math.sqrt(2))


def compare_shares(hits: int, total: int, other_hits: int, other_total: int) -> Verdict:
    """The two-proportion z-test with pooled variance, without continuity correction
    (A. Agresti, "Categorical Data Analysis", 3rd ed., section 3.2.1: ``z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2))``).

    Too small where a side has fewer than ``LEAST_OF_SHARES``, or a cell's expected count is below ``LEAST_EXPECTED``.
    """
    if min(total, other_total) < LEAST_OF_SHARES:
        return Verdict(False, None)
    pooled = (hits + other_hits) / (total + other_total)
    if pooled in (0, 1):
        # Everything, or nothing, on both sides: there is no difference to test, however many there are.
        return Verdict(True, 1.0)
    if min(total, other_total) * min(pooled, 1 - pooled) < LEAST_EXPECTED:
        return Verdict(False, None)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    return Verdict(True, two_sided((hits / total - other_hits / other_total) / deviation))


def interval_of_share(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson, JASA 22, 1927); from 0 to 1 where there is nothing."""
    if total == 0:
        return 0.0, 1.0
    share, square = hits / total, Z95 * Z95 / total
    middle = (share + square / 2) / (1 + square)
    half = Z95 / (1 + square) * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Durations:
    """Many durations as ``(bucket, count, mean)`` in order; a bucket holds durations that are the same to half a
    percent, so that figures over millions stay small."""

    buckets: tuple[tuple[int, int, float], ...] = ()

    @classmethod
    def of(cls, parts: Iterable[tuple[int, int, float]]) -> Durations:
        """From ``(bucket, count, sum)`` in any order; the same bucket may occur several times."""
        added: dict[int, tuple[int, float]] = {}
        for bucket, count, total in parts:
            known = added.get(bucket, (0, 0.0))
            added[bucket] = known[0] + count, known[1] + total
        return cls(tuple((bucket, count, total / count) for bucket, (count, total) in sorted(added.items())))

    @property
    def count(self) -> int:
        """How many."""
        return sum(count for _, count, _ in self.buckets)

    def quantile(self, share: float) -> float | None:
        """The smallest duration that at least ``share`` of all do not exceed; None where there is none."""
        wanted, reached = share * self.count - _ROUNDING, 0
        for _, count, mean in self.buckets:
            reached += count
            if reached >= wanted:
                return mean
        return None


def compare_durations(one: Durations, other: Durations) -> Verdict:
    """Mann and Whitney's U by the normal approximation with mid-ranks, tie correction and continuity correction
    (H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18, 1947; ties: Lehmann, "Nonparametrics", 1975, section 1.4).

    Durations of one bucket count as tied. Too small where a side has fewer than ``LEAST_OF_DURATIONS``.
    """
    n, m = one.count, other.count
    if min(n, m) < LEAST_OF_DURATIONS:
        return Verdict(False, None)
    ranks, ties = _rank_sum(one.buckets, other.buckets)
    total = n + m
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return Verdict(True, 1.0)
    distance = abs(ranks - n * (n + 1) / 2 - n * m / 2)
    return Verdict(True, two_sided(max(0.0, distance - 0.5) / math.sqrt(variance)))


def _rank_sum(one: Sequence[tuple[int, int, float]], other: Sequence[tuple[int, int, float]]) -> tuple[float, int]:
    """The sum of the mid-ranks of ``one`` among both, and the sum of ``t³ - t`` over groups of ties."""
    mine = {bucket: count for bucket, count, _ in one}
    theirs = {bucket: count for bucket, count, _ in other}
    before, ranks, ties = 0, 0.0, 0
    for bucket in sorted(mine.keys() | theirs.keys()):
        tied = mine.get(bucket, 0) + theirs.get(bucket, 0)
        ranks += mine.get(bucket, 0) * (before + (tied + 1) / 2)
        ties += tied**3 - tied
        before += tied
    return ranks, ties
