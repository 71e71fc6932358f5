"""Planning a retyping: what the Field will be, and a preview of what becomes of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.schema.backfill import Cell, count_values, find_by_name, read_values
from liaoran.schema.catalogue import read_contents
from liaoran.schema.changes import fields_of_process
from liaoran.schema.conversion import Converter, labels_in
from liaoran.schema.definitions import FieldEntry, read_field
from liaoran.schema.editing import Editing
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.reading import Place, Reader
from liaoran.schema.references import settle
from liaoran.schema.registry import FIELD_TYPES, type_of
from liaoran.schema.snapshot import Field, Snapshot

CHUNK = 20_000
"""Rows that a preview reads at once."""

SHOWN = 50
"""So many different values that do not convert are shown by a preview."""

MADE_CHOICES = 200
SAME_TYPE = Text("字段已是这个类型", "the field is of this type already")
COMPUTED = Text(
    "公式和汇总没有存下的值，不能转换；请新建字段",
    "formulas and roll-ups hold no values of their own and cannot be retyped; add a new field",
)


@dataclass(frozen=True)
class RetypePlan:
    """``former`` is the Field as it is, ``fields`` what it becomes (before it a currency Field that comes along), in
    the catalogue ``snapshot`` before the change; ``entries`` are the same as catalogue entries."""

    former: Field
    fields: tuple[Field, ...]
    entries: tuple[FieldEntry, ...]
    snapshot: Snapshot

    @property
    def field(self) -> Field:
        """The Field as it will be."""
        return self.fields[-1]

    def converter(self, zone: str) -> Converter:
        """The converter between the two."""
        return Converter(self.former, self.field, zone, self.snapshot.language)


@dataclass(frozen=True)
class Reject:
    """A value that does not convert, in words, and how many records hold it."""

    value: str
    count: int
    problem: Problem


@dataclass(frozen=True)
class RetypePreview:
    """``rows`` of the Object, recycle bin included, of which ``filled`` have a value; ``converted`` and ``rejected``
    count these. ``rejects`` are the most frequent different values that do not convert, ``examples`` pairs of a value
    before and after in words, ``choices`` the labels that would be made into choices."""

    rows: int
    filled: int
    converted: int
    rejected: int
    rejects: list[Reject] = field(default_factory=list)
    examples: list[tuple[str, str]] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)


async def plan_retype(tx: Transaction, object_key: str, field_key: str, change: Mapping[str, Any]) -> RetypePlan:
    """The plan of a change ``{"type", "options", "choices", "make_choices"}``.

    With ``make_choices`` the choices of the new Field are the different values (at most 200). Raises Invalid naming the
    place, Refused for computed and system Fields, Conflict (``still_used``) where a Process runs over the Field.
    """
    contents = await read_contents(tx)
    edit = Editing(contents, tx.schema)
    entry = edit.field(object_key, field_key)
    former = edit.before.object(object_key).field(field_key)
    reader = Reader(change, Place())
    type_key = reader.one_of("type", FIELD_TYPES)
    options, choices, make = reader.part("options"), reader.items("choices"), reader.flag("make_choices")
    reader.done()
    _refuse_impossible(edit.before, entry, type_key)
    if make and not choices:
        choices = list(await _labels(tx, edit.before, former, type_key))
    definition = _definition(entry, type_key, options, choices)
    others = [one.key for one in edit.fields_of(object_key) if one.key != field_key]
    entries = read_field(definition, Place(), object_key, origin=entry.origin, position=entry.position, taken=others)
    for one in entries:
        edit.put_field(one, Place())
    settled, after = settle(edit.contents, tx.schema, edit.touched, edit.places)
    fields = tuple(after.object(object_key).field(one.key) for one in entries)
    kept = tuple(settled.fields[(object_key, one.key)] for one in entries)
    return RetypePlan(former, fields, kept, edit.before)


async def preview_retype(tx: Transaction, object_key: str, field_key: str, change: Mapping[str, Any]) -> RetypePreview:
    """What would become of the values; changes nothing. ``change`` as for ``plan_retype``, which it raises like."""
    plan = await plan_retype(tx, object_key, field_key, change)
    rows, filled = await count_values(tx, plan.snapshot.object(object_key), plan.former)
    converter = plan.converter(plan.snapshot.zone)
    rejects: Counter[str] = Counter()
    problems: dict[str, Problem] = {}
    examples: dict[str, str] = {}
    async for cells in _chunks(tx, plan):
        values = [cell.value for cell in cells]
        await look_up(tx, plan, converter, values)
        for value, outcome in zip(values, converter.convert(values), strict=True):
            if outcome.problem is not None:
                text = converter.text(value)
                rejects[text] += 1
                problems.setdefault(text, outcome.problem)
            elif len(examples) < 10:
                examples.setdefault(converter.text(value), converter.new_text(outcome.value))
    rejected = rejects.total()
    listed = [Reject(text, count, problems[text]) for text, count in rejects.most_common(SHOWN)]
    made = [choice.label.read(plan.snapshot.language) for choice in plan.field.choices]
    return RetypePreview(rows, filled, filled - rejected, rejected, listed, list(examples.items()), made)


async def look_up(tx: Transaction, plan: RetypePlan, converter: Converter, values: list[Any]) -> None:
    """Lets the converter know which records the names among the values stand for."""
    names = converter.names_in(values)
    target = plan.snapshot.objects.get(plan.field.target or "")
    if names and target is not None:
        converter.ids.update(await find_by_name(tx, target, sorted(names)))


def _refuse_impossible(snapshot: Snapshot, entry: FieldEntry, type_key: str) -> None:
    if entry.type == type_key:
        raise Place("type").refuse(SAME_TYPE)
    if FIELD_TYPES[entry.type].computed or FIELD_TYPES[type_key].computed:
        raise Refused(COMPUTED, code="computed_field")
    if entry.origin == "system":
        raise Refused(Text("系统字段不能更改类型", "fields of the system cannot be retyped"), code="system_field")
    for process in snapshot.object(entry.object).processes:
        if entry.key in fields_of_process(process):
            message = Text("流程“{label}”使用这个字段", "the process “{label}” runs over this field")
            raise Conflict(message.fill(label=process.label), code="still_used")
    for one in snapshot.object(entry.object).active_fields:
        if one.options.get("currency_field") == entry.key:
            message = Text("金额字段“{label}”使用这个币种", "the money field “{label}” has its currency here")
            raise Conflict(message.fill(label=one.label), code="still_used")
        if one.indexed_within == entry.key:
            message = Text("字段“{label}”的索引按它分组", "the index of the field “{label}” is kept within it")
            raise Conflict(message.fill(label=one.label), code="still_used")


def _definition(entry: FieldEntry, type_key: str, options: Mapping[str, Any], choices: list[Any]) -> dict[str, Any]:
    """The definition of the Field as it will be: what any type can have is kept, the rest is the new type's own."""
    kept, new = entry.definition, FIELD_TYPES[type_key]
    definition: dict[str, Any] = {
        "key": entry.key,
        "type": type_key,
        "options": dict(options),
        **{name: kept[name] for name in ("label", "help", "required", "hidden", "indexed", "synonyms")},
        "personal": kept.get("personal", False),
        "indexed_within": kept.get("indexed_within"),
        "unique": kept["unique"] and new.can_be_unique,
    }
    if new.takes_choices:
        definition["choices"] = choices or kept["choices"]
    if not new.readonly and not FIELD_TYPES[entry.type].readonly:
        definition["readonly"] = kept["readonly"]
    return definition


def default_that_fits(former: Field, new: Field) -> Any:
    """The default where the new type reads it, else None."""
    if former.default is None:
        return None
    nobody = "00000000-0000-0000-0000-000000000000"
    try:
        type_of(new).parse(former.default, new, ParseContext(me=nobody, my_department=nobody))
    except ValueProblem:
        return None
    return former.default


async def _labels(tx: Transaction, snapshot: Snapshot, former: Field, type_key: str) -> list[str]:
    """The different values as labels of choices. Raises Refused beyond 200."""
    new = Field(former.object, former.key, type_key, former.label, FIELD_TYPES[type_key].kind)
    plan = RetypePlan(former, (new,), (), snapshot)
    converter = plan.converter(snapshot.zone)
    found: dict[str, None] = {}
    async for cells in _chunks(tx, plan):
        texts = [converter.text(cell.value) for cell in cells]
        found.update(dict.fromkeys(labels_in(texts, type_key == "choices")))
        if len(found) > MADE_CHOICES:
            message = Text("不同的值超过 {limit} 个，不适合做选项", "there are more than {limit} different values")
            raise Refused(message.fill(limit=MADE_CHOICES), code="too_many_choices")
    return sorted(found)


async def _chunks(tx: Transaction, plan: RetypePlan) -> AsyncIterator[list[Cell]]:
    after: tuple[str, int] | None = None
    while cells := await read_values(tx, plan.snapshot, plan.former, after=after, limit=CHUNK):
        yield cells
        after = cells[-1].id, cells[-1].version
