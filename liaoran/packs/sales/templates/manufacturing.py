"""Manufacturing: the weight on quote and terms, then delivery and payment; a technical review may stand in between."""

from __future__ import annotations

from typing import Any

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.stage_library import BUSINESS_NEGOTIATION, CONTRACT_CONCLUSION
from liaoran.packs.sales.standard_stages import INITIAL_CONTACT, NEEDS, PROPOSAL
from liaoran.packs.stages import (
    action,
    approval,
    check,
    file_of,
    filled,
    goal,
    guidance,
    leaf,
    manager,
    output,
    role,
    stage,
    step,
    template,
)

_NEEDS: dict[str, Any] = {
    **NEEDS,
    "exit": [
        *[one for one in NEEDS["exit"] if one["key"] != "need_evidence"],
        check(
            "drawing_filed",
            ("图纸或技术要求已上传", "Drawings or the specification are uploaded"),
            file_of("requirement"),
        ),
    ],
    "actions": [
        *NEEDS["actions"],
        action(
            "specification",
            ("收齐图纸、工况和用量", "Collect drawings, conditions of use and quantities"),
            6,
            document="requirement",
        ),
    ],
}
_QUOTED: dict[str, Any] = {
    **PROPOSAL,
    "team": [role("presales"), role("finance")],
    "exit": [
        check("amount_quoted", ("报价金额已填写", "The quoted amount is filled in"), filled("amount")),
        check("quote_filed", ("报价单已上传", "The quote is uploaded"), file_of("quote", "left")),
        check("delivery_offered", ("交付日期已承诺", "A day of delivery is offered"), filled("delivery_on")),
    ],
    "actions": [
        action("cost", ("核算成本和交期", "Work out cost and lead time"), 4, who=role("presales"), field="delivery_on"),
        action("quote_sheet", ("发出报价单", "Send the quote"), 6, document="quote"),
        action(
            "confirm_competitor", ("确认同台供应商", "Find out the other suppliers"), 6, must=False, field="competitor"
        ),
    ],
}
_REVIEWED = stage(
    "technical_review",
    ("技术评审", "Technical review"),
    probability=60,
    forecast="best_case",
    color="geekblue",
    days=(6, 10),
    follow_up_days=4,
    accountable=role("presales"),
    team=[role("presales")],
    guidance=guidance(
        why=("做不出来的合同比丢单更贵。", "A contract that cannot be built costs more than a lost deal."),
        how=(
            "组织工艺、质量、生产一起过图纸和工况，列出偏差和打样计划，结论写明可行、修改后可行或不可行。",
            "Go through drawings and conditions with process, quality and production; list deviations and samples, and state "
            "feasible, feasible with changes, or not.",
        ),
        done=("评审结论已填写，偏差清单客户知道。", "The verdict is given, and the customer knows the deviations."),
        focus=("可制造性、质量风险", "Manufacturability, risk to quality"),
        difficulty=("评审走过场，问题留到量产", "A formality, and the trouble shows in production"),
        effect=("技术风险签约前见底", "Technical risk is known before signing"),
        script=(
            "有两处公差我们建议放宽，成本能降下来，您的装配允许吗？",
            "Two tolerances could be wider and cheaper. Would your assembly allow that?",
        ),
    ),
    inputs=[("报价单", "The quote"), ("图纸与技术要求", "Drawings and specification")],
    outputs=[
        output(("评审纪要", "Minutes of the review"), document="minutes"),
        output(("评审结论", "Verdict"), field="technical_verdict"),
    ],
    exit=[
        check(
            "feasible",
            ("评审结论为可行或修改后可行", "The verdict is feasible, or feasible with changes"),
            leaf("technical_verdict", "in", ["feasible", "with_changes"]),
        ),
        check("minutes_filed", ("评审纪要已上传", "The minutes are uploaded"), file_of("minutes", "entered")),
    ],
    actions=[
        action("review", ("组织技术评审", "Hold the review"), 4, who=role("presales"), document="minutes"),
        action("verdict", ("填写评审结论", "Give the verdict"), 5, who=role("presales"), field="technical_verdict"),
        action("deviations", ("和客户确认偏差", "Agree the deviations with the customer"), 7, note=True),
    ],
)
_DELIVERED = stage(
    "delivery_and_payment",
    ("交付回款", "Delivery and payment"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    days=(45, 90),
    follow_up_days=7,
    team=[role("finance")],
    guidance=guidance(
        why=("货到了、款收了，这一单才算做完。", "Delivered and paid: only then is it done."),
        how=(
            "按节点跟：备料、首件、发货、验收；每个节点对应一笔款，差一天就提醒。",
            "Follow the milestones: material, first article, dispatch, acceptance; each has its payment, and a day late is a "
            "day to call.",
        ),
        done=("验收单归档，款项按节点收齐。", "Acceptance filed, and all payments in."),
        focus=("交付节点、回款节点", "Milestones of delivery and payment"),
        difficulty=("交付延迟、货款拖欠", "Late delivery, late payment"),
        effect=("交期与回款一张表看清", "Delivery and payment on one page"),
        script=(
            "首件明天寄出，确认后我们按计划发货，第二笔款请您同步安排。",
            "The first article leaves tomorrow; once approved we ship, and the second payment falls due.",
        ),
    ),
    inputs=[("盖章合同", "The sealed contract")],
    outputs=[output(("验收单", "Acceptance"), document="confirmation")],
    goal=goal(("验收单已归档", "The acceptance is filed"), file_of("confirmation")),
    actions=[
        action("milestones", ("排定交付节点", "Set the milestones"), 2, field="delivery_on"),
        action("first_article", ("首件确认", "Have the first article approved"), 15, document="confirmation"),
        action(
            "payment", ("按节点催收货款", "Collect the payments as they fall due"), 20, who=role("finance"), note=True
        ),
    ],
)
_CONTRACT_REVIEW = approval(
    "supply_contract_review",
    ("供货合同审批", "Supply contract approval"),
    [
        step("legal", ("法务审核", "Legal"), role("legal")),
        step("finance", ("财务审核付款条件", "Finance checks the terms of payment"), role("finance"), parallel=True),
        step(
            "director",
            ("上级主管审批", "The manager's manager"),
            manager(2),
            condition=leaf("amount", "gt", 1000000),
            comment="always",
            escalate_hours=32,
        ),
    ],
    needs=[check("contract_filed", ("合同版本已上传", "The contract version is uploaded"), file_of("contract"))],
    refused_to="business_negotiation",
)
"""Legal and finance side by side; above one million the manager's manager as well."""

MANUFACTURING = template(
    pipeline(
        "manufacturing",
        ("制造业", "Manufacturing"),
        (
            "适合按图、按单生产的制造企业：报价和条款谈得细，签约后盯交付和回款；可在报价后加技术评审。",
            "For makers to drawing and to order: quote and terms in detail, then delivery and payment; a technical review may "
            "follow the quote.",
        ),
        [
            INITIAL_CONTACT,
            _NEEDS,
            _QUOTED,
            _REVIEWED,
            BUSINESS_NEGOTIATION,
            CONTRACT_CONCLUSION,
            _DELIVERED,
            LOST,
        ],
        moves={"delivery_and_payment": {"approval": "supply_contract_review"}},
        approvals=[_CONTRACT_REVIEW],
        minimum="account",
    ),
    advice=(
        "管住合同流程和交付节点：每周看一次“交付回款”里超期的节点，和评审结论为“修改后可行”的单子。",
        "Keep the contract flow and the milestones in hand: each week look at late milestones and at reviews that said "
        "“feasible with changes”.",
    ),
    industries="manufacturing energy agriculture",
    optional="technical_review",
)
