"""Large deals that take half a year and more: approval of the project, proof, tender, with milestones in between."""

from __future__ import annotations

from typing import Any

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.stage_library import BUSINESS_NEGOTIATION
from liaoran.packs.sales.standard_stages import CONTRACT, CONTRACT_REVIEW, NEEDS
from liaoran.packs.stages import (
    OWNER,
    action,
    check,
    every,
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

_ASSESSED = stage(
    "assessment",
    ("机会评估", "Assessment"),
    probability=10,
    forecast="pipeline",
    color="gray",
    days=(10, 20),
    follow_up_days=7,
    guidance=guidance(
        why=("投半年的人力之前，先回答能不能赢。", "Before half a year of work, answer whether it can be won."),
        how=(
            "四问：有没有真事、有没有钱、我们见不见得到拍板的人、凭什么赢；任何一问答不上就列成待办。",
            "Four questions: is there a matter, is there money, can we reach the decider, why should we win; what has no "
            "answer becomes a task.",
        ),
        done=("主管听过评估，投入人力有结论。", "The manager has heard it, and people are assigned or not."),
        focus=("值不值得投入", "Whether it is worth it"),
        difficulty=("舍不得放弃", "Hard to let go"),
        effect=("资源用在赢得下的单上", "Effort goes where it can win"),
        script=(
            "这件事如果今年不做，{account.name}会怎样？",
            "What happens to {account.name} if this is not done this year?",
        ),
    ),
    inputs=[("线索与行业消息", "Leads and news of the trade")],
    outputs=[output(("评估结论", "The assessment"), field="need_summary")],
    exit=[
        check("account_filed", ("客户已建档", "The account is filed"), filled("account")),
        check(
            "coach_found",
            ("决策链里已有教练或影响者", "A coach or influencer stands in the decision chain"),
            in_the_chain("coach", "influencer"),
        ),
        check("assessed", ("评估结论已写明", "The assessment is written down"), filled("need_summary")),
    ],
    actions=[
        action("four_questions", ("回答评估四问", "Answer the four questions"), 8, field="need_summary"),
        action("chain", ("画出决策链", "Draw the decision chain"), 10, record="opportunity_contact"),
        action("go_or_no", ("和主管决定是否投入", "Decide with the manager"), 12, who=manager(), note=True),
    ],
)
_NEEDS: dict[str, Any] = {**NEEDS, "target_days": 25, "maximum_days": 45, "follow_up_days": 10}
_BUDGETED = stage(
    "budget_approved",
    ("立项与预算", "Project and budget approved"),
    probability=40,
    forecast="pipeline",
    color="geekblue",
    days=(30, 60),
    follow_up_days=14,
    guidance=guidance(
        why=(
            "没立项的项目，谈得再热也没有钱。",
            "A project that is not approved has no money, however warm the talks.",
        ),
        how=(
            "帮客户写立项材料，弄清审批层级和预算年度；每两周和教练对一次进展，别只等消息。",
            "Help them write the case, learn the levels of approval and the budget year; check with your coach every fortnight "
            "rather than wait.",
        ),
        done=(
            "立项批复或预算文件有据，采购方式已知。",
            "The approval or budget is documented, and the way of purchase known.",
        ),
        focus=("审批层级、预算年度", "Levels of approval, the budget year"),
        difficulty=("客户内部无限期等待", "Waiting without end inside the customer"),
        effect=("长周期里也看得见进度", "Progress one can see in a long cycle"),
        script=(
            "立项报告里最容易被问倒的是哪一页？我们提前准备好数据。",
            "Which page of the case will be questioned most? Let us have the figures ready.",
        ),
    ),
    inputs=[("需求摘要与预算范围", "Need summary and budget range")],
    outputs=[output(("立项批复", "The approval"), document="confirmation")],
    exit=[
        check(
            "approval_filed",
            ("立项批复或预算文件已上传", "The approval or budget is uploaded"),
            file_of("confirmation"),
        ),
        check("budget_fixed", ("客户预算已落实", "The budget is fixed"), filled("budget")),
        check(
            "contact_kept",
            ("本阶段内有沟通记录", "There was contact during this stage"),
            spoken("call", "event", "follow_up"),
        ),
    ],
    goal=goal(
        ("预算覆盖报价", "The budget is known together with the amount"), every(filled("budget"), filled("amount"))
    ),
    actions=[
        action("business_case", ("协助编写立项材料", "Help to write the case"), 15, must=False, note=True),
        action("fortnight", ("每两周对一次进展", "Check progress every fortnight"), 10, record="follow_up"),
        action(
            "approval_paper",
            ("取得立项或预算文件", "Get the approval or budget paper"),
            30,
            document="confirmation",
        ),
    ],
)
_PROVED = stage(
    "proof_of_value",
    ("方案验证", "Proof of value"),
    probability=55,
    forecast="best_case",
    color="cyan",
    days=(20, 40),
    follow_up_days=7,
    accountable=role("presales"),
    team=[role("presales")],
    guidance=guidance(
        why=(
            "让客户的数据说话，写标书的人才会用我们的语言。",
            "Let their data speak, and the tender will speak our language.",
        ),
        how=(
            "先签验证范围和通过标准，再动手；每周通报一次，结论由客户签字。",
            "Have scope and criteria signed before starting; report weekly, and let the customer sign the conclusion.",
        ),
        done=("验证报告客户认可，决策人知道结果。", "The report is accepted, and the decider knows the result."),
        focus=("通过标准、谁来签字", "The criteria, who signs"),
        difficulty=("验证没有边界，变成免费实施", "No boundary, and it turns into free delivery"),
        script=(
            "通过标准我们写三条，达到就进入采购，您看缺哪一条？",
            "Three criteria, and once met it goes to purchase. Which one is missing?",
        ),
    ),
    inputs=[("立项批复", "The approval")],
    outputs=[output(("验证纪要", "Minutes of the proof"), document="minutes")],
    exit=[
        check("report_filed", ("验证纪要已上传", "The minutes are uploaded"), file_of("minutes", "entered")),
        check(
            "verdict",
            ("验证结论可行", "The verdict is feasible"),
            leaf("technical_verdict", "in", ["feasible", "with_changes"]),
        ),
    ],
    actions=[
        action("criteria", ("签定验证范围与标准", "Have scope and criteria signed"), 5, document="confirmation"),
        action(
            "proof",
            ("完成验证并出报告", "Carry out the proof and report"),
            20,
            who=role("presales"),
            document="minutes",
        ),
        action("verdict", ("填写验证结论", "Give the verdict"), 22, who=role("presales"), field="technical_verdict"),
    ],
)
_TENDERED = stage(
    "tender",
    ("招标投标", "Tender"),
    probability=65,
    forecast="best_case",
    color="purple",
    days=(20, 40),
    follow_up_days=5,
    team=[role("presales"), role("legal"), role("finance")],
    guidance=guidance(
        why=("废标大多不是输在方案，是输在一页纸。", "Most bids fail not on the solution but on one page."),
        how=(
            "拿到文件当天拆条款、分工、倒排时间；资格、报价、技术三册各有一个负责人，投前交叉检查。",
            "The day it comes, split the clauses, share them out and plan backwards; one person each for qualification, price "
            "and technical part, and check each other before handing in.",
        ),
        done=(
            "标书按时递交，报价经过审核，答辩准备好。",
            "Handed in on time, the price reviewed, the defence prepared.",
        ),
        focus=("废标条款、报价策略、对手", "Clauses that exclude, the price, the others"),
        difficulty=("时间紧、材料多、口径不一", "Little time, much paper, differing words"),
        script=(
            "评分表里哪一项最能拉开差距？我们把力气放在那里。",
            "Which line of the scoring makes the difference? Let us put our effort there.",
        ),
    ),
    inputs=[("招标文件", "The tender documents")],
    outputs=[output(("投标报价", "The bid"), document="quote")],
    exit=[
        check("bid_filed", ("投标报价已上传", "The bid is uploaded"), file_of("quote", "left")),
        check(
            "rivals_answered",
            ("对手与差异化策略已写明", "Competitors and our difference are written down"),
            filled("competitor", "differentiation"),
        ),
    ],
    actions=[
        action("clauses", ("拆解招标文件并分工", "Split the documents and share them out"), 1, note=True),
        action("bid", ("完成投标文件", "Finish the bid"), 12, document="quote"),
        action("seal", ("法务核对资格与盖章", "Check qualification and seal"), 14, who=role("legal"), note=True),
    ],
)
_BID_REVIEW = {
    **CONTRACT_REVIEW,
    "key": "bid_contract_review",
    "label": {"zh": "大单合同审批", "en": "Approval of a large contract"},
    "on_refused": {"move_to": "business_negotiation"},
    "steps": [
        *CONTRACT_REVIEW["steps"],
        step(
            "managers",
            ("两级主管会签", "Both managers"),
            manager(1),
            manager(2),
            mode="all",
            condition=leaf("amount", "gte", 3000000),
            comment="always",
            escalate_hours=40,
        ),
    ],
}

LONG_CYCLE = template(
    pipeline(
        "long_cycle",
        ("复杂长周期", "Long and complex"),
        (
            "适合半年以上、多部门决策的大项目：立项、验证、招标各成一段，决策链和里程碑始终看得见。",
            "For large deals over half a year with many deciders: approval, proof and tender are stages of their own, and "
            "decision chain and milestones stay in view.",
        ),
        [
            _ASSESSED,
            _NEEDS,
            _BUDGETED,
            _PROVED,
            _TENDERED,
            BUSINESS_NEGOTIATION,
            {**CONTRACT, "approval": "bid_contract_review"},
            WON,
            LOST,
        ],
        moves={
            "budget_approved": {"who": [OWNER, manager()]},
            "won": {"approval": "bid_contract_review"},
        },
        approvals=[_BID_REVIEW],
        minimum="account need_summary",
    ),
    advice=(
        "别只盯成交日期：看决策链有没有新增支持者、两次沟通间隔有没有超过两周、每月里程碑动没动。",
        "Do not look at the closing date only: see whether the chain gains supporters, whether a fortnight passes without "
        "contact, and whether a milestone moves each month.",
    ),
    industries="government energy finance",
    optional="tender proof_of_value",
)
