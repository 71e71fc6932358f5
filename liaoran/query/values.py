"""Values of Conditions: raw JSON in, values ready to bind out, read by the same field types that writes go through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.paths import target_of
from liaoran.query.subjects import Subject
from liaoran.schema.field_types.base import ValueProblem
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Field

MAXIMUM_LIST = 1000
ME, MY_DEPARTMENT = "@me", "@my_department"
NOBODY = UUID(int=0)
"""Stands for "me" and "my department" of an actor who has none; no record has this id."""

SQL_TYPES: Mapping[ValueKind, sa.types.TypeEngine[Any]] = {
    ValueKind.TEXT: sa.Text(),
    ValueKind.NUMBER: sa.Numeric(),
    ValueKind.BOOLEAN: sa.Boolean(),
    ValueKind.DATE: sa.Date(),
    ValueKind.INSTANT: sa.DateTime(timezone=True),
    ValueKind.CHOICE: sa.Text(),
    ValueKind.CHOICES: postgresql.ARRAY(sa.Text()),
    ValueKind.LINK: sa.Uuid(),
    ValueKind.REGION: sa.Text(),
}

_TYPE_OF_KIND = {
    ValueKind.TEXT: "text",
    ValueKind.NUMBER: "number",
    ValueKind.BOOLEAN: "boolean",
    ValueKind.DATE: "date",
    ValueKind.INSTANT: "instant",
}
_REQUIRED = Text("需要一个值", "a value is required")


def read_value(raw: Any, subject: Subject) -> Any:
    """One value ready to bind, or None for null and empty text. Raises Invalid naming field, operator and value."""
    if raw is None or raw == "":
        return None
    if subject.kind is ValueKind.LINK:
        return _read_link(raw, subject)
    if subject.kind is ValueKind.REGION and isinstance(raw, Mapping):
        raw = raw.get("code")
    one = _reading_field(subject)
    try:
        value = FIELD_TYPES[one.type].parse(raw, one, subject.parsing)
    except ValueProblem as refused:
        raise subject.refuse(refused.problem.message, raw, refused.problem.code) from None
    return to_bind(value, subject.kind)


def read_required(raw: Any, subject: Subject) -> Any:
    """Like ``read_value``, but null is refused."""
    value = read_value(raw, subject)
    if value is None:
        raise subject.refuse(_REQUIRED, raw)
    return value


def read_list(raw: Any, subject: Subject) -> list[Any]:
    """Several values, None for each null among them. One value that is not in a list is taken as a list of one."""
    items = list(raw) if isinstance(raw, list | tuple) else [raw]
    if len(items) > MAXIMUM_LIST:
        limit = Text("最多 {limit} 个值", "at most {limit} values are allowed").fill(limit=MAXIMUM_LIST)
        raise subject.refuse(limit, f"{len(items)}")
    return [read_value(item, subject) for item in items]


def read_text(raw: Any, subject: Subject) -> str:
    """A piece of text to look for, as it is written. Null and empty text are refused."""
    if raw is None or raw == "":
        raise subject.refuse(_REQUIRED, raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise subject.refuse(Text("应为文字", "must be text"), raw)
    text = str(raw)
    if len(text) > 1000 or "\x00" in text or (not text.isascii() and _has_surrogates(text)):
        raise subject.refuse(Text("不是可用的文字", "is not usable text"), raw)
    return text


def read_count(raw: Any, subject: Subject, maximum: int) -> int:
    """A number of days from 1 to ``maximum``."""
    if isinstance(raw, str) and raw.strip().isdecimal():
        raw = int(raw) if len(raw) < 10 else maximum + 1
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= maximum:
        why = Text("应为 1 到 {limit} 的整数", "must be a whole number from 1 to {limit}").fill(limit=maximum)
        raise subject.refuse(why, raw)
    return raw


def read_day(raw: Any) -> date | None:
    """The day that a raw value for an instant means as a whole (``2026-03-05``), or None where it names a moment."""
    if not isinstance(raw, str) or len(raw.strip()) != 10:
        return None
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        return None


def to_bind(value: Any, kind: ValueKind) -> Any:
    """A canonical value as the Python value that travels as a bind."""
    if value is None:
        return None
    match kind:
        case ValueKind.NUMBER:
            return Decimal(str(value))
        case ValueKind.DATE:
            return date.fromisoformat(value)
        case ValueKind.INSTANT:
            return datetime.fromisoformat(value)
        case ValueKind.LINK:
            return UUID(value)
        case _:
            return value


def linked_to(subject: Subject) -> str | None:
    """The Object that the subject's values are records of, None where it is no link."""
    return target_of(subject.field) if subject.field is not None and subject.kind is ValueKind.LINK else None


def _read_link(raw: Any, subject: Subject) -> UUID:
    target = linked_to(subject)
    if raw == ME and target == "person":
        return subject.params["actor_person"] or NOBODY
    if raw == MY_DEPARTMENT and target == "department":
        return subject.params["actor_department"] or NOBODY
    if isinstance(raw, Mapping):
        raw = raw.get("id")
    if isinstance(raw, UUID):
        return raw
    try:
        return UUID(raw)
    except (ValueError, TypeError, AttributeError):
        raise subject.refuse(Text("应为记录编号（UUID）", "must be the id (UUID) of a record"), raw) from None


def _reading_field(subject: Subject) -> Field:
    """The Field whose type reads the value; computed ones and counts are read as a plain Field of their kind."""
    one = subject.field
    if one is not None and not one.computed:
        return replace(one, options=_without_limits(one)) if "scale" in one.options else one
    kind = subject.kind
    return Field(
        object=subject.path.owner, key=subject.path.text, type=_TYPE_OF_KIND.get(kind, "text"),
        label=subject.path.label, kind=kind,
    )  # fmt: skip


def _without_limits(one: Field) -> dict[str, Any]:
    """A bound may lie outside what may be stored, and is not rounded to its scale."""
    return {key: value for key, value in one.options.items() if key not in ("scale", "minimum", "maximum")}


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def spoken_value(raw: Any, subject: Subject, names: Mapping[str, str]) -> Text:
    """A raw value in words: choice labels, names of linked records (from ``names`` by id), me, yes and no."""
    if raw is None or raw == "":
        return Text("空", "empty")
    if isinstance(raw, bool):
        return Text("是", "yes") if raw else Text("否", "no")
    if raw == ME:
        return Text("我", "me")
    if raw == MY_DEPARTMENT:
        return Text("我的部门", "my department")
    if isinstance(raw, Mapping):
        shown = str(raw.get("label") or names.get(str(raw.get("id"))) or raw.get("id") or raw.get("code"))
        return Text(shown, shown)
    one = subject.field
    if one is not None and one.choices:
        choice = one.choice_by_key.get(str(raw))
        if choice is not None:
            return Text(f"“{choice.label.to_json()['zh']}”", f"“{choice.label.to_json()['en']}”")
    text = names.get(str(raw), str(raw))
    if isinstance(raw, float) and raw.is_integer():
        text = str(int(raw))
    return Text(f"“{text}”", f"“{text}”") if subject.kind in _QUOTED else Text(text, text)


_QUOTED = frozenset({ValueKind.TEXT, ValueKind.CHOICE, ValueKind.CHOICES, ValueKind.LINK, ValueKind.REGION})


def spoken_list(raw: Any, subject: Subject, names: Mapping[str, str]) -> Text:
    """Several values in words."""
    items: Iterable[Any] = raw if isinstance(raw, list | tuple) else [raw]
    spoken = [spoken_value(item, subject, names) for item in items]
    if not spoken:
        return Text("（无）", "(none)")
    return Text("、".join(text.zh for text in spoken), ", ".join(text.en for text in spoken))
