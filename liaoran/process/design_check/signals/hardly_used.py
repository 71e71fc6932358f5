"""Hardly used: states that almost no record ever enters."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.findings import Finding, Proposal, Within
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.patches import merge
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold, enough

PASSAGES = Text("次经过", "passages")
SENTENCE = Text(
    "{passages} 次经过“{state}”的位置，只进入 {entered} 次（{share}）；现在有 {open}在这里。",
    "Of {passages} passages at “{state}” only {entered} ({share}) came in; {open} are there now.",
)
MERGE = Text(
    "把“{state}”并入“{into}”；若它只为少数特殊记录存在，就为那些记录单独建一个流程。",
    "Merge “{state}” into “{into}”; if it exists for a few special records only, give those a process of their own.",
)


class HardlyUsed(Signal):
    """Measured against the moves that lead past the state; a funnel that grows narrow does not make its end superfluous."""

    key = "hardly_used"
    label = Text("几乎没人用", "Hardly used")
    about = Text("几乎没有记录进入的阶段。", "Stages that almost no record enters.")
    order = 60
    thresholds = (
        Threshold(
            "share",
            Text("真正进入占经过的比例", "entries among the passages"),
            "share",
            0.02,
            Text(
                "五十条里不到一条会来的阶段，每个人却每天都要看到它。",
                "Everybody sees the stage every day, and fewer than one record in fifty comes there.",
            ),
            most=1,
        ),
        enough(30, PASSAGES),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each open state that so few of those who pass come into."""
        stages = await inquiry.stages()
        found = []
        for place, stage in enumerate(stages):
            passages = stage.entered + stage.skipped
            if len(stages) < 2 or passages < limits["minimum"] or stage.entered >= limits["share"] * passages:
                continue
            into = stages[place + 1 if place + 1 < len(stages) else place - 1].state
            found.append(
                Finding(
                    states=(stage.state.key, into.key),
                    severity="medium" if stage.entered == 0 else "low",
                    sentence=SENTENCE.fill(
                        state=stage.state.label,
                        passages=spoken.number(passages),
                        entered=spoken.number(stage.entered),
                        share=spoken.share(stage.entered, passages),
                        open=spoken.records(stage.ages.count),
                    ),
                    proposal=Proposal(
                        MERGE.fill(state=stage.state.label, into=into.label), [merge(stage.state.key, into.key)]
                    ),
                    numbers={
                        "passages": passages,
                        "entered": stage.entered,
                        "share": stage.entered / passages,
                        "open": stage.ages.count,
                    },
                    behind=Within((stage.state.key,)),
                    count=stage.ages.count,
                )
            )
        return found


SIGNAL = HardlyUsed()
