"""Lexemes: what a text can be found by, and what is asked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.query.words import LONGEST_NAME, exact_name_of, name_query_of, query_of, words_of


def _holds(words: frozenset[str], query: str) -> bool:
    """Whether a record with these lexemes matches the ``tsquery``, judged as PostgreSQL does."""

    def said(match: re.Match[str]) -> str:
        lexeme, prefix = match.group(1), match.group(2)
        return str(any(word.startswith(lexeme) if prefix else word == lexeme for word in words))

    if not query:
        return False
    spelled = re.sub(r"'([^']*)'(:\*)?", said, query).replace("&", "and").replace("|", "or")
    # nothing but constants, and, or, brackets may be judged
    assert re.fullmatch(r"[ ()]*((True|False)[ ()]*(and|or)?[ ()]*)+", spelled), spelled
    return bool(eval(spelled))


def test_lexemes_of_a_name() -> None:
    found = words_of("上海宝信 GTX-Pro", name=True)
    assert {"上海", "海宝", "宝信", "信", "gtx", "pro"} <= found
    assert {"shanghai", "haibao", "baoxin", "xingtx", "gtxpro"} <= found
    assert {"shb", "hbx", "bxg", "xgp", "gp"} <= found
    assert {"^上海宝信gtxpro", "~shanghaibaoxingtxpro", "~shbxgp"} <= found
    assert not any(word.startswith(("~", "^")) for word in words_of("上海宝信"))


def test_queries() -> None:
    assert query_of("宝信软") == "'宝信' & '信软'"
    assert query_of("宝") == "'宝':*"
    assert query_of("宝信 GTX-p") == "'宝信' & 'gtx':* & 'p':*"
    assert query_of("bxrj") == "('bxrj':* | ('bxr' & 'xrj'))"
    assert query_of("haimenz") == "('haimenz':* | ('haimen' & 'menz':*))"
    assert query_of("daoru3") == "('daoru3':* | ('daoru' & 'ru3':*) | ('dao' & 'oru' & 'ru3':*))"
    assert query_of("  ,;") == ""
    assert name_query_of("宝信") == "'^宝信':*"
    assert name_query_of("Bx") == "'^bx':* | '~bx':*"
    assert exact_name_of("Ａ b") == "'^ab'"


@pytest.mark.parametrize(
    "q",
    [
        *("s", "sh", "shb", "shbx", "hbxr", "bxrj", "shbxrjgf", "rjgf", "gf"),
        *("shang", "shanghaib", "shanghaibaoxinruanjiangufen", "haibao", "haibaox", "baoxinruan", "ruanjiangu", "fen"),
        *("上", "海宝", "宝信软件", "份", "上海 rj", "baoxin 软件"),
    ],
)
def test_a_name_is_found_from_its_beginning_and_from_the_middle(q: str) -> None:
    assert _holds(words_of("上海宝信软件股份", name=True), query_of(q))


@pytest.mark.parametrize("q", ["bxjr", "xbrj", "baoruan", "baoxinjian", "shanghaixin", "信宝", "shrj", "baoxin3"])
def test_a_name_is_not_found_by_what_it_does_not_hold(q: str) -> None:
    assert not _holds(words_of("上海宝信软件股份", name=True), query_of(q))


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("西安建筑设计院", "xianjianzhu"),
        ("先锋建筑", "xianfengjian"),
        ("西安昂立", "xianangli"),
        ("天津港区二期导入 3", "erqidaoru3"),
        ("女娲能源", "nvwaneng"),
    ],
)
def test_pinyin_without_blanks_is_read_in_every_way(name: str, q: str) -> None:
    assert _holds(words_of(name, name=True), query_of(q))


def test_long_nonsense_is_answered_at_once() -> None:
    assert query_of("an" * 100 + "uuu").count("|") <= 5
    assert query_of("ang" * 60).count("(") <= 5


def test_pinyin_is_for_names_and_short_texts() -> None:
    assert {"wangzong", "zong", "wz"} <= words_of("王总")
    assert "hwx" in words_of("上海海文信软件股份", name=True)
    assert not any(word.isascii() for word in words_of("上海海文信软件股份"))


def test_long_text_has_no_pinyin_but_all_bigrams() -> None:
    text = "宝信软件" * 50
    assert "baoxin" not in words_of(text)
    assert {"宝信", "信软", "软件", "件宝"} <= words_of(text)
    assert all(len(word) <= LONGEST_NAME + 1 for word in words_of("x" * 500, name=True))


@given(st.text(max_size=100), st.booleans())
def test_no_lexeme_needs_quoting(text: str, name: bool) -> None:
    for word in words_of(text, name):
        assert word
        assert not set(word) & set("'\\\x00 ")
    for query in (query_of(text), name_query_of(text), exact_name_of(text)):
        assert query.count("'") % 2 == 0
        assert query.count("(") == query.count(")")
        assert "\\" not in query


@pytest.mark.parametrize("text", ["上海宝信软件", "GTX Pro", "重庆123", "ｆｕｌｌ　ｗｉｄｔｈ", "长孙无忌", "Ⅳ号楼 ß"])
def test_a_text_is_found_by_itself(text: str) -> None:
    assert _holds(words_of(text), query_of(text))
    assert _holds(words_of(text, name=True), name_query_of(text))
    assert _holds(words_of(text, name=True), exact_name_of(text))
    assert not _holds(words_of(text + "一", name=True), exact_name_of(text))
