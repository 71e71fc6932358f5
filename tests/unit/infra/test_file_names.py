from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.infra.files import LONGEST_NAME, safe_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("商机导入.xlsx", "商机导入.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\李雷\\报价 v2.csv", "报价 v2.csv"),
        ('a"b<c>.csv', "a_b_c_.csv"),
        ("line\nbreak\x00.csv", "line_break_.csv"),
        ("..", "file"),
        ("", "file"),
        ("con.txt", "_con.txt"),
        (".hidden", "hidden"),
        ("e\u0301.csv", "é.csv"),
    ],
)
def test_names_are_made_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_long_names_keep_their_extension() -> None:
    name = safe_name("客户" * 200 + ".csv")
    assert name.endswith("客户.csv")
    assert len(name.encode()) <= LONGEST_NAME


@given(st.text())
def test_any_text_becomes_a_safe_name(text: str) -> None:
    name = safe_name(text)
    assert name
    assert not set(name) & set('/\\\0\r\n"')
    assert len(name.encode()) <= LONGEST_NAME
    assert safe_name(name) == name
