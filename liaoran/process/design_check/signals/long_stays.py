"""Long stays: states in which records stay far longer than was meant, or than in the other states (R93, R141, R170)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.figures import StageFigures, beyond
from liaoran.process.design_check.findings import Finding, Proposal, Stayed, Staying, graded
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.patches import set_in_state
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold, enough

STAYS = Text("次停留", "stays")
OVER = Text(
    "“{state}”的目标是 {limit}以内，{ended} 次结束的停留里有 {over} 次（{share}）超过；中位 {median}，九成在 {p90}以内。现在还有 "
    "{now}超过这个天数没有离开。",
    "“{state}” is meant to take at most {limit}; {over} of {ended} stays that ended took longer ({share}); the median is "
    "{median}, nine of ten took at most {p90}. {now} have been there longer than that now.",
)
SLOW = Text(
    "“{state}”没有目标天数，停留中位 {median}（{ended} 次，九成在 {p90}以内），其他阶段的中位只有 {others}。"
    "现在有 {now}停留超过该阶段九成位。",
    "“{state}” has no target; its median stay is {median} ({ended} stays, nine of ten within {p90}), while the median of "
    "the other stages is {others}. {now} have been there longer than those nine of ten now.",
)
SPLIT = Text(
    "找出超期记录在等什么：把等待的事做成必做动作，缩短跟进间隔；若这里其实是两件事，就拆成两个阶段。"
    "若目标本身不现实，把它改成 {p90}。",
    "Find out what the late records wait for: make it a must-action and shorten the follow-up interval; if two pieces of "
    "work hide here, split the stage. If the target itself is unreal, make it {p90}.",
)
SET = Text(
    "给“{state}”设目标 {median}、最长 {p90}，超期的记录就会被标出来并提醒负责人。",
    "Give “{state}” a target of {median} and a longest stay of {p90}, so that late records are marked and their owners "
    "told.",
)


class LongStays(Signal):
    """Against the state's own target or longest dwell where it has one, else against the other states."""

    key = "long_stays"
    label = Text("停留太久", "Long stays")
    about = Text(
        "停留超过目标天数，或远长于其他阶段。", "Stays beyond the target, or far longer than in the other stages."
    )
    order = 20
    thresholds = (
        Threshold(
            "over_share",
            Text("超过目标天数的比例", "share of stays beyond the target"),
            "share",
            0.3,
            Text(
                "目标应是多数记录做得到的；三成做不到，要么阶段有问题，要么目标有问题。",
                "A target is for what most records can keep; when three in ten miss it, the stage or the target is wrong.",
            ),
            most=1,
        ),
        Threshold(
            "times",
            Text("是其他阶段中位停留的几倍", "times the median stay of the other stages"),
            "times",
            3,
            Text(
                "没有目标时只能与其他阶段比；阶段本来就有长有短，三倍以上才值得看。",
                "Without a target there are only the other stages to compare with; stages differ by nature, so only three "
                "times as long is worth a look.",
            ),
            least=1,
        ),
        Threshold(
            "days",
            Text("没有目标时，中位停留至少", "without a target, a median stay of at least"),
            "days",
            1,
            Text("不到一天的停留没有人在等。", "For less than a day nobody waits."),
        ),
        enough(30, STAYS),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each state in which stays are too long."""
        stages = await inquiry.stages()
        medians = {one.state.key: one.days(0.5) for one in stages if one.dwell.count >= limits["minimum"]}
        found = []
        for stage in stages:
            if stage.state.key not in medians:
                continue
            own_limit = stage.state.target_days or stage.state.maximum_days
            if own_limit is not None:
                found += _against_target(stage, own_limit, limits["over_share"])
            else:
                others = [value for key, value in medians.items() if key != stage.state.key and value is not None]
                found += _against_others(stage, others, limits)
        return found


def _against_target(stage: StageFigures, limit: float, least: float) -> list[Finding]:
    over, ended = beyond(stage.dwell, limit), stage.dwell.count
    if over < least * ended:
        return []
    median, p90, now = stage.days(0.5) or 0, stage.days(0.9) or 0, stage.open_beyond(limit)
    words = {
        "state": stage.state.label,
        "limit": spoken.days(limit),
        "over": spoken.number(over),
        "ended": spoken.number(ended),
        "share": spoken.share(over, ended),
        "median": spoken.days(median),
        "p90": spoken.days(p90),
        "now": spoken.records(now),
    }
    numbers = {
        "limit_days": limit,
        "over": over,
        "ended": ended,
        "share": over / ended,
        "median_days": median,
        "p90_days": p90,
        "open_beyond": now,
    }
    longest, kept = _days_up(p90), stage.state
    patch = [set_in_state(kept.key, "target_days", longest)] if kept.target_days is not None else []
    if kept.maximum_days is None or kept.maximum_days < longest:
        patch.append(set_in_state(kept.key, "maximum_days", longest))
    return [
        Finding(
            states=(stage.state.key,),
            severity=graded(over / ended, least),
            sentence=OVER.fill(**words),
            proposal=Proposal(SPLIT.fill(p90=spoken.days(longest)), patch),
            numbers=numbers,
            behind=Staying(stage.state.key, limit) if now else Stayed(stage.state.key, limit),
            count=now or over,
        )
    ]


def _against_others(stage: StageFigures, others: list[float], limits: Limits) -> list[Finding]:
    median, p90 = stage.days(0.5), stage.days(0.9)
    if len(others) < 2 or median is None or p90 is None:
        return []
    usual = statistics.median(others)
    if median < limits["days"] or median < limits["times"] * usual:
        return []
    now = stage.open_beyond(p90)
    target, longest = _days_up(median), _days_up(p90)
    words = {
        "state": stage.state.label,
        "median": spoken.days(median),
        "p90": spoken.days(p90),
        "ended": spoken.number(stage.dwell.count),
        "others": spoken.days(usual),
        "now": spoken.records(now),
    }
    patch = [
        set_in_state(stage.state.key, "target_days", target),
        set_in_state(stage.state.key, "maximum_days", longest),
    ]
    proposal = SET.fill(state=stage.state.label, median=spoken.days(target), p90=spoken.days(longest))
    return [
        Finding(
            states=(stage.state.key,),
            severity=graded(median, limits["times"] * usual),
            sentence=SLOW.fill(**words),
            proposal=Proposal(proposal, patch),
            numbers={
                "median_days": median,
                "p90_days": p90,
                "ended": stage.dwell.count,
                "others_days": usual,
                "times": median / usual if usual else None,
                "open_beyond": now,
            },
            behind=Staying(stage.state.key, p90) if now else Stayed(stage.state.key, p90),
            count=now or beyond(stage.dwell, p90),
        )
    ]


def _days_up(value: float) -> float:
    """A round figure to set: whole days, below a day two decimals."""
    return math.ceil(value) if value >= 1 else max(0.01, math.ceil(value * 100) / 100)


SIGNAL = LongStays()
