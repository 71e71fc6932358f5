"""Choices that several Objects share, so that figures can be compared across them."""

from __future__ import annotations

from liaoran.packs.definition import choice

SOURCES = [
    choice(
        "referral",
        "客户介绍",
        "Customer referral",
        "green",
        synonyms="转介绍 | 客户推荐 | 朋友介绍 | 推荐 | Referral | External Referral | Employee Referral",
    ),
    choice(
        "website",
        "官网咨询",
        "Website enquiry",
        "blue",
        synonyms="官网 | 网站 | 在线咨询 | 线上询价 | 线上注册 | 线上 | Website | Web | Web Research | Online Store | "
        "Olark Chat | Landing Page Submission",
    ),
    choice(
        "search",
        "搜索引擎",
        "Search engine",
        "blue",
        synonyms="搜索 | 百度 | SEO | SEM | Google | Organic Search | Search Engine",
    ),
    choice("advertising", "广告投放", "Advertising", "purple", synonyms="广告 | 促销 | Advertisement | Ads | Campaign"),
    choice(
        "social",
        "社群与新媒体",
        "Social media",
        "purple",
        synonyms="社区用户 | 新媒体 | 公众号 | 抖音 | 小红书 | 微信 | Social | Facebook | Twitter | GitHub",
    ),
    choice(
        "exhibition",
        "展会活动",
        "Trade fair or event",
        "cyan",
        synonyms="展会 | 线下活动 | 会议 | 市场活动 | Trade Show | Event | Seminar | Conference",
    ),
    choice(
        "cold_call",
        "电话开发",
        "Cold call",
        "orange",
        synonyms="电话营销 | 电话咨询 | 400电话 | 陌生电话 | Cold Call | Telemarketing | Phone",
    ),
    choice("visit", "上门拜访", "Field visit", "orange", synonyms="陌拜 | 陌生拜访 | 预约上门 | 拜访 | Walk-in"),
    choice(
        "partner", "合作伙伴", "Partner", "cyan", synonyms="渠道 | 代理商 | 合作伙伴介绍 | Partner | Reseller | Channel"
    ),
    choice("tender", "招标公告", "Public tender", "gold", synonyms="招标 | 招投标 | 投标 | RFP | Tender"),
    choice(
        "existing",
        "老客户续约或增购",
        "Renewal or upsell",
        "green",
        synonyms="老客户 | 续约 | 增购 | 维保 | 扩容 | Existing Customer | Upsell | Renewal",
    ),
    choice("other", "其他", "Other", "gray"),
]

INDUSTRIES = [
    choice(
        "manufacturing",
        "制造业",
        "Manufacturing",
        synonyms="制造 | 生产 | 加工制造 | 工厂 | Manufacturing | Industrial",
    ),
    choice(
        "technology",
        "信息技术",
        "Information technology",
        synonyms="IT | 软件 | 软件和信息服务 | 高科技 | Software | Technology | technolgy | IT Services | Computers",
    ),
    choice("internet", "互联网", "Internet", synonyms="电商 | 电子商务 | 互联网服务 | E-commerce | Online"),
    choice(
        "finance", "金融业", "Finance", synonyms="金融 | 银行 | 保险 | 证券 | Financial Services | Banking | Insurance"
    ),
    choice(
        "retail",
        "零售与消费品",
        "Retail and consumer goods",
        synonyms="零售 | 快消 | 消费品 | 贸易 | Consumer Goods | FMCG | Wholesale",
    ),
    choice(
        "construction",
        "建筑与工程",
        "Construction and engineering",
        synonyms="建筑 | 工程 | 建材 | Construction | Engineering",
    ),
    choice("real_estate", "房地产", "Real estate", synonyms="地产 | 物业 | Property"),
    choice(
        "logistics",
        "交通与物流",
        "Transport and logistics",
        synonyms="物流 | 运输 | 运输/物流 | 仓储 | Transportation | Shipping | Logistics",
    ),
    choice(
        "energy",
        "能源与化工",
        "Energy and chemicals",
        synonyms="能源 | 化工 | 电力 | Energy | Utilities | Oil and Gas | Chemicals",
    ),
    choice(
        "healthcare",
        "医药与医疗",
        "Pharma and healthcare",
        synonyms="医疗 | 医药 | 医院 | 生物医药 | medical | Pharma | Healthcare | Biotechnology",
    ),
    choice("education", "教育与科研", "Education and research", synonyms="教育 | 培训 | 学校 | 科研 | Education"),
    choice(
        "government",
        "政府与公共事业",
        "Government and public services",
        synonyms="政府 | 事业单位 | 政务 | Government | Government/Military | Public Sector",
    ),
    choice(
        "business_services",
        "商业服务",
        "Business services",
        synonyms="咨询 | 服务业 | 人力资源 | 营销 | Consulting | Service Provider | marketing | employment",
    ),
    choice("media", "文化与传媒", "Culture and media", synonyms="文化传媒 | 传媒 | 娱乐 | Media | entertainment"),
    choice("hospitality", "住宿与餐饮", "Hospitality", synonyms="餐饮 | 酒店 | 旅游 | Restaurant | Travel"),
    choice("agriculture", "农林牧渔", "Agriculture", synonyms="农业 | 养殖 | Agriculture | Food"),
    choice("other", "其他", "Other"),
]

SALES_REGIONS = [
    choice("east", "华东", "East China"),
    choice("south", "华南", "South China"),
    choice("north", "华北", "North China"),
    choice("central", "华中", "Central China"),
    choice("southwest", "西南", "Southwest China"),
    choice("northwest", "西北", "Northwest China"),
    choice("northeast", "东北", "Northeast China"),
    choice("hong_kong_macao_taiwan", "港澳台", "Hong Kong, Macao and Taiwan"),
    choice("overseas", "海外", "Overseas"),
]

PRIORITIES = [
    choice("high", "高", "High", "red"),
    choice("normal", "普通", "Normal", "blue"),
    choice("low", "低", "Low", "gray"),
]
