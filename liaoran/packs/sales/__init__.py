"""The sales pack: from lead to won, for teams that sell to other organisations."""

from __future__ import annotations

from liaoran.packs.definition import Definition
from liaoran.packs.document_types import DOCUMENT_TYPES
from liaoran.packs.sales.account import ACCOUNT
from liaoran.packs.sales.call import CALL
from liaoran.packs.sales.contact import CONTACT
from liaoran.packs.sales.event import EVENT
from liaoran.packs.sales.follow_up import FOLLOW_UP
from liaoran.packs.sales.lead import LEAD
from liaoran.packs.sales.opportunity import OPPORTUNITY
from liaoran.packs.sales.opportunity_contact import OPPORTUNITY_CONTACT
from liaoran.packs.sales.opportunity_line import OPPORTUNITY_LINE
from liaoran.packs.sales.pipeline import PIPELINE
from liaoran.packs.sales.product import PRODUCT
from liaoran.packs.sales.task import TASK

OBJECTS: list[Definition] = [
    ACCOUNT,
    CONTACT,
    PRODUCT,
    OPPORTUNITY,
    OPPORTUNITY_LINE,
    OPPORTUNITY_CONTACT,
    LEAD,
    TASK,
    EVENT,
    CALL,
    FOLLOW_UP,
]
PROCESSES: list[Definition] = [PIPELINE]

__all__ = ["DOCUMENT_TYPES", "OBJECTS", "PROCESSES"]
