"""Selling to consumers: short and quick, with the weight on the first meeting and the recommendation."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.stages import action, check, either, filled, goal, guidance, leaf, output, spoken, stage, template

_MET = stage(
    "first_visit",
    ("首次接待", "First visit"),
    probability=20,
    forecast="pipeline",
    color="gray",
    days=(1, 2),
    follow_up_days=1,
    guidance=guidance(
        why=("头三分钟决定顾客愿不愿意说真话。", "The first three minutes decide whether they tell you the truth."),
        how=(
            "先问用在哪、给谁用、什么时候要，再介绍；当天记下意向和联系方式。",
            "Ask where, for whom and by when before showing anything; note the interest and a way to reach them the same day.",
        ),
        done=("需求一句话写下，约好下次联系。", "One sentence about the need, and the next contact agreed."),
        focus=("真实用途、购买时间", "The real use, the time of buying"),
        difficulty=("来了又走，没留下联系方式", "They leave without a way to reach them"),
        effect=("进店的人不白来", "No visit is wasted"),
        script=(
            "您主要是在哪里用、谁用得最多？预算大概想控制在多少？",
            "Where will you use it, and who most? About how much would you like to spend?",
        ),
    ),
    inputs=[("到店、来电或线上咨询", "A visit, a call or an online enquiry")],
    outputs=[output(("需求一句话", "The need in one sentence"), field="need_summary")],
    exit=[
        check("need_noted", ("需求已记录", "The need is noted"), filled("need_summary")),
        check("next_agreed", ("下次联系时间已定", "The next contact has a date"), filled("next_follow_up_at")),
    ],
    actions=[action("note_need", ("记录需求与联系方式", "Note the need and the contact"), 0, field="need_summary")],
    on_leave="close",
)
_RECOMMENDED = stage(
    "recommendation",
    ("推荐方案", "Recommendation"),
    probability=50,
    forecast="best_case",
    color="cyan",
    days=(2, 4),
    follow_up_days=1,
    guidance=guidance(
        why=("选择越多越难选，两款刚好。", "The more choices, the harder to choose: two are right."),
        how=(
            "推荐两款，一款贴合预算，一款稍高；报清总价、送货和售后，当场解答顾虑。",
            "Recommend two: one within the budget, one a little above; tell the full price, delivery and service, and answer "
            "doubts at once.",
        ),
        done=("顾客说出倾向哪一款，价格已报。", "They say which one they lean to, and know the price."),
        focus=("匹配度、报价清楚", "The match, a clear price"),
        difficulty=("货比三家，回头就忘", "They compare elsewhere and forget"),
        effect=("答复快，成交快", "A quick answer and a quick sale"),
        script=(
            "这两款的差别就一点：……按您的用法，我更建议第一款。",
            "They differ in one point only. For your use I suggest the first.",
        ),
    ),
    inputs=[("需求一句话", "The need in one sentence")],
    outputs=[output(("报价", "The price"), field="amount")],
    exit=[
        check("priced", ("价格已报", "The price is given"), filled("amount")),
        check(
            "answered",
            ("顾客已有反馈（反馈内容，或一次联系记录）", "They have answered (the answer, or a contact on record)"),
            either(filled("customer_feedback"), spoken("call", "follow_up")),
        ),
    ],
    actions=[
        action("recommend", ("给出两款推荐与总价", "Recommend two, with the full price"), 1, field="amount"),
        action("call_back", ("次日回访一次", "Call the next day"), 1, record="call"),
    ],
    on_leave="close",
)
_PAID = stage(
    "checkout",
    ("下单付款", "Order and payment"),
    probability=85,
    forecast="commit",
    color="gold",
    days=(1, 3),
    follow_up_days=1,
    guidance=guidance(
        why=("答应了不等于付了，越快越好。", "A yes is not a payment; quick is best."),
        how=(
            "确认型号、地址和送货日，发付款方式；付款后告知进度并约好回访。",
            "Confirm model, address and day of delivery, send the way to pay; then tell the progress and agree a call.",
        ),
        done=("已付款，送货日已约定。", "Paid, and the day of delivery agreed."),
        focus=("付款、送货", "Payment, delivery"),
        difficulty=("付款前犹豫", "Doubt just before paying"),
        script=(
            "我这边先帮您把送货日占上，付款后马上安排。",
            "I will hold the delivery day for you and arrange it as soon as it is paid.",
        ),
    ),
    inputs=[("顾客选定的款式", "What they have chosen")],
    outputs=[output(("送货日期", "Day of delivery"), field="delivery_on")],
    exit=[
        check("amount_positive", ("成交金额大于零", "The amount is above zero"), leaf("amount", "gt", 0)),
        check("delivery_set", ("送货日期已约定", "The day of delivery is agreed"), filled("delivery_on")),
    ],
    goal=goal(("三天内付款", "Paid within three days"), filled("delivery_on")),
    actions=[
        action("confirm_order", ("确认型号、地址、送货日", "Confirm model, address, delivery"), 0, field="delivery_on"),
        action("payment", ("确认到账", "See that it is paid"), 1, note=True),
    ],
)

RETAIL = template(
    pipeline(
        "retail",
        ("零售", "Retail"),
        (
            "适合面向个人顾客的门店和团队：三步走完，比的是反应快、推荐准。",
            "For shops and teams that sell to consumers: three steps, won by quick and fitting recommendations.",
        ),
        [_MET, _RECOMMENDED, _PAID, WON, LOST],
    ),
    advice=(
        "盯两件事：首次接待当天有没有记录、推荐后 24 小时内有没有回访。流程短，别再加字段。",
        "Watch two things: a note on the day of the first visit, a call within a day of the recommendation. Keep it short; "
        "add no fields.",
    ),
    industries="retail hospitality",
)
