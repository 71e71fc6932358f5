"""Which process the states of a file belong to, and what each written state means there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from liaoran.exchange.converting import LEFT_EMPTY, Refusal
from liaoran.exchange.imports.choices import ChoiceNames
from liaoran.exchange.mapping.stages import stage_of
from liaoran.exchange.readers.table import Cell, cell_text
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Choice, Object, Process

UNKNOWN = Text(
    "流程“{process}”没有阶段“{value}”；请对应到已有阶段，或按文件中的阶段新建流程",
    "the process “{process}” has no state “{value}”; choose one of its states, or create a process from those of the "
    "file",
)


def state_names(process: Process) -> ChoiceNames:
    """The states of a process by all writings that mean them."""
    return ChoiceNames(Choice(state.key, state.label) for state in process.states)


def processes_over(owner: Object, field_key: str) -> list[Process]:
    """The processes of the Object over one choice Field, the default one first."""
    found = [one for one in owner.processes if one.field == field_key]
    return sorted(found, key=lambda one: not one.is_default)


def process_for(owner: Object, field_key: str, texts: Iterable[str], values: Mapping[str, Any]) -> Process | None:
    """The first process that knows every written state (as ``values`` reads them), or None."""
    wanted = {_read(text, values) for text in texts} - {None}
    for process in processes_over(owner, field_key):
        names = state_names(process)
        if all(names.find(str(text)) is not None for text in wanted):
            return process
    return None


def state_meanings(process: Process, texts: Iterable[str], values: Mapping[str, Any], missing: str) -> dict[str, Any]:
    """For each written state the key of the state it means, None for empty, or a Refusal."""
    names = state_names(process)
    meanings: dict[str, Any] = {}
    for text in texts:
        read = _read(text, values)
        key = None if read is None else names.find(str(read))
        if read is not None and key is None and missing != "empty":
            meanings[text] = Refusal("unknown_state", UNKNOWN.fill(process=process.label, value=text[:80]))
        elif read is not None and key is None:
            meanings[text] = LEFT_EMPTY
        else:
            meanings[text] = key
    return meanings


class Outcome:
    """A column beside the states that says won or lost: rows that are still in an open state go to the closed one."""

    def __init__(self, process: Process, index: int) -> None:
        self._process = process
        self._index = index
        self._kinds: dict[Cell, str] = {}
        self._states = {state.kind: state.key for state in reversed(process.states)}

    def settle(self, cells: Sequence[Cell], values: dict[str, Any]) -> None:
        """Puts the closed state into the values of a row where its cell says so."""
        cell = cells[self._index]
        kind = self._kinds.get(cell)
        if kind is None:
            kind = self._kinds[cell] = stage_of(cell_text(cell)).kind if cell != "" else "open"
        if kind not in ("won", "lost") or kind not in self._states:
            return
        state = self._process.state_by_key.get(values.get(self._process.field, ""))
        if state is None or state.kind not in ("won", "lost"):
            values[self._process.field] = self._states[kind]


def _read(text: str, values: Mapping[str, Any]) -> Any:
    return values.get(text, text)
