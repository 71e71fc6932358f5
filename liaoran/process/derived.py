"""Fields that follow from a move or from the state: what the transition sets, status, probability, forecast category,
day of closing."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from liaoran.kernel.ports import Candidate
from liaoran.process.moves import way_between
from liaoran.records.context import WriteContext
from liaoran.schema.processes import Process, State

CLOSED = ("won", "lost")


def take_effects(context: WriteContext, process: Process, before: State, state: State, candidate: Candidate) -> None:
    """What the transition sets; a value that the writer gave stands. An amount comes with its currency."""
    transition = way_between(process, before, state).transition
    for key, value in (transition.effects if transition else {}).items():
        if key not in candidate.given:
            candidate.put(key, value)
    for amount, currency in context.shape.amounts:
        if amount in candidate.new and currency not in candidate.new:
            candidate.put(currency, context.snapshot.currency)


def derive_values(
    context: WriteContext, process: Process, state: State, candidate: Candidate, *, before: State | None, moved: bool
) -> None:
    """Puts the derived values into the candidate.

    Status and, in a closed state, the probability always follow. In an open state the probability of the state is
    taken at a move unless the writer gave another one, and can be changed while the record stays; the forecast category
    likewise in every state. The day of closing is the writer's or today, and goes when the record is open again.
    """
    derived = process.derived
    status = derived.get("status")
    if status and state.kind in status:
        candidate.put(status.get("field", "status"), status[state.kind])
    probability, category = derived.get("probability"), derived.get("forecast_category")
    if probability and (state.kind in CLOSED or (moved and not _decided(candidate, probability))):
        candidate.put(probability, state.probability)
    if category and state.forecast_category and moved and not _decided(candidate, category):
        candidate.put(category, state.forecast_category)
    closed_on = derived.get("closed_on")
    if closed_on:
        _derive_closing(context, closed_on, state, candidate, before=before, moved=moved)


def _decided(candidate: Candidate, key: str) -> bool:
    """Whether the writer gave a value (an empty cell of a file decides nothing)."""
    return key in candidate.given and key in candidate.new


def _derive_closing(
    context: WriteContext, key: str, state: State, candidate: Candidate, *, before: State | None, moved: bool
) -> None:
    if state.kind not in CLOSED:
        candidate.put(key, None)
    elif key not in candidate.new or (moved and before is not None and not _decided(candidate, key)):
        candidate.put(key, _day_of(context, candidate).isoformat())


def _day_of(context: WriteContext, candidate: Candidate) -> date:
    zone: Any = context.seen.get("zone")
    if zone is None:
        zone = context.seen["zone"] = ZoneInfo(context.actor.zone)
    return candidate.at.astimezone(zone).date()
