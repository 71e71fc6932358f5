"""Business software: seven steps with the weight on need analysis and negotiation."""

from __future__ import annotations

from typing import Any

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.stage_library import BUSINESS_NEGOTIATION, NEED_ANALYSIS
from liaoran.packs.sales.standard_stages import CONTRACT, CONTRACT_REVIEW, INITIAL_CONTACT, PROPOSAL
from liaoran.packs.stages import (
    action,
    approval,
    check,
    file_of,
    filled,
    goal,
    guidance,
    in_the_chain,
    leaf,
    manager,
    output,
    role,
    spoken,
    stage,
    step,
    template,
)

ANALYSED: dict[str, Any] = {
    **NEED_ANALYSIS,
    "target_days": 12,
    "maximum_days": 20,
    "team": [role("presales")],
    "guidance": guidance(
        why=(
            "软件项目多半败在需求：系统对接、数据和使用的人没谈到，后面全是返工。",
            "Software deals fail on the need: interfaces, data and users left out come back as rework.",
        ),
        how=(
            "拉上售前访谈业务、信息化和财务三方，画出现有系统和数据流，标出必须对接的和可以不做的。",
            "With pre-sales, interview business, IT and finance; draw the present systems and data flow, and mark what must "
            "be connected and what may be left out.",
        ),
        done=(
            "需求文档客户确认过，预算、上线时间和对接清单都有。",
            "The document is confirmed, with budget, go-live time and the list of interfaces.",
        ),
        focus=("使用者的痛点、对接范围、预算归谁", "The users' pains, the interfaces, whose budget it is"),
        difficulty=("业务和信息化两边说法不一", "Business and IT tell different stories"),
        effect=("范围写得死，实施不扯皮", "A firm scope, and no dispute in delivery"),
        script=(
            "{account.name}现在这条数据是从哪个系统来的？如果它停一天，谁最先着急？",
            "From which system does {account.name} get this today, and who would notice first if it stopped?",
        ),
    ),
    "exit": [
        *NEED_ANALYSIS["exit"],
        check("go_live", ("上线时间已确认", "The go-live time is confirmed"), filled("timeline")),
        check("user_met", ("决策链里至少有一位使用者", "A user stands in the decision chain"), in_the_chain("user")),
    ],
}
DEMONSTRATED = stage(
    "demonstration",
    ("方案演示", "Demonstration"),
    probability=40,
    forecast="pipeline",
    color="cyan",
    days=(7, 12),
    follow_up_days=4,
    accountable=role("presales"),
    team=[role("presales")],
    guidance=guidance(
        why=("看过、点过、问过，客户才会相信。", "They believe what they have seen, clicked and asked about."),
        how=(
            "用客户自己的场景和数据演示，控制在四十分钟，留二十分钟让使用者提问，当场记下每个“做不到”。",
            "Show their own case and data in forty minutes, leave twenty for the users' questions, and write down every "
            "“cannot do” on the spot.",
        ),
        done=(
            "使用者和决策人都看过，问题清单有了答复人和日期。",
            "Users and decider have seen it, and every question has a name and a date.",
        ),
        focus=("客户的场景，而不是功能清单", "Their case, not our feature list"),
        difficulty=("来的人不对，演示白做", "The wrong people in the room"),
        script=(
            "今天只看三件事，都是您上次提到的。看完请您打个分：哪一件离您想要的最远？",
            "Three things today, all of them yours. At the end, tell me which is furthest from what you want.",
        ),
    ),
    inputs=[("客户确认的需求文档", "The confirmed requirement document")],
    outputs=[
        output(("演示纪要与问题清单", "Minutes with the list of questions"), document="minutes"),
        output(("客户反馈", "The customer's answer"), field="customer_feedback"),
    ],
    exit=[
        check("demo_held", ("演示已完成并有日程记录", "The demonstration is on record"), spoken("event")),
        check("minutes_filed", ("演示纪要已上传", "The minutes are uploaded"), file_of("minutes", "entered")),
        check(
            "customer_answered",
            ("客户已有明确反馈", "The customer has given a clear answer"),
            filled("customer_feedback"),
        ),
    ],
    goal=goal(("决策人看过演示", "The decider has seen it"), in_the_chain("decider")),
    actions=[
        action(
            "prepare_data", ("准备客户场景和数据", "Prepare their case and data"), 3, who=role("presales"), note=True
        ),
        action(
            "demo",
            ("完成演示并发纪要", "Give the demonstration and send minutes"),
            6,
            who=role("presales"),
            document="minutes",
        ),
        action(
            "answer_questions",
            ("答复问题清单", "Answer the list of questions"),
            8,
            who=role("presales"),
            must=False,
            note=True,
        ),
    ],
)
QUOTED: dict[str, Any] = {
    **PROPOSAL,
    "exit": [
        check("amount_quoted", ("报价金额已填写", "The quoted amount is filled in"), filled("amount")),
        check("quote_filed", ("报价单已上传", "The quote is uploaded"), file_of("quote", "left")),
        check(
            "customer_answered",
            ("客户已有明确反馈", "The customer has given a clear answer"),
            filled("customer_feedback"),
        ),
        *[one for one in PROPOSAL["exit"] if one["key"] == "difference_named"],
    ],
}
QUOTE_REVIEW = approval(
    "quote_review",
    ("报价审核", "Quote review"),
    [
        step("manager", ("主管审核", "Manager"), manager(), remind_hours=4, escalate_hours=12, escalate_to=manager(2)),
        step(
            "finance",
            ("财务审核毛利", "Finance checks the margin"),
            role("finance"),
            condition=leaf("amount", "gte", 500000),
            remind_hours=4,
            escalate_hours=16,
        ),
    ],
    needs=[check("quote_filed", ("报价单已上传", "The quote is uploaded"), file_of("quote"))],
    condition=leaf("amount", "gte", 100000),
)
"""From 100,000 on the owner's manager looks at a quote, from 500,000 on finance as well."""

B2B_SOFTWARE = template(
    pipeline(
        "b2b_software",
        ("企业软件", "Business software"),
        (
            "适合卖管理软件和项目型系统的团队：需求分析和谈判占一半时间，报价先审、合同再审。",
            "For teams that sell business systems: half the time goes into need analysis and negotiation; quotes are "
            "reviewed first, contracts after.",
        ),
        [INITIAL_CONTACT, ANALYSED, DEMONSTRATED, QUOTED, BUSINESS_NEGOTIATION, CONTRACT, WON, LOST],
        moves={
            "business_negotiation": {"approval": "quote_review"},
            "won": {"approval": "contract_review"},
        },
        approvals=[QUOTE_REVIEW, {**CONTRACT_REVIEW, "on_refused": {"move_to": "business_negotiation"}}],
        minimum="account need_summary",
    ),
    advice=(
        "需求分析要业务、售前、实施一起参加；每月复盘各阶段的停留天数和退回次数，先改最窄的一段。",
        "Do the need analysis together: sales, pre-sales and delivery. Review days and returns per stage monthly, and mend "
        "the narrowest stage first.",
    ),
    industries="technology internet",
)
