"""Pipelines to start from: the general ones, then one file per line of business. Data only; ``process.templates`` offers
them, and one click makes a pipeline of an organisation from one.
"""

from __future__ import annotations

from liaoran.packs.definition import Definition
from liaoran.packs.sales.templates.accountable_five import ACCOUNTABLE_FIVE
from liaoran.packs.sales.templates.after_sales import AFTER_SALES
from liaoran.packs.sales.templates.architecture import ARCHITECTURE
from liaoran.packs.sales.templates.b2b_five import B2B_FIVE
from liaoran.packs.sales.templates.b2b_software import B2B_SOFTWARE
from liaoran.packs.sales.templates.beyond_signing import BEYOND_SIGNING
from liaoran.packs.sales.templates.consulting import CONSULTING
from liaoran.packs.sales.templates.fast_goods import FAST_GOODS
from liaoran.packs.sales.templates.lead_to_won import LEAD_TO_WON
from liaoran.packs.sales.templates.light import LIGHT
from liaoran.packs.sales.templates.long_cycle import LONG_CYCLE
from liaoran.packs.sales.templates.manufacturing import MANUFACTURING
from liaoran.packs.sales.templates.retail import RETAIL
from liaoran.packs.sales.templates.saas import SAAS
from liaoran.packs.sales.templates.standard import STANDARD

TEMPLATES: list[Definition] = [
    STANDARD,
    LIGHT,
    B2B_FIVE,
    ACCOUNTABLE_FIVE,
    BEYOND_SIGNING,
    LEAD_TO_WON,
    AFTER_SALES,
    B2B_SOFTWARE,
    SAAS,
    RETAIL,
    CONSULTING,
    MANUFACTURING,
    ARCHITECTURE,
    FAST_GOODS,
    LONG_CYCLE,
]

__all__ = ["TEMPLATES"]
