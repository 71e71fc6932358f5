"""Health 健康度 of records: signals over an Object's records, and what each level means and asks to be done.

A part of the Object's definition::

    "health": {"applies": Condition,
               "levels": [{"key", "label", "meaning", "action", "color"}],
               "signals": [{"key", "level", "label", "condition", "action"}]}

``levels`` go from worst to best: a record is at the first level that one of its signals speaks for, else at the last.
``applies`` says for which records there is a health at all. A signal may have an ``action`` of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.conditions import ALWAYS, Condition, condition_to_json, leaves_of, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import EMPTY, Text
from liaoran.schema.reading import Place, Reader, near

MOST_SIGNALS = 30
_FIELD = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class HealthLevel:
    """One level: what it means and what is to be done; ``color`` is a name of the pages' palette."""

    key: str
    label: Text
    meaning: Text = EMPTY
    action: Text = EMPTY
    color: str | None = None


@dataclass(frozen=True, slots=True)
class HealthSignal:
    """A Condition that speaks for a level where it holds."""

    key: str
    level: str
    label: Text
    condition: Condition
    action: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Health:
    """``levels`` from worst to best; ``applies`` says which records have a health."""

    applies: Condition
    levels: tuple[HealthLevel, ...]
    signals: tuple[HealthSignal, ...]


def read_health(reader: Reader) -> dict[str, Any] | None:
    """The part ``health`` of an Object's definition, complete; None where there is none. Raises Invalid by place."""
    given = reader.part("health")
    if not given:
        return None
    part = Reader(given, reader.place.at("health"))
    applies = _condition(part, "applies")
    levels = [_level(Reader(one, part.place.at("levels").at(n))) for n, one in enumerate(part.items("levels"))]
    known = [one["key"] for one in levels]
    place = part.place.at("signals")
    signals = [_signal(Reader(one, place.at(n)), known) for n, one in enumerate(part.items("signals"))]
    part.done()
    if len(levels) < 2:
        raise part.place.at("levels").refuse(Text("至少需要两个级别", "at least two levels are needed"))
    if len(signals) > MOST_SIGNALS:
        raise place.refuse(Text("最多 {most} 个信号", "at most {most} signals").fill(most=MOST_SIGNALS))
    for at, keys in ((part.place.at("levels"), known), (place, [one["key"] for one in signals])):
        if len(set(keys)) < len(keys):
            raise at.refuse(Text("代号重复了", "a key occurs twice"), code="repeated")
    return {"applies": applies, "levels": levels, "signals": signals}


def build_health(definition: Mapping[str, Any] | None) -> Health | None:
    """The Health of a complete definition."""
    if not definition:
        return None
    return Health(
        parse_condition(definition["applies"]) if definition["applies"] else ALWAYS,
        tuple(
            HealthLevel(
                one["key"],
                Text.from_json(one["label"]),
                Text.from_json(one["meaning"]),
                Text.from_json(one["action"]),
                one["color"],
            )
            for one in definition["levels"]
        ),
        tuple(
            HealthSignal(
                one["key"],
                one["level"],
                Text.from_json(one["label"]),
                parse_condition(one["condition"]),
                Text.from_json(one["action"]),
            )
            for one in definition["signals"]
        ),
    )


def check_health(health: Health | None, fields: Collection[str], place: Place) -> None:
    """Whether the Fields that Conditions begin with are there. Raises Invalid by place."""
    if health is None:
        return
    named = [(health.applies, place.at("applies"))]
    named += [(one.condition, place.at("signals").at(n)) for n, one in enumerate(health.signals)]
    for condition, at in named:
        for leaf in leaves_of(condition):
            key = leaf.field.partition(".")[0]
            if _FIELD.fullmatch(key) and key not in fields:
                message = Text("没有名为“{key}”的字段", "there is no field “{key}”").fill(key=key)
                raise at.refuse(message, "unknown_field", near=near(key, fields))


def _level(reader: Reader) -> dict[str, Any]:
    level = {
        "key": reader.text("key", required=True),
        "label": reader.label("label").to_json(),
        "meaning": reader.label("meaning", EMPTY).to_json(),
        "action": reader.label("action", EMPTY).to_json(),
        "color": reader.text("color") or None,
    }
    reader.done()
    return level


def _signal(reader: Reader, levels: list[str]) -> dict[str, Any]:
    signal = {
        "key": reader.text("key", required=True),
        "level": reader.one_of("level", levels),
        "label": reader.label("label").to_json(),
        "condition": _condition(reader, "condition"),
        "action": reader.label("action", EMPTY).to_json(),
    }
    reader.done()
    return signal


def _condition(reader: Reader, name: str) -> dict[str, Any] | None:
    if not reader.has(name):
        return None
    try:
        return condition_to_json(parse_condition(reader.raw(name)))
    except Invalid as refused:
        raise reader.place.at(name).refuse(refused.message, refused.code) from None
