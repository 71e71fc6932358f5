"""Missing conditions: states of which the definition does not say when they begin, when they are done, or how (R171)."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.demands import has_entry, has_exit
from liaoran.process.design_check.figures import StageFigures
from liaoran.process.design_check.findings import Finding, Proposal, Within
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold
from liaoran.schema.processes import State

PARTS = {
    "exit": Text("退出条件", "no exit condition"),
    "entry": Text("进入条件或必填字段", "no entry condition or required field"),
    "guidance": Text("指引", "no guidance"),
}
SENTENCE = Text(
    "{states}没有{missing}（现在有 {records}在这里，这段时间进入 {entered} 次）。",
    "{states}: {missing} ({records} there now, {entered} entries in the period).",
)
CONDITIONS = Text(
    "写下一句“做到什么才算完成”，并把它变成退出条件：一个必填字段、一份文件或一个必做动作都可以。"
    "写不出来的阶段，多半应与相邻"
    "阶段合并。",
    "Write down in one sentence what counts as done, and make it the exit condition: a required field, a "
    "document or a must-action. A stage for which no such sentence can be found most likely belongs to its neighbour.",
)
WORDS = Text(
    "在指引里写清：为什么、怎么做、做到什么算完成。",
    "Say in the guidance why it comes, how it is done, and what counts as done.",
)


class MissingConditions(Signal):
    """Asked of the definition; how many records it concerns comes from the visits."""

    key = "missing_conditions"
    label = Text("条件不清", "Missing conditions")
    about = Text(
        "阶段没有写明进入条件、退出条件或指引。", "The stage does not say when it begins, when it is done, or how."
    )
    order = 30
    thresholds = (
        Threshold(
            "states",
            Text("进行中的阶段至少几个才检查", "open stages from which on it is checked"),
            "count",
            2,
            Text(
                "只有一个进行中的阶段时，没有什么要分界的。",
                "With one open stage only there is no border to be drawn.",
            ),
            least=1,
        ),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for all open states that lack the same."""
        if len(inquiry.open_states) < limits["states"]:
            return []
        alike: dict[tuple[str, ...], list[StageFigures]] = {}
        for stage in await inquiry.stages():
            if missing := _missing(inquiry, stage.state):
                alike.setdefault(missing, []).append(stage)
        return [_finding(missing, stages) for missing, stages in alike.items()]


def _finding(missing: tuple[str, ...], stages: Sequence[StageFigures]) -> Finding:
    open_now, entered = sum(one.ages.count for one in stages), sum(one.entered for one in stages)
    only_words = missing == ("guidance",)
    keys = tuple(one.state.key for one in stages)
    quoted = [Text("“{state}”", "“{state}”").fill(state=one.state.label) for one in stages]
    return Finding(
        states=keys,
        severity="high" if {"exit", "entry"} <= set(missing) else "low" if only_words else "medium",
        sentence=SENTENCE.fill(
            states=spoken.listed(quoted),
            missing=spoken.listed([PARTS[part] for part in missing]),
            records=spoken.records(open_now),
            entered=spoken.number(entered),
        ),
        proposal=Proposal(WORDS if only_words else CONDITIONS),
        numbers={"states": len(stages), "open": open_now, "entered": entered, "missing": " ".join(missing)},
        behind=Within(keys),
        count=open_now,
    )


def _missing(inquiry: Inquiry, state: State) -> tuple[str, ...]:
    process = inquiry.process
    stated = {
        "exit": has_exit(process, state),
        "entry": has_entry(process, state),
        "guidance": any(state.guidance.values()),
    }
    return tuple(part for part, there in stated.items() if not there)


SIGNAL = MissingConditions()
