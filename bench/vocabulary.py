"""Invented names with their sort keys and search words, made in Python once and copied into staging tables.

Everything else of the data is made in SQL from row numbers, so that the same scale always gives the same records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import psycopg

from bench.scales import Scale
from liaoran.query.words import words_of
from liaoran.schema.pinyin import sort_key


def _listed(text: str) -> list[str]:
    return text.split()


PLACES = _listed(
    "上海 苏州 无锡 南京 杭州 宁波 合肥 广州 深圳 佛山 东莞 珠海 厦门 长沙 武汉 成都 重庆 "
    "西安 郑州 青岛 济南 天津 北京 沈阳"
)
FIRST = "澄榕砚栎沐岚穗禾汀苇鹭磐隽昱柏翎榆钧屿霁朗煦翊澜槿峤湛珩铂珞"
SECOND = "川原帆谷泽衡序启望拓诚行桥舟岭汇朴恒屹宁越远棠森源祥"
TRADES = _listed(
    "精密机械 智能装备 数控机床 电子科技 光电技术 汽车部件 包装材料 家居用品 食品 日化 服饰 "
    "生物医药 医疗器械 供应链 冷链物流 新材料 精细化工 软件 信息技术 建设工程 检测技术 农业科技"
)
MATTERS = _listed(
    "车间排产 多工厂协同 车间执行系统 数字化车间 质量追溯 实验室管理 仓储管理 立体库升级 运输调度 "
    "能耗管理 设备管理 设备联网 移动巡检 经营看板 生产大屏 系统对接 二期实施 年度运维 操作培训 "
    "供应商协同"
)
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹"
GIVEN = _listed("建国 文志 晓海 立新 永春 秀玉 桂明 德兴 振宏 家景 思雅 静雪 慧佳 梦欣 子雨 一俊 浩泽 宇嘉 铭瑞 天启")
NEXT_ACTIONS = (
    "约需求会并带实施顾问",
    "发修订后的报价单",
    "书面答复评审异议",
    "跟进合同用印",
    "请客户引荐生产负责人",
    "补齐预算和时间线",
)
NEEDS = (
    "排产靠手工表格，插一张急单要重排半天；希望十分钟内出新计划。",
    "批次追溯要翻两三天台账；希望五分钟内出报告。",
    "账实差异大，盘点要停两天；希望循环盘点不停产。",
    "设备数据要人工抄表；希望关键设备自动采集。",
)


def tsvector(texts: Iterable[str], name: str | None = None) -> str:
    """The lexemes of texts, and of the name, in the input form of ``tsvector``."""
    found = set(words_of(name, True)) if name else set()
    for text in texts:
        found |= words_of(text)
    return " ".join("'" + word.replace("'", "''") + "'" for word in found)


def stage_names(connection: psycopg.Connection[object], scale: Scale) -> None:
    """Fills ``bench_accounts``, ``bench_names``, ``bench_people`` and ``bench_phrases`` in the scale's schema."""
    with connection.cursor() as cursor:
        cursor.execute(STAGING.format(schema=scale.schema))
        for table, rows in (
            ("bench_people (n, name, pinyin, words)", _people(scale)),
            ("bench_accounts (n, name, pinyin, words)", _accounts(scale)),
            ("bench_names (n, name, pinyin, words)", _opportunities(scale)),
            ("bench_phrases (kind, n, text, words)", _phrases()),
        ):
            with cursor.copy(f"COPY {scale.schema}.{table} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)


STAGING = """
CREATE UNLOGGED TABLE {schema}.bench_people
    (n int PRIMARY KEY, id uuid DEFAULT uuidv7(), department uuid, name text, pinyin text, words tsvector);
CREATE UNLOGGED TABLE {schema}.bench_accounts
    (n int PRIMARY KEY, id uuid DEFAULT uuidv7(), name text, pinyin text, words tsvector);
CREATE UNLOGGED TABLE {schema}.bench_names (n int, name text, pinyin text, words tsvector);
CREATE UNLOGGED TABLE {schema}.bench_phrases (kind text, n int, text text, words tsvector, PRIMARY KEY (kind, n));
"""


def short_name(number: int) -> str:
    """The brand and trade of the account with this number; numbers up to 600,000 give different names."""
    brand = FIRST[number % 30] + SECOND[number // 30 % 26]
    extra = FIRST[number // 17160 % 30] if number >= 17160 else ""
    return brand + extra + TRADES[number // 780 % 22]


def _people(scale: Scale) -> Iterator[tuple[object, ...]]:
    for number in range(scale.people):
        name = (
            SURNAMES[number % 30]
            + GIVEN[number // 30 % 20][: 1 + number % 2]
            + (str(number // 600) if number >= 600 else "")
        )
        yield number, name, sort_key(name), tsvector((), name)


def _accounts(scale: Scale) -> Iterator[tuple[object, ...]]:
    for number in range(scale.accounts):
        name = f"{PLACES[number % 24]}{short_name(number)}有限公司"
        yield number, name, sort_key(name), tsvector((), name)


def _opportunities(scale: Scale) -> Iterator[tuple[object, ...]]:
    for number in range(scale.opportunities):
        name = f"{short_name(number % scale.accounts)} {MATTERS[number * 7 // 11 % 20]} {number // scale.accounts + 1}"
        yield number, name, sort_key(name), tsvector((), name)


def _phrases() -> Iterator[tuple[object, ...]]:
    for kind, texts in (("next_action", NEXT_ACTIONS), ("need", NEEDS)):
        for number, text in enumerate(texts):
            yield kind, number, text, tsvector((text,))
