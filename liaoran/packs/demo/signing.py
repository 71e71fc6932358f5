"""Approvals of contracts: decided ones of lately won opportunities, and those that wait for somebody now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from liaoran.packs.demo.chance import ZONE, Chance
from liaoran.packs.demo.deals import Deal
from liaoran.packs.demo.model import DemoApproval, DemoDeed, Visit
from liaoran.packs.demo.papers import is_lively
from liaoran.packs.demo.people import EAST

STATE, APPROVAL = "contract", "contract_review"
LEGAL, FINANCE, OPERATIONS = "fengxue", "luoyan", "admin"
RETURN_SHARE = 0.2
LATELY = timedelta(days=14)
"""Of contracts that were signed, those of this time have their approvals."""
LEGAL_SAYS = ("条款无异议", "第 8 条已按公司范本改回，可以走", "验收标准写清楚了，同意", None)
FINANCE_SAYS = ("账期符合要求", "开票信息已核对", "回款节点可以接受", None)
SENT_BACK = (
    "违约责任写成了单方，请改回双方对等再报",
    "缺少验收标准附件，补上后重新提交",
    "付款节点和报价单不一致，请核对",
)
ASKS = "折扣超出常规，请大区经理先确认"
HANDS_ON = "开票抬头和主数据不一致，请运营核对后处理"


def make_approvals(chance: Chance, deals: Sequence[Deal]) -> Iterator[DemoApproval]:
    """In order of time of each opportunity; what was decided long ago is left out."""
    waiting: list[tuple[Deal, Visit]] = []
    for deal in deals:
        visits = deal.journey.visits
        if not is_lively(chance, deal) or STATE not in {one.state for one in visits}:
            continue
        last = max(place for place, one in enumerate(visits) if one.state == STATE)
        if deal.journey.outcome == "won" and chance.now - visits[-1].entered_at < LATELY:
            yield from _decided(chance, deal, visits[last].entered_at, visits[last + 1].entered_at)
        elif last == len(visits) - 1:
            waiting.append((deal, visits[last]))
    yield from _waiting(chance, waiting)


def _decided(chance: Chance, deal: Deal, entered: datetime, left: datetime) -> Iterator[DemoApproval]:
    """Through legal and finance, now and then after having been sent back once."""

    def when(share: float) -> datetime:
        return entered + (left - entered) * share

    begun = 0.0
    if chance.happens(RETURN_SHARE):
        sent_back = DemoDeed("return", LEGAL, when(0.2), chance.pick(SENT_BACK))
        yield _approval(deal, entered, (sent_back,))
        begun = 0.4
    deeds = (
        DemoDeed("approve", LEGAL, when(0.55), chance.pick(LEGAL_SAYS)),
        DemoDeed("approve", FINANCE, when(0.8), chance.pick(FINANCE_SAYS)),
    )
    yield _approval(deal, when(begun), deeds)


def _waiting(chance: Chance, waiting: Sequence[tuple[Deal, Visit]]) -> Iterator[DemoApproval]:
    """One after the other with legal, with finance, with the manager whom finance asked, and with operations; the first
    that a manager is asked about is one of the east, whose manager everybody tries the demo as."""
    east = [one for one in waiting if one[0].login in EAST]
    others = [one for one in waiting if one[0].login not in EAST]
    ways = ("manager", "legal", "operations", "finance")
    for place, (deal, visit) in enumerate([*east, *others]):
        deeds: list[DemoDeed] = []
        way = ways[place % len(ways)]
        if way != "legal":
            at = _lately(chance, visit.entered_at)
            deeds.append(DemoDeed("approve", LEGAL, at, chance.pick(LEGAL_SAYS)))
            later = at + (chance.now - at) / 2
            manager = "chenjing" if deal.login in EAST else "wangqiang"
            if way == "manager" and deal.login != manager:
                deeds.append(DemoDeed("ask", FINANCE, later, ASKS, to=manager))
            elif way == "operations":
                deeds.append(DemoDeed("delegate", FINANCE, later, HANDS_ON, to=OPERATIONS))
        yield _approval(deal, visit.entered_at, tuple(deeds))


def _lately(chance: Chance, entered: datetime) -> datetime:
    """In the afternoon of the last working day, where that was after ``entered``, else half way from there to now."""
    day = chance.now.astimezone(ZONE).date()
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    found = datetime.combine(day, time(14, chance.between(0, 59)), ZONE)
    return found if entered < found < chance.now else entered + (chance.now - entered) / 2


def _approval(deal: Deal, at: datetime, deeds: tuple[DemoDeed, ...]) -> DemoApproval:
    return DemoApproval("opportunity", deal.id, STATE, APPROVAL, at, deal.login, deeds)
