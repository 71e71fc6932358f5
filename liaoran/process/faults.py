"""What of a published Process cannot be evaluated any more, so that an administrator is told before somebody is held up.

A Condition that names what is gone (a retired Field, an Object, a choice, a kind of evidence) lets nobody through; whoever
moves a record is told that, too, but cannot mend it.
"""

from __future__ import annotations

from typing import Any

from liaoran.access.scope import system_scope
from liaoran.kernel.errors import Invalid
from liaoran.process.placed import placed_conditions
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Snapshot

_faults: LeastRecentlyUsed[list[dict[str, Any]]] = LeastRecentlyUsed(500)


def faults_of(snapshot: Snapshot, process: Process) -> list[dict[str, Any]]:
    """``{at, kind, key, part, where, label, message, code}`` for each Condition that cannot be evaluated: the place in
    the definition, the state, transition or approval and its part, both in words, and why. Kept per version of the
    catalogue."""
    return _faults.get((snapshot.identity, process.key, process.version), lambda: _find(snapshot, process))


def _find(snapshot: Snapshot, process: Process) -> list[dict[str, Any]]:
    rows, found = system_scope(snapshot), list[dict[str, Any]]()
    for one in placed_conditions(process):
        try:
            bind_condition(one.condition, rows, process.object, rows.params(), Binder(), candidates=True)
        except Invalid as refused:
            found.append(
                {
                    "at": one.at.path,
                    "kind": one.kind,
                    "key": one.key,
                    "part": one.part,
                    "where": one.where.to_json(),
                    "label": one.label.to_json(),
                    "message": refused.message.to_json(),
                    "code": refused.code,
                }
            )
    return found
