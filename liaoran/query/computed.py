"""Computed Fields: which writer serves formulas and which roll-ups, guarded against circles and hidden parts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.compilation import Compilation, Row
from liaoran.query.formula.compiler import formula_value
from liaoran.query.rollups import rollup_value
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field, unknown_field

_WRITERS = {"formula": formula_value, "rollup": rollup_value}


def compute(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """The value of a computed Field for the record ``row``.

    A Field whose expression reads what the actor may not see is itself not visible: Invalid ``unknown_field`` names it,
    never the hidden part.
    """
    compilation = row.compilation
    here = (one.object, one.key)
    if here in compilation.computing:
        message = Text("公式“{field}”循环引用了自身", "the formula “{field}” refers to itself").fill(field=one.label)
        raise Invalid(message, code="formula_circle", extra={"object": one.object, "field": one.key})
    compilation.count_computed(one)
    compilation.computing.append(here)
    try:
        return _WRITERS[one.type](row, one)
    except Invalid as error:
        if error.code in ("unknown_field", "unknown_object", "invalid_path"):
            raise unknown_field(compilation.rows.snapshot.object(one.object), one.key) from None
        raise
    finally:
        compilation.computing.pop()


def new_compilation(rows: Rows, as_of: bool = False, mark: str = "") -> Compilation:
    """A Compilation that can write computed Fields."""
    return Compilation(rows, compute, as_of, mark)
