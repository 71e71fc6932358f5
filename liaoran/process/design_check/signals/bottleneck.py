"""Bottleneck: the state that fewest get through, and the one where most are lost (R140, R147, R172)."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.figures import StageFigures, direction
from liaoran.process.design_check.findings import Finding, Moved, Proposal, graded
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.significance import compare_shares, interval_of_share
from liaoran.process.design_check.thresholds import Limits, Threshold, enough

DECISIONS = Text("次有结果的停留", "decided stays")
CERTAIN = 0.01
"""How unlikely by chance: one in a hundred, since the worst of several states is picked."""
NARROW = Text(
    "“{state}”是最窄处：{decided} 次有结果的停留里，{onward} 次（{share}）进入下一步，{lost} 次输掉；"
    "其他阶段合计 {others} 能进入下一步。"
    "95% 区间 {low} 至 {high}。",
    "“{state}” is the narrowest point: of {decided} decided stays {onward} ({share}) went on and {lost} were lost; in the "
    "other stages together {others} go on. 95% interval {low} to {high}.",
)
LARGEST = Text(
    "输单主要发生在“{state}”：全部 {all} 次输单里有 {lost} 次（{share}），该阶段 {decided} 次有结果的停留里 {rate} 输掉。",
    "Most losses happen in “{state}”: {lost} of all {all} ({share}); {rate} of its {decided} decided stays are lost.",
)
QUALIFY = Text(
    "看这些输掉记录的输单原因：若是不该进来的，就在前一阶段加退出条件把它们挡在前面；若是这里没做好，"
    "就为“{state}”加动作、话术和负责人。",
    "Look at why these were lost: if they should never have come here, add an exit condition to the stage before; if the "
    "work here was not good enough, give “{state}” actions, a script and somebody accountable.",
)


class Bottleneck(Signal):
    """Says nothing unless the difference to the other states is too large and too certain to be chance."""

    key = "bottleneck"
    label = Text("瓶颈", "Bottleneck")
    about = Text(
        "转化率明显低于其他阶段，或大部分输单都发生在这里。",
        "A conversion clearly below the other stages, or where most losses happen.",
    )
    order = 40
    thresholds = (
        Threshold(
            "difference",
            Text("转化率比其他阶段低多少", "conversion below the other stages by"),
            "share",
            0.15,
            Text(
                "差几个百分点谁也改变不了什么；低 15 个百分点以上才算瓶颈，并且要在统计上站得住（p < 0.01）。",
                "A few points change nothing; a bottleneck is 15 points below, and certain by the counts (p < 0.01).",
            ),
            most=1,
        ),
        Threshold(
            "loss_share",
            Text("占全部输单的比例", "share of all losses"),
            "share",
            0.6,
            Text(
                "一个阶段独占六成输单，改它比改其他所有阶段都有用。",
                "Where one stage holds six of ten losses, mending it does more than mending all the others.",
            ),
            most=1,
        ),
        enough(30, DECISIONS),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """At most one finding for the narrowest point and one for the largest loss, where that is another state."""
        stages = [one for one in await inquiry.stages() if one.decided >= limits["minimum"]]
        if len(stages) < 2:
            return []
        narrow = _narrowest(inquiry, stages, limits["difference"])
        largest = _largest_loss(inquiry, stages, limits["loss_share"])
        if narrow and largest and narrow.states[0] == largest.states[0]:
            return [narrow]
        return [one for one in (narrow, largest) if one is not None]


def _narrowest(inquiry: Inquiry, stages: Sequence[StageFigures], difference: float) -> Finding | None:
    stage = min(stages, key=lambda one: one.onward / one.decided)
    others = [one for one in stages if one is not stage]
    onward, decided = sum(one.onward for one in others), sum(one.decided for one in others)
    gap = onward / decided - stage.onward / stage.decided
    verdict = compare_shares(stage.onward, stage.decided, onward, decided)
    if gap < difference or verdict.p is None or verdict.p >= CERTAIN:
        return None
    low, high = interval_of_share(stage.onward, stage.decided)
    return Finding(
        states=(stage.state.key,),
        severity=graded(gap, difference),
        sentence=NARROW.fill(
            state=stage.state.label,
            decided=spoken.number(stage.decided),
            onward=spoken.number(stage.onward),
            lost=spoken.number(stage.lost),
            share=spoken.share(stage.onward, stage.decided),
            others=spoken.share(onward, decided),
            low=spoken.share(low, 1),
            high=spoken.share(high, 1),
        ),
        proposal=Proposal(QUALIFY.fill(state=stage.state.label)),
        numbers={
            "decided": stage.decided,
            "onward": stage.onward,
            "lost": stage.lost,
            "conversion": stage.onward / stage.decided,
            "others": onward / decided,
            "low": low,
            "high": high,
            "p": verdict.p,
        },
        behind=_lost_from(inquiry, stage),
        count=stage.lost,
    )


def _largest_loss(inquiry: Inquiry, stages: Sequence[StageFigures], share: float) -> Finding | None:
    stage, total = max(stages, key=lambda one: one.lost), sum(one.lost for one in stages)
    # What stands out also has to lose more of its own than the others do: the first of two stages has most records.
    others_lost, others = total - stage.lost, sum(one.decided for one in stages) - stage.decided
    verdict = compare_shares(stage.lost, stage.decided, others_lost, others)
    worse = stage.lost * others > others_lost * stage.decided
    if not worse or stage.lost < share * total or verdict.p is None or verdict.p >= CERTAIN:
        return None
    return Finding(
        states=(stage.state.key,),
        severity="medium",
        sentence=LARGEST.fill(
            state=stage.state.label,
            all=spoken.number(total),
            lost=spoken.number(stage.lost),
            share=spoken.share(stage.lost, total),
            decided=spoken.number(stage.decided),
            rate=spoken.share(stage.lost, stage.decided),
        ),
        proposal=Proposal(QUALIFY.fill(state=stage.state.label)),
        numbers={"lost": stage.lost, "all_lost": total, "share": stage.lost / total, "decided": stage.decided},
        behind=_lost_from(inquiry, stage),
        count=stage.lost,
        about="loss",
    )


def _lost_from(inquiry: Inquiry, stage: StageFigures) -> Moved:
    ends = [state.key for state in inquiry.process.states if direction(stage.state, state) == "lost"]
    return Moved(tuple((stage.state.key, key) for key in ends))


SIGNAL = Bottleneck()
