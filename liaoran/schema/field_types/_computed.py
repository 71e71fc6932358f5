"""What formula and rollup share: no column, no writing; the expression is checked by the layer that compiles it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.snapshot import Field

RESULTS = [
    kind.value for kind in (ValueKind.TEXT, ValueKind.NUMBER, ValueKind.BOOLEAN, ValueKind.DATE, ValueKind.INSTANT)
]


class Computed(FieldType):
    """A Field that is read only: compiled to SQL whenever it is read, so it is never stale."""

    kind = ValueKind.NUMBER
    computed = True
    readonly = True

    def kind_of(self, options: Mapping[str, Any]) -> ValueKind:
        """The kind of the result, as found when the expression was checked."""
        return ValueKind(options.get("result", ValueKind.NUMBER))

    def store(self, value: Any, one: Field) -> dict[str, Any]:
        """Nothing is stored."""
        return {}

    def store_many(self, values: list[Any], one: Field) -> dict[str, list[Any]]:
        """Nothing is stored."""
        return {}

    def read(self, raw: Any, one: Field, context: ParseContext) -> NoReturn:
        """Always refused."""
        message = Text("“{field}”由系统计算，不能填写", "“{field}” is computed and cannot be written")
        raise problem(one, "computed_field", message.fill(field=one.label), raw)

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [(1, "computed_field"), ("x", "computed_field")]
