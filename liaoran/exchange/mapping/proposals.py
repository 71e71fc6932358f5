"""Which column fills which Field: proposed from names and contents, each with a confidence and a reason in words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liaoran.exchange.mapping.fitting import BY_CONTENT, fit, known_choices
from liaoran.exchange.mapping.headers import read_header
from liaoran.exchange.mapping.names import CREATED_AT, EXTERNAL_ID, FieldNames, MatchBy, Meaning
from liaoran.exchange.values.profile import Profile, is_row_counter
from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Field, Object

LEAST = 0.45
"""Proposals below this confidence are not made."""
EXACT = 0.99
"""From this strength on a header is the very label or key of the Field."""
_PLAIN_KINDS = frozenset({ValueKind.NUMBER, ValueKind.DATE, ValueKind.INSTANT, ValueKind.BOOLEAN})
_ID_LIKE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_\-./:]{0,63}$")
_ID_NAME = re.compile(r"(id|no\.?|number|code|key|编号|编码|代码|单号)$", re.IGNORECASE)


@dataclass(slots=True)
class Proposal:
    """What becomes of one column. ``field`` is None where it is left out; ``reason`` says why in either case."""

    column: str
    field: str | None
    confidence: float
    reason: Text
    by: MatchBy = "name"
    alternatives: list[str] = dataclasses.field(default_factory=list)

    def to_json(self, language: Language) -> dict[str, Any]:
        """What the wizard shows."""
        return {
            "column": self.column,
            "field": self.field,
            "confidence": round(self.confidence, 2),
            "reason": self.reason.read(language),
            "alternatives": self.alternatives,
        }


_BY_NAME = Text("列名相符", "the name matches")
_BY_CONTENT = Text("内容像{what}", "the contents look like {what}")
_AS_KEY = Text(
    "每行都不同，像原系统的编号", "every row differs: it looks like the identifier of the system it comes from"
)
_EMPTY = Text("整列为空", "the column is empty")
_COUNTER = Text("只是行号", "it only counts the rows")
_SYSTEM = Text("由系统自动记录", "the system records this by itself")
_DERIVED = Text("“{field}”由系统得出，不能导入", "“{field}” is derived and cannot be imported")
_TAKEN = Text("“{field}”已由“{column}”列填写", "“{field}” is already filled from the column “{column}”")
_UNKNOWN = Text("没有找到对应的字段", "no field was found for it")
_BADLY_FITTING = Text("列名像“{field}”，但内容不合适", "the name suggests “{field}”, but the contents do not fit")


def propose(
    owner: Object,
    profiles: Sequence[Profile],
    names: FieldNames,
    link_hits: Mapping[tuple[str, str], float] | None = None,
) -> list[Proposal]:
    """One Proposal per column, in their order; every Field is used at most once.

    ``link_hits`` gives for (column, link Field) the share of the column's values that name an existing record.
    """
    fillable = {
        one.key: one for one in owner.active_fields if not one.computed and (not one.readonly or one.key == CREATED_AT)
    }
    scored: list[tuple[float, int, Meaning]] = []
    meant: dict[int, list[Meaning]] = {}
    for index, profile in enumerate(profiles):
        meanings = names.meanings(profile.name)
        meant[index] = meanings
        if profile.filled == 0 or _is_counter(profile, names):
            continue
        for meaning in _with_process(meanings, owner):
            one = fillable.get(meaning.field)
            if one is not None:
                scored.append((_score(profile, one, meaning, link_hits), index, meaning))
    scored.sort(key=lambda item: (-item[0], item[1]))
    chosen: dict[int, tuple[float, Meaning, Text]] = {}
    taken: dict[str, int] = {}
    for score, index, meaning in scored:
        if score >= LEAST and index not in chosen and meaning.field not in taken:
            chosen[index] = (score, meaning, _BY_NAME)
            taken[meaning.field] = index
    _by_content(owner, profiles, fillable, names, chosen, taken, link_hits or {})
    proposals = []
    for index, profile in enumerate(profiles):
        alternatives = [one.field for one in meant[index] if one.field in fillable][:4]
        if index in chosen:
            score, meaning, reason = chosen[index]
            others = [key for key in alternatives if key != meaning.field]
            proposals.append(Proposal(profile.name, meaning.field, score, reason, meaning.by, others))
        else:
            reason = _why_not(owner, profile, profiles, meant[index], taken, names)
            proposals.append(Proposal(profile.name, None, 0.0, reason, alternatives=alternatives))
    return proposals


def _score(profile: Profile, one: Field, meaning: Meaning, hits: Mapping[tuple[str, str], float] | None) -> float:
    suits = fit(profile, one)
    if one.kind is ValueKind.LINK and meaning.by == "name" and hits and (profile.name, one.key) in hits:
        suits = 0.8 + 0.2 * hits[profile.name, one.key]
    if one.unique and profile.filled and (profile.distinct or 0) < 0.9 * profile.filled:
        suits = 0.2
    if meaning.strength >= EXACT or (one.kind in _PLAIN_KINDS and meaning.strength >= 0.85):
        # so plainly named that contents which do not fit are mistakes to be shown, not a reason to pass it over
        suits = max(suits, 0.3)
    return meaning.strength * (0.35 + 0.65 * suits)


def _with_process(meanings: Sequence[Meaning], owner: Object) -> list[Meaning]:
    """The meanings, and for a Field that follows from a state (an outcome such as won or lost) the state itself,
    for files that know nothing more precise."""
    extended = list(meanings)
    process = owner.default_process
    if process is not None:
        for meaning in meanings:
            one = owner.fields.get(meaning.field)
            if one is not None and one.readonly and one.kind is ValueKind.CHOICE:
                extended.append(Meaning(process.field, min(0.7, meaning.strength)))
    return extended


def _by_content(
    owner: Object,
    profiles: Sequence[Profile],
    fillable: Mapping[str, Field],
    names: FieldNames,
    chosen: dict[int, tuple[float, Meaning, Text]],
    taken: dict[str, int],
    hits: Mapping[tuple[str, str], float],
) -> None:
    """Second chance for columns whose name says nothing: identifiers, addresses, known choices, known records."""
    for index, profile in enumerate(profiles):
        if index in chosen or profile.filled == 0 or names.is_system(profile.name) or _is_counter(profile, names):
            continue
        found = _content_meaning(profile, fillable, taken, hits)
        if found is not None:
            chosen[index] = found
            taken[found[1].field] = index


def _content_meaning(
    profile: Profile, fillable: Mapping[str, Field], taken: Mapping[str, int], hits: Mapping[tuple[str, str], float]
) -> tuple[float, Meaning, Text] | None:
    free = [one for one in fillable.values() if one.key not in taken]
    if EXTERNAL_ID in fillable and EXTERNAL_ID not in taken and is_identifier(profile):
        return 0.6, Meaning(EXTERNAL_ID, 0.6), _AS_KEY
    for one in free:
        if one.type in BY_CONTENT.get(profile.holds, ()) and profile.share > 0.9:
            return 0.55, Meaning(one.key, 0.55), _BY_CONTENT.fill(what=one.label)
    best = max(
        (
            (hits.get((profile.name, one.key), 0.0), one)
            for one in free
            if one.kind is ValueKind.LINK and one.target != one.object
        ),
        key=lambda item: item[0],
        default=None,
    )
    if best is not None and best[0] >= 0.6 and (profile.distinct or 0) > 2:
        return 0.5, Meaning(best[1].key, 0.5), _BY_CONTENT.fill(what=best[1].label)
    if profile.counts and 2 <= (profile.distinct or 0) <= 60 and profile.holds == "text":
        for one in free:
            if one.kind is ValueKind.CHOICE and one.type == "choice" and known_choices(profile.counts, one) >= 0.8:
                return 0.5, Meaning(one.key, 0.5), _BY_CONTENT.fill(what=one.label)
    return None


def is_identifier(profile: Profile) -> bool:
    """Whether the column tells the rows apart by short codes without spaces and is named like an identifier."""
    if not (profile.unique and profile.holds in ("text", "number") and _ID_NAME.search(profile.name.strip())):
        return False
    return all(_ID_LIKE.match(sample) for sample in profile.samples)


def _is_counter(profile: Profile, names: FieldNames) -> bool:
    named = any(key in names.counters for key in read_header(profile.name).keys)
    return named and is_row_counter(profile)


def _why_not(
    owner: Object,
    profile: Profile,
    profiles: Sequence[Profile],
    meanings: Sequence[Meaning],
    taken: Mapping[str, int],
    names: FieldNames,
) -> Text:
    if profile.filled == 0:
        return _EMPTY
    if _is_counter(profile, names):
        return _COUNTER
    for meaning in meanings:
        one = owner.fields[meaning.field]
        if meaning.field in taken:
            return _TAKEN.fill(field=one.label, column=profiles[taken[meaning.field]].name)
    if names.is_system(profile.name):
        return _SYSTEM
    if meanings:
        one = owner.fields[meanings[0].field]
        return (_DERIVED if one.readonly else _BADLY_FITTING).fill(field=one.label)
    return _UNKNOWN
