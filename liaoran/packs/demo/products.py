"""What the demo organisation sells: software and service for factories and warehouses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from liaoran.packs.demo.chance import Chance
from liaoran.packs.demo.model import DemoRecord


@dataclass(frozen=True, slots=True)
class Offer:
    """A product. ``matter`` names an opportunity about it; ``pain`` and ``goal`` are what customers say."""

    code: str
    name: str
    series: str
    unit: str
    price: int
    matter: str = ""
    pain: str = ""
    goal: str = ""


OFFERS: tuple[Offer, ...] = (
    Offer(
        "APS-100",
        "排产大师 标准版",
        "生产管理",
        "套",
        168000,
        "车间排产",
        "排产靠 Excel，插一张急单要重排半天",
        "插单后十分钟内出新计划",
    ),
    Offer(
        "APS-300",
        "排产大师 多工厂版",
        "生产管理",
        "套",
        460000,
        "多工厂协同排产",
        "几个厂各排各的，产能忽松忽紧",
        "统一看产能并跨厂调单",
    ),
    Offer(
        "MES-100",
        "现场执行系统 标准版",
        "生产管理",
        "套",
        286000,
        "车间执行系统",
        "工序报工用纸单，进度第二天才知道",
        "实时看到每张工单做到哪道工序",
    ),
    Offer(
        "MES-300",
        "现场执行系统 旗舰版",
        "生产管理",
        "套",
        720000,
        "数字化车间",
        "设备、质量、报工三套数据对不上",
        "一个车间一套数据，停机原因可追",
    ),
    Offer(
        "QMS-100",
        "质量追溯系统",
        "质量管理",
        "套",
        198000,
        "质量追溯",
        "客户要批次追溯报告，翻台账要两三天",
        "五分钟内出批次追溯报告",
    ),
    Offer(
        "LIM-100",
        "实验室管理系统",
        "质量管理",
        "套",
        152000,
        "实验室管理",
        "检验数据手抄，审核周期长",
        "检验记录无纸化，审核当天完成",
    ),
    Offer(
        "WMS-100",
        "仓储管理系统 标准版",
        "仓储物流",
        "套",
        136000,
        "仓储管理",
        "账实差异大，盘点要停两天",
        "循环盘点不停产，差异降到千分之三",
    ),
    Offer(
        "WMS-300",
        "仓储管理系统 立体库版",
        "仓储物流",
        "套",
        520000,
        "立体库升级",
        "老库控软件厂家停止维护",
        "新旧设备统一调度",
    ),
    Offer(
        "TMS-100",
        "运输调度平台",
        "仓储物流",
        "套",
        118000,
        "运输调度",
        "派车靠微信群，装载率说不清",
        "装载率提高一成，在途可查",
    ),
    Offer(
        "EMS-100",
        "能耗管理平台",
        "设备能源",
        "套",
        126000,
        "能耗管理",
        "电费高但不知道高在哪条线",
        "按产线分摊能耗，找出夜间空耗",
    ),
    Offer(
        "EAM-100",
        "设备管理系统",
        "设备能源",
        "套",
        145000,
        "设备管理",
        "保养靠老师傅记，备件常断货",
        "保养计划自动派工，备件有预警",
    ),
    Offer("IOT-010", "设备联网网关", "设备能源", "台", 4800, "设备联网", "设备数据要人工抄表", "关键设备数据自动采集"),
    Offer(
        "PAD-010",
        "移动巡检终端",
        "设备能源",
        "台",
        3600,
        "移动巡检",
        "巡检补签多，缺陷没有照片",
        "扫码巡检，缺陷拍照留痕",
    ),
    Offer(
        "BI-100",
        "经营看板",
        "数据分析",
        "套",
        88000,
        "经营看板",
        "月报要等财务十号以后才出",
        "老板手机上看当天产量和毛利",
    ),
    Offer(
        "BI-300",
        "生产大屏",
        "数据分析",
        "套",
        168000,
        "生产大屏",
        "客户参观时只能看纸质看板",
        "车间大屏实时显示产量与良率",
    ),
    Offer(
        "INT-100", "ERP 集成套件", "集成服务", "套", 65000, "ERP 对接", "订单要在两个系统里录两遍", "订单、库存自动同步"
    ),
    Offer(
        "SVC-010", "实施服务", "集成服务", "人天", 2400, "二期实施", "一期上线后新增两条产线", "三个月内推广到新产线"
    ),
    Offer(
        "SVC-020",
        "年度运维服务",
        "集成服务",
        "年",
        36000,
        "年度运维",
        "出问题找不到人，夜班没人接电话",
        "七乘二十四小时响应",
    ),
    Offer(
        "SVC-030", "操作培训", "集成服务", "期", 18000, "操作培训", "班组长流动大，新人不会用", "两周内新班组长独立操作"
    ),
    Offer(
        "CLD-100", "云端协同 年订阅", "云服务", "年", 58000, "供应商协同", "供应商交期靠电话催", "供应商在线确认交期"
    ),
)
MAIN_OFFERS = tuple(one for one in OFFERS if one.price >= 58000 and one.series != "集成服务")


def make_products(chance: Chance) -> tuple[dict[str, UUID], list[DemoRecord]]:
    """Ids by product code, and the records."""
    start = chance.at_work(chance.today - timedelta(days=755))
    ids = {one.code: chance.new_id(start) for one in OFFERS}
    records = [
        DemoRecord(
            "product",
            ids[one.code],
            {
                "name": one.name,
                "code": one.code,
                "series": one.series,
                "unit": one.unit,
                "list_price": one.price,
                "currency": "CNY",
                "status": "on_sale",
                "description": f"解决的问题：{one.pain}；做到的效果：{one.goal}。",
            },
            start,
            "admin",
        )
        for one in OFFERS
    ]
    return ids, records
