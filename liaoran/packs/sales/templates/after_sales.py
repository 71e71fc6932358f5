"""Five steps that end in after-sales follow-up, with the service records filed."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.stage_library import FIRST_TALK, NEED_ANALYSIS, SOLUTION
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
    stage,
    template,
)

_SIGNED = stage(
    "talks_and_signing",
    ("谈判签约", "Negotiation and signing"),
    probability=80,
    forecast="commit",
    color="gold",
    days=(10, 18),
    follow_up_days=4,
    team=[role("legal")],
    guidance=guidance(
        why=(
            "谈和签是同一件事的两头，合同模板让它们不脱节。",
            "Talks and signing are two ends of one thing; the template joins them.",
        ),
        how=(
            "用合同模板谈条款，改动处标红；谈定就提交审批，审批和用印都在系统里走。",
            "Negotiate on the template with changes marked; once settled, submit it, and let approval and sealing run here.",
        ),
        done=(
            "合同归档，服务负责人已经和客户打过招呼。",
            "The contract is filed and the service person has said hello.",
        ),
        focus=("条款的改动、审批进度", "What was changed, how far the approval is"),
        difficulty=("线下传来传去，版本对不上", "Copies pass around outside and versions differ"),
        effect=("签约率更高、流程可追溯", "A higher signing rate, a traceable flow"),
        script=(
            "合同里和标准条款不同的只有两处，我们一起看一下？",
            "Only two points differ from our standard terms; shall we look at them?",
        ),
    ),
    inputs=[("方案与报价单", "Solution and quote")],
    outputs=[output(("合同版本", "Contract version"), document="contract")],
    exit=[
        check(
            "decider_known",
            ("决策人已明确", "The decision maker is known"),
            either(filled("decision_maker"), in_the_chain("decider")),
        ),
        check("contract_filed", ("合同版本已上传", "The contract version is uploaded"), file_of("contract", "left")),
    ],
    actions=[
        action("contract", ("按模板起草合同", "Draft the contract from the template"), 3, document="contract"),
        action("terms", ("法务核对改动", "Check the changes"), 5, who=role("legal"), note=True),
        action("introduce", ("把服务负责人介绍给客户", "Introduce the service person"), 8, must=False, note=True),
    ],
)
_SERVED = stage(
    "after_sales",
    ("售后跟进", "After-sales"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    days=(45, 90),
    follow_up_days=10,
    guidance=guidance(
        why=("服务记录留得全，续约和转介绍才有底气。", "Complete service records carry renewals and referrals."),
        how=(
            "每次服务写一条跟进记录，验收单和服务单上传归档，按期回访并记满意度。",
            "Write a follow-up for every service, upload acceptance and service sheets, call at the agreed times and note "
            "satisfaction.",
        ),
        done=("服务记录已归档，满意度已填写。", "Service records are filed and satisfaction is noted."),
        focus=("按时交付、有问必答", "On time, and no question left open"),
        difficulty=("问题口头解决，没有记录", "Problems solved by word of mouth, nothing on record"),
        effect=("满意度与复购更高", "More satisfaction and repeat sales"),
        script=(
            "最近用得怎么样？上次反馈的那个问题，彻底好了吗？",
            "How has it been? Is the matter you reported gone for good?",
        ),
    ),
    inputs=[("合同版本", "Contract version")],
    outputs=[
        output(("服务记录", "Service records"), record="follow_up"),
        output(("满意度", "Satisfaction"), field="satisfaction"),
    ],
    goal=goal(("满意度不低于“满意”", "At least “satisfied”"), leaf("satisfaction", "in", ["delighted", "satisfied"])),
    actions=[
        action("delivery", ("确认交付与验收", "Confirm delivery and acceptance"), 10, field="delivery_on"),
        action("service_record", ("归档服务记录", "File the service records"), 15, record="follow_up"),
        action("return_visit", ("回访并记录满意度", "Call and note satisfaction"), 20, field="satisfaction"),
    ],
)

AFTER_SALES = template(
    pipeline(
        "after_sales_care",
        ("含售后跟进", "With after-sales follow-up"),
        (
            "适合卖产品也卖服务的团队：签约之后转入售后，服务记录、回访和满意度留在同一条商机上。",
            "For teams that sell products and service: after signing comes after-sales, and service records, calls and "
            "satisfaction stay on the same opportunity.",
        ),
        [FIRST_TALK, NEED_ANALYSIS, SOLUTION, _SIGNED, _SERVED, LOST],
    ),
    advice=(
        "每月看一次：有多少赢单满 45 天还没有服务记录。",
        "Once a month: how many won deals are older than 45 days without a service record.",
    ),
    industries="healthcare education logistics",
)
