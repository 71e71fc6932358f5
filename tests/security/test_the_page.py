"""``docs/explanation/security.md`` speaks the truth: every test that it names is there, every requirement has a state."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "security.md"
STATES = {"met", "partly", "not met", "n.a."}
ROW = re.compile(r"^\| (\d+\.\d+\.\d+(?:–\d+\.\d+\.\d+)?) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_every_test_that_is_named_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:api|architecture|contract|db|e2e|security|unit)/[\w/]+\.py)(?:::(\w+))?`", text))
    assert len(named) > 60
    missing = []
    for path, name in sorted(named):
        file = ROOT / "tests" / path
        if not file.is_file():
            missing.append(path)
        elif name:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
            if name not in {node.name for node in tree.body if isinstance(node, kinds)}:
                missing.append(f"{path}::{name}")
    assert not missing, missing


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / link).exists(), link


def test_every_requirement_has_a_state_and_what_is_not_met_has_a_reason() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    numbers = [tuple(int(part) for part in number.partition("–")[0].split(".")) for number, *_ in rows]
    assert len(rows) > 200
    assert numbers == sorted(set(numbers))
    assert {number[0] for number in numbers} == set(range(1, 18))
    for number, _, state, how in rows:
        assert state in STATES, number
        assert state == "met" or how != "by design", number
