"""Paths: ``amount``, ``account.industry``, ``account.owner.department.name``, ``count(contact.account)``.

A path starts at one record, follows at most three links, and ends in a Field of the record it arrives at, or in the
number of records of another Object that link to it. A Condition may also ask for evidence (``evidence(file)``). Over
candidates a path may start with ``old.``: the record before the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from liaoran.kernel.conditions import MAXIMUM_HOPS
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.evidence import Evidence, evidence_kinds
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field, unknown_field

_COUNT = re.compile(r"count\((\w+)\.(\w+)\)", re.ASCII)
_EVIDENCE = re.compile(r"evidence\((\w+)\)", re.ASCII)
_STEP = re.compile(r"\w+", re.ASCII)
OLD = "old."

SYSTEM_FIELDS: dict[str, tuple[str, ValueKind, Text]] = {
    "id": ("link", ValueKind.LINK, Text("记录", "Record")),
    "version": ("number", ValueKind.NUMBER, Text("版本", "Version")),
    "deleted_at": ("instant", ValueKind.INSTANT, Text("删除时间", "Deleted at")),
}
"""System columns that Conditions and lists may name although the catalogue has no Field for them."""


@dataclass(frozen=True, slots=True)
class Count:
    """The number of records of an Object whose link ``link`` points here."""

    object: str
    link: Field
    label: Text


@dataclass(frozen=True, slots=True)
class Path:
    """A resolved path. ``object`` is where it starts; ``hops`` are the links it follows, ``end`` what it arrives at."""

    text: str
    object: str
    hops: tuple[Field, ...]
    end: Field | Count | Evidence
    old: bool = False

    @property
    def kind(self) -> ValueKind:
        """The value kind at its end; counts are numbers, evidence is there or not."""
        if isinstance(self.end, Evidence):
            return ValueKind.BOOLEAN
        return ValueKind.NUMBER if isinstance(self.end, Count) else self.end.kind

    @property
    def field(self) -> Field | None:
        """The Field at its end, None for a count or evidence."""
        return self.end if isinstance(self.end, Field) else None

    @property
    def owner(self) -> str:
        """The Object that ``end`` belongs to."""
        return target_of(self.hops[-1]) if self.hops else self.object

    @property
    def label(self) -> Text:
        """In words: ``客户 › 行业``."""
        steps = [hop.label.to_json() for hop in self.hops] + [self.end.label.to_json()]
        prefix = Text("（原）", "(before) ") if self.old else Text("")
        return Text(
            prefix.zh + " › ".join(step["zh"] for step in steps), prefix.en + " › ".join(step["en"] for step in steps)
        )


def target_of(link: Field) -> str:
    """The Object that a link Field points to."""
    return link.target or link.type


def system_field(object_key: str, key: str) -> Field | None:
    """The stand-in Field for a system column that is not catalogued, or None."""
    known = SYSTEM_FIELDS.get(key)
    if known is None:
        return None
    kind, value_kind, label = known
    options = {"target": object_key} if value_kind is ValueKind.LINK else {}
    return Field(
        object=object_key, key=key, type=kind, label=label, kind=value_kind, readonly=True, origin="system",
        options=options,
    )  # fmt: skip


def find_field(rows: Rows, object_key: str, key: str) -> Field:
    """The Field that the actor may see, or the system column of that name. Raises Invalid ``unknown_field``."""
    one = rows.snapshot.object(object_key)
    if key not in one.fields:
        found = system_field(object_key, key)
        if found is not None:
            return found
    return rows.field(object_key, key)


def resolve_path(rows: Rows, object_key: str, text: str, *, old: bool = False, evidence: bool = False) -> Path:
    """The path as these Rows may read it; ``old`` permits the prefix ``old.``, ``evidence`` asking for evidence.

    Raises Invalid: ``unknown_field`` for a Field that is not there or not visible, ``invalid_path`` for one that goes
    through something that is no link, or over too many links.
    """
    if old and text.startswith(OLD):
        return replace(resolve_path(rows, object_key, text[len(OLD) :]), text=text, old=True)
    if evidence and (asked := _EVIDENCE.fullmatch(text)):
        kind = evidence_kinds().get(asked[1])
        if kind is None:
            known = ", ".join(evidence_kinds())
            raise _invalid_path(
                text, Text("没有这种凭据，可用：{known}", "no such evidence, there is: {known}").fill(known=known)
            )
        return Path(text, object_key, (), kind)
    steps = _steps(text)
    hops: list[Field] = []
    here = object_key
    for step in steps[:-1]:
        link = find_field(rows, here, step)
        if link.kind is not ValueKind.LINK or link.computed:
            raise _invalid_path(text, Text("“{step}”不是关联字段", "“{step}” is not a link").fill(step=link.label))
        hops.append(link)
        here = target_of(link)
    if len(hops) > MAXIMUM_HOPS:
        why = Text("最多经过 {limit} 个关联", "at most {limit} links may be followed").fill(limit=MAXIMUM_HOPS)
        raise _invalid_path(text, why)
    counted = _COUNT.fullmatch(steps[-1])
    end = find_field(rows, here, steps[-1]) if counted is None else _count(rows, here, counted[1], counted[2])
    return Path(text, object_key, tuple(hops), end)


def _steps(text: str) -> list[str]:
    found = re.fullmatch(r"((?:\w+\.)*)(\w+|count\(\w+\.\w+\))", text, re.ASCII)
    if found is None or len(text) > 400:
        raise _invalid_path(
            text,
            Text(
                "应形如 amount、account.industry 或 count(contact.account)",
                "write it like amount, account.industry or count(contact.account)",
            ),
        )
    return [*_STEP.findall(found[1]), found[2]]


def _count(rows: Rows, here: str, object_key: str, link_key: str) -> Count:
    one = rows.snapshot.object(object_key)
    link = find_field(rows, object_key, link_key)
    if link.kind is not ValueKind.LINK or link.computed or target_of(link) != here:
        raise unknown_field(one, link_key)
    label = Text("{plural}数", "number of {plural}").fill(plural=one.label_plural)
    return Count(object_key, link, label)


def _invalid_path(text: str, why: Text) -> Invalid:
    shown = text[:100]
    message = Text(f"路径“{shown}”不正确：{why.zh}", f"the path “{shown}” is not valid: {why.en}")
    return Invalid(message, code="invalid_path", extra={"field": shown})
