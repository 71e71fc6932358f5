"""What is wrong with a formula, and where."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text
from liaoran.query.formula.nodes import Place


def formula_error(place: Place, why: Text, expected: Sequence[str] = (), code: str = "invalid_formula") -> Invalid:
    """The error to raise: its message says what is wrong and then where, ``extra`` carries ``position, line, column,
    expected``."""
    where = {"position": place.position, "line": place.line, "column": place.column}
    message = Text(
        f"{why.zh}（公式第 {place.line} 行第 {place.column} 个字）",
        f"{why.en} (formula, line {place.line}, column {place.column})",
    )
    evidence = {**where, "expected": list(expected)}
    return Invalid(message, code=code, problems=(Problem(code, message, evidence=evidence),), extra=evidence)
