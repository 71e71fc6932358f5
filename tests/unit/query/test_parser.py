"""The parser of formulas takes anything: a tree, or a refusal that names the place; never another error, never long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaoran.kernel.errors import Invalid
from liaoran.query.formula.nodes import Call, Constant, Reference
from liaoran.query.formula.parser import DEEPEST, LONGEST, parse_formula

PIECES = ["1", "2.5", ".5", "a", "a.b", "{预计 金额}", '"x"', '"', "{", "}", "(", ")", ",", "+", "-",
    "*", "/", "^", "&", "%", "=",
          "<", ">", "<>", "TRUE", "IF(", "sum(", "，", "（", "）", "“", "”", " ", "\n", "金", "\x00",
          "\ud800", "!", "."]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=200)))
def test_any_text_gives_a_tree_or_a_refusal(text: str) -> None:
    try:
        node = parse_formula(text)
    except Invalid as refused:
        assert refused.code == "invalid_formula"
        assert 0 <= refused.extra["position"] <= len(text)
        assert refused.extra["line"] >= 1
        assert refused.extra["column"] >= 1
        assert refused.message.zh
        assert refused.message.en
    else:
        assert isinstance(node, Constant | Reference | Call)


@pytest.mark.parametrize(
    "text", ["(" * LONGEST, "-" * LONGEST, "1+" * 999 + "1", "IF(" * 600, "1" * LONGEST, '"' * 1999, "{" * 1999]
)
def test_hostile_text_is_refused_in_no_time(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(Invalid):
        parse_formula(text)
    assert time.perf_counter() - start < 2


def test_precedence() -> None:
    def shape(text: str) -> object:
        return _shape(parse_formula(text))

    assert shape("1 + 2 * 3") == ["+", 1, ["*", 2, 3]]
    assert shape("2 ^ 3 ^ 2") == ["^", ["^", 2, 3], 2]
    assert shape("-2 ^ 2") == ["^", ["-", 0, 2], 2]
    assert shape('a & "x" = b') == ["=", ["&", "a", "x"], "b"]
    assert shape("1 - 2 - 3") == ["-", ["-", 1, 2], 3]
    assert shape("50% * 2") == ["*", ["/", 50, 100], 2]
    assert shape("= 1 <> 2") == ["<>", 1, 2]
    assert shape("if(a, , 1)") == ["IF", "a", None, 1]
    assert shape("now()") == ["NOW"]
    assert shape("（1＋2）×3") == ["*", ["+", 1, 2], 3]
    assert shape("IF（{公司（总部）}，“是”，“（否）”）") == ["IF", "公司（总部）", "是", "（否）"]


def _shape(node: object) -> object:
    match node:
        case Constant(_, value):
            return value
        case Reference(_, path, _):
            return path
        case Call():
            return [node.name, *map(_shape, node.arguments)]
        case _:
            return None


def test_places_count_lines() -> None:
    with pytest.raises(Invalid) as refused:
        parse_formula("1 +\n  2 *\n  * 3")
    assert (refused.value.extra["line"], refused.value.extra["column"], refused.value.extra["position"]) == (3, 3, 12)
    assert "a number" in refused.value.extra["expected"]


def test_depth_has_a_limit() -> None:
    assert parse_formula("+".join(["1"] * DEEPEST))
    with pytest.raises(Invalid, match="nested more than"):
        parse_formula("+".join(["1"] * (DEEPEST + 2)))
