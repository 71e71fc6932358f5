"""Numbers, days, yes and no as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.exchange.harmless import FORMULA_STARTS, harmless, unescaped
from liaoran.exchange.values.booleans import read_boolean
from liaoran.exchange.values.chinese_numerals import chinese_number
from liaoran.exchange.values.dates import possible_orders, read_moment
from liaoran.exchange.values.normal import folded, pinyin_key
from liaoran.exchange.values.numbers import currency_in, decimal_sign, read_number, unit_factor
from liaoran.exchange.values.profile import Profiler
from liaoran.exchange.values.unreadable import Unreadable


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("1054", "1054", None),
        ("￥1,054.00", "1054.00", "CNY"),
        ("¥ 1054", "1054", "CNY"),
        ("1.2万", "12000", None),
        ("12万元", "120000", "CNY"),
        ("3亿", "300000000", None),
        ("2亿3千万", "230000000", None),
        ("1万5千", "15000", None),
        ("$22,700.00", "22700.00", "USD"),
        ("$342.09K", "342090", "USD"),
        ("$1,117.10K", "1117100", "USD"),
        ("USD 500", "500", "USD"),
        ("500 EUR", "500", "EUR"),
        ("HK$5", "5", "HKD"),
        ("1.5 million", "1500000", None),
        ("(1,234)", "-1234", None),
        ("-$5", "-5", "USD"),
        ("($5.50)", "-5.50", "USD"),
        ("5-", "-5", None),
        ("１，２３４．５", "1234.5", None),
        ("12,34,567", "1234567", None),
        ("1 234.5", "1234.5", None),
        ("1'234", "1234", None),
        ("三百万", "3000000", None),
        ("壹佰贰拾万元整", "1200000", "CNY"),
        ("1e5", "100000", None),
        (".5", "0.5", None),
    ],
)
def test_numbers(written: str, value: str, currency: str | None) -> None:
    number = read_number(written)
    assert (number.value, number.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    "written", ["12abc", "", "-", "abc", "1,23", "1.2.3", "NaN", "inf", "1,2万", "%", "12-5", "1 2"]
)
def test_what_is_no_number_says_how_to_mend_it(written: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_number(written)
    assert refused.value.code == "not_a_number"
    assert f"“{written}”" in refused.value.message.zh
    assert f"“{written}”" in refused.value.message.en


def test_decimal_commas_count_where_the_column_has_them() -> None:
    assert decimal_sign(["1.234,56", "7,5"]) == ","
    assert decimal_sign(["1,234.56", "7.5"]) == "."
    assert decimal_sign(["1,234", "12"]) == "."
    assert read_number("€1.234,56", ",").value == Decimal("1234.56")
    assert read_number("7,5", ",").value == Decimal("7.5")


def test_percent_signs_are_noted() -> None:
    assert (read_number("25%").value, read_number("25%").percent) == (Decimal(25), True)
    assert read_number("２５％").percent


def test_units_in_headers() -> None:
    assert [unit_factor(text) for text in ("万元", "单位：万元", "K USD", "百万", "千元", "亿元", "元", "必填", "USD")] == [
        10_000, 10_000, 1000, 1_000_000, 1000, 10**8, None, None, None,
    ]  # fmt: skip
    assert [currency_in(text) for text in ("万元", "USD", "美元", "￥", "备注")] == ["CNY", "USD", "USD", "CNY", None]


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_every_writing_of_a_number_reads_back(value: Decimal) -> None:
    grouped = f"{abs(value):,.2f}"
    sign = "-" if value < 0 else ""
    for written in (f"{value}", f"{sign}{grouped}", f"{sign}￥{grouped}", f"{sign}{grouped} USD"):
        assert read_number(written).value == value
    assert read_number(f"({grouped})").value == -abs(value)


@given(st.integers(min_value=1, max_value=99_999_999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert chinese_number(in_chinese(number)) == number


def in_chinese(number: int) -> str:
    """A slow, obvious writer of Chinese numerals below 10^8."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        return in_chinese(head) + "万" + ("" if rest == 0 else ("零" if rest < 1000 else "") + in_chinese(rest))
    text, zero = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + sign
            zero = False
        else:
            zero = True
    return text


CST = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026.1.5", date(2026, 1, 5)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("２０２６年１月５日", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        (20260105, date(2026, 1, 5)),
        ("5-Jan-26", date(2026, 1, 5)),
        ("Jan 5, 2026", date(2026, 1, 5)),
        ("January 5th, 2026", date(2026, 1, 5)),
        ("2021-Oct-03", date(2021, 10, 3)),
        ("13/02/2026", date(2026, 2, 13)),
        ("02/13/2026", date(2026, 2, 13)),
        ("5.1.2026", date(2026, 1, 5)),
        ("16 Apr, 2021 00:02:00", datetime(2021, 4, 16, 0, 2)),
        ("2026-01-05 14:30", datetime(2026, 1, 5, 14, 30)),
        ("2026/1/5 上午9:05", datetime(2026, 1, 5, 9, 5)),
        ("2026/1/5 上午12:05", datetime(2026, 1, 5, 0, 5)),
        ("2026年1月5日 下午3:05", datetime(2026, 1, 5, 15, 5)),
        ("2026年1月5日下午3点", datetime(2026, 1, 5, 15)),
        ("2026-1-5 14点30分", datetime(2026, 1, 5, 14, 30)),
        ("2026-01-05 3:05:09 PM", datetime(2026, 1, 5, 15, 5, 9)),
        ("20260105123000", datetime(2026, 1, 5, 12, 30)),
        ("2026年1月5日 星期一 14:05", datetime(2026, 1, 5, 14, 5)),
        ("Mon, 05 Jan 2026 10:00:00 +0800", datetime(2026, 1, 5, 10, tzinfo=CST)),
        ("2026-01-05T08:00:00Z", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("2011-10-01T00:38:44.546+02:00", datetime(2011, 10, 1, 0, 38, 44, 546000, timezone(timedelta(hours=2)))),
        ("2026-01-05 24:00", datetime(2026, 1, 6)),
        (45631, date(2024, 12, 5)),
        ("45631.0", date(2024, 12, 5)),
        (45631.5, datetime(2024, 12, 5, 12)),
        (59, date(1900, 2, 28)),
        ("1767571200", datetime(2026, 1, 5, tzinfo=UTC)),
        ("1767571200000", datetime(2026, 1, 5, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_days_and_moments(written: Any, expected: object) -> None:
    assert read_moment(written) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("31/04/2026", "no_such_day"),
        ("00/00/2026", "no_such_day"),
        ("2026-01-05 25:00", "no_such_time"),
        ("2026-01-05 sometime", "no_such_time"),
        ("01/02/2026", "date_order"),
        ("26/01/05", "date_order"),
        ("12abc", "not_a_date"),
        ("next week", "not_a_date"),
        ("1月5日", "not_a_date"),
    ],
)
def test_what_is_no_day(written: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_moment(written)
    assert refused.value.code == code
    assert written in refused.value.message.zh


def test_the_order_of_the_column_decides_what_the_writing_leaves_open() -> None:
    assert read_moment("01/02/2026", "dmy") == date(2026, 2, 1)
    assert read_moment("01/02/2026", "mdy") == date(2026, 1, 2)
    assert read_moment("26/01/05", "ymd") == date(2026, 1, 5)
    with pytest.raises(Unreadable):
        read_moment("13/02/2026", "mdy")
    assert possible_orders("01/02/2026") == {"dmy", "mdy"}
    assert possible_orders("13/02/2026") == {"dmy"}
    assert possible_orders("2026-01-05") is None


@pytest.mark.parametrize("written", ["2026-03", "2026/3", "2026年3月", "2026 年 03 月", "２０２６年３月份"])
def test_a_month_is_its_first_day_where_the_column_says_so(written: str) -> None:
    assert read_moment(written, "ym") == date(2026, 3, 1)
    assert possible_orders(written) == {"ym"}
    for order in (None, "ymd", "dmy"):
        with pytest.raises(Unreadable) as refused:
            read_moment(written, order)
        assert refused.value.code == "no_day"
    assert read_moment("2026-03-05", "ym") == date(2026, 3, 5)
    with pytest.raises(Unreadable):
        read_moment("01/02/2026", "ym")


@pytest.mark.parametrize("written", ["2026.3", "2026-13", "1026-03", "202603-1", "3月"])
def test_what_is_no_month(written: str) -> None:
    with pytest.raises(Unreadable):
        read_moment(written, "ym")


@pytest.mark.parametrize(
    ("cells", "orders", "holds"),
    [
        (["2026-03", "2026-04", "2026-12"], {"ym"}, "date"),
        (["2026年3月", "2026/04"], {"ym"}, "date"),
        (["2026-03", "2026-04-01"], None, "text"),
        (["2026-03", "2026-04", date(2026, 1, 2)], None, "text"),
        (["2026-03", "01/02/2026", "13/02/2026"], {"dmy"}, "text"),
    ],
)
def test_months_count_only_where_the_whole_column_holds_months(cells: list[Any], orders: Any, holds: str) -> None:
    profiler = Profiler(["成交月"])
    profiler.add([[cell] for cell in cells])
    (profile,) = profiler.profiles()
    assert (profile.orders, profile.holds) == (orders, holds)


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1)))
def test_every_writing_of_a_moment_reads_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    day = moment.date()
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y"):
        assert read_moment(moment.strftime(pattern)) == day
    for order, pattern in (("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y")):
        assert read_moment(moment.strftime(pattern), order) == day  # type: ignore[arg-type]
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %I:%M:%S %p", "%d %b, %Y %H:%M:%S"):
        assert read_moment(moment.strftime(pattern)) == moment
    assert read_moment(moment.isoformat() + "+08:00") == moment.replace(tzinfo=CST)


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(allow_nan=False)))
def test_nothing_but_unreadable_is_ever_raised(cell: Any) -> None:
    for read in (read_number, read_moment, read_boolean):
        try:
            read(cell)
        except Unreadable as refused:
            assert refused.message.zh


def test_yes_and_no() -> None:
    assert [read_boolean(one) for one in ("是", "Yes", "Y", "true", "TRUE", "1", 1, "√", "有", "启用")] == [True] * 10
    assert [read_boolean(one) for one in ("否", "No", "n", "FALSE", "0", 0, "无", "×", "未")] == [False] * 9
    with pytest.raises(Unreadable):
        read_boolean("maybe")
    with pytest.raises(Unreadable):
        read_boolean(time(1, 2))


def test_writings_that_mean_the_same() -> None:
    assert folded("GTXPro") == folded("gtx-pro") == folded("ＧＴＸ　Pro") == folded(" GTX Pro ")
    assert folded("Won") != folded("Lost")
    assert pinyin_key("张三") == folded("Zhang San") == folded("zhangsan")


@given(st.text(alphabet="='+-@a1 中", max_size=8))
def test_what_an_export_makes_harmless_an_import_reads_back(text: str) -> None:
    text = text.strip()
    assert unescaped(harmless(text)) == text
    assert not harmless(text).startswith(FORMULA_STARTS)
