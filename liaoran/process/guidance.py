"""Guidance of a state for one record: its texts with the placeholders of the script filled in.

A placeholder is a path in braces, ``{account.name}``. It is read as the actor may see the record; what is no path to
them stays as it is, what is empty is told by its label, so that one sees what to fill in oneself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

import orjson

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import LANGUAGES, Language, Text
from liaoran.query.paths import Path, resolve_path
from liaoran.query.wordings import compile_wordings
from liaoran.schema.processes import State
from liaoran.schema.snapshot import Field

_PLACEHOLDER = re.compile(r"\{(\w+(?:\.\w+)*)\}")
_MOST = 100


async def filled_guidance(
    tx: Transaction, scope: Scope, object_key: str, record: UUID, state: State
) -> dict[str, Text]:
    """The texts of the state by what they say; one statement where one of them has a placeholder."""
    paths = _paths(scope, object_key, state.guidance)
    if not paths:
        return dict(state.guidance)
    plan = compile_wordings(scope, object_key, record, list(paths.values()), LANGUAGES)
    found = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"[]")
    values: dict[str, dict[Language, str]] = {
        path.text: {language: _said(path, language, one) for language, one in zip(LANGUAGES, said, strict=True)}
        for path, said in zip(paths.values(), found, strict=True)
    }
    return {key: Text(*(_fill(text.read(language), language, values) for language in LANGUAGES))
            for key, text in state.guidance.items()}  # fmt: skip


def _paths(scope: Scope, object_key: str, texts: Mapping[str, Text]) -> dict[str, Path]:
    """The paths that the actor can read, in the order in which they are named."""
    found: dict[str, Path] = {}
    for text in texts.values():
        for language in LANGUAGES:
            for name in _PLACEHOLDER.findall(text.read(language)):
                if name in found or len(found) == _MOST:
                    continue
                try:
                    path = resolve_path(scope, object_key, name)
                except Invalid:
                    continue
                if isinstance(path.end, Field):
                    found[name] = path
    return found


def _said(path: Path, language: Language, value: str | None) -> str:
    if value:
        return value
    label = path.label.read(language)
    return f"［{label}］" if language == "zh" else f"[{label}]"


def _fill(text: str, language: Language, values: Mapping[str, Mapping[Language, str]]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]][language] if found[1] in values else found[0], text)
