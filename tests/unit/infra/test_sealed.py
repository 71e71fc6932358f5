"""Every module that seals something into the database declares where, so that a changed key reaches it."""

from __future__ import annotations

import ast
from pathlib import Path

import liaoran
import liaoran.app
from liaoran.infra.sealed import sealed_columns

ROOT = Path(liaoran.__file__).parent


def calls(tree: ast.Module, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and (getattr(node.func, "attr", None) or getattr(node.func, "id", None)) == name
        for node in ast.walk(tree)
    )


def seals(tree: ast.Module) -> bool:
    """Whether a module calls ``seal`` of ``Secrets``, which is always at hand under that name."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "seal"
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (getattr(node.value, "id", None) or getattr(node.value, "attr", None)) == "secrets"
        for node in ast.walk(tree)
    )


def test_whoever_seals_says_where() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py")}
    sealing = {path for path, tree in trees.items() if seals(tree) and path != ROOT / "infra" / "sealed.py"}
    assert len(sealing) >= 5
    assert {str(path.relative_to(ROOT)) for path in sealing if not calls(trees[path], "register_sealed")} == set()


def test_what_is_declared_is_known_by_name() -> None:
    assert set(sealed_columns()) == {
        "audit_chain.seal",
        "audit_checkpoints.seal",
        "audit_redactions.seal",
        "sign_in_providers.client_secret",
        "totp_factors.secret",
    }
