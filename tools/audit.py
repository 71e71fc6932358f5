"""Asks whether vulnerabilities are known in what is locked, of Python by pip-audit and of the pages by ``npm audit``.

python -m tools.audit            exit 1 where one is known and not accepted
python -m tools.audit --bill F   writes the bill of materials of the server (CycloneDX, JSON) to the file F

Without a network, or where the index does not answer such questions, a line says that nothing was asked; that is no
failure. ``requirements/accepted.txt`` holds what is accepted for a while: an id, the last day, and why, in one line each.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "runtime.txt"
ACCEPTED = ROOT / "requirements" / "accepted.txt"
SECONDS = 120
Finding = tuple[str, str, str]
"""Package, id, what would mend it."""


class NotAsked(Exception):
    """The question could not be put; the text says why."""


def accepted(text: str, today: date) -> set[str]:
    """The ids that are accepted as of ``today``. Raises ValueError for a line without an id, a day and a reason."""
    ids = set()
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        ident, day, reason = line.split(maxsplit=2)
        if reason and date.fromisoformat(day) >= today:
            ids.add(ident)
    return ids


def python_findings(report: Mapping[str, Any]) -> Iterator[Finding]:
    """The findings of pip-audit's JSON. Raises NotAsked where the index knew nothing of any package."""
    packages = report["dependencies"]
    if not any("vulns" in one for one in packages):
        raise NotAsked("the index answers no questions about vulnerabilities")
    for one in packages:
        for found in one.get("vulns", ()):
            yield one["name"], found["id"], ", ".join(found["fix_versions"]) or "no version yet"


def page_findings(report: Mapping[str, Any]) -> Iterator[Finding]:
    """The findings of ``npm audit --json`` that are high or critical. Raises NotAsked where the registry did not answer."""
    if "vulnerabilities" not in report:
        raise NotAsked("the registry answers no questions about vulnerabilities")
    for name, one in report["vulnerabilities"].items():
        for via in one["via"]:
            if isinstance(via, dict) and via["severity"] in ("high", "critical"):
                yield name, via["url"].rsplit("/", 1)[-1], f"not {via['range']}"


def _run(*command: str, folder: Path = ROOT) -> Any:
    """What a command writes as JSON; its exit status only says whether there are findings."""
    try:
        done = subprocess.run(  # noqa: S603 - our own tools
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        raise NotAsked("the index or registry cannot be reached") from error


def _ask_python() -> Iterator[Finding]:
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15", "--format", "json")
    return python_findings(_run(sys.executable, "-m", "pip_audit", *options, "-r", str(LOCK)))


def _ask_pages() -> Iterator[Finding]:
    # what builds the pages does not run with them
    return page_findings(_run("../tools/with-node", "npm", "audit", "--omit=dev", "--json", folder=ROOT / "web"))


def main(arguments: list[str]) -> int:
    """Asks both and tells what is known; 1 where something is that nobody has accepted."""
    if arguments[:1] == ["--bill"]:
        options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "-f", "cyclonedx-json")
        command = (sys.executable, "-m", "pip_audit", *options, "-r", str(LOCK), "-o", arguments[1])
        return subprocess.run(command, check=False).returncode  # noqa: S603 - our own tools
    fine = True
    known = accepted(ACCEPTED.read_text(encoding="utf-8"), datetime.now(UTC).date())
    for what, ask in (("Python packages", _ask_python), ("packages of the pages", _ask_pages)):
        try:
            findings = [one for one in ask() if one[1] not in known]
        except NotAsked as why:
            print(f"{what}: vulnerabilities were not asked for ({why})")
            continue
        for package, ident, mended in findings:
            fine = False
            print(f"{what}: {package} has {ident}; mended by {mended}", file=sys.stderr)
        if not findings:
            print(f"{what}: no vulnerabilities are known")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
