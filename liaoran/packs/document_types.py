"""What the files of a sale are. Stage gates ask for them by key."""

from __future__ import annotations

from liaoran.packs.definition import Definition, text


def _type(key: str, zh: str, en: str) -> Definition:
    return {"key": key, "label": text((zh, en))}


DOCUMENT_TYPES: list[Definition] = [
    _type("requirement", "需求文档", "Requirements"),
    _type("confirmation", "客户确认", "Customer confirmation"),
    _type("proposal", "方案", "Proposal"),
    _type("quote", "报价单", "Quote"),
    _type("contract", "合同版本", "Contract"),
    _type("minutes", "会议纪要", "Minutes"),
    _type("invoice", "发票信息", "Invoice details"),
    _type("other", "其他", "Other"),
]
