"""Turning rejections of a batch into the one error that a call ends with."""

from __future__ import annotations

from dataclasses import replace

from liaoran.records.changes import SEVERITY, Rejected
from liaoran.records.context import Batch


def raise_rejections(batch: Batch) -> None:
    """Raises the error of the rejected change, or one for all of them: of the gravest kind, with every problem.

    Where the call holds several changes, each problem's evidence tells the ``position`` of its change.
    """
    rejected = [(position, one) for position, one in sorted(batch.outcomes.items()) if isinstance(one, Rejected)]
    if not rejected:
        return
    if len(batch.changes) == 1:
        raise rejected[0][1].error()
    kind = min((one.kind for _, one in rejected), key=SEVERITY.index)
    problems = tuple(
        replace(problem, evidence={**problem.evidence, "position": position})
        for position, one in rejected
        for problem in one.problems
    )
    first = next(one for _, one in rejected if one.kind is kind)
    raise Rejected(problems, kind, first.id, first.extra).error()
