"""The five open steps of the standard sales pipeline 标准销售流程: what each is for, what has to be true before it is left,
and the tasks that entering it makes.
"""

from __future__ import annotations

from liaoran.packs.stages import (
    action,
    approval,
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
    step,
)

INITIAL_CONTACT = stage(
    "initial_contact",
    ("初步接触", "First contact"),
    probability=10,
    forecast="pipeline",
    color="gray",
    days=(5, 10),
    follow_up_days=3,
    guidance=guidance(
        why=(
            "先弄清对方是真有意向还是随便问问，别把时间花在不会成的单子上。",
            "Find out whether the interest is real before spending time on it.",
        ),
        how=(
            "建好客户和联系人档案，问清对方的角色、起因和大致时间，约定一次需求会。",
            "File the account and the contact, learn their role, what prompted them and by when, and agree a date to "
            "talk about the need.",
        ),
        done=(
            "知道谁在找、为什么现在找，并且需求会的时间已经定下。",
            "You know who is looking and why now, and the date of that talk is fixed.",
        ),
        focus=("客户的真实意图", "What the customer is really after"),
        difficulty=(
            "信息零散、各人筛选标准不一。用同一组问题开场，问不到的就记成待确认。",
            "Scattered facts, everyone screens differently. Open with the same questions; note what is still unknown.",
        ),
        effect=("沟通有的放矢，意向不漏记", "Talks have an aim, and no sign of interest goes unrecorded"),
        script=(
            "您好，我是{owner.name}。想先了解{account.name}这次是什么原因开始找方案的，除了您还有哪些同事会参与？"
            "下周哪天方便，我们用半小时把需求过一遍？",
            "Hello, this is {owner.name}. What made {account.name} start looking now, and which of your colleagues will "
            "take part? Which day next week would suit you for half an hour about the need?",
        ),
    ),
    inputs=[("线索或客户来电", "A lead or an enquiry")],
    outputs=[output(("需求会时间", "Date of the need meeting"), field="next_follow_up_at")],
    exit=[
        check("account_filed", ("客户已建档", "The account is filed"), filled("account")),
        check(
            "meeting_agreed",
            ("需求会已约定（下次跟进时间，或一条日程）", "The need meeting is agreed (next follow-up, or an event)"),
            either(filled("next_follow_up_at"), spoken("event")),
        ),
    ],
    actions=[
        action("file_account", ("建立客户与联系人档案", "File the account and its contact"), 1, field="account"),
        action(
            "contact_role",
            ("确认联系人在决策中的角色", "Find out the contact's part in the decision"),
            2,
            record="opportunity_contact",
        ),
        action("need_meeting", ("约定需求会", "Agree the need meeting"), 3, field="next_follow_up_at"),
    ],
    on_leave="close",
)

NEEDS = stage(
    "needs",
    ("需求确认", "Needs confirmed"),
    probability=25,
    forecast="pipeline",
    color="blue",
    days=(10, 14),
    follow_up_days=5,
    guidance=guidance(
        why=(
            "需求、预算和时间没说清，后面的方案和报价都是猜。",
            "With need, budget and time unclear, every proposal and quote is a guess.",
        ),
        how=(
            "分别访谈使用者和拍板的人，把痛点和目标写成需求摘要，确认预算范围、决策链和上线时间。",
            "Talk to those who will use it and to those who decide, write pains and goals down as the need summary, "
            "settle the budget range, who decides, and when it has to work.",
        ),
        done=(
            "需求摘要得到客户确认，预算、决策人、时间线三项都已填写。",
            "The customer agrees with the summary, and budget, decision maker and timeline are filled.",
        ),
        focus=("痛点有多痛、预算是否落实", "How much it hurts, and whether the money is there"),
        difficulty=(
            "需求含糊、来回沟通成本高。每次谈完当天发纪要，请对方改一处或回一句“确认”。",
            "Vague needs, costly back and forth. Send notes the same day and ask for one correction or one “yes”.",
        ),
        effect=("需求写得清楚，方案对得上", "A clear need, and a solution that fits it"),
        script=(
            "上次您提到的问题，如果到年底还没解决，{account.name}会受什么影响？这笔预算是已经批下来，还是要先看方案？"
            "最后由谁拍板，他最看重什么？",
            "If this is not solved by the end of the year, what does it mean for {account.name}? Is the money approved, "
            "or does that depend on the proposal? Who has the last word, and what matters most to them?",
        ),
    ),
    inputs=[("需求会的时间和参加人", "Date and people of the need meeting")],
    outputs=[
        output(("需求摘要", "Need summary"), field="need_summary"),
        output(("会议纪要", "Minutes"), document="minutes"),
    ],
    exit=[
        check("need_written", ("需求摘要已写明", "The need is written down"), filled("need_summary")),
        check("budget_range", ("预算范围已确认", "The budget range is confirmed"), filled("budget")),
        check(
            "decision_chain",
            ("决策链已明确（决策人，或决策链中的决策人）", "The decision chain is clear (a decision maker is named)"),
            either(filled("decision_maker"), in_the_chain("decider")),
        ),
        check("go_live", ("上线时间已确认", "The go-live time is confirmed"), filled("timeline")),
        check(
            "need_evidence",
            ("客户已确认需求（需求文档、确认邮件，或勾选“客户已确认需求”）", "The customer has confirmed the need"),
            either(leaf("need_confirmed", "is_true"), file_of("requirement"), file_of("confirmation")),
        ),
    ],
    actions=[
        action(
            "pains_and_goals",
            ("梳理痛点和目标", "Work out pains and goals"),
            5,
            help=("访谈至少一位使用者，原话写进跟进记录", "Interview at least one user and keep their own words"),
            field="need_summary",
        ),
        action("budget_and_cycle", ("确认预算和采购周期", "Settle budget and buying cycle"), 7, field="budget"),
        action("meeting_notes", ("发出会议纪要请客户确认", "Send the minutes for confirmation"), 6, document="minutes"),
    ],
    on_leave="close",
)

PROPOSAL = stage(
    "proposal",
    ("方案报价", "Proposal and quote"),
    probability=50,
    forecast="best_case",
    color="cyan",
    days=(10, 15),
    follow_up_days=5,
    team=[role("presales")],
    guidance=guidance(
        why=(
            "让客户看到方案解决的正是他说的问题，并且值这个价。",
            "Show that the solution answers exactly what they said, and is worth its price.",
        ),
        how=(
            "按需求摘要逐条对应做演示，给出报价单和投入产出说明，问清还有哪些竞品、我们差在哪。",
            "Demonstrate along the need summary, hand over the quote with a note on return, ask who else is being "
            "considered and where we differ.",
        ),
        done=(
            "方案和报价已正式发出，客户给出了明确反馈，竞品和差异化策略已记录。",
            "Proposal and quote are sent, the customer has given a clear answer, competitors and our difference are "
            "recorded.",
        ),
        focus=("竞争优势、性价比", "What sets us apart, and value for money"),
        difficulty=(
            "方案同质、报价没有弹性。先谈价值再谈价格，准备两到三档组合。",
            "Look-alike proposals, rigid quotes. Value first, then price; bring two or three packages.",
        ),
        effect=("答复更快、少返工", "Faster answers, less rework"),
        script=(
            "这份方案是按您确认过的需求逐条写的。三档组合里，您觉得哪一档最接近{account.name}的想法？"
            "还有哪一条没说服您？",
            "The proposal follows the points you confirmed one by one. Which of the three packages comes closest for "
            "{account.name}, and which point has not convinced you yet?",
        ),
    ),
    inputs=[("客户确认过的需求摘要", "The need summary as confirmed"), ("预算范围", "The budget range")],
    outputs=[
        output(("方案与报价单", "Proposal and quote"), document="quote"),
        output(("客户反馈", "The customer's answer"), field="customer_feedback"),
    ],
    exit=[
        check("amount_quoted", ("报价金额已填写", "The quoted amount is filled in"), filled("amount")),
        check(
            "quote_sent",
            ("方案报价已给到客户（报价单文件，或客户反馈）", "The quote is with the customer (file, or their answer)"),
            either(file_of("quote"), filled("customer_feedback")),
        ),
        check(
            "difference_named",
            ("有竞争对手时，差异化策略已写明", "With a competitor, it is written down how we differ"),
            either(leaf("competitor", "empty"), filled("differentiation")),
        ),
    ],
    actions=[
        action(
            "demo", ("安排并完成方案演示", "Arrange and give the demonstration"), 4, who=role("presales"), note=True
        ),
        action("quote_sheet", ("发出方案和报价单", "Send proposal and quote"), 6, document="quote"),
        action("return_note", ("准备投入产出说明", "Prepare the note on return"), 6, must=False, note=True),
        action("confirm_competitor", ("确认竞品", "Find out the competitors"), 5, field="competitor"),
        action("confirm_budget", ("再次确认预算", "Confirm the budget again"), 5, must=False, field="budget"),
    ],
)

NEGOTIATION = stage(
    "negotiation",
    ("评审谈判", "Review and negotiation"),
    probability=70,
    forecast="best_case",
    color="purple",
    days=(12, 20),
    follow_up_days=4,
    guidance=guidance(
        why=(
            "这一步决定成不成，阻力来自还没有被说服的那个人。",
            "It is decided here, and what stands in the way is the person who is not yet convinced.",
        ),
        how=(
            "对照决策链逐个确认态度，把异议写下来逐条回应，提前请法务和财务介入条款。",
            "Check each member of the decision chain, write objections down and answer them one by one, bring legal and "
            "finance in before the terms are fixed.",
        ),
        done=(
            "主要异议都有书面答复，商务条件双方认可，下一步是走合同。",
            "The main objections are answered in writing, both sides accept the terms, and the contract is next.",
        ),
        focus=("建立互信、消除阻力", "Mutual trust, and taking obstacles away"),
        difficulty=(
            "僵持不下。换一个议题、换一个层级，或用分期、试点换取推进。",
            "Stalemate. Change the subject or the level, or offer instalments or a pilot for progress.",
        ),
        effect=("谈得拢、不反复", "Agreement that lasts"),
        script=(
            "如果我们在交付时间上再往前一步，{account.name}这边本月能把合同走完吗？还有谁需要我们当面说明？",
            "If we move a step on delivery, can {account.name} finish the contract this month? Whom else should we "
            "explain it to in person?",
        ),
    ),
    inputs=[("已发出的方案与报价", "Proposal and quote as sent"), ("决策链", "The decision chain")],
    outputs=[output(("谈判纪要", "Minutes of the negotiation"), document="minutes")],
    exit=[
        check(
            "close_expected",
            ("预计成交日期已填写", "The expected day of closing is filled in"),
            filled("expected_close_on"),
        ),
    ],
    goal=goal(
        ("与决策人当面谈过", "The decision maker has been met"),
        in_the_chain("decider"),
    ),
    actions=[
        action(
            "decision_chain",
            ("确认决策链上每个人的态度", "Check where everybody in the decision chain stands"),
            3,
            record="opportunity_contact",
        ),
        action("objections", ("书面回应客户异议", "Answer the objections in writing"), 5, document="minutes"),
        action("legal_review", ("推动双方法务对条款", "Bring both sides' legal people together"), 8, must=False),
    ],
)

CONTRACT = stage(
    "contract",
    ("合同审批", "Contract approval"),
    probability=90,
    forecast="commit",
    color="gold",
    days=(7, 12),
    follow_up_days=3,
    team=[role("legal"), role("finance")],
    approval="contract_review",
    guidance=guidance(
        why=(
            "口头同意不是成交，合同流程里最容易拖、也最容易出风险。",
            "A spoken yes is not a sale; this is where time and risk slip in.",
        ),
        how=(
            "起草合同版本，确认条款、开票信息和回款节点，提交审批和用印，盯住卡在谁手里。",
            "Draft the contract, confirm terms, invoice data and payment dates, send it for approval and seal, and know "
            "on whose desk it lies.",
        ),
        done=(
            "双方签字盖章，合同版本已归档，首期回款节点已排期。",
            "Both sides have signed, the version is filed, and the first payment has a date.",
        ),
        focus=("合规、风险可控", "Compliance, and risk under control"),
        difficulty=(
            "流程长、权责不清。提交时写明需要谁在哪天前做什么。",
            "Long routes, unclear authority. Say who has to do what by which day.",
        ),
        effect=("签得快、每一步可追溯", "Quicker signatures, and every step can be traced"),
        script=(
            "合同我们这边法务和财务都看过了。{account.name}的用印流程一般要几天，需要我提前准备什么材料？",
            "Our legal and finance people have been through the contract. How long does sealing take at {account.name}, "
            "and what should I have ready?",
        ),
    ),
    inputs=[("双方认可的商务条件", "The terms both sides accept")],
    outputs=[output(("合同版本", "Contract version"), document="contract")],
    exit=[check("contract_filed", ("合同版本已上传", "The contract version is uploaded"), file_of("contract"))],
    actions=[
        action("terms", ("核对合同条款", "Check the terms"), 2, document="contract"),
        action("invoice_data", ("确认开票信息", "Confirm the invoice data"), 3, field="invoice_info"),
        action("payment_dates", ("确认回款节点", "Agree the payment dates"), 3, field="payment_terms"),
    ],
)

OPEN_STAGES = [INITIAL_CONTACT, NEEDS, PROPOSAL, NEGOTIATION, CONTRACT]

CONTRACT_REVIEW = approval(
    "contract_review",
    ("合同审批", "Contract approval"),
    [
        step("legal", ("法务审核", "Legal"), role("legal")),
        step("finance", ("财务审核", "Finance"), role("finance")),
    ],
    needs=[
        check(
            "contract_version",
            ("已上传合同或报价的版本", "A version of the contract or quote is uploaded"),
            either(file_of("contract"), file_of("quote")),
        )
    ],
    refused_to="negotiation",
)
"""Legal first, finance once legal is through."""
