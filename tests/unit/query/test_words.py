"""Lexemes: what a text can be found by, and what is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.query.words import LONGEST_NAME, exact_name_of, name_query_of, query_of, words_of


def test_lexemes_of_a_name() -> None:
    found = words_of("上海宝信 GTX-Pro", name=True)
    assert {
        "上海",
        "海宝",
        "宝信",
        "信",
        "gtx",
        "pro",
        "shanghaibaoxingtxpro",
        "baoxingtxpro",
        "shbxgp",
        "bxgp",
    } <= found
    assert {"=上海宝信gtxpro", "^上海宝信gtxpro", "^shanghaibaoxingtxpro", "^shbxgp"} <= found
    assert not any(word.startswith(("=", "^")) for word in words_of("上海宝信"))


def test_queries() -> None:
    assert query_of("宝信软") == "'宝信' & '信软'"
    assert query_of("宝") == "'宝':*"
    assert query_of("宝信 GTX-p") == "'宝信' & 'gtx':* & 'p':*"
    assert query_of("  ,;") == ""
    assert name_query_of("宝信") == "'=宝信' | '^宝信':*"
    assert exact_name_of("Ａ b") == "'=ab'"


def test_pinyin_is_for_names_and_short_texts() -> None:
    assert {"wangzong", "wz"} <= words_of("王总")
    assert "shhwxrjgf" in words_of("上海海文信软件股份", name=True)
    assert not any(word.isascii() for word in words_of("上海海文信软件股份"))


def test_long_text_has_no_pinyin_but_all_bigrams() -> None:
    text = "宝信软件" * 50
    assert "baoxinruanjian" not in words_of(text)
    assert {"宝信", "信软", "软件", "件宝"} <= words_of(text)
    assert all(len(word) <= LONGEST_NAME + 1 for word in words_of("x" * 500, name=True))


@given(st.text(max_size=100), st.booleans())
def test_no_lexeme_needs_quoting(text: str, name: bool) -> None:
    for word in words_of(text, name):
        assert word
        assert not set(word) & set("'\\\x00 ")
    for query in (query_of(text), name_query_of(text), exact_name_of(text)):
        assert query.count("'") % 2 == 0
        assert "\\" not in query


@pytest.mark.parametrize("text", ["上海宝信软件", "GTX Pro", "重庆123", "ｆｕｌｌ　ｗｉｄｔｈ"])
def test_a_text_is_found_by_itself(text: str) -> None:
    words = words_of(text)
    for term in query_of(text).split(" & "):
        lexeme, prefix = term.strip("':*"), term.endswith(":*")
        assert any(word.startswith(lexeme) if prefix else word == lexeme for word in words)
