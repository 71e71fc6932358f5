"""Fast-moving goods sold online: three stages, the last of which is the order."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.stage_library import LEAD_CAPTURE
from liaoran.packs.stages import action, check, filled, guidance, leaf, output, stage, template

_INTERESTED = stage(
    "interest_confirmed",
    ("意向确认", "Interest confirmed"),
    probability=50,
    forecast="best_case",
    color="blue",
    days=(1, 3),
    follow_up_days=1,
    guidance=guidance(
        why=(
            "加购不等于会买，问一句就知道差在哪。",
            "A full basket is not an order; one question tells what is missing.",
        ),
        how=(
            "确认规格、数量和到货时间，把优惠一次说清；当天没回复，次日再提醒一次。",
            "Confirm article, quantity and arrival, and tell all discounts at once; remind once the next day.",
        ),
        done=("数量和金额确定，只差下单。", "Quantity and amount are clear; only the order is missing."),
        focus=("数量、到货时间、优惠", "Quantity, arrival, discount"),
        difficulty=("咨询多、下单少", "Many questions, few orders"),
        script=(
            "您要的数量今天下单，后天能到；需要我先给您锁库存吗？",
            "Ordered today, it arrives in two days. Shall I reserve the stock?",
        ),
    ),
    inputs=[("客户档案与来源", "Account and source")],
    outputs=[output(("确认的金额", "The confirmed amount"), field="amount")],
    exit=[check("amount_positive", ("金额大于零", "The amount is above zero"), leaf("amount", "gt", 0))],
    actions=[
        action("confirm_quantity", ("确认规格与数量", "Confirm article and quantity"), 0, field="amount"),
        action("remind", ("次日提醒一次", "Remind once the next day"), 1, must=False, record="follow_up"),
    ],
    on_leave="close",
)
_ORDERED = stage(
    "ordered",
    ("下单成交", "Ordered"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    guidance=guidance(
        why=("第一单的体验，决定有没有第二单。", "The first order decides whether there is a second."),
        how=(
            "跟到签收，收货三天后问一次满意度，顺带推荐补货周期。",
            "Follow it until received, ask after three days, and suggest when to reorder.",
        ),
        done=("已签收，满意度已记录。", "Received, and satisfaction noted."),
        focus=("时效、复购", "Speed, repurchase"),
        difficulty=("只管拉新，不管复购", "Only new customers count"),
    ),
    outputs=[output(("满意度", "Satisfaction"), field="satisfaction")],
    actions=[
        action("received", ("确认签收", "See that it was received"), 3, note=True),
        action("satisfaction", ("收货三天后回访", "Ask three days after receipt"), 6, must=False, field="satisfaction"),
    ],
)

FAST_GOODS = template(
    pipeline(
        "fast_goods",
        ("快消电商", "Fast-moving goods online"),
        (
            "适合单价低、决定快的快消与电商团队：只有三个阶段，量大也看得过来。",
            "For low prices and quick decisions: three stages only, to be seen at a glance however many there are.",
        ),
        [
            {
                **LEAD_CAPTURE,
                "exit": [check("source_marked", ("来源已标明", "The source is marked"), filled("source"))],
            },
            _INTERESTED,
            _ORDERED,
            LOST,
        ],
    ),
    advice=(
        "只看两率：线索到意向、意向到下单。别加审批，加一步就少一批单。",
        "Watch two rates only: lead to interest, interest to order. Add no approval: each step costs orders.",
    ),
    industries="retail agriculture internet",
)
