"""Subject: what a leaf asks about, as far as reading its value goes: the path, the operator, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from liaoran.kernel.conditions import Condition
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.paths import Path
from liaoran.query.rows import Rows
from liaoran.schema.field_types.base import ParseContext
from liaoran.schema.snapshot import Field

if TYPE_CHECKING:
    from liaoran.query.bound import Bound

_OF_TIME = frozenset({ValueKind.DATE, ValueKind.INSTANT})


class Within(Protocol):
    """What a "has" does with the Condition in its value, which is about another Object."""

    def bind(self, condition: Condition, object_key: str) -> tuple[Bound, list[Any]]:
        """The bound Condition and its values; the names in it are the places of the values."""
        ...

    def say(self, condition: Condition, object_key: str) -> Text:
        """The Condition in words."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """The path of a leaf, its operator's key, and the actor's binds (``Rows.params``). ``inner`` reads a Condition in
    the leaf's value; None where there may be none."""

    path: Path
    op: str
    rows: Rows
    params: Mapping[str, Any]
    inner: Within | None = None

    @property
    def kind(self) -> ValueKind:
        """The value kind that the operator works on."""
        return self.path.kind

    @property
    def field(self) -> Field | None:
        """The Field at the end of the path, None for a count or evidence."""
        return self.path.field

    @property
    def today(self) -> date:
        """Today where the actor is."""
        day: date = self.params["today"]
        return day

    @property
    def zone(self) -> str:
        """The actor's time zone."""
        return str(self.params["zone"])

    @property
    def parsing(self) -> ParseContext:
        """How raw values are read: retired choices may be asked for, only writing refuses them. The actor's clock is
        looked at for days and moments alone, so that other values can be told to be the same for everybody."""
        language = self.rows.snapshot.language
        if self.kind not in _OF_TIME:
            return ParseContext(language=language, allow_retired=True)
        now: datetime = self.params["now"]
        return ParseContext(zone=self.zone, now=now, language=language, allow_retired=True)

    def refuse(self, why: Text, raw: Any, code: str = "invalid_value") -> Invalid:
        """The error for a value that the operator cannot take: names field, operator and value."""
        shown = raw if raw is None or isinstance(raw, bool | int | float) else str(raw)[:200]
        message = Text("“{field}”（{op}）的值不正确：{why}", "the value for “{field}” ({op}) is not valid: {why}").fill(
            field=self.path.label, op=self.op, why=why
        )
        evidence = {"op": self.op, "value": shown}
        return Invalid(
            message,
            code="invalid_condition",
            problems=(Problem(code, message, field=self.path.text, evidence=evidence),),
            extra={"field": self.path.text, **evidence},
        )
