"""Installing a pack has its formulas checked, as ``app.py`` arranges it at the start."""

from __future__ import annotations

import pytest

from liaoran.query.expressions import FormulaChecker
from liaoran.schema.expressions import register_checker


@pytest.fixture(autouse=True)
def _formulas_are_checked() -> None:
    register_checker(FormulaChecker())
