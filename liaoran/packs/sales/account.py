"""Account 客户: an organisation that buys, or may buy."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.choices import INDUSTRIES, SOURCES

OPEN_OPPORTUNITIES = {"field": "status", "op": "eq", "value": "open"}

ACCOUNT: Definition = {
    "key": "account",
    "label": text(("客户", "Account")),
    "label_plural": text(("客户", "Accounts")),
    "icon": "bank",
    "group": "sales",
    "order": 30,
    "name_field": "name",
    "synonyms": words("客户公司 | 公司 | 企业 | 单位 | Accounts | Company | Organization | Organisation | Customer"),
    "fields": [
        field(
            "name",
            "text",
            ("客户名称", "Account name"),
            required=True,
            help=("与营业执照一致的全称，便于查重", "The full registered name, so that duplicates are found"),
            synonyms="名称 | 客户 | 公司名称 | 企业名称 | 单位名称 | Account | Company | Company Name | "
            "Customer Name | Organization - Name | Organization Name | Associated Company",
        ),
        field(
            "code",
            "autonumber",
            ("客户编号", "Account number"),
            readonly=True,
            format="KH-{number:05d}",
        ),
        field(
            "credit_code",
            "text",
            ("统一社会信用代码", "Unified social credit code"),
            pinyin=False,
            max_length=18,
            help=("营业执照上的 18 位代码", "The 18 characters on the business licence"),
            synonyms="信用代码 | 税号 | 纳税人识别号 | 营业执照号 | Tax ID | VAT Number | Registration Number",
        ),
        field(
            "type",
            "choice",
            ("客户类型", "Type"),
            synonyms="类型 | 客户类别 | Account Type | Organization Type",
            choices=[
                choice("end_customer", "最终客户", "End customer", "blue"),
                choice("channel", "渠道代理", "Channel", "purple"),
                choice("partner", "合作伙伴", "Partner", "cyan"),
                choice("other", "其他", "Other", "gray"),
            ],
        ),
        field(
            "status",
            "choice",
            ("客户状态", "Status"),
            default="prospect",
            synonyms="状态 | 成交状态 | Account Status | Lifecycle Stage",
            choices=[
                choice("prospect", "潜在客户", "Prospect", "blue"),
                choice("customer", "成交客户", "Customer", "green"),
                choice("dormant", "沉睡客户", "Dormant", "orange"),
                choice("lost", "流失客户", "Lost", "gray"),
            ],
        ),
        field(
            "level",
            "choice",
            ("客户等级", "Level"),
            help=("决定投入多少精力，而不是客户规模", "How much attention the account gets, not how large it is"),
            synonyms="等级 | 客户级别 | 级别 | 评级 | Rating | Tier | Segment | Customer Segment | Priority",
            choices=[
                choice("key", "重点客户", "Key account", "red"),
                choice("normal", "普通客户", "Regular account", "blue"),
                choice("minor", "一般关注", "Minor account", "gray"),
            ],
        ),
        field(
            "industry",
            "choice",
            ("所属行业", "Industry"),
            choices=INDUSTRIES,
            synonyms="行业 | 客户行业 | 行业类型 | Sector | Industry Type | Vertical",
        ),
        field(
            "source",
            "choice",
            ("客户来源", "Source"),
            choices=SOURCES,
            synonyms="来源 | 来源渠道 | 渠道 | Account Source | Lead Source | Original Source",
        ),
        field(
            "parent",
            "link",
            ("上级客户", "Parent account"),
            target="account",
            help=("集团客户的上一级单位", "The organisation that this one belongs to"),
            synonyms="母公司 | 总公司 | 所属集团 | Parent | Subsidiary Of | Parent Company",
        ),
        *owned(synonyms="Account Owner | Company Owner"),
        field(
            "region",
            "region",
            ("所在地区", "Region"),
            synonyms="地区 | 区域 | 省市区 | 省份 | 城市 | 所属省份 | 所在城市 | Province | City | "
            "Billing State | Billing City",
        ),
        field(
            "address",
            "text",
            ("详细地址", "Address"),
            pinyin=False,
            max_length=500,
            synonyms="地址 | 公司地址 | 通讯地址 | Billing Street | Office Location | Organization - Address | Street",
        ),
        field(
            "phone",
            "phone",
            ("电话", "Phone"),
            synonyms="公司电话 | 联系电话 | 座机 | 电话号码 | Telephone | Phone Number",
        ),
        field("email", "email", ("邮箱", "E-mail"), synonyms="电子邮箱 | 邮件 | Email | Email Address"),
        field("website", "url", ("网址", "Website"), synonyms="官网 | 网站 | 公司网址 | Web Site | URL | Domain"),
        field(
            "employees",
            "number",
            ("员工人数", "Employees"),
            scale=0,
            synonyms="人数 | 人员规模 | 企业规模 | Number of Employees | Employee Count | Headcount",
        ),
        field(
            "founded_year",
            "number",
            ("成立年份", "Founded in"),
            scale=0,
            grouped=False,
            synonyms="成立时间 | Year Established | Year Founded",
        ),
        field(
            "annual_revenue",
            "money",
            ("年营业额", "Annual revenue"),
            currency_field="currency",
            synonyms="年收入 | 营业额 | 营收 | Revenue | Annual Turnover",
        ),
        field("currency", "currency", ("币种", "Currency"), hidden=True, synonyms="货币 | Currency Code"),
        field(
            "open_opportunities",
            "rollup",
            ("进行中商机数", "Open opportunities"),
            object="opportunity",
            link="account",
            function="count",
            where=OPEN_OPPORTUNITIES,
        ),
        field(
            "open_amount",
            "rollup",
            ("进行中商机金额", "Open amount"),
            object="opportunity",
            link="account",
            function="sum",
            field="amount",
            where=OPEN_OPPORTUNITIES,
        ),
        field("notes", "long_text", ("备注", "Notes"), synonyms="说明 | 描述 | 需求 | Description | Remark | Comments"),
    ],
    "layouts": layouts(
        columns="name level industry status owner region phone updated_at",
        header="owner level industry open_opportunities open_amount",
        sections=[
            section("basics", ("基本信息", "Basics"), "name type status level industry source parent owner department"),
            section("reach", ("联系方式", "How to reach"), "phone email website region address"),
            section(
                "business", ("工商信息", "Company facts"), "credit_code employees founded_year annual_revenue notes"
            ),
        ],
    ),
}
