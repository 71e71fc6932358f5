"""Visits: one row per stay in a state. What a batch changes about them, and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.process.moves import followed_by
from liaoran.schema.snapshot import Object, Process


def visits_delta(
    owner: Object, field: str, processes: Sequence[Process], candidates: Sequence[Candidate]
) -> list[dict[str, Any]]:
    """The stays that begin with this batch, as JSON rows for ``upkeep``; each ends the one before it.

    ``amount`` and ``currency`` are the record's at that moment. The bin does not end a stay: a record that comes back
    is where it was.
    """
    keys = [one.key for one in processes]
    entries = []
    for one in candidates:
        if one.kind not in (EventKind.CREATED, EventKind.UPDATED):
            continue
        process, state = followed_by(one.new, processes), one.new.get(field)
        if process is None or state is None:
            continue
        old = one.old
        before = None if old is None else old.get(field)
        if old is not None and before == state and followed_by(old, processes) is process:
            continue
        entries.append(
            {
                "record": one.id,
                "fresh": old is None,
                "process": process.key,
                "process_version": process.version,
                "state": state,
                "from_state": before,
                "at": one.at,
                "by": one.by,
                "by_label": one.by_label,
                "amount": one.new.get(process.sum_field) if process.sum_field else None,
                "currency": currency_of(owner, process, one.new),
                "processes": keys,
            }
        )
    return entries


def currency_of(owner: Object, process: Process, values: Any) -> str | None:
    """The currency of the amount that the Process adds up; None where it is a plain number or empty."""
    summed = owner.fields.get(process.sum_field) if process.sum_field else None
    companion = summed.options.get("currency_field") if summed is not None else None
    return values.get(companion) if companion else None
