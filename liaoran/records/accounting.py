"""What the audit log is told of a write: records that went into the bin, came back, or were merged into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liaoran.audit import note
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.records.context import WriteContext

_NOTED: Mapping[EventKind, str] = {
    EventKind.DELETED: "records.deleted",
    EventKind.RESTORED: "records.restored",
    EventKind.MERGED: "records.merged",
}
MOST_NAMED = 50
"""Most records of one write that are named one by one."""


def account_for(context: WriteContext, written: Sequence[Candidate]) -> None:
    """Notes what of a batch concerns the audit log; records are named by id only, so that erasing one leaves nothing."""
    for kind, noted in _NOTED.items():
        records = [one.id for one in written if one.kind is kind]
        if not records:
            continue
        facts: dict[str, Any] = {
            "count": len(records),
            "door": str(context.cause.door),
            "action": str(context.cause.action),
        }
        if len(records) > 1:
            facts["records"] = [str(one) for one in records[:MOST_NAMED]]
        record = records[0] if len(records) == 1 else None
        note(context.tx, noted, context.actor, object=context.object.key, record=record, facts=facts)
