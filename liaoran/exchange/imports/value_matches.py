"""What the different values of choice, state and link columns mean, for the step in which a person looks them over."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.access.scope import Scope
from liaoran.exchange.imports.choices import ChoiceNames
from liaoran.exchange.imports.links import TargetIndex
from liaoran.exchange.imports.states import process_for, processes_over, state_names
from liaoran.exchange.plan import ColumnPlan, Plan
from liaoran.exchange.readers.table import cell_text
from liaoran.exchange.values.normal import folded
from liaoran.exchange.values.profile import Profile
from liaoran.infra.transaction import Transaction
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Choice, Field, Object

SHOWN = 500
SUGGESTED_FOR = 60
"""Near names are looked for beside so many unknown values of a column at most."""
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """One written value: how often it occurs, what it means (key of a choice, id of a record) and how that was found
    (exact, code, folded, pinyin, several, none); ``suggestions`` are near labels where nothing was found."""

    value: str
    count: int
    meaning: str | None
    label: str | None
    how: str
    suggestions: tuple[str, ...] = ()


@dataclass(slots=True)
class ValueMatches:
    """The values of one column, unknown ones first, at most ``SHOWN``; ``unknown`` counts all that mean nothing."""

    field: str
    different: int = 0
    unknown: int = 0
    values: list[ValueMatch] = dataclasses.field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "field": self.field,
            "different": self.different,
            "unknown": self.unknown,
            "values": [
                {
                    "value": one.value,
                    "count": one.count,
                    "match": {"key": one.meaning, "label": one.label} if one.meaning is not None else None,
                    "how": one.how,
                    "suggestions": list(one.suggestions),
                }
                for one in self.values
            ],
        }


async def match_values(
    tx: Transaction, scope: Scope, owner: Object, plan: Plan, profiles: Mapping[str, Profile]
) -> dict[str, ValueMatches]:
    """The matches of all choice, state and link columns that have a countable number of different values."""
    found: dict[str, ValueMatches] = {}
    indexes: dict[str, TargetIndex] = {}
    for one in plan.used():
        target = owner.fields.get(one.field or "")
        profile = profiles.get(one.column)
        if target is None or profile is None or not profile.counts:
            continue
        counts: dict[str, int] = {}
        for cell, count in profile.counts.items():
            text = cell_text(cell).strip()
            if text:
                counts[text] = counts.get(text, 0) + count
        if target.kind is ValueKind.LINK and target.target:
            index = indexes.setdefault(target.target, TargetIndex(scope.snapshot.object(target.target)))
            found[one.column] = await _link_matches(tx, scope, one, target, index, counts)
        elif target.kind in (ValueKind.CHOICE, ValueKind.CHOICES) and target.type != "currency":
            found[one.column] = _choice_matches(owner, one, target, counts, plan.pipeline.create)
    return found


async def _link_matches(
    tx: Transaction, scope: Scope, plan: ColumnPlan, target: Field, index: TargetIndex, counts: Mapping[str, int]
) -> ValueMatches:
    read = {text: plan.values.get(text, text) for text in counts}
    matches = await index.match(tx, scope, {str(value) for value in read.values() if value is not None})
    rows = []
    suggested = 0
    for text, count in counts.items():
        value = read[text]
        match = matches.get(str(value)) if value is not None else None
        how = match.how if match is not None else "empty"
        meaning = str(match.id) if match is not None and match.id is not None else None
        label = (match.name if match is not None else None) or str(value) if meaning is not None else None
        near: tuple[str, ...] = ()
        if how == "none" and suggested < SUGGESTED_FOR:
            suggested += 1
            near = await index.near(tx, scope, text)
        rows.append(ValueMatch(text, count, meaning, label, how, near))
    return _sorted(target.key, rows)


def _choice_matches(
    owner: Object, plan: ColumnPlan, target: Field, counts: Mapping[str, int], new_process: bool
) -> ValueMatches:
    choices: tuple[Choice, ...] = target.choices
    if processes_over(owner, target.key):
        process = process_for(owner, target.key, counts, plan.values) or processes_over(owner, target.key)[0]
        choices = tuple(Choice(state.key, state.label) for state in process.states)
        names = state_names(process, None if new_process else owner)
    else:
        names = ChoiceNames(choices)
    labels = {choice.key: choice.label.read("zh") for choice in choices}
    words = {folded(word): choice.key for choice in choices for word in (choice.label.zh, choice.label.en) if word}
    rows = []
    for text, count in counts.items():
        value = plan.values.get(text, text)
        key = None if value is None else names.find(str(value))
        how = (
            "empty" if value is None else "none" if key is None else "exact" if text in (key, labels[key]) else "folded"
        )
        near: tuple[str, ...] = ()
        if how == "none":
            close = difflib.get_close_matches(folded(text), words, n=_SUGGESTIONS, cutoff=0.7)
            near = tuple(dict.fromkeys(words[one] for one in close))
        rows.append(ValueMatch(text, count, key, labels.get(key or ""), how, near))
    return _sorted(target.key, rows)


def _sorted(key: str, rows: list[ValueMatch]) -> ValueMatches:
    unknown = sum(1 for one in rows if one.how in ("none", "several"))
    rows.sort(key=lambda one: (one.how not in ("none", "several"), -one.count))
    return ValueMatches(key, len(rows), unknown, rows[:SHOWN])
