"""The rules hold over the whole engine, and each rule finds what it is there to find."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path, PurePosixPath

import pytest

_spec = importlib.util.spec_from_file_location("never", Path(__file__).with_name("never.py"))
assert _spec is not None
assert _spec.loader is not None
never = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(never)

ROOT = Path(__file__).parents[2]

PLANTED = [
    (never.ddl_only_in_the_gateway, "liaoran/records/x.py", 'sql = "ALTER TABLE {org}.r_deal ADD COLUMN x int"'),
    (never.record_tables_only_through_row_sources, "liaoran/query/x.py", "rows = described.table"),
    (never.record_tables_only_through_row_sources, "liaoran/analytics/x.py", 'q = "SELECT 1 FROM {org}.r_deal"'),
    (never.commit_only_in_infra, "liaoran/records/x.py", "await connection.commit()"),
    (never.no_logic_in_api, "liaoran/api/x.py", "import sqlalchemy as sa"),
    (never.no_logic_in_api, "liaoran/api/x.py", 'q = "SELECT 1"'),
    (never.engine_names_no_object, "liaoran/query/x.py", 'key = "opportunity"'),
    (never.engine_names_no_object, "liaoran/records/x.py", "def move_opportunity(): pass"),
    (never.no_drawer_of_leftovers, "liaoran/query/utils.py", "x = 1"),
    (never.calls_leave_through_one_door, "liaoran/access/x.py", "import requests"),
    (never.calls_leave_through_one_door, "liaoran/access/x.py", "httpx.AsyncClient(timeout=5)"),
    (never.calls_leave_through_one_door, "liaoran/access/x.py", "AsyncOAuth2Client(client_id)"),
    (never.data_is_never_run, "liaoran/query/x.py", "eval(formula)"),
    (never.data_is_never_run, "liaoran/exchange/x.py", "import pickle"),
    (never.data_is_never_run, "liaoran/exchange/x.py", 'subprocess.run(f"unzip {name}", shell=True)'),
]


@pytest.mark.parametrize("rule", never.RULES, ids=lambda rule: rule.__name__)
def test_the_engine_keeps_the_rule(rule: object) -> None:
    findings = []
    for file in sorted((ROOT / "liaoran").rglob("*.py")):
        path = PurePosixPath(file.relative_to(ROOT).as_posix())
        if path.parent == PurePosixPath("liaoran") and path.name == "__init__.py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        findings += [f"{path}:{line}: {message}" for line, message in rule(path, tree)]  # type: ignore[operator]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED)
def test_the_rule_finds_a_planted_fault(rule: object, path: str, source: str) -> None:
    assert list(rule(PurePosixPath(path), ast.parse(source)))  # type: ignore[operator]


def test_every_layer_of_the_tree_is_in_the_architecture_page() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 150
    for folder in sorted(path.name for path in (ROOT / "liaoran").iterdir() if path.is_dir()):
        if folder in {"__pycache__", "web_dist"} or folder.startswith("."):
            continue
        assert f"{folder}/" in page, f"ARCHITECTURE.md does not name liaoran/{folder}/"
    for word in ("Object", "Field", "Record", "Condition", "Process", "Rule", "Policy", "Event", "Actor"):
        assert f"| {word} |" in page, f"ARCHITECTURE.md does not define {word}"
