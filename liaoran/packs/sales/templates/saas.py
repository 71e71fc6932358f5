"""Software by subscription: a trial stands between demonstration and quote."""

from __future__ import annotations

from typing import Any

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.stage_library import BUSINESS_NEGOTIATION, CONTRACT_CONCLUSION, NEED_ANALYSIS
from liaoran.packs.sales.standard_stages import INITIAL_CONTACT, PROPOSAL
from liaoran.packs.sales.templates.b2b_software import DEMONSTRATED
from liaoran.packs.stages import (
    action,
    check,
    either,
    file_of,
    filled,
    goal,
    guidance,
    in_the_chain,
    leaf,
    output,
    role,
    spoken,
    stage,
    template,
)

_ANALYSED: dict[str, Any] = {
    **NEED_ANALYSIS,
    "target_days": 5,
    "maximum_days": 10,
    "exit": [
        check("need_written", ("需求摘要已写明", "The need is written down"), filled("need_summary")),
        check("budget_known", ("客户预算已了解", "The customer's budget is known"), filled("budget")),
        check(
            "need_evidence",
            ("客户已确认需求（文档、邮件，或勾选）", "The customer has confirmed the need (document, mail or tick)"),
            either(leaf("need_confirmed", "is_true"), file_of("requirement"), file_of("confirmation")),
        ),
    ],
}
_TRIAL = stage(
    "trial",
    ("试用", "Trial"),
    probability=45,
    forecast="best_case",
    color="lime",
    days=(14, 21),
    follow_up_days=3,
    accountable=role("presales"),
    team=[role("presales")],
    guidance=guidance(
        why=(
            "试用不是送账号，是让客户自己证明它有用。",
            "A trial is not an account given away; it lets them prove the use to themselves.",
        ),
        how=(
            "开通前约定两三个要验证的场景和到期日；第 1、3、7 天各看一次使用情况，没人登录就打电话。",
            "Before it starts, agree two or three cases to prove and the last day; look at the use on days 1, 3 and 7, and "
            "call when nobody signs in.",
        ),
        done=(
            "约定的场景都跑过，使用者说得出好处，到期前开过总结会。",
            "The cases are proved, users can name the benefit, and a closing meeting was held.",
        ),
        focus=("谁在用、多久用一次", "Who uses it, how often"),
        difficulty=("开通就没下文", "Nothing happens once it is open"),
        effect=("试用变成购买理由", "The trial becomes the reason to buy"),
        script=(
            "试用到期那天，您希望看到什么结果就愿意定下来？我们就按这个来跑。",
            "What would you have to see on the last day to decide? Let us run the trial for exactly that.",
        ),
    ),
    inputs=[("演示后的客户反馈", "The answer to the demonstration")],
    outputs=[output(("试用总结纪要", "Minutes of the closing meeting"), document="minutes")],
    entry=[check("trial_end", ("试用到期日已约定", "The last day of the trial is agreed"), filled("trial_ends_on"))],
    exit=[
        check(
            "trial_followed",
            ("试用期间有跟进记录", "There were follow-ups during the trial"),
            spoken("call", "event", "follow_up"),
        ),
        check("trial_result", ("试用反馈已记录", "The result is noted"), filled("customer_feedback")),
    ],
    goal=goal(("试用者进入决策链", "A user stands in the decision chain"), in_the_chain("user")),
    actions=[
        action(
            "open_trial",
            ("开通试用并约定场景", "Open the trial and agree the cases"),
            1,
            who=role("presales"),
            field="trial_ends_on",
        ),
        action("check_use", ("第 3 天查看使用并回访", "Look at the use on day 3 and call"), 3, record="follow_up"),
        action(
            "closing_meeting",
            ("到期前开总结会", "Hold the closing meeting before the last day"),
            10,
            document="minutes",
        ),
    ],
)
_QUOTED: dict[str, Any] = {
    **PROPOSAL,
    "target_days": 5,
    "maximum_days": 8,
    "exit": [one for one in PROPOSAL["exit"] if one["key"] != "difference_named"],
}

SAAS = template(
    pipeline(
        "saas",
        ("SaaS 订阅", "Software by subscription"),
        (
            "适合按年订阅的软件：演示之后多一个“试用”，试用有到期日、有场景、有回访。",
            "For yearly subscriptions: after the demonstration comes a trial with a last day, cases to prove and calls.",
        ),
        [
            INITIAL_CONTACT,
            _ANALYSED,
            DEMONSTRATED,
            _TRIAL,
            _QUOTED,
            BUSINESS_NEGOTIATION,
            CONTRACT_CONCLUSION,
            WON,
            LOST,
        ],
        minimum="account",
    ),
    advice=(
        "看试用的三个数：开通到首次使用几天、到期时的使用人数、试用转报价的比例。没人用的试用尽早收。",
        "Watch three figures of the trial: days to first use, users on the last day, share that goes on to a quote. End "
        "trials nobody uses.",
    ),
    industries="internet technology",
    optional="demonstration trial",
)
