"""formula: a value computed from other Fields of the record, in an Excel-like language.

Options: ``expression`` (required), ``result`` (text, number, boolean, date, instant: found from the expression).
"""

from __future__ import annotations

from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.expressions import checker
from liaoran.schema.field_types._computed import RESULTS, Computed
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Field, Snapshot


class Formula(Computed):
    """Checked through the port ``schema.expressions``; owns no column."""

    key = "formula"
    label = Text("公式", "Formula")

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``expression`` and ``result``."""
        result = {"result": reader.one_of("result", RESULTS)} if reader.has("result") else {}
        return {"expression": reader.text("expression", required=True)} | result

    def check_references(self, one: Field, snapshot: Snapshot, place: Place) -> dict[str, Any]:
        """The expression must be well typed in the catalogue as it will be; sets ``result``."""
        kind = checker().check_formula(snapshot, one.object, one.key, one.options["expression"])
        return {**one.options, "result": kind.value}


FORMULA = Formula()
