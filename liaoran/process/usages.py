"""Where Processes use Fields and Objects: what is asked before one of them is retired, so that no gate breaks unseen."""

from __future__ import annotations

from collections.abc import Iterator

from liaoran.access.scope import system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.process.placed import placed_conditions
from liaoran.query.naming import fields_named
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Snapshot

USED = Text("流程“{process}”的{where}", "{where} of the process “{process}”")
Use = tuple[Text, str, str]
"""Where, the Object, the Field."""


class ProcessUsages:
    """Implements ``schema.usages.UsageFinder``."""

    async def uses(self, tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str | None) -> list[Text]:
        """The parts of published Processes that name the Field, or, for None, that count records of the Object."""
        found: dict[Text, None] = {}
        for owner in snapshot.objects.values():
            for process in () if owner.retired else owner.processes:
                for where, used_object, used_field in uses_of_process(snapshot, process):
                    if used_object == object_key and field_key in (None, used_field):
                        if field_key is None and owner.key == object_key:
                            continue
                        found[USED.fill(process=process.label, where=where)] = None
        return list(found)


def uses_of_process(snapshot: Snapshot, process: Process) -> Iterator[Use]:
    """Every Field that the Process names, with the place in words."""
    own = [(Text("阶段字段", "stage field"), process.field), (Text("流程字段", "process field"), process.process_field)]
    own += [(Text("合计字段", "amount field"), process.sum_field)]
    own += [(Text("自动维护", "derived fields"), key) for key in process.derived.values() if isinstance(key, str)]
    own += [(Text("全程必填", "minimum fields"), key) for key in process.minimum]
    for state in process.states:
        own += [(_at("必填字段", "required fields", state.label), key) for key in state.required]
    for move in process.transitions:
        own += [(_at("必填字段", "required fields", move.label), key) for key in (*move.required, *move.effects)]
    for where, key in own:
        if key:
            yield where, process.object, key
    rows = system_scope(snapshot)
    for placed in placed_conditions(process):
        for used_object, used_field in fields_named(rows, process.object, placed.condition):
            yield placed.where, used_object, used_field


def _at(zh: str, en: str, label: Text) -> Text:
    return Text(f"{zh}（{label.read('zh')}）", f"{en} ({label.read('en')})")
