"""The standard pipeline, to start from again: six steps with contract approval."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.standard_stages import CONTRACT_REVIEW, OPEN_STAGES
from liaoran.packs.stages import template

STANDARD = template(
    pipeline(
        "standard",
        ("标准销售流程（含合同审批）", "Standard pipeline with contract approval"),
        (
            "适合大多数面向企业的销售团队：五个进行中的阶段，合同由法务、财务依次审批。",
            "For most teams that sell to organisations: five open stages, with the contract approved by legal and then "
            "finance.",
        ),
        [*OPEN_STAGES, WON, LOST],
        moves={"won": {"approval": "contract_review"}},
        approvals=[CONTRACT_REVIEW],
        minimum="need_summary",
    ),
    advice=(
        "每周看一次“需求确认”的停留天数：超过 14 天的，多半是预算或决策人没谈清。",
        "Look once a week at how long deals stay in “Needs confirmed”: beyond 14 days it is mostly budget or decision "
        "maker that nobody has asked about.",
    ),
    industries="technology finance healthcare education government",
)
