"""Five steps for teams that sell to organisations: talk, analysis, solution, talks, signing."""

from __future__ import annotations

from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.stage_library import COMMERCIAL_TALKS, FIRST_TALK, NEED_ANALYSIS, SIGNING, SOLUTION
from liaoran.packs.stages import template

B2B_FIVE = template(
    pipeline(
        "b2b_five",
        ("B2B 五阶段", "B2B in five stages"),
        (
            "适合第一次把销售过程理顺的企业销售团队：五步走完，每步只问最要紧的事。",
            "For teams that put their selling in order for the first time: five steps, each asking only what matters most.",
        ),
        [FIRST_TALK, NEED_ANALYSIS, SOLUTION, COMMERCIAL_TALKS, SIGNING, WON, LOST],
    ),
    advice=(
        "先用一个月，再看哪一步停留最久、哪个条件最常卡住人，只改那一处。",
        "Use it for a month, then see which stage takes longest and which condition holds people up most, and change "
        "only that.",
    ),
    industries="business_services logistics energy",
)
