"""Five steps in which every one has its own responsible role: marketing, sales, pre-sales, manager, legal."""

from __future__ import annotations

from typing import Any

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.stage_library import BUSINESS_NEGOTIATION, LEAD_CAPTURE, NEED_ANALYSIS
from liaoran.packs.sales.standard_stages import PROPOSAL
from liaoran.packs.stages import (
    DEPARTMENT_HEAD,
    OWNER,
    action,
    check,
    file_of,
    filled,
    guidance,
    manager,
    output,
    role,
    stage,
    template,
)

_QUALIFIED: dict[str, Any] = {
    **LEAD_CAPTURE,
    "accountable": DEPARTMENT_HEAD,
    "actions": [
        *LEAD_CAPTURE["actions"],
        action("assign", ("主管分派负责人", "Assign the person responsible"), 0, who=DEPARTMENT_HEAD, field="owner"),
    ],
}
_ANALYSED: dict[str, Any] = {
    **NEED_ANALYSIS,
    "accountable": OWNER,
    "team": [role("presales")],
    "exit": [
        *NEED_ANALYSIS["exit"],
        check("presales_named", ("售前人员已指定", "A pre-sales colleague is named"), filled("presales")),
    ],
    "actions": [
        *NEED_ANALYSIS["actions"],
        action("name_presales", ("约售前一起听一次需求", "Bring pre-sales to one interview"), 4, field="presales"),
    ],
}
_PROPOSED: dict[str, Any] = {
    **PROPOSAL,
    "accountable": role("presales"),
    "exit": [
        check("amount_quoted", ("报价金额已填写", "The quoted amount is filled in"), filled("amount")),
        check("quote_filed", ("报价单已上传", "The quote is uploaded"), file_of("quote", "left")),
        check(
            "customer_answered",
            ("客户已有明确反馈", "The customer has given a clear answer"),
            filled("customer_feedback"),
        ),
    ],
}
_NEGOTIATED: dict[str, Any] = {
    **BUSINESS_NEGOTIATION,
    "accountable": manager(),
    "actions": [
        *BUSINESS_NEGOTIATION["actions"],
        action("manager_joins", ("主管参加一次谈判", "Have the manager join one meeting"), 7, who=manager(), note=True),
    ],
}
_SIGNED = stage(
    "contract_signature",
    ("合同签署", "Contract signature"),
    probability=90,
    forecast="commit",
    color="gold",
    days=(5, 10),
    follow_up_days=2,
    accountable=role("legal"),
    team=[role("legal"), role("finance")],
    guidance=guidance(
        why=(
            "谁核条款、谁核付款、谁盖章，说清了才不会互相等。",
            "Say who checks terms, who payment, who seals, and nobody waits.",
        ),
        how=(
            "销售提交合同版本，法务核条款，财务核开票与回款，行政用印；每一步都留下名字和日期。",
            "Sales submits the version, legal checks the terms, finance invoicing and payment, the office seals; each step "
            "leaves a name and a date.",
        ),
        done=("合同归档、合同负责人与开票信息齐全。", "Filed, with a person responsible and the invoice data."),
        focus=("责任到人", "One name per step"),
        difficulty=("环节之间互相推诿", "Everybody points to the next desk"),
        effect=("签署时间可预期", "A signing date one can count on"),
        script=(
            "合同今天到法务，周三到财务，周五用印，您那边谁来签收？",
            "Legal today, finance on Wednesday, sealed on Friday. Who receives it on your side?",
        ),
    ),
    inputs=[("谈判纪要", "Minutes")],
    outputs=[output(("合同版本", "Contract version"), document="contract")],
    exit=[
        check("contract_filed", ("合同版本已上传", "The contract version is uploaded"), file_of("contract", "left")),
        check(
            "contract_owner",
            ("合同负责人已标明", "A person responsible for the contract is named"),
            filled("contract_owner"),
        ),
        check("invoice_known", ("开票信息已确认", "The invoice data is confirmed"), filled("invoice_info")),
    ],
    actions=[
        action("submit", ("提交合同版本", "Submit the contract version"), 1, document="contract"),
        action("terms", ("法务核对条款", "Check the terms"), 3, who=role("legal"), note=True),
        action(
            "payment",
            ("财务核对开票与回款", "Check invoicing and payment"),
            4,
            who=role("finance"),
            field="invoice_info",
        ),
    ],
)

ACCOUNTABLE_FIVE = template(
    pipeline(
        "accountable_five",
        ("责任到岗五阶段", "Five stages, each with its role"),
        (
            "适合分工明确的团队：线索、需求、方案、谈判、合同各有责任岗位，任务自动派到人。",
            "For teams with a clear division of work: lead, need, proposal, negotiation and contract each have a responsible "
            "role, and tasks go to people by themselves.",
        ),
        [_QUALIFIED, _ANALYSED, _PROPOSED, _NEGOTIATED, _SIGNED, WON, LOST],
        moves={"contract_signature": {"who": [OWNER, manager(), DEPARTMENT_HEAD]}},
    ),
    advice=(
        "先给每个岗位指定人员，再启用；否则任务没有人接。每周例会按岗位看卡在哪一步。",
        "Name the people of each role before using it, or its tasks reach nobody. In the weekly meeting, go through what is "
        "stuck by role.",
    ),
    industries="technology real_estate government",
)
