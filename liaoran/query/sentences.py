"""Sentences: Conditions in words, so that filters, gates and policies read alike everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.conditions import All, AnyOf, Condition, Leaf, Not
from liaoran.kernel.text import Language, Text
from liaoran.query.bound import Bound
from liaoran.query.conditions import find_operator
from liaoran.query.paths import resolve_path
from liaoran.query.rows import Rows
from liaoran.query.subjects import Subject

NO_CONDITION = Text("不限", "no condition")
NEVER = Text("永不成立", "never")
_NOT = Text("并非（{part}）", "not ({part})")


def sentence(
    condition: Condition, rows: Rows, object_key: str, language: Language, names: Mapping[str, str] | None = None
) -> str:
    """The whole Condition in one sentence. ``names`` gives the labels of linked records by id; ids without one are
    shown as they are. Raises Invalid as Conditions do."""
    return sentence_text(condition, rows, object_key, names).read(language)


def sentence_text(condition: Condition, rows: Rows, object_key: str, names: Mapping[str, str] | None = None) -> Text:
    """The whole Condition in both languages."""
    return _say(condition, rows, object_key, names or {}, rows.params())


def leaf_text(
    leaf: Leaf, rows: Rows, object_key: str, names: Mapping[str, str] | None = None, *, candidates: bool = True
) -> Text:
    """One leaf in both languages; over candidates paths may start with ``old.``."""
    return _say_leaf(leaf, rows, object_key, names or {}, rows.params(), candidates=candidates)


@dataclass(frozen=True, slots=True)
class _Within:
    """Says Conditions that stand in the value of a "has"."""

    rows: Rows
    names: Mapping[str, str]
    params: Mapping[str, Any]

    def bind(self, condition: Condition, object_key: str) -> tuple[Bound, list[Any]]:
        """Only asked of a Subject that is being bound (``conditions``)."""
        raise RuntimeError("a Condition that is said is not bound")

    def say(self, condition: Condition, object_key: str) -> Text:
        """The Condition in words."""
        return _say(condition, self.rows, object_key, self.names, self.params)


def _say(
    condition: Condition, rows: Rows, object_key: str, names: Mapping[str, str], params: Mapping[str, Any]
) -> Text:
    match condition:
        case Leaf():
            return _say_leaf(condition, rows, object_key, names, params, candidates=True)
        case Not(part):
            return _NOT.fill(part=_say(part, rows, object_key, names, params))
        case All(parts) | AnyOf(parts):
            joint = Text(" 且 ", " and ") if isinstance(condition, All) else Text(" 或 ", " or ")
            spoken = [_within(part, _say(part, rows, object_key, names, params)) for part in parts]
            if len(parts) == 1:
                return _say(parts[0], rows, object_key, names, params)
            if not spoken:
                return NO_CONDITION if isinstance(condition, All) else NEVER
            return Text(joint.zh.join(one.zh for one in spoken), joint.en.join(one.en for one in spoken))


def _within(part: Condition, spoken: Text) -> Text:
    """In brackets where it is itself a list of parts."""
    if isinstance(part, All | AnyOf) and len(part.parts) > 1:
        return Text(f"（{spoken.zh}）", f"({spoken.en})")
    return spoken


def _say_leaf(
    leaf: Leaf,
    rows: Rows,
    object_key: str,
    names: Mapping[str, str],
    params: Mapping[str, Any],
    *,
    candidates: bool,
) -> Text:
    path = resolve_path(rows, object_key, leaf.field, old=candidates, evidence=True)
    operator = find_operator(leaf.op)
    subject = Subject(path, leaf.op, rows, params, _Within(rows, names, params))
    return operator.sentence.fill(field=path.label, **operator.spoken(leaf.value, subject, names))
