"""For start-ups and very small teams: two open stages, one condition each."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.stages import action, check, filled, goal, guidance, output, stage, template

_TALKING = stage(
    "in_talks",
    ("沟通中", "Talking"),
    probability=30,
    forecast="pipeline",
    color="blue",
    days=(7, 14),
    follow_up_days=5,
    guidance=guidance(
        why=("人少单少，更要知道下一步找谁。", "With few people and few deals, know whom to call next."),
        how=(
            "聊清楚要解决什么、什么时候要，写一句需求，定下次联系时间。",
            "Learn what and by when, write the need in a sentence, set the next contact.",
        ),
        done=("下一步和时间都有。", "There is a next step and a date."),
        focus=("下一步", "The next step"),
        difficulty=("忙起来就忘", "Forgotten when busy"),
        effect=("两个人也看得清全部单子", "Even two people see every deal"),
        script=(
            "您最想先解决哪件事？我们下周二再聊一次可以吗？",
            "What would you like solved first? May we talk again on Tuesday?",
        ),
    ),
    inputs=[("朋友介绍或来电", "A referral or a call")],
    outputs=[output(("下一步与时间", "Next step and date"), field="next_follow_up_at")],
    exit=[check("next_agreed", ("下次跟进时间已定", "The next follow-up has a date"), filled("next_follow_up_at"))],
    actions=[action("next_step", ("写下需求和下一步", "Note the need and the next step"), 1, field="next_action")],
    on_leave="close",
)
_OFFERED = stage(
    "offered",
    ("已报价", "Quoted"),
    probability=60,
    forecast="best_case",
    color="cyan",
    days=(7, 14),
    follow_up_days=3,
    guidance=guidance(
        why=("报完价不跟，等于没报。", "A quote that nobody follows up is none."),
        how=(
            "报价后三天内问一次反馈，问清差在价格、范围还是时间。",
            "Ask within three days, and find out whether price, scope or time is the matter.",
        ),
        done=("对方说了行或不行。", "They have said yes or no."),
        focus=("客户的明确答复", "A clear answer"),
        difficulty=("对方说再看看", "“We will see”"),
        script=("报价您看了吗？要定下来还缺什么？", "Have you seen the quote? What is missing to decide?"),
    ),
    inputs=[("需求一句话", "The need in one sentence")],
    outputs=[output(("报价金额", "The quoted amount"), field="amount")],
    exit=[check("amount_quoted", ("金额已填写", "The amount is filled in"), filled("amount"))],
    goal=goal(("两周内有答复", "Answered within two weeks"), filled("customer_feedback")),
    actions=[
        action("ask_answer", ("三天内问一次反馈", "Ask for an answer within three days"), 3, field="customer_feedback")
    ],
    on_leave="close",
)

LIGHT = template(
    pipeline(
        "light",
        ("轻量流程", "Light pipeline"),
        (
            "适合初创公司和三五人的小团队：两个进行中的阶段，每步只要一个条件，以后随时加。",
            "For start-ups and teams of three to five: two open stages with one condition each, to be added to at any time.",
        ),
        [_TALKING, _OFFERED, WON, LOST],
    ),
    advice=(
        "先别加阶段。等同一个问题出现三次，再为它加一个条件或一个阶段；流程可长可短，历史不会丢。",
        "Add no stages yet. When the same trouble comes up three times, add a condition or a stage for it; the pipeline may "
        "grow and shrink without losing history.",
    ),
    industries="media other",
)
