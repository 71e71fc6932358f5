"""What the cells of a link column mean: an existing record by name or code, a record to be made, or nothing.

All different writings of a chunk are looked up together, exactly first, then without regard to case, spaces and width,
then by pinyin. What was found is remembered for the rest of the import.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.exchange.imports.lookups import MOST_NAMES, all_names, find_by_value, matched_fields, name_count
from liaoran.exchange.values.normal import folded, has_han, pinyin_key
from liaoran.infra.transaction import Transaction
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Object

How = Literal["exact", "code", "folded", "pinyin", "several", "none"]

NEAR_AMONG = 5_000
"""Near names are suggested among so many at most."""

UNKNOWN = Text(
    "没有名为“{value}”的{object}；请改成已有的，或选择新建",
    "there is no {object} “{value}”; name an existing one, or choose to create it",
)
SEVERAL = Text(
    "有 {count} 个{object}叫“{value}”；请改填编号",
    "{count} records of {object} are called “{value}”; write the code instead",
)


@dataclass(frozen=True, slots=True)
class Match:
    """What a writing means: ``id`` where it is one record, ``how`` it was found, ``count`` how many are meant; ``name``
    is the record's own, where the writing differs from it."""

    how: How
    id: UUID | None = None
    count: int = 0
    name: str | None = None


@dataclass(slots=True)
class _Names:
    """Folded and pinyin names of an Object with few enough records."""

    folded: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    pinyin: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    written: dict[str, str] = field(default_factory=dict)
    by_id: dict[UUID, str] = field(default_factory=dict)

    def add(self, name: str, record: UUID) -> None:
        self.by_id[record] = name
        self.written.setdefault(folded(name), name)
        self.folded[folded(name)].append(record)
        if has_han(name):
            self.pinyin[pinyin_key(name)].append(record)


class TargetIndex:
    """Finds the records of one Object that writings mean. Shared by all link columns to that Object."""

    def __init__(self, target: Object) -> None:
        self.target = target
        self._names: _Names | None = None
        self._loaded = False

    async def match(self, tx: Transaction, scope: Scope, texts: Iterable[str]) -> dict[str, Match]:
        """A Match for each text. Digits are first taken for codes, other texts first for names."""
        waiting = set(texts)
        found = await self.match_exactly(tx, scope, waiting)
        waiting -= found.keys()
        if waiting:
            await self._match_loosely(tx, scope, waiting, found)
        return found | {text: Match("none") for text in waiting if text not in found}

    async def match_exactly(self, tx: Transaction, scope: Scope, texts: Iterable[str]) -> dict[str, Match]:
        """A Match for each text that is the name, a code or the id of a record, letter for letter."""
        waiting = set(texts)
        found: dict[str, Match] = {}
        await self._match_ids(tx, scope, waiting, found)
        fields = matched_fields(scope, self.target)
        for text_is_code in (True, False):
            group = {text for text in waiting if text.isdigit() is text_is_code}
            for one in reversed(fields) if text_is_code else fields:
                if not group:
                    break
                by_value = await find_by_value(tx, scope, self.target.key, one.key, group)
                how: How = "exact" if one.key == self.target.name_field else "code"
                for text, ids in by_value.items():
                    found[text] = _one_or_several(how, ids)
                group -= by_value.keys()
        return found

    async def near(self, tx: Transaction, scope: Scope, text: str) -> tuple[str, ...]:
        """At most three names that a person may have meant."""
        names = await self._load(tx, scope)
        if names is None or len(names.written) > NEAR_AMONG:
            return ()
        close = difflib.get_close_matches(folded(text), names.written, n=3, cutoff=0.75)
        return tuple(names.written[one] for one in close)

    def note_new(self, name: str, record: UUID) -> None:
        """A record that this import has made."""
        if self._names is not None:
            self._names.add(name, record)

    async def _match_ids(self, tx: Transaction, scope: Scope, waiting: set[str], found: dict[str, Match]) -> None:
        ids = {text: parsed for text in waiting if (parsed := _as_id(text)) is not None}
        if not ids:
            return
        known = await find_by_value(tx, scope, self.target.key, "id", ids.values())
        for text, parsed in ids.items():
            if parsed in known:
                found[text] = Match("exact", parsed, 1)
                waiting.discard(text)

    async def _match_loosely(self, tx: Transaction, scope: Scope, waiting: set[str], found: dict[str, Match]) -> None:
        names = await self._load(tx, scope)
        if names is None:
            return
        for text in waiting:
            ids = names.folded.get(folded(text))
            if ids:
                found[text] = _one_or_several("folded", ids, names.by_id)
                continue
            if not has_han(text):
                ids = names.pinyin.get(folded(text))
                if ids:
                    found[text] = _one_or_several("pinyin", ids, names.by_id)

    async def _load(self, tx: Transaction, scope: Scope) -> _Names | None:
        if not self._loaded:
            self._loaded = True
            if await name_count(tx, scope, self.target.key) <= MOST_NAMES:
                self._names = _Names()
                for record, name in await all_names(tx, scope, self.target):
                    self._names.add(name, record)
        return self._names


def _one_or_several(how: How, ids: list[UUID], names: Mapping[UUID, str] = MappingProxyType({})) -> Match:
    different = set(ids)
    if len(different) > 1:
        return Match("several", None, len(different))
    return Match(how, ids[0], 1, names.get(ids[0]))


def _as_id(text: str) -> UUID | None:
    if len(text) not in (32, 36):
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def new_record_values(target: Object, text: str, by_code: bool) -> tuple[UUID, dict[str, Any]]:
    """Id and values of a record made for a writing that no existing one matches; a code is its name too until someone
    gives it a better one."""
    values: dict[str, Any] = {target.name_field: text}
    if by_code and "external_id" in target.fields:
        values["external_id"] = text
    return new_id(), values
