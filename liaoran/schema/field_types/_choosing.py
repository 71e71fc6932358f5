"""Finding a choice by its key or by its label in any language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.field_types._texts import fold
from liaoran.schema.field_types.base import ParseContext, ValueProblem, problem
from liaoran.schema.reading import near
from liaoran.schema.snapshot import Choice, Field

UNKNOWN = Text("“{value}”不在“{field}”的选项中{hint}", "“{value}” is not a choice of “{field}”{hint}")
RETIRED = Text("选项“{value}”已停用", "the choice “{value}” is retired")


@lru_cache(maxsize=2048)
def _words_of(choices: tuple[Choice, ...]) -> Mapping[str, Choice]:
    """Choices by folded key, label and synonym; keys win over labels, active choices over retired ones."""
    found: dict[str, Choice] = {}
    ordered = sorted(choices, key=lambda choice: choice.retired)
    for choice in ordered:
        found.setdefault(fold(choice.key), choice)
    for choice in ordered:
        for word in (choice.label.zh, choice.label.en, *choice.synonyms):
            if word:
                found.setdefault(fold(word), choice)
    return found


def choose(raw: Any, one: Field, context: ParseContext) -> str:
    """The key of the choice meant by ``raw``. Raises ValueProblem naming near matches."""
    if raw.__class__ is str:
        known = one.choice_by_key.get(raw)
        if known is not None and not known.retired:
            return known.key
    elif isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise unknown_choice(one, raw)
    word = str(raw)
    choice = one.choice_by_key.get(word) or _words_of(one.choices).get(fold(word))
    if choice is None:
        raise unknown_choice(one, raw)
    if choice.retired and not context.allow_retired:
        raise problem(one, "retired_choice", RETIRED.fill(value=choice.label), raw)
    return choice.key


def unknown_choice(one: Field, raw: Any) -> ValueProblem:
    """The problem of a value that is no choice, with at most three near ones as evidence and in the sentence."""
    active = {fold(label): choice for choice in one.choices for label in _names(choice) if not choice.retired}
    meant = list({active[word].key: active[word] for word in near(fold(str(raw)), active)}.values())
    hint = Text("", "")
    if meant:
        hint = Text(
            "，是否指：" + "、".join(choice.label.read("zh") for choice in meant),
            "; did you mean: " + ", ".join(choice.label.read("en") for choice in meant),
        )
    message = UNKNOWN.fill(value=str(raw)[:60], field=one.label, hint=hint)
    return problem(one, "unknown_choice", message, raw, near=[choice.key for choice in meant])


def _names(choice: Choice) -> list[str]:
    return [word for word in (choice.key, choice.label.zh, choice.label.en) if word]
