"""Opportunity contact 决策链: which part a contact plays in the decision on one opportunity."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words

OPPORTUNITY_CONTACT: Definition = {
    "key": "opportunity_contact",
    "label": text(("决策链", "Decision role")),
    "label_plural": text(("决策链", "Decision chain")),
    "icon": "cluster",
    "group": "sales",
    "order": 70,
    "name_field": "code",
    "synonyms": words("商机联系人 | 联系人角色 | 决策链角色 | Opportunity Contact Role | Buying Role | Stakeholder"),
    "fields": [
        field("code", "autonumber", ("编号", "Number"), readonly=True, format="JC-{number:06d}"),
        field(
            "opportunity",
            "link",
            ("商机", "Opportunity"),
            target="opportunity",
            carries="edit",
            required=True,
            synonyms="商机名称 | 商机编号 | Opportunity Name | Deal | Deal Name",
        ),
        field(
            "contact",
            "link",
            ("联系人", "Contact"),
            target="contact",
            required=True,
            synonyms="联系人姓名 | 姓名 | Contact Name | Deal - Contact person",
        ),
        field(
            "role",
            "choice",
            ("决策角色", "Role in the decision"),
            required=True,
            help=("同一个人在不同商机里可以是不同角色", "The same person may play another part in another opportunity"),
            synonyms="角色 | 联系人角色 | Role | Contact Role",
            choices=[
                choice("decider", "决策人", "Decision maker", "red"),
                choice("influencer", "影响者", "Influencer", "purple"),
                choice("user", "使用者", "User", "blue"),
                choice("evaluator", "评估者", "Evaluator", "cyan"),
                choice("buyer", "采购", "Purchasing", "gold"),
                choice("legal", "法务财务", "Legal or finance", "orange"),
                choice("coach", "教练", "Coach", "green"),
                choice("gatekeeper", "把关人", "Gatekeeper", "gray"),
            ],
        ),
        field(
            "attitude",
            "choice",
            ("态度", "Attitude"),
            default="unknown",
            synonyms="立场 | 支持程度 | Stance | Sentiment",
            choices=[
                choice("supporter", "支持", "Supporter", "green"),
                choice("neutral", "中立", "Neutral", "blue"),
                choice("opponent", "反对", "Opponent", "red"),
                choice("unknown", "未知", "Not known yet", "gray"),
            ],
        ),
        field(
            "influence",
            "choice",
            ("影响力", "Influence"),
            synonyms="重要程度 | Power",
            choices=[
                choice("high", "大", "High", "red"),
                choice("medium", "中", "Medium", "gold"),
                choice("low", "小", "Low", "gray"),
            ],
        ),
        field("is_primary", "boolean", ("主要联系人", "Main contact"), default=False, synonyms="首要联系人 | Primary"),
        field(
            "concern",
            "text",
            ("最关心什么", "Main concern"),
            pinyin=False,
            max_length=500,
            help=("价格、风险、业绩、省事……一句话", "Price, risk, results, less work: one sentence"),
            synonyms="关注点 | 诉求 | 备注 | Concern | Notes",
        ),
        *owned(),
    ],
    "layouts": layouts(
        columns="opportunity contact role attitude influence is_primary concern",
        header="opportunity contact role attitude",
        sort=(("created_at", "desc"),),
        sections=[
            section(
                "basics",
                ("基本信息", "Basics"),
                "opportunity contact role attitude influence is_primary concern owner department",
            ),
        ],
    ),
}
