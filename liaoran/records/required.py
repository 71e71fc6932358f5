"""Required Fields: a record that lacks one is not saved, whichever Fields the change itself names."""

from __future__ import annotations

from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.text import Text
from liaoran.records.context import Batch

REQUIRED = Text("“{field}”不能为空", "“{field}” is required")


def require_fields(batch: Batch) -> None:
    """Adds a problem for each required Field that is empty. The system itself (derived values, clean-up) may save a
    record whose gap it has not made."""
    context = batch.context
    for candidate in batch.candidates:
        if candidate.kind not in (EventKind.CREATED, EventKind.UPDATED):
            continue
        told = {problem.field for problem in candidate.problems}
        for one in context.shape.required:
            if one.key in candidate.new or one.key in told:
                continue
            if context.actor.kind == "system" and candidate.old is not None and not candidate.changed(one.key):
                continue
            candidate.problems.append(Problem("required", REQUIRED.fill(field=one.label), field=one.key))
