"""Abandoned: states in which records come to rest and are never moved again."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.figures import StageFigures
from liaoran.process.design_check.findings import Finding, Proposal, Staying, graded
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.patches import set_in_state
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold, enough

OPEN = Text("条在该阶段的记录", "records in the stage")
RESTING = Text(
    "“{state}”现在有 {open}，其中 {resting} 条（{share}）已停了 {limit}以上；离开过的记录九成在 {p90}以内就离开了，"
    "停这么久的几乎不会再动。",
    "{open} are in “{state}” now; {resting} of them ({share}) have been there for over {limit}. Of those that ever left, "
    "nine of ten did so within {p90}: what rests so long hardly ever moves again.",
)
END = Text(
    "“{state}”现在有 {open}，其中 {resting} 条停了 {limit}以上，而这段时间没有一条离开：它实际上是一个终点。",
    "{open} are in “{state}” now, {resting} of them for over {limit}, and none left it in the period: in truth it is an end.",
)
CLOSE = Text(
    "逐条问一句“还做不做”：不做的以“无决定”输单关闭。给“{state}”设最长停留 {longest}，到期提醒负责人并上报。",
    "Ask of each whether it still lives, and close the others as lost for “no decision”. Set a longest stay of {longest} "
    "for “{state}”, after which the owner is reminded and the manager told.",
)
KIND = Text(
    "把“{state}”的类型改为“输单”或“其他”（若是成交则为“赢单”），这些记录就不再算作在途。",
    "Make “{state}” a stage of the kind lost or other (or won, if that is what it means), so that these records no longer "
    "count as under way.",
)


class Abandoned(Signal):
    """Rest is measured by how long those stayed that ever left: three times as long as nine of ten of them."""

    key = "abandoned"
    label = Text("停在这里就死了", "Abandoned")
    about = Text("记录停在这里，再也没有动过。", "Records come to rest here and never move again.")
    order = 25
    thresholds = (
        Threshold(
            "days",
            Text("至少停留多少天才算", "rests from how many days on"),
            "days",
            90,
            Text(
                "一个季度没有动静，任何业务都该问一句。",
                "After a quarter without a move it is time to ask in any trade.",
            ),
            least=1,
        ),
        Threshold(
            "times",
            Text("且是九成位停留的几倍", "and times the stay of nine of ten"),
            "times",
            3,
            Text(
                "周期本来就长的阶段不应误报：要比绝大多数离开过的记录久得多。",
                "Stages that are long by nature are not meant: it must be far longer than nearly all took that ever left.",
            ),
            least=1,
        ),
        Threshold(
            "share",
            Text("占该阶段现有记录的比例", "share of the records that are there"),
            "share",
            0.3,
            Text(
                "个别记录被遗忘是人的事，三成被遗忘是阶段的事。",
                "A few forgotten records are somebody's; three in ten are the stage's.",
            ),
            most=1,
        ),
        enough(10, OPEN),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each open state in which so many rest."""
        found = []
        for stage in await inquiry.stages():
            p90 = stage.days(0.9)
            limit = limits["days"] if p90 is None else max(limits["days"], limits["times"] * p90)
            resting, there = stage.open_beyond(limit), stage.ages.count
            if there >= limits["minimum"] and resting and resting >= limits["share"] * there:
                found.append(_finding(stage, limit, resting, p90, limits["share"]))
        return found


def _finding(stage: StageFigures, limit: float, resting: int, p90: float | None, share: float) -> Finding:
    state, there = stage.state, stage.ages.count
    words = {
        "state": state.label,
        "open": spoken.records(there),
        "resting": spoken.number(resting),
        "share": spoken.share(resting, there),
        "limit": spoken.days(round(limit)),
    }
    if p90 is None:
        sentence = END.fill(**words)
        proposal = Proposal(KIND.fill(state=state.label), [set_in_state(state.key, "kind", "other")])
    else:
        sentence = RESTING.fill(**words, p90=spoken.days(p90))
        longest = round(limit)
        patch = [] if state.maximum_days else [set_in_state(state.key, "maximum_days", longest)]
        proposal = Proposal(CLOSE.fill(state=state.label, longest=spoken.days(longest)), patch)
    return Finding(
        states=(state.key,),
        severity=graded(resting / there, share),
        sentence=sentence,
        proposal=proposal,
        numbers={"open": there, "resting": resting, "share": resting / there, "limit_days": limit, "p90_days": p90},
        behind=Staying(state.key, limit),
        count=resting,
    )


SIGNAL = Abandoned()
