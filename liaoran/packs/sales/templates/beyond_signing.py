"""Six steps that go on after signing: delivery, payment, the second sale."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, pipeline
from liaoran.packs.sales.stage_library import (
    BUSINESS_NEGOTIATION,
    CONTRACT_CONCLUSION,
    FOLLOW_THROUGH,
    NEED_ANALYSIS,
)
from liaoran.packs.sales.standard_stages import INITIAL_CONTACT, PROPOSAL
from liaoran.packs.stages import template

BEYOND_SIGNING = template(
    pipeline(
        "beyond_signing",
        ("签约后继续跟进", "On beyond the signature"),
        (
            "适合靠老客户复购的团队：签约算赢单，之后仍在同一条链上管交付、回款和二次开发。",
            "For teams that live on repeat business: signing counts as won, and delivery, payment and the next sale stay on "
            "the same chain.",
        ),
        [
            INITIAL_CONTACT,
            NEED_ANALYSIS,
            PROPOSAL,
            BUSINESS_NEGOTIATION,
            CONTRACT_CONCLUSION,
            FOLLOW_THROUGH,
            LOST,
        ],
        moves={"follow_through": {"required": ["win_reason", "delivery_on"]}},
    ),
    advice=(
        "关注“后续跟进”里的满意度和首期回款，两项都落后的客户，复购基本无望。",
        "Watch satisfaction and the first payment in “After signing”: where both lag, do not expect a repeat sale.",
    ),
    industries="energy logistics healthcare",
)
