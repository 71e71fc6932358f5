"""Which process the states of a file belong to, and what each written state means there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liaoran.exchange.converting import LEFT_EMPTY, Refusal
from liaoran.exchange.imports.choices import ChoiceNames
from liaoran.exchange.mapping.stages import stage_of
from liaoran.exchange.plan import ColumnPlan
from liaoran.exchange.readers.table import Cell, cell_text
from liaoran.kernel.text import Text
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Choice, Object

NO_PROCESS = Text(
    "没有名为“{value}”的流程；请对应到已有流程，或按文件中的阶段新建",
    "there is no process “{value}”; map it to an existing one, or create it from the states of the file",
)
UNKNOWN = Text(
    "流程“{process}”没有阶段“{value}”；请对应到已有阶段，或按文件中的阶段新建流程",
    "the process “{process}” has no state “{value}”; choose one of its states, or create a process from those of the "
    "file",
)


def state_names(process: Process, owner: Object | None = None) -> ChoiceNames:
    """The states of a process by their names, and with ``owner`` by all further words that its choices are known by."""
    known = owner.field(process.field).choice_by_key if owner is not None else {}
    further = {key: choice.synonyms for key, choice in known.items()}
    return ChoiceNames(Choice(one.key, one.label, synonyms=further.get(one.key, ())) for one in process.states)


def processes_over(owner: Object, field_key: str) -> list[Process]:
    """The processes of the Object over one choice Field, the default one first."""
    found = [one for one in owner.processes if one.field == field_key]
    return sorted(found, key=lambda one: not one.is_default)


def process_for(owner: Object, field_key: str, texts: Iterable[str], values: Mapping[str, Any]) -> Process | None:
    """The first process that has every written state by name (as ``values`` reads them), or None. Further words do
    not count: where a new process may be made, it keeps the states that the file tells apart."""
    wanted = {_read(text, values) for text in texts} - {None}
    for process in processes_over(owner, field_key):
        names = state_names(process)
        if all(names.find(str(text)) is not None for text in wanted):
            return process
    return None


def state_meanings(
    owner: Object, process: Process, texts: Iterable[str], values: Mapping[str, Any], missing: str
) -> dict[str, Any]:
    """For each written state the key of the state it means, None for empty, or a Refusal."""
    names = state_names(process, owner)
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

    def __init__(self, index: int) -> None:
        self._index = index
        self._kinds: dict[Cell, str] = {}

    def settle(self, process: Process, cells: Sequence[Cell], values: dict[str, Any]) -> None:
        """Puts the closed state into the values of a row where its cell says so."""
        cell = cells[self._index]
        kind = self._kinds.get(cell)
        if kind is None:
            kind = self._kinds[cell] = stage_of(cell_text(cell)).kind if cell != "" else "open"
        closed = next((state.key for state in process.states if state.kind == kind), None)
        if kind not in ("won", "lost") or closed is None:
            return
        state = process.state_by_key.get(values.get(process.field, ""))
        if state is None or state.kind not in ("won", "lost"):
            values[process.field] = closed


@dataclass(frozen=True, slots=True)
class Place:
    """A column by its place and name, with how its values are read."""

    index: int
    plan: ColumnPlan


class Followed:
    """Two columns together: which process each row follows, and its state there."""

    def __init__(
        self, owner: Object, chooser: Place, states: Place, processes: Mapping[str, Process], default: Process
    ) -> None:
        self._owner = owner
        self._chooser = chooser
        self._states = states
        self._processes = processes
        self._default = default
        self._meanings: dict[tuple[str, str], Any] = {}

    def process_of(self, cells: Sequence[Cell]) -> Process | None:
        """The process that the row names; the default one where it names none, None for an unknown name."""
        text = cell_text(cells[self._chooser.index]).strip()
        return self._processes.get(text) if text else self._default

    def settle(self, cells: Sequence[Cell], values: dict[str, Any]) -> tuple[Place, Refusal] | None:
        """Puts process and state into the values of a row, or says which of the two columns is wrong, and why."""
        process = self.process_of(cells)
        if process is None:
            text = cell_text(cells[self._chooser.index])[:80]
            return self._chooser, Refusal("unknown_process", NO_PROCESS.fill(value=text))
        if process.process_field:
            values[process.process_field] = process.key
        text = cell_text(cells[self._states.index]).strip()
        if not text:
            return None
        meaning = self._meanings.get((process.key, text))
        if meaning is None:
            plan = self._states.plan
            meaning = state_meanings(self._owner, process, [text], plan.values, plan.missing)[text] or LEFT_EMPTY
            self._meanings[process.key, text] = meaning
        if isinstance(meaning, Refusal):
            return self._states, meaning
        if meaning is not LEFT_EMPTY:
            values[process.field] = meaning
        return None


def _read(text: str, values: Mapping[str, Any]) -> Any:
    return values.get(text, text)
