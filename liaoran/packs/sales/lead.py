"""Lead 线索: a first sign of interest, before anyone has found out whether it is an opportunity."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.choices import INDUSTRIES, SOURCES

LEAD: Definition = {
    "key": "lead",
    "label": text(("线索", "Lead")),
    "label_plural": text(("线索", "Leads")),
    "icon": "bulb",
    "group": "sales",
    "order": 10,
    "name_field": "name",
    "synonyms": words("销售线索 | 潜在客户 | Leads | Prospect | Enquiry"),
    "fields": [
        field(
            "name",
            "text",
            ("姓名", "Name"),
            personal=True,
            required=True,
            help=("联系人姓名；还不知道时可写公司或需求", "The person's name; if unknown, the company or the need"),
            synonyms="线索名称 | 线索 | 联系人 | 联系人名称 | 客户姓名 | Lead Name | Last Name | Full Name | "
            "Contact Name",
        ),
        field(
            "company",
            "text",
            ("公司", "Company"),
            synonyms="公司名称 | 单位 | 企业名称 | 客户名称 | Company Name | Organization | Account Name",
        ),
        field("title", "text", ("职务", "Job title"), personal=True, synonyms="职位 | 岗位 | Title | Position"),
        field(
            "mobile",
            "phone",
            ("手机", "Mobile"),
            personal=True,
            synonyms="手机号 | 手机号码 | 联系人电话 | Mobile Phone | Cell",
        ),
        field(
            "phone", "phone", ("座机", "Office phone"), personal=True, synonyms="电话 | 固定电话 | Phone | Telephone"
        ),
        field("email", "email", ("邮箱", "E-mail"), personal=True, synonyms="电子邮箱 | 邮件 | Email | Email Address"),
        field(
            "wechat",
            "text",
            ("微信", "WeChat"),
            personal=True,
            pinyin=False,
            max_length=80,
            synonyms="微信号 | WeChat ID",
        ),
        field(
            "status",
            "choice",
            ("线索状态", "Status"),
            default="new",
            synonyms="状态 | 跟进状态 | 线索进度 | Lead Status",
            choices=[
                choice("new", "未处理", "New", "gray"),
                choice("contacting", "联系中", "Contacting", "blue"),
                choice("nurturing", "培育中", "Nurturing", "cyan"),
                choice("qualified", "已确认有效", "Qualified", "green"),
                choice("converted", "已转商机", "Converted", "green"),
                choice("invalid", "无效", "Invalid", "gray"),
            ],
        ),
        field(
            "source",
            "choice",
            ("线索来源", "Source"),
            choices=SOURCES,
            synonyms="来源 | 来源渠道 | 渠道 | Lead Source | Original Source | Lead Origin",
        ),
        field(
            "intent",
            "choice",
            ("意向程度", "Intent"),
            synonyms="意向 | 意向评级 | 热度 | Rating | Lead Quality | Temperature",
            choices=[
                choice("strong", "强烈", "Strong", "red"),
                choice("some", "一般", "Some", "gold"),
                choice("weak", "较弱", "Weak", "gray"),
            ],
        ),
        field("industry", "choice", ("所属行业", "Industry"), choices=INDUSTRIES, synonyms="行业 | 客户行业 | Sector"),
        field(
            "region",
            "region",
            ("所在地区", "Region"),
            synonyms="地区 | 区域 | 省市区 | 省份 | 城市 | 所属省份 | Province | City | State",
        ),
        field(
            "address",
            "text",
            ("地址", "Address"),
            personal=True,
            pinyin=False,
            max_length=500,
            synonyms="详细地址 | 联系地址 | Street",
        ),
        field("website", "url", ("网址", "Website"), synonyms="官网 | 网站 | Web Site | URL"),
        field(
            "product",
            "link",
            ("意向产品", "Product of interest"),
            target="product",
            synonyms="产品 | 感兴趣的产品 | Product | Product Interest",
        ),
        field(
            "need_summary",
            "long_text",
            ("需求描述", "Need"),
            help=("对方原话最有用", "Their own words are the most useful"),
            synonyms="需求 | 客户需求 | 咨询内容 | 留言 | Description | Message | Requirement",
        ),
        *owned(synonyms="Lead Owner"),
        field(
            "next_follow_up_at",
            "instant",
            ("下次跟进时间", "Next follow-up"),
            synonyms="下次联系时间 | 下次跟进 | Next Contact | Next Activity Date",
        ),
        field(
            "account",
            "link",
            ("转入客户", "Became account"),
            target="account",
            help=("确认有效后对应的客户", "The account that this lead turned out to be"),
            synonyms="Converted Account",
        ),
        field(
            "opportunity",
            "link",
            ("转入商机", "Became opportunity"),
            target="opportunity",
            synonyms="Converted Opportunity | Converted Deal",
        ),
        field("notes", "long_text", ("备注", "Notes"), personal=True, synonyms="说明 | Remark | Comments"),
    ],
    "layouts": layouts(
        columns="name company status intent source mobile owner created_at",
        header="company status intent source owner",
        sort=(("created_at", "desc"),),
        sections=[
            section("basics", ("基本信息", "Basics"), "name company title status intent source owner department"),
            section("reach", ("联系方式", "How to reach"), "mobile phone email wechat website region address"),
            section("need", ("需求", "Need"), "industry product need_summary next_follow_up_at"),
            section("outcome", ("结果", "Outcome"), "account opportunity notes"),
        ],
    ),
}
