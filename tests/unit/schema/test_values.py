"""Reading of the other types, beyond the examples that the contract test drives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaoran.kernel.text import Text
from liaoran.schema.field_types._moments import instant_text
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Choice, Field

CONTEXT = ParseContext(now=datetime(2026, 3, 5, 18, 0, tzinfo=UTC))
CHOICES = (
    Choice("manufacturing", Text("制造业", "Manufacturing"), synonyms=("工业",)),
    Choice("technology", Text("科技", "Technology")),
    Choice("old", Text("旧", "Old"), retired=True),
    Choice("none", Text("None", "None")),
    Choice("mixed", Text("维保，续约，增购", "Upkeep")),
)


def field(type_key: str, **options: Any) -> Field:
    kind = FIELD_TYPES[type_key]
    checked = kind.check_options(options)
    return Field(
        "thing", "f", type_key, Text("字段", "Field"), kind.kind_of(checked), options=checked,
        choices=kind.choices_of(checked, CHOICES if kind.takes_choices else ()),
    )  # fmt: skip


def parse(type_key: str, raw: Any, context: ParseContext = CONTEXT, **options: Any) -> Any:
    return FIELD_TYPES[type_key].parse(raw, field(type_key, **options), context)


def code_of(type_key: str, raw: Any, context: ParseContext = CONTEXT, **options: Any) -> str:
    with pytest.raises(ValueProblem) as refused:
        parse(type_key, raw, context, **options)
    return refused.value.problem.code


@given(st.dates(min_value=date(1000, 1, 1)))
def test_days_in_every_year_first_writing(day: date) -> None:
    for text in (
        day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f" {day.isoformat()} ",
    ):  # fmt: skip
        assert parse("date", text) == day.isoformat()


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_instants_are_the_same_in_every_writing(moment: datetime) -> None:
    wanted = instant_text(moment)
    assert datetime.fromisoformat(wanted) == moment
    local = moment.astimezone(CONTEXT.zone_info)
    for raw in (moment, local, moment.isoformat(), local.isoformat(), wanted, wanted.replace("+00:00", "Z")):
        assert parse("instant", raw) == wanted
    if local.utcoffset() == timedelta(hours=8):
        assert parse("instant", f"{local:%Y/%m/%d %H:%M:%S.%f}") == wanted


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("2026-03-05 9:05", "2026-03-05T01:05:00+00:00"),
        ("2026年3月5日 14时30分15秒", "2026-03-05T06:30:15+00:00"),
        ("2026年3月5日14:30", "2026-03-05T06:30:00+00:00"),
        ("2026/3/5 2:30 PM", "2026-03-05T06:30:00+00:00"),
        ("2026/3/5 上午12:00", "2026-03-04T16:00:00+00:00"),
        ("2026-03-05T06:30Z", "2026-03-05T06:30:00+00:00"),
        ("2026-03-05 06:30:00 +0000", "2026-03-05T06:30:00+00:00"),
        ("@now", "2026-03-05T18:00:00+00:00"),
        (date(2026, 3, 5), "2026-03-04T16:00:00+00:00"),
        (datetime(2026, 3, 5, 8), "2026-03-05T00:00:00+00:00"),
    ],
)
def test_instants(raw: Any, canonical: str) -> None:
    assert parse("instant", raw) == canonical


def test_days_that_do_not_exist() -> None:
    for raw in ("2026-02-30", "2026-13-01", "20260230", "2025年2月29日", "0202-01-01"):
        assert code_of("date", raw) == "no_such_date"
    for raw in ("soon", "3/5/2026", "2026-03", "2026-3/5", True, "2026-03-05-06"):
        assert code_of("date", raw) == "not_a_date"
    for raw in ("2026-02-30 10:00", "2026-03-05 24:30", "2026-03-05 13:00 PM", "2026-03-05T10:61:00Z"):
        assert code_of("instant", raw) == "no_such_instant"
    assert code_of("instant", "0001-01-01 00:00") == "no_such_instant"


def test_today_is_that_of_the_actor() -> None:
    assert parse("date", "@today") == "2026-03-06"
    assert parse("date", "@today", ParseContext(zone="America/New_York", now=CONTEXT.now)) == "2026-03-05"
    assert parse("date", "2026-03-05T18:00:00Z") == "2026-03-06"


@given(st.text(max_size=20))
@settings(deadline=None)
def test_no_text_breaks_a_type(text: str) -> None:
    for key in FIELD_TYPES:
        options = {"link": {"target": "x"}, "formula": {"expression": "1"}, "rollup": {"object": "a", "link": "b"}}
        try:
            value = parse(key, text, **options.get(key, {}))
        except ValueProblem as refused:
            assert refused.problem.field == "f"
        else:
            assert value is None or parse(key, value, **options.get(key, {})) == value


def test_choices_by_key_label_synonym_and_near_miss() -> None:
    for raw in ("manufacturing", "制造业", " Manufacturing ", "MANUFACTURING", "ｍａｎｕｆａｃｔｕｒｉｎｇ", "工业"):
        assert parse("choice", raw) == "manufacturing"
    assert parse("choice", "None") == "none"
    assert parse("choice", "  ") is None
    with pytest.raises(ValueProblem) as refused:
        parse("choice", "technolgy")
    problem = refused.value.problem
    assert problem.evidence == {"value": "technolgy", "near": ["technology"]}
    assert "是否指：科技" in problem.message.zh
    assert "did you mean: Technology" in problem.message.en


def test_a_retired_choice_is_refused_except_for_what_restores() -> None:
    assert code_of("choice", "old") == "retired_choice"
    assert code_of("choices", ["technology", "旧"]) == "retired_choice"
    assert parse("choice", "old", ParseContext(allow_retired=True)) == "old"


def test_several_choices() -> None:
    assert parse("choices", "科技、制造业") == ["manufacturing", "technology"]
    assert parse("choices", ["technology", "科技", None, ""]) == ["technology"]
    assert parse("choices", "维保，续约，增购") == ["mixed"]
    assert parse("choices", []) is None
    assert parse("choices", " , ; ") is None


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("13812345678", "13812345678"), ("+8613812345678", "13812345678"), ("0086 138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"), ("19912345678", "19912345678"), ("021-58888888", "021-58888888"),
        ("021 5888 8888 转 801", "021-58888888-801"), ("(0755)1234567", "0755-1234567"),
        ("+86 10 8888 6666", "010-88886666"),
        ("800-810-8888", "800-810-8888"), ("+44 20 7946 0958", "+442079460958"), ("660-485-0224", "+16604850224"),
        ("(202) 555-0123 x12", "+12025550123;ext=12"), ("+12025550123;ext=12", "+12025550123;ext=12"),
        ("0049 30 901820", "+4930901820"),
    ],
)  # fmt: skip
def test_phones(raw: str, canonical: str) -> None:
    assert parse("phone", raw) == canonical
    assert parse("phone", canonical) == canonical


def test_phones_of_another_country() -> None:
    assert parse("phone", "(202) 555-0123", ParseContext(region="US")) == "+12025550123"
    assert parse("phone", "030 901820", region="DE") == "+4930901820"
    assert parse("phone", "+86 138 1234 5678", ParseContext(region="US")) == "13812345678"
    for raw in ("5555555555", "1234567", "10086", "+999 123", "0", "+", "1381234567a"):
        assert code_of("phone", raw) == "not_a_phone"


def test_links() -> None:
    me = "01890a5d-ac96-774b-bcce-b302099a8057"
    context = ParseContext(me=me, my_department=str(UUID(int=7)))
    assert parse("person", "@me", context) == me
    assert parse("department", "@my_department", context) == str(UUID(int=7))
    assert parse("person", "@me") is None
    assert code_of("link", "@me", target="x") == "not_an_id"
    assert parse("link", {"id": None}, target="x") is None
    assert parse("link", {"id": me.upper(), "label": "甲"}, target="x") == me


def test_texts() -> None:
    assert parse("text", "a\r\n\tb") == "a b"
    assert parse("text", "e\u0301") == "\u00e9"
    assert parse("text", 12.0) == "12"
    assert parse("text", "\u3000全角\u3000") == "全角"
    assert code_of("text", "\ud800") == "control_character"
    assert code_of("text", "x" * 256) == "too_long"
    assert code_of("text", True) == "not_a_text"
    assert parse("long_text", "\n a\r\rb \n") == " a\n\nb"
    assert code_of("long_text", "a\x00") == "control_character"


def test_addresses() -> None:
    assert parse("email", " <A@B.cn> ") == "a@b.cn"
    for raw in ("a..b@c.cn", "@c.cn", "a@b..cn", "a@-b.cn", "a@b.c", "a,b@c.cn", 12):
        assert code_of("email", raw) == "not_an_email"
    assert parse("url", "HTTPS://User@Example.com:8080/Path") == "https://user@example.com:8080/Path"
    for raw in ("http://", "a", "https://a..b", "https://a b.cn", "data:text/html,x", "https://x.cn:99999", "//x.cn"):
        assert code_of("url", raw) == "not_a_url"


def test_a_column_keeps_apart_what_python_takes_for_equal() -> None:
    text, flag = field("text"), field("boolean")
    assert FIELD_TYPES["boolean"].parse_many([True, 1, "1", False, 0, None], flag, CONTEXT).values == [
        True, True, True, False, False, None,
    ]  # fmt: skip
    parsed = FIELD_TYPES["text"].parse_many([1, True, 1.0, "1", ["x"], None], text, CONTEXT)
    assert parsed.values == ["1", None, "1", "1", None, None]
    assert [(index, problem.code) for index, problem in parsed.problems] == [(1, "not_a_text"), (4, "not_a_text")]


def test_a_column_in_chunks_remembers() -> None:
    parser = FIELD_TYPES["date"].column_parser(field("date"), CONTEXT)
    first, second = parser(["2026-03-05", "x"]), parser(["x", "2026-03-05", "2026-03-05"])
    assert first.values == ["2026-03-05", None]
    assert second.values == [None, "2026-03-05", "2026-03-05"]
    assert [index for index, _ in second.problems] == [0]


def test_numbers_of_records() -> None:
    kind, one = FIELD_TYPES["autonumber"], field("autonumber", format="SJ-{year}{month}{day}-{number:05d}")
    assert kind.number_text(17, date(2026, 3, 5), one) == "SJ-20260305-00017"  # type: ignore[attr-defined]
    assert kind.number_text(123456, date(2026, 3, 5), one) == "SJ-20260305-123456"  # type: ignore[attr-defined]
