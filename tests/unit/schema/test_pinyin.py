from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaoran.schema.pinyin import SORTED_CHARACTERS, initials, slug, sort_key, sort_keys, syllables


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("单雄信", "shan xiong xin"), ("曾国藩", "zeng guo fan"), ("解晓东", "xie xiao dong"), ("仇和", "qiu he"),
        ("查良镛", "zha liang yong"), ("尉迟恭", "yu chi gong"), ("万俟卨", "mo qi xie"), ("单于", "chan yu"),
        ("单位", "dan wei"), ("曾经", "ceng jing"), ("解放军", "jie fang jun"), ("仇恨", "chou hen"),
        ("重庆银行", "chong qing yin hang"), ("长安汽车", "chang an qi che"), ("行长", "hang zhang"),
        ("中国单晶硅", "zhong guo dan jing gui"), ("吕布", "lv bu"), ("3M中国", "3m zhong guo"), ("GTX Pro", "gtx pro"),
    ],
)  # fmt: skip
def test_readings(text: str, read: str) -> None:
    assert " ".join(syllables(text)) == read


def test_names_sort_like_a_directory() -> None:
    names = ["黎明", "李娜", "李刚", "安然", "阿里", "赵一", "曾毅", "单田芳", "西安", "先锋", "Beta", "alpha"]
    assert sorted(names, key=sort_key) == [
        "阿里", "alpha", "安然", "Beta", "黎明", "李刚", "李娜", "单田芳", "西安", "先锋", "曾毅", "赵一",
    ]  # fmt: skip


def test_initials_and_slugs() -> None:
    assert initials("上海电气集团") == "shdqjt"
    assert initials("GTX Pro 中国") == "gpzg"
    assert slug("客户级别") == "ke_hu_ji_bie"
    assert slug("Sales Region (2)") == "sales_region_2"
    assert slug("!!!") == ""


@given(st.text())
@settings(deadline=None)
def test_any_text_has_a_bounded_key(text: str) -> None:
    key = sort_key(text)
    assert len(key.encode("utf-8", "surrogatepass")) <= SORTED_CHARACTERS * 80
    assert sort_keys([text, None]) == [key, None]


@given(st.text(alphabet="单曾解仇李王重庆银行长安乐国家a1 ", max_size=8))
@settings(deadline=None)
def test_every_han_character_has_one_syllable(text: str) -> None:
    han = sum(character > "\u3000" for character in text)
    assert sum(part.isalpha() and part != "a" for part in syllables(text) if part[0] not in "a1") <= han
    assert syllables(text) == syllables(text.upper())
