"""Visits: one row per stay in a state. What a batch changes about them, and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.process.moves import Track
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Object


def visits_delta(track: Track, candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """The stays that begin with this batch, as JSON rows for ``upkeep``; each ends the one before it.

    ``amount`` and ``currency`` are the record's at that moment. The bin does not end a stay: a record that comes back
    is where it was.
    """
    keys = list(track.by_key)
    entries = []
    for one in candidates:
        if one.kind not in (EventKind.CREATED, EventKind.UPDATED):
            continue
        process, state, old = track.followed_by(one.new), one.new.get(track.field), one.old
        if process is None or state is None:
            continue
        before = None if old is None else old.get(track.field)
        if old is not None and before == state and track.followed_by(old) is process:
            continue
        entry = {
            "record": one.id,
            "fresh": old is None,
            "process": process.key,
            "process_version": process.version,
            "state": state,
            "at": one.at,
            "by": one.by,
            "by_label": one.by_label,
            "amount": one.new.get(process.sum_field) if process.sum_field else None,
            "currency": currency_of(track.owner, process, one.new),
        }
        entries.append(entry if old is None else {**entry, "from_state": before, "processes": keys})
    return entries


def currency_of(owner: Object, process: Process, values: Any) -> str | None:
    """The currency of the amount that the Process adds up; None where it is a plain number or empty."""
    summed = owner.fields.get(process.sum_field) if process.sum_field else None
    companion = summed.options.get("currency_field") if summed is not None else None
    return values.get(companion) if companion else None
