"""The small parts of a definition: who, checks, outputs, days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast, get_args
from uuid import UUID

from liaoran.kernel.text import EMPTY, Text
from liaoran.process.definition.subject import Subject, refuse_repeated
from liaoran.schema.processes import Output, OutputKind, StateCheck, Who, WhoKind
from liaoran.schema.reading import Place, Reader

MAXIMUM_DAYS = 3650
_HIGHEST_MANAGER = 3
_WHO_KINDS: tuple[WhoKind, ...] = get_args(WhoKind)
_OUTPUT_KINDS: tuple[OutputKind, ...] = get_args(OutputKind)
T = TypeVar("T")


def read_each(reader: Reader, name: str, read: Callable[[Reader], T]) -> tuple[T, ...]:
    """The items of a list, each read at its place."""
    place = reader.place.at(name)
    return tuple(read(Reader(item, place.at(index))) for index, item in enumerate(reader.items(name)))


def read_maybe(reader: Reader, name: str, read: Callable[[Reader], T]) -> T | None:
    """A part that may be absent."""
    return read(Reader(reader.raw(name), reader.place.at(name))) if reader.has(name) else None


def read_number(reader: Reader, name: str, maximum: float = MAXIMUM_DAYS) -> float | None:
    """A number above 0, or None where absent."""
    value = reader.number(name)
    if value is not None and not 0 < value <= maximum:
        message = Text("应大于 0 且不超过 {limit}", "must be more than 0 and at most {limit}").fill(limit=maximum)
        raise reader.place.at(name).refuse(message, found=value)
    return value


def read_who(subject: Subject, reader: Reader) -> Who:
    """``{"who", …}`` with what its kind needs."""
    kind = cast(WhoKind, reader.one_of("who", _WHO_KINDS))
    who = Who(kind)
    if kind in ("role", "field"):
        who = Who(kind, key=reader.text(kind, required=True))
    if kind in ("person", "department"):
        who = Who(kind, id=_id(reader, kind))
    if kind == "manager":
        who = Who(kind, level=reader.integer("level", 1, 1, _HIGHEST_MANAGER))
    reader.done()
    if kind == "field":
        _refuse_no_person(subject, reader.place.at("field"), cast(str, who.key))
    elif kind in ("owner", "manager"):
        _refuse_no_person(subject, reader.place.at("who"), "owner")
    elif kind == "department_head":
        subject.field(reader.place.at("who"), "department")
    return who


def _id(reader: Reader, name: str) -> UUID:
    value = reader.text(name, required=True)
    try:
        return UUID(value)
    except ValueError:
        message = Text("应为记录的编号（UUID）", "must be the id of a record (UUID)")
        raise reader.place.at(name).refuse(message, found=value) from None


def _refuse_no_person(subject: Subject, place: Place, key: str) -> None:
    one = subject.field(place, key)
    if one.target != "person":
        message = Text("“{field}”不是人员字段", "“{field}” is not a person field").fill(field=one.label)
        raise place.refuse(message, found=key)


def read_checks(subject: Subject, reader: Reader, name: str) -> tuple[StateCheck, ...]:
    """Labelled Conditions; their keys, made up where they are left out, tell them apart for good."""
    found = tuple(
        _check(subject, Reader(item, reader.place.at(name).at(index)), index)
        for index, item in enumerate(reader.items(name))
    )
    refuse_repeated((one.key, reader.place.at(name).at(index)) for index, one in enumerate(found))
    return found


def _check(subject: Subject, reader: Reader, index: int) -> StateCheck:
    check = StateCheck(
        key=reader.text("key", f"check_{index + 1}"),
        label=reader.label("label"),
        condition=subject.condition(reader, "condition"),
        always=reader.flag("always"),
    )
    reader.done()
    return check


def read_output(subject: Subject, reader: Reader) -> Output:
    """What is left behind."""
    kind = cast(OutputKind, reader.one_of("kind", _OUTPUT_KINDS))
    output = Output(
        kind,
        reader.label("label", EMPTY),
        document_type=reader.text("document_type") or None,
        field=reader.text("field") or None,
        object=reader.text("object") or None,
    )
    reader.done()
    named: dict[OutputKind, Any] = {"document": output.document_type, "field": output.field, "record": output.object}
    if kind in named and not named[kind]:
        raise reader.place.refuse(Text("没有说明是哪一个", "it does not say which one"), found=kind)
    if output.field:
        subject.field(reader.place.at("field"), output.field)
    return output
