"""Chinese sentences are set with Chinese punctuation, as in the pages: ，；：？！（） and not their half-width forms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HAN = r"\u3400-\u4dbf\u4e00-\u9fff“”（）、。"
# A mark beside a Chinese character, spaces apart. A bracket right after a word of letters is a function call, not prose.
HALF_WIDTH = re.compile(rf"[{HAN}] *[,;:?!()]|[,;:?!)] *[{HAN}]|(?<![A-Za-z])\( *[{HAN}]")
CALL = re.compile(r"[A-Za-z]\([^()]*\)")


def written(node: ast.expr) -> Iterator[str]:
    """The texts in an expression; what an f-string fills in counts as one neutral character."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)  # type: ignore[misc]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                yield from written(part)


def wrong(source: str) -> list[tuple[int, str]]:
    """The Chinese halves of ``Text(…)`` that hold a half-width mark beside a Chinese character."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return [
        (call.lineno, text)
        for call in calls
        if ast.unparse(call.func) == "Text"
        for text in written(call.args[0])
        if HALF_WIDTH.search(CALL.sub("f", text))
    ]


def test_no_half_width_mark_beside_a_chinese_character() -> None:
    findings = []
    for file in sorted((ROOT / "liaoran").rglob("*.py")):
        for line, text in wrong(file.read_text(encoding="utf-8")):
            findings.append(f"{file.relative_to(ROOT)}:{line}: {text}")
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(
    ("chinese", "refused"),
    [
        ("不存在,请核对", True),
        ("可用:{known}", True),
        ("编号(UUID)", True),
        ("(无)", True),
        ("{n}:错误", True),
        ("不存在，请核对：1,054.00", False),
        ("写作 COUNT(对象.关联字段)", False),
        ("例如 SJ-{number:05d}，含 field、op", False),
    ],
)
def test_what_counts_as_one(chinese: str, refused: bool) -> None:
    assert bool(wrong(f"Text({chinese!r}, 'x')")) is refused
    assert bool(wrong(f"Text(f{chinese!r}, 'x')".replace("{", "{{").replace("}", "}}"))) is refused
