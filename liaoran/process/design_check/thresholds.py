"""Thresholds: from which figure on a signal speaks. Kept per Process; what nobody has set is the shipped default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.process.design_check.tables import design_checks
from liaoran.schema.reading import Place, Reader

Unit = Literal["share", "days", "count", "times"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """One figure that an administrator may set. A share is a fraction from 0 to 1. ``reason`` says why the default is
    what it is."""

    key: str
    label: Text
    unit: Unit
    default: float
    reason: Text
    least: float = 0
    most: float = 1_000_000

    def to_json(self, value: float) -> dict[str, Any]:
        """As the settings page shows it."""
        return {
            "key": self.key,
            "label": self.label.to_json(),
            "unit": self.unit,
            "value": value,
            "default": self.default,
            "reason": self.reason.to_json(),
            "least": self.least,
            "most": self.most,
        }


def enough(default: int, what: Text) -> Threshold:
    """The number below which a signal stays silent, since a share of a handful says nothing."""
    return Threshold(
        "minimum",
        Text("至少需要多少{what}", "how many {what} are needed").fill(what=what),
        "count",
        default,
        Text(
            "样本太少时比例会大起大落：{n} 个里差 1 个就是 {step}。",
            "a share of few jumps about: of {n}, one more or less makes {step}.",
        ).fill(n=default, step=f"{100 / default:.0f}%"),
        least=1,
    )


class Judging(Protocol):
    """A signal, as far as its settings go."""

    @property
    def key(self) -> str:
        """The signal's key."""
        ...

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """What can be set."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of one signal for one Process. ``on`` says whether it is asked at all."""

    values: Mapping[str, float]
    on: bool = True

    def __getitem__(self, key: str) -> float:
        return self.values[key]


@dataclass(frozen=True, slots=True)
class Settings:
    """What has been set for one Process, by signal."""

    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, signal: Judging) -> Limits:
        """The thresholds of a signal: what has been set, else the shipped defaults."""
        chosen = self.chosen.get(signal.key, {})
        values = {one.key: float(chosen.get(one.key, one.default)) for one in signal.thresholds}
        return Limits(values, bool(chosen.get("on", True)))


_KEY = sa.bindparam("process", type_=sa.Text)
_READ = Statement(sa.select(design_checks.c.thresholds).where(design_checks.c.process == _KEY))
_put = pg.insert(design_checks).values(
    process=_KEY, thresholds=sa.cast(sa.bindparam("thresholds", type_=pg.JSONB), pg.JSONB)
)
_PUT = Statement(_put.on_conflict_do_update(index_elements=["process"], set_={"thresholds": _put.excluded.thresholds}))


async def read_settings(tx: Transaction, process: str) -> Settings:
    """What has been set for the Process."""
    return Settings(await tx.fetch_value(_READ, {"process": process}) or {})


async def set_settings(
    tx: Transaction, scope: Scope, process: str, signals: Sequence[Judging], value: Mapping[str, Any]
) -> None:
    """Replaces what has been set: ``{signal: {"on": bool, threshold: number}}``; what is left out is the default again.

    Raises Forbidden for everybody but administrators, NotFound for an unknown Process, Invalid naming the place for an
    unknown signal or threshold and for a value out of bounds.
    """
    scope.require_administrator()
    scope.require_process(process)
    known = {one.key: one for one in signals}
    chosen: dict[str, dict[str, Any]] = {}
    for key, given in value.items():
        place = Place(key)
        if key not in known:
            raise place.refuse(Text("没有这种检查", "there is no such signal"), known=sorted(known))
        chosen[key] = _checked(known[key], given, place)
    await tx.execute(_PUT, {"process": process, "thresholds": {key: one for key, one in chosen.items() if one}})


def _checked(signal: Judging, given: Any, place: Place) -> dict[str, Any]:
    reader = Reader(given, place)
    found: dict[str, Any] = {}
    if not reader.flag("on", True):
        found["on"] = False
    for one in signal.thresholds:
        value = reader.number(one.key)
        if value is None:
            continue
        if not one.least <= value <= one.most:
            raise _out_of_bounds(one, place, value)
        if value != one.default:
            found[one.key] = value
    reader.done()
    return found


def _out_of_bounds(one: Threshold, place: Place, value: Any) -> Invalid:
    message = Text("“{label}”应在 {least} 到 {most} 之间", "“{label}” must be between {least} and {most}")
    return place.at(one.key).refuse(message.fill(label=one.label, least=one.least, most=one.most), found=value)
