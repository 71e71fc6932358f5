"""Opportunity 商机: one possible sale, from first contact to won or lost."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.choices import INDUSTRIES, SALES_REGIONS, SOURCES
from liaoran.packs.sales.health import HEALTH
from liaoran.packs.sales.pipeline import PIPELINE, STAGES
from liaoran.packs.sales.reasons import LOSS_REASONS, WIN_REASONS

_IDENTITY: list[Definition] = [
    field(
        "name",
        "text",
        ("商机名称", "Opportunity name"),
        required=True,
        help=(
            "客户 + 要解决的事，如“华盛印务 排产系统”",
            "The customer and the matter: “Huasheng Printing, scheduling”",
        ),
        synonyms="名称 | 商机 | 项目 | 项目名称 | 商机主题 | Opportunity | Deal Name | Potential Name | Deal - Title | "
        "Title | Topic",
    ),
    field("code", "autonumber", ("商机编号", "Opportunity number"), readonly=True, format="SJ-{year}-{number:05d}"),
    field(
        "account",
        "link",
        ("客户", "Account"),
        target="account",
        synonyms="客户名称 | 所属客户 | 客户公司 | 公司名称 | Account Name | Company | Company Name | Organization | "
        "Associated Company | Organization - Name | Deal - Organization",
    ),
    *owned(
        synonyms="销售负责人 | 商机负责人 | 项目负责人 | 业务负责人 | "
        "Opportunity Owner | Deal Owner | Potential Owner | Deal - Owner"
    ),
    field(
        "presales",
        "person",
        ("售前人员", "Pre-sales"),
        help=("负责方案、演示和技术问题的同事", "The colleague for solution, demonstration and technical questions"),
        synonyms="售前顾问 | 方案负责人 | Pre-sales Consultant | Solution Consultant",
    ),
    field(
        "product",
        "link",
        ("主推产品", "Main product"),
        target="product",
        synonyms="产品 | 意向产品 | 产品名称 | Product | Product Name | Product Interest",
    ),
]

_STAGE: list[Definition] = [
    field(
        "pipeline",
        "choice",
        ("销售流程", "Pipeline"),
        help=("不同业务可以走不同的流程", "Different business may follow different pipelines"),
        choices=[{"key": PIPELINE["key"], "label": PIPELINE["label"]}],
        synonyms="流程 | 商机组 | 销售管道 | Deal Pipeline | Deal - Pipeline | Sales Process",
    ),
    field(
        "stage",
        "choice",
        ("商机阶段", "Stage"),
        choices=STAGES,
        synonyms="阶段 | 销售阶段 | 当前阶段 | 进展 | Deal Stage | Sales Stage | Opportunity Stage | Deal - Stage",
    ),
    field(
        "status",
        "choice",
        ("商机状态", "Status"),
        readonly=True,
        help=("由阶段决定，不单独填写", "Follows from the stage"),
        synonyms="状态 | 赢单状态 | Deal Status | Deal - Status | Opportunity Result | Outcome",
        choices=[
            choice("open", "进行中", "Open", "blue"),
            choice("won", "赢单", "Won", "green"),
            choice("lost", "输单", "Lost", "red"),
        ],
    ),
    field(
        "probability",
        "percent",
        ("赢率", "Probability"),
        scale=0,
        help=("随阶段给出，可按实际判断修改", "Given by the stage; change it where you know better"),
        synonyms="可能性 | 成交概率 | 胜率 | 赢单率 | 成单率 | 成交率 | 成功率 | 把握度 | "
        "Probability (%) | Win Probability | Deal Probability",
    ),
    field(
        "forecast_category",
        "choice",
        ("预测类别", "Forecast category"),
        synonyms="预测 | 承诺类型 | Forecast | Forecast Type",
        choices=[
            choice("pipeline", "进行中", "Pipeline", "gray"),
            choice("best_case", "有望", "Best case", "blue"),
            choice("commit", "承诺", "Commit", "gold"),
            choice("closed", "已成交", "Closed", "green"),
            choice("omitted", "不计入", "Omitted", "gray"),
        ],
    ),
]

_MONEY_AND_TIME: list[Definition] = [
    field(
        "amount",
        "money",
        ("预计金额", "Amount"),
        indexed=True,
        indexed_within="status",
        currency_field="currency",
        synonyms="金额 | 商机金额 | 预估金额 | 成交金额 | 预计成交金额 | 预计销售金额 | 预计合同额 | 预计签单金额 | 项目金额 | "
        "实际金额 | Deal Value | Value | Close Value | Deal - Value | Opportunity Amount",
    ),
    field("currency", "currency", ("币种", "Currency"), synonyms="货币 | Currency Code | Deal - Currency"),
    field(
        "weighted_amount",
        "formula",
        ("加权金额", "Weighted amount"),
        help=("预计金额 × 赢率", "Amount times probability"),
        expression="amount * probability / 100",
        result="number",
    ),
    field(
        "expected_close_on",
        "date",
        ("预计成交日期", "Expected close"),
        indexed=True,
        indexed_within="status",
        synonyms="预计成交时间 | 预期成交日期 | 预计结单日期 | 预计签约日期 | 预计签单日期 | 预计签约时间 | 预计签单时间 | "
        "预计成单日期 | 预计达成时间 | 预计关闭日期 | 计划成交日期 | 计划签约日期 | "
        "Expected Close Date | Close Date | Closing Date | Deal - Expected close date",
    ),
    field(
        "closed_on",
        "date",
        ("关闭日期", "Closed on"),
        help=("赢单或输单的那一天", "The day it was won or lost"),
        synonyms="成交日期 | 实际成交日期 | 结单日期 | 签约日期 | 结束时间 | Actual Close Date | Closed Date | "
        "Won Time | Deal - Won time",
    ),
    field(
        "days_open",
        "formula",
        ("历时天数", "Days open"),
        help=("从创建到今天，或到关闭那天", "From creation until today, or until the day it was closed"),
        expression='DAYS(IF(status = "open", TODAY(), closed_on), created_at)',
        result="number",
    ),
]

_ORIGIN: list[Definition] = [
    field(
        "source",
        "choice",
        ("商机来源", "Source"),
        choices=SOURCES,
        synonyms="来源 | 来源渠道 | 渠道 | Lead Source | Original Source | Deal Source | Route To Market",
    ),
    field(
        "region",
        "choice",
        ("销售大区", "Sales region"),
        choices=SALES_REGIONS,
        synonyms="区域 | 地区 | 大区 | 所属区域 | Region | Territory | Deal - Territory",
    ),
    field(
        "industry",
        "choice",
        ("所属行业", "Industry"),
        choices=INDUSTRIES,
        synonyms="行业 | 客户行业 | Sector | Vertical",
    ),
    field(
        "tags",
        "choices",
        ("标签", "Tags"),
        synonyms="商机标签 | 客户标签 | 优先级 | Tag | Labels | Keywords",
        choices=[
            choice("key", "重点", "Key", "red"),
            choice("strategic", "战略客户", "Strategic", "purple"),
            choice("urgent", "加急", "Urgent", "orange"),
            choice("tender", "招投标", "Tender", "gold"),
            choice("pilot", "试点", "Pilot", "cyan"),
            choice("renewal", "续约", "Renewal", "green"),
            choice("cross_sell", "交叉销售", "Cross-sell", "blue"),
        ],
    ),
]

_NEED: list[Definition] = [
    field(
        "need_summary",
        "long_text",
        ("需求摘要", "Need summary"),
        help=("痛点、目标、范围，经客户确认", "Pains, goals and scope, as agreed with the customer"),
        synonyms="需求 | 客户需求 | 需求描述 | 项目背景 | Requirement | Description | Pain Points",
    ),
    field(
        "budget",
        "money",
        ("客户预算", "Customer's budget"),
        currency_field="currency",
        help=("客户说的数，不是我们的报价", "What the customer said, not what we quote"),
        synonyms="预算 | 预算金额 | 预算范围 | Budget Amount",
    ),
    field(
        "decision_maker",
        "text",
        ("决策人", "Decision maker"),
        help=("谁拍板：姓名和职务", "Who has the last word: name and position"),
        synonyms="关键人 | 拍板人 | 决策链 | Decider | Economic Buyer",
    ),
    field(
        "timeline",
        "text",
        ("时间线", "Timeline"),
        pinyin=False,
        help=("客户希望何时选定、何时上线", "When they want to choose, and when it has to work"),
        synonyms="上线时间 | 项目周期 | 采购时间 | Purchase Timeframe | Go-live",
    ),
    field(
        "need_confirmed",
        "boolean",
        ("客户已确认需求", "Need confirmed by the customer"),
        default=False,
        help=("客户书面或口头认可了需求摘要", "The customer has agreed with the need summary, in writing or by word"),
    ),
    field(
        "customer_feedback",
        "long_text",
        ("客户反馈", "Customer's answer"),
        help=("客户对方案、报价或试用怎么说，用原话", "What they say of proposal, quote or trial, in their words"),
        synonyms="客户意见 | Customer Feedback",
    ),
    field(
        "competitor",
        "text",
        ("竞争对手", "Competitor"),
        synonyms="竞品 | 竞争产品 | 友商 | Competitors | Main Competitor | Competitor Type",
    ),
    field(
        "differentiation",
        "long_text",
        ("差异化策略", "How we differ"),
        help=("对上竞争对手，我们靠什么赢", "What makes us win against this competitor"),
        synonyms="竞争策略 | 优势 | Strategy | Our Advantage",
    ),
]

_NEXT: list[Definition] = [
    field(
        "next_action",
        "text",
        ("下一步动作", "Next action"),
        pinyin=False,
        help=("谁、做什么、为了什么", "Who does what, and what for"),
        synonyms="下一步 | 下步计划 | 后续动作 | Next Step | Next Activity",
    ),
    field(
        "next_follow_up_at",
        "instant",
        ("下次跟进时间", "Next follow-up"),
        indexed_within="status",
        synonyms="下次联系时间 | 下次跟进 | 下次沟通时间 | Next Activity Date | Deal - Next activity date",
    ),
    field(
        "last_activity_at",
        "instant",
        ("最近活动时间", "Last activity"),
        synonyms="最近跟进时间 | 最后跟进时间 | 最近沟通时间 | Last Activity Date | Last Contacted",
    ),
    field(
        "health",
        "choice",
        ("健康度", "Health"),
        readonly=True,
        choices=[
            choice("green", "健康", "Healthy", "green"),
            choice("yellow", "留意", "Watch", "gold"),
            choice("red", "告急", "At risk", "red"),
        ],
    ),
]

_CONTRACT: list[Definition] = [
    field(
        "contract_owner",
        "person",
        ("合同负责人", "Contract handled by"),
        help=("把合同从起草跟到归档的人", "Who follows the contract from the draft until it is filed"),
    ),
    field(
        "payment_terms",
        "long_text",
        ("回款节点", "Payment dates"),
        help=("分几笔、各在什么时候、凭什么付", "How many payments, when, and upon what"),
        synonyms="付款方式 | 付款条件 | Payment Terms",
    ),
    field(
        "invoice_info",
        "long_text",
        ("开票信息", "Invoice data"),
        help=("抬头、税号、开户行、收票人", "Title, tax number, bank, who receives it"),
    ),
    field(
        "delivery_on",
        "date",
        ("交付日期", "Delivery on"),
        help=("向客户承诺的交付日", "The day promised to the customer"),
        synonyms="约定交付日期 | 交货日期 | Delivery Date",
    ),
    field(
        "trial_ends_on",
        "date",
        ("试用到期日", "Trial ends on"),
        synonyms="试用结束日期 | Trial End Date",
    ),
    field(
        "technical_verdict",
        "choice",
        ("技术评审结论", "Technical verdict"),
        choices=[
            choice("feasible", "可行", "Feasible", "green"),
            choice("with_changes", "修改后可行", "Feasible with changes", "gold"),
            choice("not_feasible", "不可行", "Not feasible", "red"),
        ],
    ),
    field(
        "satisfaction",
        "choice",
        ("客户满意度", "Satisfaction"),
        choices=[
            choice("delighted", "非常满意", "Delighted", "green"),
            choice("satisfied", "满意", "Satisfied", "blue"),
            choice("neutral", "一般", "Neutral", "gold"),
            choice("dissatisfied", "不满意", "Dissatisfied", "red"),
        ],
    ),
]

_OUTCOME: list[Definition] = [
    field(
        "win_reason",
        "choice",
        ("赢单原因", "Win reason"),
        choices=WIN_REASONS,
        synonyms="成交原因 | Reason Won | Closed Won Reason",
    ),
    field(
        "loss_reason",
        "choice",
        ("输单原因", "Loss reason"),
        choices=LOSS_REASONS,
        synonyms="丢单原因 | 失败原因 | 关闭原因 | Reason Lost | Lost Reason | Closed Lost Reason | Deal - Lost reason",
    ),
    field(
        "reason_note",
        "long_text",
        ("原因说明", "Reason note"),
        help=("客户的原话，或下次可以做得不同的地方", "What the customer said, or what to do differently"),
        synonyms="复盘说明 | 备注 | 备注信息 | Notes | Remark | Comments",
    ),
]

OPPORTUNITY: Definition = {
    "key": "opportunity",
    "label": text(("商机", "Opportunity")),
    "label_plural": text(("商机", "Opportunities")),
    "icon": "fund",
    "group": "sales",
    "order": 20,
    "tracked": True,
    "name_field": "name",
    "health": HEALTH,
    "synonyms": words("销售机会 | 项目 | 订单机会 | Opportunities | Deal | Deals | Potential | Sales Pipeline"),
    "fields": [*_IDENTITY, *_STAGE, *_MONEY_AND_TIME, *_ORIGIN, *_NEED, *_NEXT, *_CONTRACT, *_OUTCOME],
    "layouts": layouts(
        columns="name account stage amount expected_close_on owner next_action next_follow_up_at source updated_at",
        header="account owner amount expected_close_on probability next_action next_follow_up_at",
        card="account amount owner expected_close_on next_follow_up_at tags",
        sums="amount",
        sections=[
            section(
                "basics",
                ("基本信息", "Basics"),
                "name account owner department presales product amount currency expected_close_on pipeline stage",
            ),
            section("next", ("下一步", "What next"), "next_action next_follow_up_at last_activity_at"),
            section(
                "need",
                ("需求与决策", "Need and decision"),
                "need_summary need_confirmed budget decision_maker timeline customer_feedback",
            ),
            section("competition", ("竞争", "Competition"), "competitor differentiation"),
            section("origin", ("来源与分类", "Origin and class"), "source region industry tags"),
            section("forecast", ("预测", "Forecast"), "probability forecast_category"),
            section(
                "contract",
                ("签约与交付", "Contract and delivery"),
                "contract_owner payment_terms invoice_info delivery_on trial_ends_on technical_verdict satisfaction",
            ),
            section("outcome", ("结果", "Outcome"), "closed_on win_reason loss_reason reason_note"),
        ],
    ),
}
