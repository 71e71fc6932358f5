"""Consulting and services: the weight lies on follow-up, care and the next assignment."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.stage_library import COMMERCIAL_TALKS, FIRST_TALK, SIGNING
from liaoran.packs.stages import (
    action,
    check,
    file_of,
    filled,
    goal,
    guidance,
    in_the_chain,
    leaf,
    output,
    spoken,
    stage,
    template,
)

_DIAGNOSED = stage(
    "diagnosis",
    ("需求诊断", "Diagnosis"),
    probability=30,
    forecast="pipeline",
    color="blue",
    days=(8, 14),
    follow_up_days=4,
    guidance=guidance(
        why=(
            "客户买的是判断力，诊断本身就是第一次交付。",
            "They buy judgement, and the diagnosis is its first delivery.",
        ),
        how=(
            "访谈三类人：出钱的、执行的、受影响的；用一页纸写出问题、原因和不做的代价。",
            "Interview who pays, who does and who is affected; put problem, causes and the cost of doing nothing on one page.",
        ),
        done=("一页诊断经发起人认可，成功的样子说得清。", "The sponsor accepts the page, and success has a shape."),
        focus=("发起人的期望、成功标准", "What the sponsor expects, how success is measured"),
        difficulty=("问题太大，边界不清", "Too large a problem, no boundary"),
        effect=("建议书有的放矢", "A proposal that hits the point"),
        script=("半年后您怎么判断这个项目是成功的？", "How will you judge in half a year that this was a success?"),
    ),
    inputs=[("首次沟通记录", "Note of the first talk")],
    outputs=[output(("一页诊断", "The diagnosis on a page"), document="requirement")],
    exit=[
        check(
            "need_written", ("诊断结论已写入需求摘要", "The conclusion is in the need summary"), filled("need_summary")
        ),
        check("diagnosis_filed", ("一页诊断已上传", "The diagnosis is uploaded"), file_of("requirement")),
        check(
            "sponsor_known",
            ("发起人已进入决策链", "The sponsor stands in the decision chain"),
            in_the_chain("decider", "influencer"),
        ),
    ],
    actions=[
        action("interviews", ("完成三类访谈", "Hold the three kinds of interview"), 6, record="event"),
        action("one_page", ("写一页诊断", "Write the page"), 8, document="requirement"),
    ],
)
_PROPOSED = stage(
    "engagement_proposal",
    ("项目建议书", "Project proposal"),
    probability=50,
    forecast="best_case",
    color="cyan",
    days=(6, 10),
    follow_up_days=3,
    guidance=guidance(
        why=("建议书是双方对工作量的共识，不是宣传册。", "The proposal is what both agree to work on, not a brochure."),
        how=(
            "写清成果、边界、团队、日程和费用构成；当面讲解，当场改。",
            "State results, boundaries, team, schedule and what the fee is made of; present it in person and change it there.",
        ),
        done=("建议书讲过一轮，修改意见已记录。", "Presented once, and the changes noted."),
        focus=("成果边界、顾问人选", "Boundaries of the result, who will come"),
        difficulty=("范围越谈越大", "The scope keeps growing"),
        script=(
            "这一页是我们不做的事，您看有没有哪条必须放进来？",
            "This page lists what we leave out. Is there anything that must come in?",
        ),
    ),
    inputs=[("一页诊断", "The diagnosis")],
    outputs=[output(("建议书与报价", "Proposal with its fee"), document="quote")],
    exit=[
        check("fee_named", ("费用已填写", "The fee is filled in"), filled("amount")),
        check("proposal_filed", ("建议书已上传", "The proposal is uploaded"), file_of("quote", "left")),
        check("presented", ("已当面讲解", "It has been presented"), spoken("event", "call")),
    ],
    actions=[
        action("proposal", ("编写建议书", "Write the proposal"), 4, document="quote"),
        action("present", ("当面讲解并记录意见", "Present it and note the comments"), 6, field="customer_feedback"),
    ],
)
_DELIVERED = stage(
    "engagement",
    ("项目交付", "Delivery"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    days=(60, 120),
    follow_up_days=7,
    guidance=guidance(
        why=("服务过程就是最好的销售。", "The work itself is the best selling."),
        how=(
            "每周一次进展沟通，里程碑必须书面确认；发现新问题先记下来，不当场承诺。",
            "Talk about progress weekly, have milestones confirmed in writing; note new problems without promising on the spot.",
        ),
        done=("成果验收，尾款开票。", "Results accepted, the last invoice out."),
        focus=("体验、里程碑确认", "Experience, confirmed milestones"),
        difficulty=("做完了没人签收", "Finished, but nobody signs for it"),
        script=("这一周最让您意外的是什么？", "What surprised you most this week?"),
    ),
    inputs=[("合同版本", "Contract version")],
    outputs=[output(("里程碑确认", "Confirmed milestones"), document="confirmation")],
    exit=[check("accepted", ("验收确认已上传", "The acceptance is uploaded"), file_of("confirmation"))],
    actions=[
        action("kick_off", ("召开启动会", "Hold the kick-off"), 5, record="event"),
        action("weekly", ("建立每周进展沟通", "Set up the weekly talk"), 7, record="follow_up"),
        action("acceptance", ("取得验收确认", "Get the acceptance"), 60, document="confirmation"),
    ],
)
_CARED_FOR = stage(
    "customer_care",
    ("客户关怀", "Customer care"),
    kind="won",
    probability=100,
    forecast="closed",
    color="lime",
    days=(90, 180),
    follow_up_days=30,
    guidance=guidance(
        why=("下一个项目多半来自上一个客户。", "The next project mostly comes from the last customer."),
        how=(
            "交付后一、三、六个月各回访一次，看成果还在不在用；需要续作就建新商机。",
            "Call after one, three and six months and see whether the results are in use; open a new opportunity for more.",
        ),
        done=("满意度有记录，续作意向有结论。", "Satisfaction noted, and a conclusion about more work."),
        focus=("关怀、复购", "Care, repurchase"),
        difficulty=("项目一散，联系就断", "Contact ends with the project"),
        script=(
            "三个月前定的那几条，现在还在按着做吗？",
            "Of what we settled three months ago, what is still being done?",
        ),
    ),
    inputs=[("验收确认", "The acceptance")],
    outputs=[output(("满意度", "Satisfaction"), field="satisfaction")],
    goal=goal(("满意度不低于“满意”", "At least “satisfied”"), leaf("satisfaction", "in", ["delighted", "satisfied"])),
    actions=[
        action("return_visit", ("一个月回访", "Call after a month"), 22, field="satisfaction"),
        action(
            "more_work",
            ("三个月回访，问续作", "Call after three months and ask about more"),
            65,
            must=False,
            record="opportunity",
        ),
    ],
)

CONSULTING = template(
    pipeline(
        "consulting",
        ("咨询与服务", "Consulting and services"),
        (
            "适合咨询、代理和专业服务：前面重诊断，后面重关怀，交付和复购在同一条流程里。",
            "For consultants, agencies and professional services: diagnosis first, care afterwards, with delivery and repeat "
            "work in one pipeline.",
        ),
        [FIRST_TALK, _DIAGNOSED, _PROPOSED, COMMERCIAL_TALKS, SIGNING, _DELIVERED, _CARED_FOR, LOST],
    ),
    advice=(
        "重体验和复购：看“客户关怀”的满意度，和半年内再次合作的比例。",
        "Experience and repurchase count: watch satisfaction in “Customer care” and the share that comes back within half a "
        "year.",
    ),
    industries="business_services media education",
)
