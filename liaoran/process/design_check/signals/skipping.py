"""Skipping: states that nearly everybody skips, and states that nobody skips because nothing happens in them."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.figures import Flows, StageFigures, leads_past
from liaoran.process.design_check.findings import Finding, Moved, Proposal, graded
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.patches import merge
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold, enough
from liaoran.schema.processes import State

PASSAGES = Text("次经过", "passages")
PASSED_BY = Text(
    "{passages} 次经过“{state}”的位置，{skipped} 次（{share}）直接跳了过去，只有 {entered} 次真正进入。",
    "Of {passages} passages at “{state}”, {skipped} ({share}) skipped it; only {entered} came in.",
)
PASSED_THROUGH = Text(
    "“{state}”没人跳过，也没人在这里停下：{ended} 次停留里 {onward} 次（{share}）进入下一步，"
    "中位停留只有 {median}。这里没有做出任何判断。",
    "Nobody skips “{state}”, and nobody is stopped there: {onward} of {ended} stays ({share}) went on, after a median of "
    "only {median}. Nothing is decided here.",
)
HARDLY = 0.02
"""States that fewer than this share of the passages enter are what the signal ``hardly_used`` is about."""
MERGE = Text(
    "把“{state}”并入“{into}”，流程少一步，统计通过映射保持可比。",
    "Merge “{state}” into “{into}”: one step less, and the statistics stay comparable through the mapping.",
)


class Skipping(Signal):
    """A state is skipped by a move from before it to after it; whoever is lost on the way skips nothing."""

    key = "skipping"
    label = Text("被跳过或走过场", "Skipped, or passed through")
    about = Text(
        "几乎人人跳过的阶段，以及没人跳过却什么也没发生的阶段。",
        "Stages that nearly everybody skips, and stages that nobody skips though nothing happens there.",
    )
    order = 50
    thresholds = (
        Threshold(
            "share",
            Text("跳过的比例", "share that skips"),
            "share",
            0.8,
            Text(
                "五次里有四次不走的一步不是流程，是例外。",
                "A step that four of five leave out is an exception, not the process.",
            ),
            most=1,
        ),
        Threshold(
            "passing_days",
            Text("走过场：中位停留不超过", "passed through: median stay of at most"),
            "days",
            0.05,
            Text(
                "约一小时：比这更短，说明人们是连着点了两下。",
                "About an hour: what is shorter is two clicks in a row.",
            ),
        ),
        Threshold(
            "passing_share",
            Text("走过场：进入下一步的比例", "passed through: share that goes on"),
            "share",
            0.98,
            Text(
                "几乎没有一条在这里被拦下或输掉。",
                "Next to none is stopped or lost here.",
            ),
            most=1,
        ),
        enough(30, PASSAGES),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each open state but the first that is skipped or passed through."""
        flows = await inquiry.flows()
        stages = await inquiry.stages()
        found = []
        for stage in stages[1:]:
            passages = stage.entered + stage.skipped
            if passages < limits["minimum"]:
                continue
            neighbour = _neighbour(inquiry, stage.state)
            if stage.skipped >= limits["share"] * passages and stage.entered >= HARDLY * passages:
                found.append(_passed_by(inquiry, stage, flows, neighbour, limits["share"]))
            elif stage.ended >= limits["minimum"] and _is_passed_through(stage, limits):
                found.append(_passed_through(stage, flows, neighbour))
        return found


def _neighbour(inquiry: Inquiry, state: State) -> State:
    """The open state after it, or before it where it is the last."""
    place = inquiry.open_states.index(state)
    return inquiry.open_states[place + 1 if place + 1 < len(inquiry.open_states) else place - 1]


def _is_passed_through(stage: StageFigures, limits: Limits) -> bool:
    median = stage.days(0.5)
    goes_on = stage.onward >= limits["passing_share"] * stage.ended
    return stage.skipped == 0 and goes_on and median is not None and median <= limits["passing_days"]


def _passed_by(inquiry: Inquiry, stage: StageFigures, flows: Flows, into: State, limit: float) -> Finding:
    state, passages = stage.state, stage.entered + stage.skipped
    share = stage.skipped / passages
    return Finding(
        states=(state.key, into.key),
        severity=graded(share - limit, (1 - limit) / 2, high=1) if limit < 1 else "high",
        sentence=PASSED_BY.fill(
            state=state.label,
            passages=spoken.number(passages),
            skipped=spoken.number(stage.skipped),
            share=spoken.share(stage.skipped, passages),
            entered=spoken.number(stage.entered),
        ),
        proposal=Proposal(MERGE.fill(state=state.label, into=into.label), [merge(state.key, into.key)]),
        numbers={"passages": passages, "skipped": stage.skipped, "share": share, "entered": stage.entered},
        behind=Moved(flows.pairs(lambda source, to: leads_past(inquiry.process, state, source, to))),
        count=stage.skipped,
        about="skipped",
    )


def _passed_through(stage: StageFigures, flows: Flows, into: State) -> Finding:
    median = stage.days(0.5) or 0
    return Finding(
        states=(stage.state.key, into.key),
        severity="low",
        sentence=PASSED_THROUGH.fill(
            state=stage.state.label,
            ended=spoken.number(stage.ended),
            onward=spoken.number(stage.onward),
            share=spoken.share(stage.onward, stage.ended),
            median=spoken.days(median),
        ),
        proposal=Proposal(MERGE.fill(state=stage.state.label, into=into.label), [merge(stage.state.key, into.key)]),
        numbers={
            "ended": stage.ended,
            "onward": stage.onward,
            "share": stage.onward / stage.ended,
            "median_days": median,
        },
        behind=Moved(flows.pairs(lambda _, to: to == stage.state.key)),
        count=stage.ended,
        about="passed_through",
    )


SIGNAL = Skipping()
