"""Definitions of Objects and Fields as JSON, checked and completed.

The same JSON serves packs, the API and the catalogue::

    {"key", "label", "label_plural", "icon", "group", "order", "tracked", "ownable", "name_field", "fields": [...],
     "layouts": {...}, "synonyms": [...], "activity": {...},
     "task_form": {...}}
    {"key", "type", "label", "help", "required", "unique", "readonly", "hidden", "personal", "indexed", "indexed_within",
     "default", "synonyms", "options": {...}, "choices": [{"key", "label", "color", "retired", "synonyms"}]}

Labels are ``{"zh", "en"}`` or one string. A key that is left out is made of the label. What concerns one Field alone is
checked here; what concerns other Fields and Objects is checked by ``schema.references`` over the whole catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.activities import read_activity
from liaoran.schema.health import read_health
from liaoran.schema.keys import free_key, key_of
from liaoran.schema.pinyin import slug
from liaoran.schema.processes import Origin
from liaoran.schema.reading import Place, Reader, near
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.system_fields import RESERVED_KEYS, SYSTEM_FIELDS, department_definition, owner_definition
from liaoran.schema.task_forms import read_task_form

MAXIMUM_FIELDS = 300
MAXIMUM_CHOICES = 2_000
_OBJECT_KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_CHOICE_KEY = re.compile(r"[^\s,;|、,;\"'\\]{1,64}")
_POSITION_STEP = 10
_SYSTEM_POSITION = 1_000_000
NO_KEY = Text(
    "“{key}”不能作为代号：用小写字母、数字和单个下划线，字母开头，最多 {limit} 个字符",
    "“{key}” cannot be a key: lower-case letters, digits and single underscores, a letter first, {limit} at most",
)


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """An Object as the catalogue keeps it; ``definition`` is complete and without key and Fields."""

    key: str
    definition: Mapping[str, Any]
    origin: Origin
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A Field as the catalogue keeps it; ``definition`` is complete and without key and type."""

    object: str
    key: str
    type: str
    definition: Mapping[str, Any]
    origin: Origin
    position: int
    retired: bool = False


def read_object(value: Any, place: Place, origin: Origin) -> tuple[ObjectEntry, list[FieldEntry]]:
    """The Object with all its Fields, the system's own included. Raises Invalid naming the place.

    A missing name Field is added (``name``, required text), and, where ``ownable`` (default: custom Objects), missing
    ``owner`` and ``department`` Fields.
    """
    reader = Reader(value, place)
    label = reader.label("label")
    key = _key(reader, label, 40)
    definition: dict[str, Any] = {
        "label": label.to_json(),
        "label_plural": reader.label("label_plural", label).to_json(),
        "icon": reader.text("icon", "file"),
        "group": reader.text("group", "custom"),
        "order": reader.integer("order", 1000, 0, 1_000_000),
        "tracked": reader.flag("tracked"),
        "name_field": reader.text("name_field", "name"),
        "layouts": dict(reader.part("layouts")),
        "synonyms": list(reader.texts("synonyms")),
        "activity": read_activity(reader),
        "task_form": read_task_form(reader),
        "health": read_health(reader),
    }
    ownable = reader.flag("ownable", origin == "custom")
    declared = reader.items("fields")
    reader.done()
    declared = _with_standard_fields(declared, definition["name_field"], ownable)
    entries: dict[str, FieldEntry] = {}
    for index, one in enumerate(declared):
        at = place.at("fields").at(index)
        for entry in read_field(one, at, key, origin=origin, position=(index + 1) * _POSITION_STEP, taken=entries):
            entries[entry.key] = entry
    for index, system in enumerate(SYSTEM_FIELDS):
        at = Place(f"system_fields[{index}]")
        (entry,) = read_field(system, at, key, origin="system", position=_SYSTEM_POSITION + index, taken=entries)
        entries[entry.key] = entry
    if len(entries) > MAXIMUM_FIELDS:
        raise place.at("fields").refuse(too_many_fields(len(entries)))
    return ObjectEntry(key, definition, origin), list(entries.values())


def read_field(
    value: Any, place: Place, owner: str, *, origin: Origin, position: int, taken: Collection[str]
) -> list[FieldEntry]:
    """The Field, and before it the currency Field that a money Field without ``currency_field`` brings along.

    ``taken`` are the keys that the Object has already. Raises Invalid naming the place.
    """
    reader = Reader(value, place)
    label = reader.label("label")
    type_key = reader.one_of("type", FIELD_TYPES)
    key = _key(reader, label, 48, taken)
    if origin != "system" and key in RESERVED_KEYS:
        raise place.at("key").refuse(
            Text("代号“{key}”由系统使用", "the key “{key}” is used by the system").fill(key=key), code="reserved_key"
        )
    if key in taken:
        raise place.at("key").refuse(
            Text("已有代号为“{key}”的字段", "there is a field with the key “{key}” already").fill(key=key),
            code="duplicate_key",
        )
    definition = _field_definition(reader, type_key, label)
    entry = FieldEntry(owner, key, type_key, definition, origin, position)
    if type_key != "money" or "currency_field" in definition["options"]:
        return [entry]
    companion = f"{key}_currency"
    options = {**definition["options"], "currency_field": companion}
    entry = replace(entry, definition={**definition, "options": options})
    if companion in taken:
        return [entry]
    named = Text(f"{label.zh}币种" if label.zh else "", f"{label.en} currency" if label.en else "")
    beside = {"key": companion, "type": "currency", "label": named.to_json(), "hidden": reader.flag("hidden")}
    at = place.at("options").at("currency_field")
    return [*read_field(beside, at, owner, origin=origin, position=position, taken=taken), entry]


def changed_field(entry: FieldEntry, changes: Any, place: Place) -> FieldEntry:
    """The entry with the named parts changed. ``options`` are merged into the present ones; ``choices`` are the new
    list, in which those left out stay as retired. Raises Invalid for parts that cannot change (key, type, options that
    shape the column)."""
    reader = Reader(changes, place)
    merged: dict[str, Any] = {**entry.definition, **{key: value for key, value in changes.items() if key != "options"}}
    given = reader.part("options")
    merged["options"] = {**entry.definition["options"], **given}
    for fixed in ("key", "type"):
        if reader.has(fixed) and reader.raw(fixed) != getattr(entry, fixed):
            raise place.at(fixed).refuse(Text("不能更改", "cannot be changed"))
        merged.pop(fixed, None)
    for name in FIELD_TYPES[entry.type].fixed_options:
        if merged["options"].get(name) != entry.definition["options"].get(name):
            raise place.at("options").at(name).refuse(Text("建立后不能更改", "cannot be changed once it is there"))
    if "choices" in changes:
        merged["choices"] = _merged_choices(entry.definition["choices"], reader.items("choices"), place.at("choices"))
    complete = Reader(merged, place)
    return replace(entry, definition=_field_definition(complete, entry.type, complete.label("label")))


def too_many_fields(found: int) -> Text:
    """The message of the limit on Fields."""
    return Text(
        "一个对象最多 {limit} 个字段，现有 {found} 个", "an object has at most {limit} fields, here are {found}"
    ).fill(limit=MAXIMUM_FIELDS, found=found)


def read_choices(values: Iterable[Any], place: Place) -> list[dict[str, Any]]:
    """The choices, complete; a plain string is a label. Refuses equal keys, and equal labels among active choices."""
    found: dict[str, dict[str, Any]] = {}
    labels: set[str] = set()
    for index, value in enumerate(values):
        at = place.at(index)
        choice = _choice({"label": value} if isinstance(value, str) else value, at, found)
        if choice["key"] in found:
            raise at.at("key").refuse(
                Text("选项代号“{key}”重复", "the choice key “{key}” is there twice").fill(key=choice["key"]),
                code="duplicate_key",
            )
        if not choice["retired"] and choice["label"]["zh"] in labels:
            raise at.at("label").refuse(
                Text("选项“{label}”重复", "the choice “{label}” is there twice").fill(label=choice["label"]["zh"]),
                code="duplicate_label",
            )
        if not choice["retired"]:
            labels.add(choice["label"]["zh"])
        found[choice["key"]] = choice
    if len(found) > MAXIMUM_CHOICES:
        raise place.refuse(Text("最多 {limit} 个选项", "at most {limit} choices").fill(limit=MAXIMUM_CHOICES))
    return list(found.values())


def _choice(value: Any, place: Place, taken: Collection[str]) -> dict[str, Any]:
    reader = Reader(value, place)
    label = reader.label("label")
    key = reader.text("key") or free_key(slug(label.en or label.zh)[:60] or "choice", taken)
    if not _CHOICE_KEY.fullmatch(key):
        raise place.at("key").refuse(
            Text(
                "选项代号最多 64 个字符，不含空白、逗号、分号、竖线和引号",
                "a choice key has at most 64 characters and no blanks, commas, semicolons, bars or quotes",
            ),
            found=key,
        )
    choice = {
        "key": key,
        "label": label.to_json(),
        "color": reader.text("color") or None,
        "retired": reader.flag("retired"),
        "synonyms": list(reader.texts("synonyms")),
    }
    reader.done()
    return choice


def _merged_choices(present: list[dict[str, Any]], wanted: list[Any], place: Place) -> list[dict[str, Any]]:
    """The wanted choices in their order, then the present ones that are missing among them, retired."""
    known = {choice["key"]: choice for choice in present}
    by_label = {choice["label"]["zh"]: choice["key"] for choice in present}
    named: list[Any] = []
    for value in wanted:
        if isinstance(value, str):
            named.append({**known[by_label[value]], "retired": False} if value in by_label else value)
        elif isinstance(value, Mapping) and value.get("key") in known:
            named.append({**known[value["key"]], "retired": False, **value})
        else:
            named.append(value)
    choices = read_choices(named, place)
    kept = {choice["key"] for choice in choices}
    return choices + [{**choice, "retired": True} for choice in present if choice["key"] not in kept]


def _field_definition(reader: Reader, type_key: str, label: Text) -> dict[str, Any]:
    kind = FIELD_TYPES[type_key]
    place = reader.place
    choices = reader.items("choices")
    if choices and not kind.takes_choices:
        raise place.at("choices").refuse(
            Text("{type}字段没有选项", "a {type} field has no choices").fill(type=kind.label)
        )
    definition = {
        "label": label.to_json(),
        "help": reader.label("help", Text("")).to_json(),
        "required": reader.flag("required"),
        "unique": reader.flag("unique"),
        "readonly": reader.flag("readonly", kind.readonly),
        "hidden": reader.flag("hidden"),
        "personal": reader.flag("personal"),
        "indexed": reader.flag("indexed"),
        "indexed_within": reader.text("indexed_within") or None,
        "default": reader.raw("default"),
        "synonyms": list(reader.texts("synonyms")),
        "options": kind.check_options(reader.raw("options", {}), place.at("options")),
        "choices": read_choices(choices, place.at("choices")),
    }
    reader.done()
    if definition["unique"] and not kind.can_be_unique:
        raise place.at("unique").refuse(
            Text("{type}字段不能设为唯一", "a {type} field cannot be unique").fill(type=kind.label)
        )
    if definition["unique"] and definition["options"].get("max_length", 0) > 500:
        raise (
            place.at("options")
            .at("max_length")
            .refuse(Text("唯一字段最多 500 个字", "a unique field takes at most 500 characters"))
        )
    indexed = definition["indexed"] or definition["indexed_within"]
    if kind.computed and (definition["required"] or definition["default"] is not None or indexed):
        raise place.refuse(
            Text(
                "计算字段不能设为必填、不能有默认值和索引",
                "a computed field cannot be required, have a default or an index",
            )
        )
    return definition


def _with_standard_fields(declared: list[Any], name_field: str, ownable: bool) -> list[Any]:
    keys = {one.get("key") for one in declared if isinstance(one, Mapping)}
    complete = list(declared)
    if name_field == "name" and "name" not in keys:
        complete.insert(0, {"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True})
    if ownable:
        complete += [one for one in (owner_definition(), department_definition()) if one["key"] not in keys]
    return complete


def _key(reader: Reader, label: Text, limit: int, taken: Collection[str] = ()) -> str:
    key = reader.text("key")
    if not key:
        return key_of(label, {*taken, *RESERVED_KEYS}, limit)
    if len(key) > limit or not _OBJECT_KEY.fullmatch(key):
        raise reader.place.at("key").refuse(NO_KEY.fill(key=key, limit=limit), near=near(key, taken))
    return key
