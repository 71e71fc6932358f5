"""Friction: states that ask for more Fields, actions and approvals than anybody will do with care (R226)."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.demands import Demands, demands_of
from liaoran.process.design_check.figures import Flows
from liaoran.process.design_check.findings import Finding, Moved, Proposal, graded
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.patches import should
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold
from liaoran.schema.processes import State

SENTENCE = Text(
    "“{state}”要求 {fields}、{must}、{steps}，每条记录至少点 {clicks} 下；这段时间进入 {entered} 次。",
    "“{state}” asks for {fields}, {must} and {steps}: at least {clicks} clicks for "
    "each record, over {entered} entries in the period.",
)
LESS = Text(
    "只留下决定“能不能往下走”的那几项，其余必做动作改为应做，字段移到真正用到它的阶段。",
    "Keep what decides whether the record may go on; make the other must-actions should-actions, and move fields to the "
    "stage that uses them.",
)


class Friction(Signal):
    """Counts what the definition asks for; ``clicks`` are the least that it costs."""

    key = "friction"
    label = Text("要求太多", "Too much asked")
    about = Text(
        "一个阶段的必填字段、必做动作和审批加起来太多。",
        "The required fields, must-actions and approvals of a stage together are too many.",
    )
    order = 70
    thresholds = (
        Threshold(
            "steps",
            Text("字段、必做动作和审批人次合计", "fields, must-actions and approvers together"),
            "count",
            10,
            Text(
                "一次推进要做的事超过十件，人们就会随便填一个了事。",
                "Beyond ten things to do for one move, people fill in whatever lets them through.",
            ),
            least=1,
        ),
        Threshold(
            "fields",
            Text("必填字段", "required fields"),
            "count",
            7,
            Text(
                "一屏之内、一分钟能填完的量；更多的应分到前面的阶段。",
                "What fits one screen and one minute; more belongs to the stages before.",
            ),
            least=1,
        ),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each state, closed ones included, that asks for too much."""
        flows = await inquiry.flows()
        found = []
        for state in inquiry.process.states:
            asked = demands_of(inquiry.process, state)
            excess = max((asked.total - 1) / limits["steps"], (len(asked.fields) - 1) / limits["fields"])
            if excess >= 1:
                found.append(_finding(state, asked, flows, excess))
        return found


def _finding(state: State, asked: Demands, flows: Flows, excess: float) -> Finding:
    entered = flows.into(state.key)
    return Finding(
        states=(state.key,),
        severity=graded(excess, 1, high=1.5),
        sentence=SENTENCE.fill(
            state=state.label,
            fields=spoken.counted(len(asked.fields), "个必填字段", "required field"),
            must=spoken.counted(asked.must_actions, "个必做动作", "must-action"),
            steps=spoken.counted(asked.steps, "人次审批", "approver"),
            clicks=asked.clicks,
            entered=spoken.number(entered),
        ),
        proposal=Proposal(LESS, [should(state.key)] if asked.must_actions else []),
        numbers={**asked.to_json(), "entered": entered},
        behind=Moved(flows.pairs(lambda _, to: to == state.key)),
        count=entered,
    )


SIGNAL = Friction()
