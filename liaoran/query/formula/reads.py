"""What a formula reads, for those who need to know before it is compiled."""

from __future__ import annotations

from liaoran.kernel.errors import Invalid
from liaoran.query.formula.parser import parse_formula
from liaoran.query.formula.typed import paths_of
from liaoran.query.formula.typing import Typer
from liaoran.query.paths import Path
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field


def formula_paths(rows: Rows, object_key: str, one: Field) -> tuple[Path, ...]:
    """The paths that the formula Field reads; none where it does not fit these Rows."""
    try:
        return tuple(paths_of(Typer(rows, object_key).type(parse_formula(one.options["expression"]))))
    except Invalid:
        return ()
