from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tools import audit

TODAY = date(2026, 11, 22)
VULNERABLE = {"name": "b", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]}]}
UNASKED = {"name": "c", "skip_reason": "Dependency not found on PyPI"}
VIA = {"severity": "high", "url": "https://advisories.example/GHSA-1", "range": "<2"}


def test_what_is_known_of_python_packages_is_told() -> None:
    report = {"dependencies": [{"name": "a", "version": "1", "vulns": []}, VULNERABLE, UNASKED]}
    assert list(audit.python_findings(report)) == [("b", "PYSEC-1", "1.1, 2.0")]


def test_an_index_that_knows_nothing_was_not_asked() -> None:
    with pytest.raises(audit.NotAsked):
        list(audit.python_findings({"dependencies": [UNASKED]}))
    with pytest.raises(audit.NotAsked):
        list(audit.page_findings({"message": "405 Method Not Allowed"}))


def test_what_is_known_of_the_pages_is_told_once_and_only_where_it_is_grave() -> None:
    small = {**VIA, "severity": "moderate"}
    report = {"vulnerabilities": {"a": {"via": [VIA, small]}, "above": {"via": ["a"]}}}
    assert list(audit.page_findings(report)) == [("a", "GHSA-1", "not <2")]


def test_acceptance_ends_with_its_day() -> None:
    text = "# why\n\nPYSEC-1 2026-11-22 not reachable from here\nPYSEC-2 2026-11-21 waited for the next version\n"
    assert audit.accepted(text, TODAY) == {"PYSEC-1"}
    for wrong in ("PYSEC-1", "PYSEC-1 soon because", "PYSEC-1 2026-11-30"):
        with pytest.raises(ValueError, match=r".+"):
            audit.accepted(wrong, TODAY)


def test_the_list_of_what_is_accepted_can_be_read() -> None:
    audit.accepted(audit.ACCEPTED.read_text(encoding="utf-8"), TODAY)


def reports(*given: Any) -> Any:
    waiting = list(given)

    def run(*_: str, **__: Any) -> Any:
        found = waiting.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    return run


@pytest.mark.parametrize(
    ("python", "pages", "status", "told"),
    [
        (audit.NotAsked("no network"), audit.NotAsked("no network"), 0, "not asked for (no network)"),
        ({"dependencies": [{"name": "a", "vulns": []}]}, {"vulnerabilities": {}}, 0, "no vulnerabilities are known"),
        ({"dependencies": [VULNERABLE]}, audit.NotAsked("no network"), 1, "b has PYSEC-1"),
        (audit.NotAsked("no network"), {"vulnerabilities": {"a": {"via": [VIA]}}}, 1, "a has GHSA-1"),
    ],
)
def test_only_what_is_known_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], python: Any, pages: Any, status: int, told: str
) -> None:
    monkeypatch.setattr(audit, "_run", reports(python, pages))
    assert audit.main([]) == status
    written = capsys.readouterr()
    assert told in written.out + written.err
