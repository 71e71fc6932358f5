"""Measure: one figure before and after, whether the difference is more than chance, and all of it in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.figures import SECONDS_OF_A_DAY
from liaoran.process.design_check.significance import (
    LEAST_EXPECTED,
    LEAST_OF_DURATIONS,
    LEAST_OF_SHARES,
    Durations,
    Verdict,
    compare_durations,
    compare_shares,
    interval_of_share,
)

Outcome = Literal["too_few", "no_difference", "better", "worse"]
CHANGED = Text(
    "{label}从 {before}（{n} 次）变为 {after}（{m} 次），{word}；这样的差别偶然出现的可能性是 {p}。",
    "{label} went from {before} (n = {n}) to {after} (n = {m}), which is {word}; chance alone would make so large a "
    "difference with a probability of {p}.",
)
UNCHANGED = Text(
    "{label}由 {before}（{n} 次）到 {after}（{m} 次），差别可能只是偶然（p = {p}），不能说变了。",
    "{label}: {before} (n = {n}) and {after} (n = {m}); the difference may be chance (p = {p}), so nothing is shown to have "
    "changed.",
)
FEW_SHARES = Text(
    "{label}：样本不够，还不能比较。前后各需至少 {least} 次（现在 {n} 与 {m}），且两种结果各预期至少 {expected} 次。",
    "{label}: too few to compare. Each side needs at least {least} (there are {n} and {m}), and at least {expected} expected "
    "of either outcome.",
)
FEW_DURATIONS = Text(
    "{label}：样本不够，还不能比较。前后各需至少 {least} 次（现在 {n} 与 {m}）。",
    "{label}: too few to compare. Each side needs at least {least} (there are {n} and {m}).",
)
WORDS = {"better": Text("变好了", "better"), "worse": Text("变差了", "worse")}


@dataclass(frozen=True, slots=True)
class Value:
    """One side: the figure (a share, or days), how many it is of, and for shares its 95 % interval."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As the page's table shows it."""
        return {"value": self.value, "n": self.n, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Measure:
    """``unit`` is share or days. ``outcome`` is too_few wherever the counts do not carry a comparison."""

    key: str
    label: Text
    unit: Literal["share", "days"]
    before: Value
    after: Value
    outcome: Outcome
    p: float | None
    sentence: Text

    def to_json(self) -> dict[str, Any]:
        """As the page shows it."""
        return {
            "key": self.key,
            "label": self.label.to_json(),
            "unit": self.unit,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "outcome": self.outcome,
            "p": self.p,
            "sentence": self.sentence.to_json(),
        }


def compare_share(key: str, label: Text, before: tuple[int, int], after: tuple[int, int]) -> Measure:
    """Two shares, each ``(hits, total)``; the higher one is the better one."""
    sides = [_share(*one) for one in (before, after)]
    verdict = compare_shares(*after, *before)
    outcome = _outcome(verdict, higher_is_better=True, sides=sides)
    words = {"least": LEAST_OF_SHARES, "expected": LEAST_EXPECTED}
    shown = [Text(spoken.share(one.value or 0, 1)) for one in sides]
    sentence = _sentence(label, sides, shown, verdict, outcome, FEW_SHARES.fill(label=label, **_counts(sides), **words))
    return Measure(key, label, "share", sides[0], sides[1], outcome, verdict.p, sentence)


def compare_duration(key: str, label: Text, before: Durations, after: Durations) -> Measure:
    """The medians of two sets of durations, judged by all of them; the shorter one is the better one."""
    sides = [_median(one) for one in (before, after)]
    verdict = compare_durations(after, before)
    outcome = _outcome(verdict, higher_is_better=False, sides=sides)
    shown = [spoken.days(one.value or 0) for one in sides]
    few = FEW_DURATIONS.fill(label=label, least=LEAST_OF_DURATIONS, **_counts(sides))
    sentence = _sentence(label, sides, shown, verdict, outcome, few)
    return Measure(key, label, "days", sides[0], sides[1], outcome, verdict.p, sentence)


def _share(hits: int, total: int) -> Value:
    low, high = interval_of_share(hits, total)
    return Value(hits / total if total else None, total, low if total else None, high if total else None)


def _median(durations: Durations) -> Value:
    median = durations.quantile(0.5)
    return Value(None if median is None else median / SECONDS_OF_A_DAY, durations.count)


def _counts(sides: list[Value]) -> dict[str, str]:
    return {"n": spoken.number(sides[0].n), "m": spoken.number(sides[1].n)}


def _outcome(verdict: Verdict, *, higher_is_better: bool, sides: list[Value]) -> Outcome:
    before, after = sides[0].value, sides[1].value
    if not verdict.enough or before is None or after is None:
        return "too_few"
    if not verdict.differs or before == after:
        return "no_difference"
    return "better" if (after > before) is higher_is_better else "worse"


def _sentence(
    label: Text, sides: list[Value], shown: list[Text], verdict: Verdict, outcome: Outcome, few: Text
) -> Text:
    if outcome == "too_few" or verdict.p is None:
        return few
    words = {"label": label, "before": shown[0], "after": shown[1], **_counts(sides), "p": probability(verdict.p)}
    if outcome == "no_difference":
        return UNCHANGED.fill(**words)
    return CHANGED.fill(**words, word=WORDS[outcome])


def probability(p: float) -> str:
    """``0.03``, and ``< 0.001`` for what is smaller."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
