"""The links that every activity (task, event, call, follow-up) may carry to what it is about."""

from __future__ import annotations

from liaoran.packs.definition import Definition, field


def related() -> list[Definition]:
    """Links to opportunity, account, contact and lead; all optional. Whoever reads the opportunity or the lead reads what
    was done about it, whoever wrote it down; accounts are read by everybody, so they open nothing."""
    return [
        field(
            "opportunity",
            "link",
            ("关联商机", "Opportunity"),
            target="opportunity",
            carries="read",
            synonyms="商机 | 商机名称 | Opportunity Name | Deal | Deal Name | Potential Name | POTENTIALID",
        ),
        field(
            "account",
            "link",
            ("关联客户", "Account"),
            target="account",
            synonyms="客户 | 客户名称 | 公司 | Account Name | Company | Related To | ACCOUNTID",
        ),
        field(
            "contact",
            "link",
            ("联系人", "Contact"),
            target="contact",
            synonyms="联系人姓名 | 姓名 | Contact Name | Who | CONTACTID",
        ),
        field(
            "lead",
            "link",
            ("关联线索", "Lead"),
            target="lead",
            carries="read",
            synonyms="线索 | 线索名称 | Lead Name | LEADID",
        ),
    ]
