"""The command line against a database of its own. What serves is tried by the browser tests."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from liaoran import cli
from liaoran.commands import terminal
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    sales_database: Database,
    sales_organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Iterator[Run]:
    """``run("token", "create", …, stdin="…")`` gives exit code, standard output, standard error."""
    monkeypatch.setenv("LIAORAN_DATABASE_URL", sales_database.url)
    monkeypatch.setenv("LIAORAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["liaoran", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        # The console was made before standard error was captured.
        monkeypatch.setattr(terminal.progress, "file", sys.stderr)
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        said = capsys.readouterr()
        code = left.value.code
        return (code if isinstance(code, int) else 0), said.out, said.err

    yield call


def _json(run: Run, *arguments: str, stdin: str = "") -> Any:
    code, out, err = run(*arguments, "--json", stdin=stdin)
    assert code == 0, err
    assert out.count("\n") == 1
    return orjson.loads(out)


def test_init_token_list_drop(run: Run) -> None:
    arguments = ("init", "acme", "--admin", "boss", "--password-stdin", "--pack", "none", "--title", "Acme")
    made = _json(run, *arguments, stdin="correct-horse-7\n")
    assert made == {"organisation": "acme", "title": "Acme", "administrator": "boss"}
    assert _json(run, "token", "create", "boss", "--org", "acme")["token"].startswith("liaoran_acme_")
    code, _, err = run("token", "create", "admin")
    assert (code, "--org; there are: test, acme" in " ".join(err.split())) == (1, True)
    slugs = [one["slug"] for one in _json(run, "organisation", "list")["organisations"]]
    assert slugs == ["test", "acme"]
    code, _, err = run("organisation", "drop", "acme")
    assert (code, "--confirm acme" in err) == (1, True)
    assert _json(run, "organisation", "drop", "acme", "--confirm", "acme") == {"dropped": "acme"}
    assert "acme" not in run("organisation", "list")[1]
    # the only one does not have to be named
    assert _json(run, "token", "create", "admin")["token"].startswith("liaoran_test_")


def test_who_cannot_get_in_any_more(run: Run) -> None:
    made = _json(run, "login", "link", "admin", "--org", "test", "--hours", "1")
    assert made["kind"] == "reset"
    assert made["url"].startswith("/set-password#link_test_")
    assert _json(run, "login", "forget-factors", "admin", "--org", "test") == {"login": "admin", "factors": "forgotten"}
    for command in ("link", "forget-factors"):
        code, _, err = run("login", command, "nobody", "--org", "test")
        assert (code, "there is no login" in err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (["init", "test", "--admin", "boss", "--password-stdin"], "correct-horse-7\n", 1, "already exists"),
        (["init", "Bad Name", "--admin", "boss", "--password-stdin"], "correct-horse-7\n", 1, "lower-case"),
        (["init", "weak", "--admin", "boss", "--password-stdin"], "short\n", 1, "8 to 256 characters"),
        (["init", "odd", "--admin", "b", "--password-stdin", "--pack", "x"], "correct-horse-7\n", 1, "sales, none"),
        (["init", "odd", "--admin", "b", "--password-stdin", "--language", "fr"], "correct-horse-7\n", 1, "zh or en"),
        (["init", "none", "--admin", "boss"], "", 2, "password-stdin"),
        (["token", "create", "nobody", "--org", "test"], "", 1, "nobody"),
        (["token", "create", "admin", "--org", "nowhere"], "", 1, "nowhere"),
        (["token", "create", "admin", "--org", "test", "--scope", "all"], "", 1, "read, write, admin"),
        (["import", "account", "gone.csv", "--org", "test"], "", 1, "gone.csv"),
        (["export", "account", "--org", "test", "-o", "x.pdf"], "", 1, ".csv or .xlsx"),
        (["export", "account", "--org", "test", "-o", "x.csv", "--where", "{"], "", 2, "--where"),
        (["export", "nothing", "--org", "test", "-o", "x.csv"], "", 1, "nothing"),
        (["fly"], "", 2, "fly"),
    ],
)
def test_refusals_are_told_in_words(run: Run, arguments: list[str], stdin: str, code: int, words: str) -> None:
    found, out, err = run(*arguments, stdin=stdin)
    assert (found, out) == (code, "")
    assert words in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err


def test_import_and_export(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "accounts.csv", tmp_path / "out.csv"
    source.write_text("客户名称,行业\n甲公司,制造业\n乙公司,不知道\n", encoding="gb18030")
    arguments = ("import", "account", str(source), "--org", "test", "--as", "admin")
    tried = _json(run, *arguments, "--dry-run")
    assert (tried["read"], tried["created"], tried["rejected"]) == (2, 1, 1)
    done = _json(run, *arguments)
    assert (done["created"], done["rejected"]) == (1, 1)
    assert Path(done["rejects_file"]).is_file()
    plan = tmp_path / "plan.json"
    plan.write_text('{"columns": {"行业": null}, "key": "客户名称"}')
    mapped = _json(run, *arguments, "--map", str(plan))
    assert (mapped["created"], mapped["unchanged"], mapped["rejected"]) == (1, 1, 0)
    wanted = ("--select", "name,industry", "--where", '{"field": "name", "op": "contains", "value": "公司"}')
    exported = _json(run, "export", "account", "--org", "test", "-o", str(target), *wanted)
    assert exported == {"rows": 2, "file": str(target)}
    assert "甲公司" in target.read_text(encoding="utf-8-sig")
    past = ("--as-of", "2020-01-01T00:00:00", "--select", "name", "-o", str(target))
    assert _json(run, "export", "opportunity", "--org", "test", *past)["rows"] == 0


def test_the_audit_log_is_verified(run: Run) -> None:
    # of its own: what the others hold was sealed with the key of another data directory, and that is told
    arguments = ("init", "sealed", "--admin", "boss", "--password-stdin", "--pack", "none")
    _json(run, *arguments, stdin="correct-horse-7\n")
    _json(run, "login", "link", "boss", "--org", "sealed")
    [found] = _json(run, "audit", "verify", "--org", "sealed")["organisations"]
    assert (found["sound"], found["waiting"], found["findings"]) == (True, 0, [])
    assert found["entries"] > 0
    again = _json(run, "audit", "verify", "--org", "sealed", "--head", found["head"])
    assert again["sound"]
    number = found["head"].partition(":")[0]
    code, out, _ = run("audit", "verify", "--org", "sealed", "--head", f"{number}:{'0' * 64}")
    assert code == 1
    assert f"link {number}" in out
    assert run("audit", "verify", "--head", found["head"])[0] == 2
    assert "sealed: " in run("audit", "verify")[1]
    _json(run, "organisation", "drop", "sealed", "--confirm", "sealed")


def test_a_changed_key_seals_everything_anew(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", "keyed", "--admin", "boss", "--password-stdin", stdin="Grapes-and-figs-12\n")
    old, new = (tmp_path / "secret.key").read_text(encoding="utf-8"), "new" * 12
    monkeypatch.setenv("LIAORAN_SECRET_KEY", f"{new},{old}")
    code, said, _ = run("secret", "reseal", "--org", "keyed")
    assert (code, "keyed: " in said, "0 were sealed with it already" in said) == (0, True, True)
    monkeypatch.setenv("LIAORAN_SECRET_KEY", new)
    assert _json(run, "audit", "verify", "--org", "keyed")["sound"]
    counted = _json(run, "secret", "reseal", "--org", "keyed")["organisations"]["keyed"]
    assert {place["resealed"] + place["unreadable"] for place in counted.values()} == {0}
    assert counted["audit_chain.seal"]["current"] > 0
    # An organisation whose seals open with none of the keys is told, and nothing of it is touched.
    code, said, _ = run("secret", "reseal", "--org", "test")
    assert (code, "open with none of the keys" in said) == (1, True)
    _json(run, "organisation", "drop", "keyed", "--confirm", "keyed")


def test_doctor_and_openapi(run: Run, tmp_path: Path) -> None:
    found = _json(run, "doctor")
    assert found["ok"] is True
    assert run("doctor")[1].startswith("✓ database: PostgreSQL 18")
    file = tmp_path / "openapi.json"
    assert run("openapi", "--output", str(file))[0] == 0
    assert "/api/v1/records/{object}/query" in orjson.loads(file.read_bytes())["paths"]


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("C", "en"), ("", "en")]
)
def test_it_speaks_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert terminal.spoken() == language
