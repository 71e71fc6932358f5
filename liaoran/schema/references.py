"""What must hold across the whole catalogue: targets exist, expressions are well typed, defaults and layouts fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from liaoran.kernel.errors import Conflict, Invalid, LiaoranError
from liaoran.kernel.text import Text
from liaoran.schema.activities import check_activity
from liaoran.schema.catalogue import Contents, build
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.health import check_health
from liaoran.schema.reading import Place, near
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object, Snapshot
from liaoran.schema.task_forms import check_task_form

ROUNDS = 6
"""Results of formulas over formulas settle within so many rounds, or never."""

_NOBODY = "00000000-0000-0000-0000-000000000000"
_DEFAULTS = ParseContext(me=_NOBODY, my_department=_NOBODY)
STILL_USED = Text("“{object}.{field}”会因此失效：{reason}", "“{object}.{field}” would break: {reason}")


def settle(
    contents: Contents, schema: str, touched: Collection[tuple[str, str]], places: Mapping[tuple[str, str], Place]
) -> tuple[Contents, Snapshot]:
    """The contents with options completed (results of formulas), and their Snapshot.

    Raises Invalid naming the place for ``touched`` Fields, Conflict (``still_used``) where a Field that nobody touched
    would break. Objects of touched Fields, and those touched as a whole (field ""), have name Field and layouts
    checked.
    """
    for _ in range(ROUNDS):
        snapshot = build(contents, schema)
        fields = dict(contents.fields)
        for one in _active_fields(snapshot):
            mark = (one.object, one.key)
            options = _checked_options(
                one, snapshot, places.get(mark, Place(f"{one.object}.{one.key}")), mark in touched
            )
            if options != one.options:
                entry = fields[mark]
                fields[mark] = replace(entry, definition={**entry.definition, "options": options})
        if fields == contents.fields:
            break
        contents = replace(contents, fields=fields)
    for object_key in {key for key, _ in touched}:
        one_object = snapshot.objects[object_key]
        if not one_object.retired:
            _check_object(one_object, places.get((object_key, ""), Place(object_key)))
    for mark in touched:
        field = snapshot.objects[mark[0]].fields.get(mark[1])
        if field is not None and not field.retired:
            place = places.get(mark, Place(f"{mark[0]}.{mark[1]}"))
            _check_default(field, place)
            _check_index(field, snapshot.objects[mark[0]], place)
    return contents, snapshot


def _active_fields(snapshot: Snapshot) -> Iterator[Field]:
    for one in snapshot.objects.values():
        if not one.retired:
            yield from one.active_fields


def _checked_options(one: Field, snapshot: Snapshot, place: Place, touched: bool) -> dict[str, Any]:
    try:
        return type_of(one).check_references(one, snapshot, place)
    except LiaoranError as refused:
        if touched:
            raise _placed(refused, place) from None
        owner = snapshot.objects[one.object]
        message = STILL_USED.fill(object=owner.label, field=one.label, reason=refused.message)
        extra = {"object": one.object, "field": one.key}
        raise Conflict(message, code="still_used", extra=extra) from refused


def _placed(refused: LiaoranError, place: Place) -> LiaoranError:
    """A refusal of an expression with the place of its Field beside it; those of references have theirs."""
    if "at" in refused.extra:
        return refused
    extra = {"at": place.at("options").path, **refused.extra}
    return Invalid(refused.message, code=refused.code, problems=refused.problems, extra=extra)


def _check_object(one: Object, place: Place) -> None:
    name = one.fields.get(one.name_field)
    if name is None or name.retired or not type_of(name).can_be_name:
        raise place.at("name_field").refuse(
            Text("“{key}”不能作为名称字段", "“{key}” cannot be the name field").fill(key=one.name_field)
        )
    check_activity(one, place.at("activity"))
    check_task_form(one, place.at("task_form"))
    check_health(one.health, {key for key, field in one.fields.items() if not field.retired}, place.at("health"))
    for at, path in _layout_paths(one.layouts, place.at("layouts")):
        key = path.partition(".")[0]
        if key not in one.fields and key not in ("id", "version"):
            meant = near(key, one.fields)
            raise at.refuse(
                Text("没有名为“{key}”的字段", "there is no field “{key}”").fill(key=key), "unknown_field", near=meant
            )


def _check_index(one: Field, owner: Object, place: Place) -> None:
    """An index within another Field needs that Field, with a column of its own."""
    if one.indexed_within is None:
        return
    within = owner.fields.get(one.indexed_within)
    if within is None or within.retired or within.computed or within.key == one.key:
        message = Text("“{key}”不是可用的字段", "“{key}” is not a field that serves here")
        raise place.at("indexed_within").refuse(message.fill(key=one.indexed_within), "unknown_field")


def _layout_paths(value: Any, place: Place, named: bool = False) -> Iterator[tuple[Place, str]]:
    """The Field paths in layouts: strings in columns, header, card, sums and fields, and ``field`` of sorts."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            at = place.at(str(key))
            if key == "field" and isinstance(part, str):
                yield at, part
            else:
                yield from _layout_paths(part, at, key in ("columns", "header", "card", "sums", "fields"))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            if named and isinstance(part, str):
                yield place.at(index), part
            else:
                yield from _layout_paths(part, place.at(index))


def _check_default(one: Field, place: Place) -> None:
    if one.default is None:
        return
    try:
        type_of(one).parse(one.default, one, _DEFAULTS)
    except ValueProblem as refused:
        raise place.at("default").refuse(refused.problem.message, refused.problem.code, value=one.default) from None
