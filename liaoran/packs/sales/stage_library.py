"""Stages that several templates have in common. The same name always has the same key, whatever the template, because
the stage Field offers the stages of all pipelines.
"""

from __future__ import annotations

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
)

FIRST_TALK = stage(
    "first_talk",
    ("初步沟通", "First talk"),
    probability=10,
    forecast="pipeline",
    color="gray",
    days=(4, 8),
    follow_up_days=3,
    guidance=guidance(
        why=("先听懂客户遇到了什么事，再决定值不值得投入。", "Hear what has happened to them before investing time."),
        how=(
            "用十五分钟问四件事：遇到什么问题、现在怎么办、谁受影响、想什么时候解决。当天记成跟进记录。",
            "Ask four things in a quarter of an hour: what is the problem, how do they cope now, whom does it hurt, by "
            "when should it be solved. Note it the same day.",
        ),
        done=("需求记下了一句话以上，下一次沟通有日期。", "The need is noted, and the next talk has a date."),
        focus=("多听少讲，听出真实起因", "Listening, and hearing the true cause"),
        difficulty=("聊得热闹却没留下任何信息", "A lively talk that leaves nothing behind"),
        effect=("沟通高效，不漏事项", "Efficient talks, nothing missed"),
        script=(
            "{account.name}现在这件事是怎么处理的？最麻烦的是哪一步？",
            "How does {account.name} handle this today, and which step is the most trouble?",
        ),
    ),
    inputs=[("线索或来电记录", "A lead or a call")],
    outputs=[output(("首次沟通记录", "Note of the first talk"), record="follow_up")],
    exit=[
        check("talked", ("已有一次沟通记录", "A talk is on record"), spoken("call", "event", "follow_up", since="any")),
        check("next_agreed", ("下次沟通时间已定", "The next talk has a date"), filled("next_follow_up_at")),
    ],
    actions=[
        action(
            "first_call", ("打第一通电话并记录需求", "Make the first call and note the need"), 1, record="follow_up"
        ),
        action(
            "contact_role", ("问清联系人的角色", "Ask what part the contact plays"), 2, record="opportunity_contact"
        ),
    ],
    on_leave="close",
)

LEAD_CAPTURE = stage(
    "lead_capture",
    ("线索获取", "Lead captured"),
    probability=5,
    forecast="pipeline",
    color="gray",
    days=(1, 3),
    follow_up_days=1,
    guidance=guidance(
        why=("线索放得越久越凉，第一时间联系的人赢面最大。", "Leads cool quickly; whoever calls first has the edge."),
        how=(
            "查重后建档，标明来源和行业，当天联系一次，判断是不是我们的客户。",
            "Check for duplicates, file it with source and industry, call the same day, and judge whether they are for "
            "us.",
        ),
        done=(
            "客户已建档、来源已标明，联系上或排好了下次联系。",
            "Filed with its source, and reached or scheduled again.",
        ),
        focus=("来源质量、响应速度", "The quality of the source, the speed of the answer"),
        difficulty=("信息不全、同一客户被重复联系", "Missing facts, the same customer called twice"),
        script=(
            "您好，我是{owner.name}，看到您在关注这件事。您现在是自己在用，还是替同事了解？",
            "Hello, this is {owner.name}. I saw that you are looking into this: for your own work, or for a colleague?",
        ),
    ),
    inputs=[("市场活动、官网、转介绍的线索", "Leads from campaigns, the website, referrals")],
    outputs=[output(("客户档案", "The account"), field="account")],
    exit=[
        check("account_filed", ("客户已建档", "The account is filed"), filled("account")),
        check("source_marked", ("来源已标明", "The source is marked"), filled("source")),
    ],
    actions=[
        action(
            "check_duplicate", ("查重并建立客户档案", "Check for duplicates and file the account"), 0, field="account"
        ),
        action("first_call", ("当天首次联系", "Make the first call the same day"), 0, record="call"),
    ],
    on_leave="close",
)

NEED_ANALYSIS = stage(
    "need_analysis",
    ("需求分析", "Need analysis"),
    probability=25,
    forecast="pipeline",
    color="blue",
    days=(8, 14),
    follow_up_days=5,
    guidance=guidance(
        why=("需求越具体，方案越有把握，价格越站得住。", "The clearer the need, the surer the solution and its price."),
        how=(
            "访谈使用者、管理者和出钱的人各一次，把现状、痛点、期望结果逐条整理，再请客户排先后。",
            "Interview a user, a manager and whoever pays; list present state, pains and wanted results, and have the "
            "customer rank them.",
        ),
        done=(
            "需求摘要经客户认可，预算大致范围已知。",
            "The customer accepts the need summary, the budget is roughly known.",
        ),
        focus=("痛点、预算是否确认", "The pains, and whether a budget is confirmed"),
        difficulty=("需求模糊、沟通成本高", "Vague needs, costly communication"),
        effect=("需求清晰，方案更匹配", "A clear need and a better match"),
        script=(
            "如果只能先解决一件事，{account.name}会选哪一件？怎样才算解决了？",
            "If only one thing could be solved first, which would {account.name} choose, and how would you tell?",
        ),
    ),
    inputs=[("首次沟通记录", "Note of the first talk")],
    outputs=[
        output(("需求摘要", "Need summary"), field="need_summary"),
        output(("需求文档", "Requirement document"), document="requirement"),
    ],
    exit=[
        check("need_written", ("需求摘要已写明", "The need is written down"), filled("need_summary")),
        check("budget_known", ("客户预算已了解", "The customer's budget is known"), filled("budget")),
        check(
            "need_evidence",
            ("有客户明确的需求文档或邮件确认", "A requirement document or a confirmation by mail is attached"),
            either(file_of("requirement"), file_of("confirmation")),
        ),
    ],
    actions=[
        action("interviews", ("完成需求访谈并写纪要", "Hold the interviews and write minutes"), 5, document="minutes"),
        action(
            "requirement",
            ("整理需求文档请客户确认", "Have the requirement document confirmed"),
            7,
            document="requirement",
        ),
        action("budget", ("了解预算和采购流程", "Learn about budget and purchasing"), 6, field="budget"),
    ],
    on_leave="close",
)

SOLUTION = stage(
    "solution",
    ("方案制定", "Solution"),
    probability=45,
    forecast="best_case",
    color="cyan",
    days=(7, 12),
    follow_up_days=4,
    team=[role("presales")],
    guidance=guidance(
        why=(
            "客户要看的是他的问题怎么被解决，不是产品手册。",
            "They want to see their problem solved, not a brochure.",
        ),
        how=(
            "从资料库找最接近的案例，按需求逐条写方案，和售前一起定范围与报价，讲给客户听一遍。",
            "Start from the closest case, answer the need point by point, settle scope and price with pre-sales, and "
            "present it.",
        ),
        done=("方案和报价发出，客户听过讲解并给了反馈。", "Solution and quote are out, presented, and answered."),
        focus=("竞争优势、性价比", "Competitive edge, price and performance"),
        difficulty=("方案同质化、报价不灵活", "Look-alike solutions, rigid quotes"),
        effect=("响应快、少返工", "Fast answers, less rework"),
        script=(
            "方案里的第二部分，就是您上次说最头疼的那一步，我们先看这里好吗？",
            "The second part is the step you called the worst. Shall we look at that first?",
        ),
    ),
    inputs=[("需求文档", "Requirement document")],
    outputs=[output(("方案与报价单", "Solution and quote"), document="quote")],
    exit=[
        check("amount_quoted", ("报价金额已填写", "The quoted amount is filled in"), filled("amount")),
        check("quote_filed", ("报价单已上传", "The quote is uploaded"), file_of("quote", "left")),
        check(
            "customer_answered",
            ("客户已有明确反馈", "The customer has given a clear answer"),
            filled("customer_feedback"),
        ),
    ],
    actions=[
        action("write_solution", ("编写方案", "Write the solution"), 5, who=role("presales"), document="quote"),
        action("present", ("讲解方案并记录反馈", "Present it and note the answer"), 7, field="customer_feedback"),
    ],
)

COMMERCIAL_TALKS = stage(
    "commercial_talks",
    ("商务洽谈", "Commercial talks"),
    probability=70,
    forecast="best_case",
    color="purple",
    days=(8, 15),
    follow_up_days=4,
    guidance=guidance(
        why=(
            "价格、付款和交付谈清楚，合同才走得快。",
            "Price, payment and delivery settled make for a quick contract.",
        ),
        how=(
            "先对齐客户最在意的一条，再谈价格；每让一步都换回一个条件，谈完发纪要。",
            "Settle what matters most to them before the price; trade each concession for something, and send minutes.",
        ),
        done=("商务条件双方认可，签约日期有了。", "Both accept the terms, and the signing has a date."),
        focus=("互信、让步的节奏", "Trust, and the pace of concessions"),
        difficulty=("只剩价格可谈", "Nothing left to discuss but the price"),
        script=(
            "如果付款方式按您说的来，交付范围我们就按这份清单定下来，可以吗？",
            "If we take your terms of payment, may we fix the scope by this list?",
        ),
    ),
    inputs=[("客户对方案的反馈", "The answer to the solution")],
    outputs=[output(("洽谈纪要", "Minutes of the talks"), document="minutes")],
    exit=[
        check("terms_agreed", ("付款与回款节点已谈妥", "The payment dates are agreed"), filled("payment_terms")),
        check("minutes_filed", ("洽谈纪要已上传", "The minutes are uploaded"), file_of("minutes", "entered")),
    ],
    actions=[
        action("decision_chain", ("确认谁最后点头", "Find out who has the last word"), 3, field="decision_maker"),
        action("talks", ("洽谈并发出纪要", "Hold the talks and send minutes"), 6, document="minutes"),
    ],
)

BUSINESS_NEGOTIATION = stage(
    "business_negotiation",
    ("商务谈判", "Negotiation"),
    probability=70,
    forecast="best_case",
    color="purple",
    days=(10, 20),
    follow_up_days=4,
    guidance=guidance(
        why=("条款每拖一周，变数就多一个。", "Every week that terms stay open adds a risk."),
        how=(
            "列出分歧清单，一条一条关掉；价格之外准备分期、服务、试点三种筹码，重要让步先和上级对齐。",
            "List the open points and close them one by one; beside the price hold instalments, service and a pilot "
            "ready, and agree large concessions inside first.",
        ),
        done=("分歧清单清零，付款与交付条件写成文字。", "No open points, and payment and delivery are in writing."),
        focus=("互信，消除阻力", "Mutual trust, removing obstacles"),
        difficulty=("谈判僵局、异议处理不力", "Stalemate, weak handling of objections"),
        effect=("谈判有底、让步可查", "Known limits, and concessions on record"),
        script=(
            "除了价格，还有哪一条会让{account.name}下不了决定？我们今天先把它解决。",
            "Beside the price, which point keeps {account.name} from deciding? Let us settle that one today.",
        ),
    ),
    inputs=[("报价单", "The quote"), ("客户反馈", "The customer's answer")],
    outputs=[output(("谈判纪要", "Minutes"), document="minutes")],
    exit=[
        check(
            "decider_known",
            ("决策人已明确", "The decision maker is known"),
            either(filled("decision_maker"), in_the_chain("decider")),
        ),
        check("terms_agreed", ("付款与回款节点已谈妥", "The payment dates are agreed"), filled("payment_terms")),
        check("minutes_filed", ("谈判纪要已上传", "The minutes are uploaded"), file_of("minutes", "entered")),
    ],
    goal=goal(("三周内谈妥", "Agreed within three weeks"), filled("payment_terms")),
    actions=[
        action("open_points", ("列出分歧清单", "List the open points"), 2, note=True),
        action("objections", ("逐条回应异议并发纪要", "Answer each objection and send minutes"), 6, document="minutes"),
        action("discount", ("让步先与主管对齐", "Agree concessions with your manager"), 4, must=False),
    ],
)

SIGNING = stage(
    "signing",
    ("签约", "Signing"),
    probability=90,
    forecast="commit",
    color="gold",
    days=(5, 10),
    follow_up_days=2,
    team=[role("legal")],
    guidance=guidance(
        why=("越接近签字，越要有人盯着。", "The closer the signature, the more it needs an eye on it."),
        how=(
            "用合同模板起草，标出与模板不同的条款；确认签字人、用印时间和开票信息。",
            "Draft from the template, mark what differs from it; settle signatory, date of sealing and invoice data.",
        ),
        done=("合同双方签字，文件归档，负责人已标明。", "Signed by both, filed, with a person responsible."),
        focus=("条款一致、时间可控", "Terms as agreed, time under control"),
        difficulty=("签字人出差、用印排队", "The signatory travels, sealing queues up"),
        script=(
            "合同寄到哪位手里最快？我同步把电子版发您核对。",
            "Who should get the contract to be quickest? I will mail a copy too.",
        ),
    ),
    inputs=[("洽谈纪要", "Minutes of the talks")],
    outputs=[output(("合同版本", "Contract version"), document="contract")],
    exit=[
        check("contract_filed", ("合同版本已上传", "The contract version is uploaded"), file_of("contract", "left")),
        check(
            "contract_owner",
            ("合同负责人已标明", "A person responsible for the contract is named"),
            filled("contract_owner"),
        ),
    ],
    actions=[
        action("draft", ("起草合同并上传", "Draft the contract and upload it"), 2, document="contract"),
        action("invoice_data", ("确认开票信息", "Confirm the invoice data"), 3, field="invoice_info"),
    ],
)

CONTRACT_CONCLUSION = stage(
    "contract_conclusion",
    ("合同签约", "Contract signing"),
    probability=90,
    forecast="commit",
    color="gold",
    days=(7, 12),
    follow_up_days=3,
    team=[role("legal"), role("finance")],
    guidance=guidance(
        why=("合同把口头约定变成双方的责任。", "The contract turns words into duties on both sides."),
        how=(
            "起草、法务核条款、财务核付款与开票，盖章后把扫描件归档，并约定交付启动日。",
            "Draft it, have legal check the terms and finance payment and invoicing, file the sealed scan, and agree the "
            "day on which delivery starts.",
        ),
        done=(
            "盖章合同归档，开票信息与回款节点齐全。",
            "The sealed contract is filed with invoice data and payment dates.",
        ),
        focus=("合规、风险管控", "Compliance, risk control"),
        difficulty=("合同流程复杂、权责不清", "A complicated contract flow, unclear authority"),
        effect=("签约率更高、过程可追溯", "More signatures, a traceable flow"),
        script=(
            "盖章前还有两处要和您核对：开票抬头和第一笔款的日期。",
            "Two points before sealing: the invoice title, and the date of the first payment.",
        ),
    ),
    inputs=[("谈判纪要", "Minutes")],
    outputs=[output(("合同版本", "Contract version"), document="contract")],
    exit=[
        check("contract_filed", ("合同版本已上传", "The contract version is uploaded"), file_of("contract", "left")),
        check("invoice_known", ("开票信息已确认", "The invoice data is confirmed"), filled("invoice_info")),
    ],
    actions=[
        action("draft", ("起草合同", "Draft the contract"), 2, document="contract"),
        action("legal", ("法务核对条款", "Check the terms"), 4, who=role("legal"), note=True),
        action("seal", ("双方盖章并归档", "Have both seal it and file it"), 8, document="contract"),
        action("invoice_data", ("确认开票信息", "Confirm the invoice data"), 4, field="invoice_info"),
    ],
)

FOLLOW_THROUGH = stage(
    "follow_through",
    ("后续跟进", "After signing"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    days=(60, 120),
    follow_up_days=14,
    guidance=guidance(
        why=(
            "交付、回款和关怀做好了，下一单就在这家客户里。",
            "Deliver, collect and care well, and the next sale is here.",
        ),
        how=(
            "盯住交付节点和每一笔回款，满月回访一次，听到新需求就建新商机并注明来自老客户。",
            "Watch the milestones and every payment, call after a month, and open a new opportunity with the source "
            "“existing customer” when a new need comes up.",
        ),
        done=("交付验收、款项收齐、满意度已记录。", "Accepted, paid, and satisfaction on record."),
        focus=("满意度、复购", "Satisfaction, repurchase"),
        difficulty=("交付延迟、客户流失", "Late delivery, churn"),
        effect=("满意度更高，复购有迹可循", "More satisfaction, and repeat sales"),
        script=(
            "上线一个月了，{account.name}用得最顺手和最不顺手的各是哪一处？",
            "A month on: what works best for {account.name}, and what works worst?",
        ),
    ),
    inputs=[("盖章合同", "The sealed contract")],
    outputs=[
        output(("满意度", "Satisfaction"), field="satisfaction"),
        output(("赢单原因", "Win reason"), field="win_reason"),
    ],
    goal=goal(("客户满意", "The customer is satisfied"), leaf("satisfaction", "in", ["delighted", "satisfied"])),
    actions=[
        action("delivery", ("确认交付节点", "Confirm the delivery milestones"), 3, field="delivery_on"),
        action("payment", ("跟进首期回款", "Follow up the first payment"), 15, who=role("finance"), note=True),
        action(
            "return_visit",
            ("满月回访并记录满意度", "Call after a month and note satisfaction"),
            22,
            field="satisfaction",
        ),
        action("second_sale", ("梳理二次开发机会", "Look for the next need"), 45, must=False, record="opportunity"),
    ],
)
