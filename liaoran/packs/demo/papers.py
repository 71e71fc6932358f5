"""The files of late opportunities: quotes, minutes and drafts of contracts, written when they would have been."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from liaoran.packs.demo.chance import Chance, day_of
from liaoran.packs.demo.deals import Deal
from liaoran.packs.demo.model import DemoPaper, DemoRecord
from liaoran.packs.demo.pages import pdf_page
from liaoran.packs.demo.people import BY_LOGIN
from liaoran.packs.demo.phrases import NEXT_ACTIONS, NOTES, PAYMENT_TERMS
from liaoran.packs.demo.products import OFFERS

LATELY = timedelta(days=25)
"""Of opportunities that were won, those of this time still have their files."""
SELLER = "演示软件（上海）有限公司"
MINUTES_SHARE = 0.55


def make_papers(
    chance: Chance, deals: Sequence[Deal], products: Mapping[str, UUID], lines: Sequence[DemoRecord]
) -> Iterator[DemoPaper]:
    """Files of opportunities that are open or were lately won, from the proposal on."""
    names = {str(products[one.code]): one.name for one in OFFERS}
    offered: dict[str, list[str]] = {}
    for line in lines:
        values = line.values
        row = f"{names[values['product']]}　× {values['quantity']}　单价 {values['unit_price']:,} 元"
        offered.setdefault(values["opportunity"], []).append(row)
    for deal in deals:
        if is_lively(chance, deal):
            yield from _of_deal(chance, deal, offered.get(str(deal.id), []))


def is_lively(chance: Chance, deal: Deal) -> bool:
    """Open, or won not long ago."""
    journey = deal.journey
    return journey.outcome == "open" or (
        journey.outcome == "won" and chance.now - journey.visits[-1].entered_at < LATELY
    )


def _of_deal(chance: Chance, deal: Deal, lines: list[str]) -> Iterator[DemoPaper]:
    written: set[str] = set()
    for visit, following in zip(deal.journey.visits, (*deal.journey.visits[1:], None), strict=True):
        if visit.state in written:
            continue
        written.add(visit.state)
        at = _within(chance, visit.entered_at, following.entered_at if following else chance.now)
        if visit.state == "proposal":
            yield _quote(chance, deal, at, lines)
        elif visit.state == "negotiation" and chance.happens(MINUTES_SHARE):
            yield _minutes(chance, deal, at)
        elif visit.state == "contract":
            yield _contract(chance, deal, at, lines)


def _within(chance: Chance, entered: datetime, end: datetime) -> datetime:
    """In the first half of a stay."""
    return entered + (end - entered) * chance.random.uniform(0.05, 0.5)


def _quote(chance: Chance, deal: Deal, at: datetime, lines: list[str]) -> DemoPaper:
    day = day_of(at)
    text = [
        f"客户：{deal.customer.name}",
        f"项目：{deal.offer.matter}",
        f"报价日期：{day:%Y-%m-%d}　有效期至：{day + timedelta(days=30):%Y-%m-%d}",
        "",
        *lines,
        "",
        f"合计（含税）：{deal.amount:,} 元",
        f"付款方式：{chance.pick(PAYMENT_TERMS)}",
        f"联系人：{BY_LOGIN[deal.login].name}",
    ]
    return _pdf(deal, at, "quote", f"{deal.customer.short}{deal.offer.matter}报价单", text)


def _contract(chance: Chance, deal: Deal, at: datetime, lines: list[str]) -> DemoPaper:
    text = [
        f"甲方：{deal.customer.name}",
        f"乙方：{SELLER}",
        "",
        f"一、标的：{deal.offer.matter}，包括：",
        *lines,
        f"二、合同总价：{deal.amount:,} 元（含税）。",
        f"三、付款：{chance.pick(PAYMENT_TERMS)}。",
        f"四、交付：合同生效后 {chance.between(4, 12)} 周内完成部署与培训，双方签署验收单。",
        f"五、质保：验收之日起 {chance.pick((12, 18, 24))} 个月。",
        "六、违约责任：逾期每日按未履行部分的万分之五计，累计不超过合同总价的百分之五。",
        "",
        "（草案，待法务和财务审核后用印）",
    ]
    return _pdf(deal, at, "contract", f"{deal.customer.short}{deal.offer.matter}合同草案", text)


def _minutes(chance: Chance, deal: Deal, at: datetime) -> DemoPaper:
    blanks = deal.blanks(chance, at)
    subject, content = (one.format(**blanks) for one in chance.pick(NOTES["negotiation"]))
    further = chance.pick(NEXT_ACTIONS["negotiation"]).format(**blanks)
    title = f"{deal.customer.short}商务谈判纪要"
    text = "\n".join(
        [
            title,
            f"日期：{day_of(at):%Y-%m-%d}",
            f"参加：{blanks['name']}（{blanks['title']}）、{BY_LOGIN[deal.login].name}",
            "",
            subject,
            content,
            "",
            f"下一步：{further}",
            "",
        ]
    )
    return DemoPaper("opportunity", deal.id, "minutes", f"{title}.txt", title, text.encode(), at, deal.login)


def _pdf(deal: Deal, at: datetime, document_type: str, title: str, lines: list[str]) -> DemoPaper:
    content = pdf_page(title, lines)
    return DemoPaper("opportunity", deal.id, document_type, f"{title}.pdf", title, content, at, deal.login)
