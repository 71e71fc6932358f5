"""The standard sales pipeline 标准销售流程, which every organisation starts with: five steps with their gates and tasks,
then won or lost. Contracts are approved by legal and then finance.
"""

from __future__ import annotations

from liaoran.packs.definition import Definition, words
from liaoran.packs.sales.closing import LOST, WON, pipeline
from liaoran.packs.sales.standard_stages import CONTRACT_REVIEW, OPEN_STAGES

STATES = [*OPEN_STAGES, WON, LOST]

PIPELINE: Definition = {
    **pipeline(
        "sales",
        ("标准销售流程", "Standard sales pipeline"),
        (
            "面向企业的销售：从初步接触到合同审批，每一步有要做的事和离开的条件。",
            "Selling to organisations: from first contact to contract approval, with things to do and conditions at each "
            "step.",
        ),
        STATES,
        approvals=[CONTRACT_REVIEW],
    ),
    "is_default": True,
}

SYNONYMS = {
    "initial_contact": "初步沟通 | 初次沟通 | 线索 | 线索获取 | 验证客户 | 立项 | Qualification | New",
    "needs": "需求分析 | 需求确定 | 意向确认 | Needs Analysis | Discovery",
    "proposal": "方案 | 报价 | 方案制定 | 方案/报价 | Value Proposition | Proposal/Price Quote | Proposal | Quote",
    "negotiation": "谈判 | 商务谈判 | 谈判审核 | 评审/谈判 | Negotiation/Review | Negotiation",
    "contract": "合同 | 签约 | 合同签约 | 签约跟进 | Contract | Contract Sent",
    "won": "成交 | 已成交 | 赢单成交 | 已完成 | 签约成功 | Won | Closed Won | Win",
    "lost": "丢单 | 失败 | 已丢单 | 输单关闭 | Lost | Closed Lost | Loss",
}
STAGES = [
    {key: state[key] for key in ("key", "label", "color")} | {"synonyms": words(SYNONYMS[state["key"]])}
    for state in STATES
]
"""The states as choices of the stage Field, with the words that imported files use for them."""
