"""Processes that name a person: where they do, and the same Process with somebody else in that place.

A published version never changes, so putting somebody in the place of another publishes the next version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.process.publish import Publication, publish_process
from liaoran.process.versions import read_version
from liaoran.schema.process_json import process_to_json
from liaoran.schema.processes import Process, Who
from liaoran.schema.snapshot import Snapshot

_APPROVAL = Text("审批“{label}”", "approval “{label}”")
_STATE = Text("阶段“{label}”", "stage “{label}”")
_MOVE = Text("推进“{label}”", "move “{label}”")


def processes_naming(snapshot: Snapshot, person: UUID) -> list[tuple[Process, list[Text]]]:
    """The Processes in use that name the person, each with the parts of it that do, in words."""
    processes = [process for one in snapshot.objects.values() if not one.retired for process in one.processes]
    named = [(process, list(dict.fromkeys(_parts(process, person)))) for process in processes]
    return [(process, parts) for process, parts in named if parts]


async def put_in_place(
    tx: Transaction, scope: Scope, process: Process, person: UUID, to: UUID, note: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Publishes the Process with ``to`` wherever it names ``person``; gives ``{version}`` before and after. Raises as
    ``publish_process``."""
    definition = _replaced(process_to_json(process), _json(person), _json(to))
    snapshot = await publish_process(tx, scope, definition, Publication(note=note))
    published = snapshot.process(process.key)
    return {"version": process.version}, {"version": published.version if published else process.version}


async def take_place_back(tx: Transaction, scope: Scope, key: str, before: int, after: int, note: str | None) -> bool:
    """Publishes the version before again; False where another version has been published since."""
    current = scope.snapshot.process(key)
    if current is None or current.version != after:
        return False
    await publish_process(tx, scope, await read_version(tx, key, before), Publication(note=note))
    return True


def _parts(process: Process, person: UUID) -> Iterator[Text]:
    for state in process.states:
        people = [state.accountable, state.hand_over, *state.team, *(one.who for one in state.actions)]
        if _names(people, person):
            yield _STATE.fill(label=state.label)
    for move in process.transitions:
        if _names(move.who, person):
            yield _MOVE.fill(label=move.label or process.state_by_key[move.to].label)
    for approval in process.approvals:
        if _names([who for step in approval.steps for who in (*step.who, step.escalate_to)], person):
            yield _APPROVAL.fill(label=approval.label)


def _names(people: Any, person: UUID) -> bool:
    return any(isinstance(who, Who) and who.kind == "person" and who.id == person for who in people)


def _json(person: UUID) -> dict[str, str]:
    return {"who": "person", "person": str(person)}


def _replaced(value: Any, old: dict[str, str], new: dict[str, str]) -> Any:
    """The same JSON with ``new`` for ``old``; in a list nobody stands twice."""
    if value == old:
        return dict(new)
    if isinstance(value, dict):
        return {key: _replaced(part, old, new) for key, part in value.items()}
    if isinstance(value, list):
        parts = [_replaced(part, old, new) for part in value]
        return [part for index, part in enumerate(parts) if part != new or new not in parts[:index]]
    return value
