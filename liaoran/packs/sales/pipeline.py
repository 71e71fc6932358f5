"""The standard sales pipeline 标准销售流程 in its six steps, with what each step is for, how it is done well, and what
counts as done.
"""

from __future__ import annotations

from liaoran.packs.definition import Definition, Pair, text, words


def _state(
    key: str,
    label: Pair,
    *,
    probability: int,
    forecast: str,
    color: str,
    guidance: Pair,
    kind: str = "open",
) -> Definition:
    return {
        "key": key,
        "label": text(label),
        "kind": kind,
        "probability": probability,
        "forecast_category": forecast,
        "color": color,
        "guidance": text(guidance),
    }


STATES = [
    _state(
        "initial_contact",
        ("初步接触", "First contact"),
        probability=10,
        forecast="pipeline",
        color="gray",
        guidance=(
            "为什么：先弄清对方是真有意向还是随便问问，别把时间花在不会成的单子上。\n"
            "怎么做：建好客户和联系人档案，问清对方的角色、起因和大致时间，约定一次需求会。\n"
            "算完成：知道谁在找、为什么现在找，并且需求会的时间已经定下。\n"
            "常见难题：信息零散、各人筛选标准不一。用同一组问题开场，问不到的就记成待确认。",
            "Why: find out whether the interest is real before spending time on it.\n"
            "How: file the account and the contact, learn their role, what prompted them and by when, and agree a date "
            "to talk about the need.\n"
            "Done when: you know who is looking and why now, and the date of that talk is fixed.\n"
            "Often hard: scattered facts, everyone screens differently. Open with the same questions; note what is "
            "still unknown.",
        ),
    ),
    _state(
        "needs",
        ("需求确认", "Needs confirmed"),
        probability=25,
        forecast="pipeline",
        color="blue",
        guidance=(
            "为什么：需求、预算和时间没说清，后面的方案和报价都是猜。\n"
            "怎么做：分别访谈使用者和拍板的人，把痛点和目标写成需求摘要，确认预算范围、决策链和上线时间。\n"
            "算完成：需求摘要得到客户确认，预算、决策人、时间线三项都已填写。\n"
            "常见难题：需求含糊、来回沟通成本高。每次谈完当天发纪要，请对方改一处或回一句“确认”。",
            "Why: with need, budget and time unclear, every proposal and quote is a guess.\n"
            "How: talk to those who will use it and to those who decide, write pains and goals down as the need "
            "summary, settle the budget range, who decides, and when it has to work.\n"
            "Done when: the customer agrees with the summary, and budget, decision maker and timeline are filled.\n"
            "Often hard: vague needs, costly back and forth. Send notes the same day and ask for one correction or "
            "one “yes”.",
        ),
    ),
    _state(
        "proposal",
        ("方案报价", "Proposal and quote"),
        probability=50,
        forecast="best_case",
        color="cyan",
        guidance=(
            "为什么：让客户看到方案解决的正是他说的问题，并且值这个价。\n"
            "怎么做：按需求摘要逐条对应做演示，给出报价单和投入产出说明，问清还有哪些竞品、我们差在哪。\n"
            "算完成：方案和报价已正式发出，客户给出了明确反馈，竞品和差异化策略已记录。\n"
            "常见难题：方案同质、报价没有弹性。先谈价值再谈价格，准备两到三档组合。",
            "Why: show that the solution answers exactly what they said, and is worth its price.\n"
            "How: demonstrate along the need summary, hand over the quote with a note on return, ask who else is "
            "being considered and where we differ.\n"
            "Done when: proposal and quote are sent, the customer has given a clear answer, competitors and our "
            "difference are recorded.\n"
            "Often hard: look-alike proposals, rigid quotes. Value first, then price; bring two or three packages.",
        ),
    ),
    _state(
        "negotiation",
        ("评审谈判", "Review and negotiation"),
        probability=70,
        forecast="best_case",
        color="purple",
        guidance=(
            "为什么：这一步决定成不成，阻力来自还没有被说服的那个人。\n"
            "怎么做：对照决策链逐个确认态度，把异议写下来逐条回应，提前请法务和财务介入条款。\n"
            "算完成：主要异议都有书面答复，商务条件双方认可，下一步是走合同。\n"
            "常见难题：僵持不下。换一个议题、换一个层级，或用分期、试点换取推进。",
            "Why: it is decided here, and what stands in the way is the person who is not yet convinced.\n"
            "How: check each member of the decision chain, write objections down and answer them one by one, bring "
            "legal and finance in before the terms are fixed.\n"
            "Done when: the main objections are answered in writing, both sides accept the terms, and the contract is "
            "the next step.\n"
            "Often hard: stalemate. Change the subject or the level, or offer instalments or a pilot for progress.",
        ),
    ),
    _state(
        "contract",
        ("合同审批", "Contract approval"),
        probability=90,
        forecast="commit",
        color="gold",
        guidance=(
            "为什么：口头同意不是成交，合同流程里最容易拖、也最容易出风险。\n"
            "怎么做：起草合同版本，确认条款、开票信息和回款节点，提交审批和用印，盯住卡在谁手里。\n"
            "算完成：双方签字盖章，合同版本已归档，首期回款节点已排期。\n"
            "常见难题：流程长、权责不清。提交时写明需要谁在哪天前做什么。",
            "Why: a spoken yes is not a sale; this is where time and risk slip in.\n"
            "How: draft the contract, confirm terms, invoice data and payment dates, send it for approval and seal, "
            "and know on whose desk it lies.\n"
            "Done when: both sides have signed, the version is filed, and the first payment has a date.\n"
            "Often hard: long routes, unclear authority. Say who has to do what by which day.",
        ),
    ),
    _state(
        "won",
        ("赢单", "Won"),
        kind="won",
        probability=100,
        forecast="closed",
        color="green",
        guidance=(
            "选出最主要的赢单原因，用一句话写下能让同事照着做的那一点；随后把交付、回款和回访交接清楚。",
            "Choose the main reason, and write the one thing that colleagues can repeat; then hand over delivery, "
            "payment and the return visit.",
        ),
    ),
    _state(
        "lost",
        ("输单", "Lost"),
        kind="lost",
        probability=0,
        forecast="omitted",
        color="red",
        guidance=(
            "选出最主要的输单原因，写下客户的原话；想一想早在哪一步就能看出来，并约定什么时候再联系。",
            "Choose the main reason and write down what the customer said; think at which step it could have been "
            "seen, and agree when to be in touch again.",
        ),
    ),
]

REASON_BEFORE = {"won": ["win_reason"], "lost": ["loss_reason"]}

PIPELINE: Definition = {
    "key": "sales",
    "object": "opportunity",
    "field": "stage",
    "process_field": "pipeline",
    "label": text(("标准销售流程", "Standard sales pipeline")),
    "is_default": True,
    "sum_field": "amount",
    "derived": {
        "status": {"open": "open", "won": "won", "lost": "lost"},
        "probability": "probability",
        "forecast_category": "forecast_category",
        "closed_on": "closed_on",
    },
    "states": STATES,
    "transitions": [
        {
            "key": f"to_{state['key']}",
            "from": None,
            "to": state["key"],
            "label": state["label"],
            "required": REASON_BEFORE.get(state["key"], []),
        }
        for state in STATES
    ],
}

SYNONYMS = {
    "initial_contact": "初步沟通 | 初次沟通 | 线索 | 线索获取 | 验证客户 | 立项 | Qualification | New",
    "needs": "需求分析 | 需求确定 | 意向确认 | Needs Analysis | Discovery",
    "proposal": "方案 | 报价 | 方案制定 | 方案/报价 | Value Proposition | Proposal/Price Quote | Proposal | Quote",
    "negotiation": "谈判 | 商务谈判 | 谈判审核 | 评审/谈判 | Negotiation/Review | Negotiation",
    "contract": "合同 | 签约 | 合同签约 | 签约跟进 | Contract | Contract Sent",
    "won": "成交 | 已成交 | 赢单成交 | 已完成 | 签约成功 | Won | Closed Won | Win",
    "lost": "丢单 | 失败 | 已丢单 | 输单关闭 | Lost | Closed Lost | Loss",
}
STAGES = [
    {key: state[key] for key in ("key", "label", "color")} | {"synonyms": words(SYNONYMS[state["key"]])}
    for state in STATES
]
"""The states as choices of the stage Field, with the words that imported files use for them."""
