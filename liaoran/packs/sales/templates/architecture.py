"""Architects and designers: six steps, each with other departments at the table."""

from __future__ import annotations

from typing import Any

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.stage_library import CONTRACT_CONCLUSION
from liaoran.packs.sales.standard_stages import NEEDS
from liaoran.packs.stages import (
    DEPARTMENT_HEAD,
    action,
    check,
    either,
    file_of,
    filled,
    goal,
    guidance,
    in_the_chain,
    leaf,
    manager,
    named_in,
    output,
    role,
    spoken,
    stage,
    template,
)

_SCREENED = stage(
    "project_screening",
    ("项目预审", "Project screening"),
    probability=10,
    forecast="pipeline",
    color="gray",
    days=(5, 8),
    follow_up_days=4,
    accountable=DEPARTMENT_HEAD,
    team=[DEPARTMENT_HEAD, role("finance")],
    guidance=guidance(
        why=("接哪个项目，比怎么做更要紧。", "Which project to take matters more than how to do it."),
        how=(
            "市场报项目背景，部门负责人看人手和档期，财务看付款方信用，一次会定接不接。",
            "Marketing reports the background, the head of department checks people and dates, finance the credit; one meeting "
            "decides.",
        ),
        done=("接或不接有结论，理由写在记录里。", "Taken or not, with the reason on record."),
        focus=("用地与审批条件、付款方信用", "Site and permits, the payer's credit"),
        difficulty=("都想接，人手不够", "Everybody wants it, nobody is free"),
        script=(
            "这个地块的规划条件拿到了吗？业主的投资计划批到哪一步？",
            "Is the planning brief for the site there? How far is the owner's investment approved?",
        ),
    ),
    inputs=[("项目信息与招标公告", "Project facts and tender notices")],
    outputs=[output(("预审纪要", "Minutes of the screening"), document="minutes")],
    exit=[
        check("account_filed", ("业主已建档", "The owner is filed as an account"), filled("account")),
        check("screened", ("预审会已开", "The screening was held"), spoken("event", since="any")),
    ],
    actions=[
        action("facts", ("收集用地与规划条件", "Collect site and planning conditions"), 2, document="requirement"),
        action("credit", ("核查付款方信用", "Check the payer's credit"), 3, who=role("finance"), note=True),
        action("screening", ("召开预审会", "Hold the screening"), 4, who=DEPARTMENT_HEAD, document="minutes"),
    ],
)
_NEEDS: dict[str, Any] = {
    **NEEDS,
    "team": [role("presales")],
    "exit": [
        *[one for one in NEEDS["exit"] if one["key"] != "need_evidence"],
        check("brief_filed", ("设计任务书已上传", "The design brief is uploaded"), file_of("requirement")),
        check(
            "designer_named",
            ("主创设计师已指定（售前人员）", "The lead designer is named (as pre-sales)"),
            filled("presales"),
        ),
    ],
    "actions": [
        *NEEDS["actions"],
        action("name_designer", ("指定主创设计师", "Name the lead designer"), 3, who=DEPARTMENT_HEAD, field="presales"),
    ],
}
_DESIGNED = stage(
    "concept_design",
    ("方案设计", "Concept design"),
    probability=45,
    forecast="best_case",
    color="cyan",
    days=(15, 30),
    follow_up_days=5,
    accountable=named_in("presales"),
    team=[role("presales"), role("finance")],
    guidance=guidance(
        why=("概念打动人，造价留住人。", "The concept wins them, the cost keeps them."),
        how=(
            "设计出两个方向，造价同步估算，施工图专业提前看可实施性；汇报由主创讲，销售记意见。",
            "Draw two directions with estimates alongside, let the engineers look early; the lead presents, sales takes notes.",
        ),
        done=("业主选定方向，修改意见成文。", "The owner has chosen a direction, with the changes in writing."),
        focus=("业主的偏好、造价边界", "The owner's taste, the limits of cost"),
        difficulty=("改了又改，不算工时", "Endless changes that nobody counts"),
        script=(
            "两个方向各有取舍，您更在意的是立面，还是得房率？",
            "Both have their price: is it the façade or the usable floor that matters more?",
        ),
    ),
    inputs=[("设计任务书", "The design brief")],
    outputs=[output(("方案汇报纪要", "Minutes of the presentation"), document="minutes")],
    exit=[
        check("presented", ("方案已汇报", "The design was presented"), spoken("event")),
        check("minutes_filed", ("汇报纪要已上传", "The minutes are uploaded"), file_of("minutes", "entered")),
        check("owner_answered", ("业主意见已记录", "The owner's opinion is noted"), filled("customer_feedback")),
    ],
    actions=[
        action(
            "two_directions", ("完成两个方向的概念", "Draw two directions"), 12, who=named_in("presales"), note=True
        ),
        action("estimate", ("同步估算造价", "Estimate the cost alongside"), 14, who=role("finance"), note=True),
        action(
            "presentation",
            ("汇报并整理意见", "Present and note the opinions"),
            16,
            who=named_in("presales"),
            document="minutes",
        ),
    ],
)
_QUOTED = stage(
    "quote_and_talks",
    ("报价谈判", "Quote and negotiation"),
    probability=65,
    forecast="best_case",
    color="purple",
    days=(8, 15),
    follow_up_days=4,
    accountable=manager(),
    team=[manager(), role("finance")],
    guidance=guidance(
        why=("设计费谈的是范围和轮次，不只是单价。", "A fee is about scope and rounds, not only the rate."),
        how=(
            "按阶段拆分设计费，写明修改轮次和出图标准；付款节点跟着交图走。",
            "Split the fee by phase, fix the rounds of changes and the standard of drawings, and tie payments to deliveries.",
        ),
        done=("费用、轮次、付款节点三项认可。", "Fee, rounds and payment dates accepted."),
        focus=("修改轮次、付款节点", "Rounds of changes, dates of payment"),
        difficulty=("只压单价，不谈范围", "The rate is pressed, the scope left open"),
        script=(
            "总价可以谈，修改轮次我们写三轮，超出按人天计，您看行吗？",
            "The total is open; three rounds of changes, and days beyond that. Would you agree?",
        ),
    ),
    inputs=[("业主选定的方向", "The chosen direction")],
    outputs=[output(("报价单", "The quote"), document="quote")],
    exit=[
        check("quote_filed", ("报价单已上传", "The quote is uploaded"), file_of("quote", "left")),
        check("terms_agreed", ("付款与回款节点已谈妥", "The payment dates are agreed"), filled("payment_terms")),
        check(
            "decider_known",
            ("决策人已明确", "The decision maker is known"),
            either(filled("decision_maker"), in_the_chain("decider")),
        ),
    ],
    actions=[
        action("fee", ("编制分阶段报价", "Prepare the fee by phase"), 3, who=role("finance"), document="quote"),
        action("talks", ("谈定轮次与付款节点", "Settle rounds and payments"), 7, field="payment_terms"),
    ],
)
_STARTED = stage(
    "project_start",
    ("项目启动", "Project start"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    days=(10, 20),
    follow_up_days=7,
    accountable=named_in("presales"),
    team=[role("presales"), role("finance")],
    guidance=guidance(
        why=("启动会开好，后面少一半变更。", "A good start halves the changes."),
        how=(
            "销售把承诺逐条交给项目组，业主、设计、造价一起开启动会，定对接人和第一次交图日。",
            "Sales hands every promise to the team; owner, designers and estimators meet, name contacts and the first delivery.",
        ),
        done=("启动会纪要归档，首付款已开票。", "Minutes filed, the first invoice out."),
        focus=("承诺交接、对接人", "Promises handed over, contacts"),
        difficulty=("口头承诺没交给项目组", "Promises that never reached the team"),
        script=(
            "今天定三件事：谁签字、多久碰一次、第一版图哪天看。",
            "Three things today: who signs, how often we meet, when the first drawings are due.",
        ),
    ),
    inputs=[("盖章合同", "The sealed contract")],
    outputs=[output(("启动会纪要", "Minutes of the kick-off"), document="minutes")],
    goal=goal(("首次交图日已定", "The first delivery has a date"), leaf("delivery_on", "not_empty")),
    actions=[
        action("kick_off", ("召开启动会", "Hold the kick-off"), 5, who=named_in("presales"), document="minutes"),
        action("first_invoice", ("开具首付款发票", "Send the first invoice"), 7, who=role("finance"), note=True),
        action("first_delivery", ("约定首次交图日", "Agree the first delivery"), 6, field="delivery_on"),
    ],
)

ARCHITECTURE = template(
    pipeline(
        "architecture",
        ("建筑与设计", "Architecture and design"),
        (
            "适合设计院、工作室和工程公司：预审、需求、设计、谈判、签约、启动，每步都有不同部门入席。",
            "For design institutes, studios and engineers: screening, needs, design, talks, contract, start, with other "
            "departments at each step.",
        ),
        [_SCREENED, _NEEDS, _DESIGNED, _QUOTED, CONTRACT_CONCLUSION, _STARTED, LOST],
        moves={"needs": {"who": [DEPARTMENT_HEAD, manager()]}},
    ),
    advice=(
        "接项目要过预审这一关，由部门负责人放行；看各部门在哪一步拖得最久，人手先给卡住的。",
        "Screening is a real gate that the head of department opens; see which department takes longest, and give people "
        "to whatever is stuck.",
    ),
    industries="construction real_estate",
)
