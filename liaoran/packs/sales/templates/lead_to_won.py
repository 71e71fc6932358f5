"""From lead to won in one line, for teams whose marketing and sales share a list."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.standard_stages import INITIAL_CONTACT, NEEDS, PROPOSAL
from liaoran.packs.stages import (
    action,
    check,
    either,
    filled,
    guidance,
    in_the_chain,
    leaf,
    output,
    role,
    spoken,
    stage,
    template,
)

_LEAD = stage(
    "lead",
    ("线索", "Lead"),
    probability=5,
    forecast="omitted",
    color="gray",
    days=(1, 3),
    follow_up_days=1,
    guidance=guidance(
        why=("不是每条线索都是商机，先花十分钟判断。", "Not every lead is an opportunity: ten minutes tell."),
        how=(
            "核对公司和联系方式，看行业、规模是否对口，打一通电话确认有没有真实的事情。",
            "Check company and contact, see whether industry and size fit, and call to find out if there is a real matter.",
        ),
        done=(
            "知道是谁、从哪来、有没有事；没有就早点关掉。",
            "You know who, where from, and whether there is something; if not, close it.",
        ),
        focus=("来源、对口程度", "The source, and how well it fits"),
        difficulty=("线索堆着没人碰", "Leads pile up untouched"),
        script=(
            "您好，我是{owner.name}。您留言说的那件事，现在是谁在负责、打算什么时候定下来？",
            "Hello, this is {owner.name}. About your message: who looks after it, and when is it to be decided?",
        ),
    ),
    inputs=[("市场带来的线索", "Leads from marketing")],
    outputs=[output(("来源", "Source"), field="source")],
    exit=[
        check("source_marked", ("来源已标明", "The source is marked"), filled("source")),
        check("called", ("至少联系过一次", "There has been a first contact"), spoken("call", "follow_up", since="any")),
    ],
    actions=[action("first_call", ("当天联系并判断", "Call the same day and judge"), 0, record="call")],
    on_leave="close",
)
_TALKS = stage(
    "negotiating",
    ("谈判", "Talks"),
    probability=75,
    forecast="commit",
    color="purple",
    days=(8, 15),
    follow_up_days=3,
    guidance=guidance(
        why=("到这里只差一个决定，别让它凉下来。", "Only a decision is missing; do not let it cool."),
        how=(
            "确认谁拍板、还差什么、哪天定；价格谈不动就谈范围和时间，谈定当天出合同。",
            "Find out who decides, what is missing and by which day; where the price is stuck, move scope or time, and have "
            "the contract out the day it is settled.",
        ),
        done=("条件谈定，预计成交日期可信。", "Terms are settled and the expected date can be trusted."),
        focus=("决策人的态度、成交日期", "The decider's mind, the date"),
        difficulty=("客户说“再等等”", "“Let us wait a little”"),
        script=("除了价格，还缺什么您今天就能定下来？", "Beside the price, what would let you decide today?"),
    ),
    inputs=[("报价单与客户反馈", "The quote and the answer to it")],
    outputs=[output(("回款节点", "Payment dates"), field="payment_terms")],
    exit=[
        check(
            "decider_known",
            ("决策人已明确", "The decision maker is known"),
            either(filled("decision_maker"), in_the_chain("decider")),
        ),
        check("terms_agreed", ("付款与回款节点已谈妥", "The payment dates are agreed"), filled("payment_terms")),
        check(
            "still_ahead",
            ("预计成交日期已填写", "The expected day of closing is filled in"),
            filled("expected_close_on"),
        ),
    ],
    actions=[
        action("decider", ("见到决策人", "Meet the decision maker"), 4, field="decision_maker"),
        action("terms", ("谈定付款与回款节点", "Settle the payment dates"), 6, field="payment_terms"),
        action("contract", ("准备合同", "Prepare the contract"), 7, who=role("legal"), must=False, document="contract"),
    ],
)
_WON = stage(
    "deal_closed",
    ("成交", "Closed won"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    guidance=guidance(
        why=(
            "成交要算在线索来源头上，市场才知道钱花对没有。",
            "Credit the source, so that marketing knows what its money did.",
        ),
        how=(
            "选赢单原因，核对来源，写一句同事能照做的话。",
            "Choose the reason, check the source, write what colleagues can repeat.",
        ),
        done=("赢单原因和来源都在。", "Reason and source are there."),
        focus=("来源与成交的对应", "Which source leads to sales"),
        difficulty=("来源都是“其他”", "Every source says “other”"),
    ),
    outputs=[output(("赢单原因", "Win reason"), field="win_reason")],
)

LEAD_TO_WON = template(
    pipeline(
        "lead_to_won",
        ("从线索到成交", "From lead to won"),
        (
            "适合市场和销售看同一张表的团队：从线索进来到成交，一条线看转化。",
            "For teams whose marketing and sales look at one list: one line from the lead to the sale shows every conversion.",
        ),
        [_LEAD, INITIAL_CONTACT, NEEDS, PROPOSAL, _TALKS, _WON, LOST],
        moves={
            "deal_closed": {
                "required": ["win_reason", "source"],
                "conditions": [
                    check("amount_known", ("成交金额大于零", "The amount is above zero"), leaf("amount", "gt", 0))
                ],
            }
        },
    ),
    advice=(
        "每周按来源看“线索”到“需求确认”的转化，低于两成的渠道先停一停。",
        "Each week, compare by source how many leads reach “Needs confirmed”; pause channels below one in five.",
    ),
    industries="education internet finance",
)
