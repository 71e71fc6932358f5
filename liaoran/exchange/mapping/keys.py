"""By which column existing records are found again, and what a required Field without a column can be filled with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liaoran.exchange.mapping.names import EXTERNAL_ID
from liaoran.exchange.mapping.proposals import Proposal
from liaoran.exchange.values.normal import folded
from liaoran.exchange.values.profile import Profile
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Object

NEARLY = 0.9
"""A column is taken for an identifier while at least this share of its filled cells differ."""

_REASONS = {
    "id": Text("原系统的编号", "the identifier of the system it comes from"),
    "unique": Text("不允许重复的字段", "a field that may not repeat"),
    "name": Text("名称在文件中没有重复", "no name repeats in the file"),
    "address": Text("在文件中没有重复", "none repeats in the file"),
    "none": Text(
        "没有合适的列，按整行内容识别：再次导入同一文件不会重复",
        "no column identifies the rows, so whole rows do: importing the same file again doubles nothing",
    ),
}


@dataclass(frozen=True, slots=True)
class KeyProposal:
    """The column (None: the whole row) and why."""

    column: str | None
    reason: Text


def propose_key(owner: Object, profiles: Sequence[Profile], proposals: Sequence[Proposal]) -> KeyProposal:
    """The surest key: the identifier, a unique Field, a name that does not repeat, an e-mail or phone number."""
    by_column = {profile.name: profile for profile in profiles}
    found: dict[str, str] = {}
    for proposal in proposals:
        if proposal.field is None:
            continue
        one, profile = owner.fields[proposal.field], by_column[proposal.column]
        if one.kind is not ValueKind.TEXT or one.type == "long_text":
            continue
        nearly = (
            profile.filled and (profile.distinct or 0) >= NEARLY * profile.filled and profile.filled == profile.rows
        )
        if one.key == EXTERNAL_ID and nearly:
            found.setdefault("id", proposal.column)
        elif one.unique and nearly:
            found.setdefault("unique", proposal.column)
        elif one.key == owner.name_field and profile.unique:
            found.setdefault("name", proposal.column)
        elif one.type in ("email", "phone") and profile.unique:
            found.setdefault("address", proposal.column)
    order = ("id", "unique", "address", "name") if _names_repeat(owner) else ("id", "unique", "name", "address")
    for kind in order:
        if kind in found:
            return KeyProposal(found[kind], _REASONS[kind])
    return KeyProposal(None, _REASONS["none"])


def _names_repeat(owner: Object) -> bool:
    """Whether names of the Object are those of people, of whom several may be called the same."""
    types = {one.type for one in owner.active_fields}
    return "phone" in types and "email" in types and not any(one.target == owner.key for one in owner.active_fields)


def propose_template(owner: Object, profiles: Sequence[Profile], proposals: Sequence[Proposal]) -> str | None:
    """A template for the name Field where no column fills it: first and last name, the linked records, or the key."""
    filled = {one.field: one.column for one in proposals if one.field in owner.fields}
    name = owner.fields[owner.name_field]
    if name.readonly or name.computed:
        return None
    people = _first_and_last(profiles)
    if people is not None:
        return people
    if owner.name_field in filled:
        return None
    links = [
        filled[one.key]
        for one in owner.active_fields
        if one.key in filled and one.type == "link" and one.target != owner.key
    ]
    if links:
        return " · ".join(f"{{{column}}}" for column in links[:2])
    texts = [column for key, column in filled.items() if key is not None and owner.fields[key].type == "text"]
    if texts:
        return f"{{{texts[0]}}}"
    first = next((profile.name for profile in profiles if profile.filled == profile.rows), None)
    return f"{{{first}}}" if first else None


def _first_and_last(profiles: Sequence[Profile]) -> str | None:
    by_word = {folded(profile.name): profile for profile in profiles if profile.filled}
    for first, last, pattern in (
        ("firstname", "lastname", "{{{0}}} {{{1}}}"),
        ("first", "last", "{{{0}}} {{{1}}}"),
        ("名", "姓", "{{{1}}}{{{0}}}"),
    ):
        if first in by_word and last in by_word:
            return pattern.format(by_word[first].name, by_word[last].name)
    return None
