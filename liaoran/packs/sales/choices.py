"""Choices that several Objects share, so that figures can be compared across them."""

from __future__ import annotations

from liaoran.packs.definition import choice

SOURCES = [
    choice("referral", "客户介绍", "Customer referral", "green"),
    choice("website", "官网咨询", "Website enquiry", "blue"),
    choice("search", "搜索引擎", "Search engine", "blue"),
    choice("advertising", "广告投放", "Advertising", "purple"),
    choice("social", "社群与新媒体", "Social media", "purple"),
    choice("exhibition", "展会活动", "Trade fair or event", "cyan"),
    choice("cold_call", "电话开发", "Cold call", "orange"),
    choice("visit", "上门拜访", "Field visit", "orange"),
    choice("partner", "合作伙伴", "Partner", "cyan"),
    choice("tender", "招标公告", "Public tender", "gold"),
    choice("existing", "老客户续约或增购", "Renewal or upsell", "green"),
    choice("other", "其他", "Other", "gray"),
]

INDUSTRIES = [
    choice("manufacturing", "制造业", "Manufacturing"),
    choice("technology", "信息技术", "Information technology"),
    choice("internet", "互联网", "Internet"),
    choice("finance", "金融业", "Finance"),
    choice("retail", "零售与消费品", "Retail and consumer goods"),
    choice("construction", "建筑与工程", "Construction and engineering"),
    choice("real_estate", "房地产", "Real estate"),
    choice("logistics", "交通与物流", "Transport and logistics"),
    choice("energy", "能源与化工", "Energy and chemicals"),
    choice("healthcare", "医药与医疗", "Pharma and healthcare"),
    choice("education", "教育与科研", "Education and research"),
    choice("government", "政府与公共事业", "Government and public services"),
    choice("business_services", "商业服务", "Business services"),
    choice("media", "文化与传媒", "Culture and media"),
    choice("hospitality", "住宿与餐饮", "Hospitality"),
    choice("agriculture", "农林牧渔", "Agriculture"),
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
