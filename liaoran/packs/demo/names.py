"""Invented names of companies and people. Brands are put together from syllables; well-known ones are left out."""

from __future__ import annotations

from dataclasses import dataclass

from liaoran.packs.demo.chance import Chance


@dataclass(frozen=True, slots=True)
class City:
    """A city with its GB/T 2260 code, sales region, telephone area code, some roads, and the length of its
    telephone numbers."""

    name: str
    code: str
    region: str
    area: str
    roads: tuple[str, ...]
    digits: int = 8


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: how it is written in a company name, its industry, and whether it is a plant."""

    words: tuple[str, ...]
    industry: str


EAST_CITIES: tuple[City, ...] = (
    City("上海", "310115", "east", "021", ("金科路", "张杨北路", "航头镇航川路", "康桥东路")),
    City("苏州", "320500", "east", "0512", ("唯新路", "金山东路", "吴淞江大道", "科灵路")),
    City("无锡", "320200", "east", "0510", ("锡达路", "新华路", "鸿山路")),
    City("南京", "320100", "east", "025", ("胜利路", "将军大道", "浦滨路")),
    City("常州", "320400", "east", "0519", ("创新大道", "龙城大道")),
    City("杭州", "330100", "east", "0571", ("滨安路", "文一西路", "塘康路")),
    City("宁波", "330200", "east", "0574", ("滨海四路", "聚贤路")),
    City("嘉兴", "330400", "east", "0573", ("昌盛南路", "亚中路")),
    City("合肥", "340100", "east", "0551", ("习友路", "云谷路")),
)
SOUTH_CITIES: tuple[City, ...] = (
    City("广州", "440100", "south", "020", ("科学大道", "开源大道", "东晓南路")),
    City("深圳", "440300", "south", "0755", ("留仙大道", "光明大道", "坪山大道")),
    City("佛山", "440600", "south", "0757", ("季华西路", "科洋路")),
    City("东莞", "441900", "south", "0769", ("松科路", "莞长路", "振安西路")),
    City("中山", "442000", "south", "0760", ("火炬路", "康乐大道")),
    City("珠海", "440400", "south", "0756", ("金湾路", "创新一路"), 7),
    City("惠州", "441300", "south", "0752", ("和畅五路", "惠南大道"), 7),
    City("南宁", "450100", "south", "0771", ("高新大道", "国凯大道"), 7),
    City("长沙", "430100", "central", "0731", ("枫林三路", "东六路")),
    City("武汉", "420100", "central", "027", ("高新二路", "光谷三路")),
    City("厦门", "350200", "east", "0592", ("火炬东路", "翔安南路"), 7),
)

TRADES: tuple[tuple[Trade, float], ...] = (
    (Trade(("精密机械", "智能装备", "数控机床", "自动化设备", "模具制造"), "manufacturing"), 5),
    (Trade(("电子科技", "光电技术", "传感技术", "线缆"), "manufacturing"), 4),
    (Trade(("汽车零部件", "新能源部件", "轻合金"), "manufacturing"), 3),
    (Trade(("包装材料", "印务", "纸制品", "家居用品"), "manufacturing"), 2.5),
    (Trade(("食品", "饮品", "日化", "服饰"), "retail"), 2.5),
    (Trade(("生物医药", "医疗器械", "药业"), "healthcare"), 2),
    (Trade(("供应链管理", "冷链物流", "仓储服务", "货运"), "logistics"), 2),
    (Trade(("新材料", "精细化工", "环保能源"), "energy"), 2),
    (Trade(("软件", "信息技术", "数据服务"), "technology"), 1.2),
    (Trade(("建设工程", "装饰工程", "机电安装"), "construction"), 1),
    (Trade(("检测技术", "管理咨询"), "business_services"), 0.6),
    (Trade(("农业科技", "种业"), "agriculture"), 0.5),
)

FIRST = "澄榕砚栎沐岚穗禾汀苇鹭磐隽昱柏翎榆钧屿霁朗煦翊澜槿峤湛珩"
SECOND = "川原帆谷泽衡序启望拓诚行桥舟岭汇朴恒屹宁越远棠森"
WELL_KNOWN = frozenset({"禾川", "磐石", "朗诚", "澜起", "榕泰", "湛江", "柏川", "昱能", "钧恒", "澜泽", "煦森", "朗森"})

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵"
    "万钱覃戴严欧莫孔向常"
)
GIVEN_FIRST = "建国文志晓海立新永春秀玉桂明德兴振宏家景思雅静雪慧佳梦欣子雨一俊浩泽宇嘉铭瑞天启振亚"
GIVEN_SECOND = "平华军勇强磊洋艳娟敏霞芳兰英萍红玲丽涛超斌鹏辉峰波宁辰怡琪婷然轩涵宸博阳航"

TITLES: dict[str, tuple[str, ...]] = {
    "decider": ("总经理", "董事长", "副总经理", "厂长", "分管副总"),
    "influencer": ("运营总监", "生产总监", "总经理助理", "质量总监"),
    "user": ("车间主任", "仓储主管", "计划主管", "班组长", "设备主管"),
    "evaluator": ("信息部经理", "IT 主管", "技术部经理", "信息化专员"),
    "buyer": ("采购经理", "采购专员", "供应链经理"),
    "legal": ("财务经理", "法务专员", "财务总监"),
    "coach": ("信息部工程师", "生产计划员", "总经办主任"),
    "gatekeeper": ("前台行政", "总经理秘书"),
}


def brand(chance: Chance, taken: set[str]) -> str:
    """A two-syllable brand that nobody in ``taken`` has; adds it."""
    while True:
        found = chance.pick(FIRST) + chance.pick(SECOND)
        if found not in taken and found not in WELL_KNOWN:
            taken.add(found)
            return found


def person_name(chance: Chance) -> str:
    """A Chinese personal name of two or three characters."""
    given = chance.pick(GIVEN_SECOND)
    if chance.happens(0.78):
        given = chance.pick(GIVEN_FIRST) + given
    return chance.pick(SURNAMES) + given


def mobile(chance: Chance) -> str:
    """A mobile number of a plausible form."""
    return (
        chance.pick(("135", "136", "138", "139", "150", "158", "159", "177", "186", "188"))
        + f"{chance.between(0, 99999999):08d}"
    )
