"""The gates of a batch: every distinct Check is evaluated, in one SELECT, on the candidates that carry it.

Gates read through the scope of the system, since what a move has to meet does not depend on what its maker may see;
only "me" and "today" are the maker's.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from liaoran.access.scope import Scope, system_scope
from liaoran.kernel.conditions import Condition
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.ports import Candidate, Check
from liaoran.kernel.text import Text
from liaoran.query.candidates import CandidateRow, UnmetLeaf, compile_on_candidates, judge_of
from liaoran.query.paths import resolve_path, target_of
from liaoran.query.sentences import leaf_text
from liaoran.records.context import WriteContext

NOT_SO = Text("并非（{leaf}）", "not ({leaf})")
_SHOWN_LEAVES = 5
NOT_EVALUABLE = Text(
    "一项检查无法进行（{why}），请联系管理员", "one of the checks cannot be made ({why}); please tell an administrator"
)


async def check_gates(context: WriteContext, candidates: Sequence[Candidate]) -> None:
    """Adds the problem of each Check that a candidate does not meet, with the value found in its evidence. A Condition
    that cannot be evaluated refuses what carries it; it never lets it pass."""
    for candidate, unmet in await unmet_checks(context, candidates):
        candidate.problems += [told(context, one, candidate) for one in unmet]


@dataclass(frozen=True, slots=True)
class UnmetCheck:
    """A Check that a candidate does not meet, and the leaves of its Condition that stand in the way."""

    check: Check
    leaves: tuple[UnmetLeaf, ...] = ()


async def unmet_checks(
    context: WriteContext, candidates: Sequence[Candidate]
) -> list[tuple[Candidate, list[UnmetCheck]]]:
    """The candidates that carry Checks, each with those that it does not meet."""
    carriers = [one for one in candidates if one.checks]
    if not carriers:
        return []
    numbers: dict[Hashable, int | None] = {}
    known: list[Check] = []
    for one in carriers:
        for check in one.checks:
            if check.key not in numbers:
                sound = _can_be_evaluated(context, check.condition, len(known))
                numbers[check.key] = len(known) if sound else None
                if sound:
                    known.append(check)
    rows = [_row(one, numbers) for one in carriers]
    plan = compile_on_candidates(
        readers(context), context.object.key, [one.condition for one in known], rows, asker=context.scope
    )
    answer = plan.read_places(await context.tx.fetch_json(plan.plan.statement, plan.plan.binds)) if known else {}
    broken = [
        [UnmetCheck(replace(one, problem=_broken(one))) for one in each.checks if numbers[one.key] is None]
        for each in carriers
    ]
    return [
        (one, broken[place] + [UnmetCheck(known[unmet.condition], unmet.leaves) for unmet in answer.get(place, ())])
        for place, one in enumerate(carriers)
    ]


def readers(context: WriteContext) -> Scope:
    """The scope of the system, made once for the call."""
    found: Scope | None = context.seen.get("readers")
    if found is None:
        found = context.seen["readers"] = system_scope(context.snapshot)
    return found


def _params(context: WriteContext) -> dict[str, Any]:
    """The binds of who writes, taken once for the call."""
    found: dict[str, Any] | None = context.seen.get("params")
    if found is None:
        found = context.seen["params"] = context.scope.params()
    return found


def _can_be_evaluated(context: WriteContext, condition: Condition, place: int) -> bool:
    try:
        judge_of(readers(context), context.object.key, condition, _params(context), place=place)
    except Invalid:
        return False
    return True


def _row(one: Candidate, numbers: Mapping[Hashable, int | None]) -> CandidateRow:
    stamps: dict[str, Any] = {"version": one.version, "updated_at": one.at, "updated_by": one.by, **one.stamps}
    asked = [number for check in one.checks if (number := numbers[check.key]) is not None]
    return CandidateRow(one.id, {**stamps, **one.new}, one.old, asked)


def _broken(check: Check) -> Problem:
    message = NOT_EVALUABLE.fill(why=check.problem.message)
    return replace(check.problem, code="gate_not_evaluable", message=message)


def told(context: WriteContext, unmet: UnmetCheck, candidate: Candidate) -> Problem:
    """The problem as the writer is told: with the value found, or with what in the Condition stands in the way."""
    problem = unmet.check.problem
    if problem.field is not None:
        shown = context.scope.shows_plainly(context.object.key, problem.field)
        value = candidate.new.get(problem.field) if shown else None
        return replace(problem, evidence={**problem.evidence, "value": value})
    leaves = [_said(context, one) for one in unmet.leaves[:_SHOWN_LEAVES]]
    return replace(problem, evidence={**problem.evidence, "leaves": leaves}) if leaves else problem


def _said(context: WriteContext, unmet: UnmetLeaf) -> dict[str, Any]:
    said = leaf_text(unmet.leaf, readers(context), context.object.key)
    wanted = NOT_SO.fill(leaf=said) if unmet.negated else said
    value = unmet.value if may_be_told(context.scope, context.object.key, unmet.leaf.field) else None
    return {"field": unmet.leaf.field, "wanted": wanted.to_json(), "value": value}


def may_be_told(scope: Scope, object_key: str, text: str) -> bool:
    """Whether the actor would see the value that a gate has found: gates themselves see everything."""
    try:
        path = resolve_path(scope, object_key, text, old=True, evidence=True)
    except Invalid:
        return False
    if path.field is not None and not scope.shows_plainly(path.owner, path.field.key):
        return False
    return all(scope.reaches_all(target_of(hop), "read") for hop in path.hops)
