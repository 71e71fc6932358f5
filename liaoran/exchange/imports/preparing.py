"""Before and between chunks: the process whose states a file has, the choices it needs, what its cells mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from liaoran.access.scope import Scope
from liaoran.exchange.converting import plain_text
from liaoran.exchange.imports.catalogue import add_choices, create_process
from liaoran.exchange.imports.choices import ChoiceNames
from liaoran.exchange.imports.running import Task, scope_now
from liaoran.exchange.imports.settling import Setup, build_setup
from liaoran.exchange.imports.states import process_for, processes_over, state_meanings
from liaoran.exchange.imports.units import Units
from liaoran.exchange.mapping.stages import stage_of
from liaoran.exchange.plan import ColumnPlan, Plan
from liaoran.exchange.readers.table import Cell, Table
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Choice, Object

Columns = Sequence[tuple[Cell, ...]]


async def prepare(units: Units, task: Task, plan: Plan, table: Table, *, defer: bool) -> Setup:
    """Checks that the actor may import, settles the process of the file's states (making it where the Plan wants that)
    and builds fresh column readers."""
    async with units.unit() as tx:
        scope = await scope_now(task, tx)
        owner = scope.require(plan.object, "import")
        state = next((one for one in plan.used() if processes_over(owner, one.field or "")), None)
        chooser = chooser_column(owner, plan)
        process, named = None, None
        if state is not None and chooser is None:
            scope, process = await settle_process(tx, scope, owner, plan, state, state.field or "")
        elif state is not None and chooser is not None:
            scope, named = await _settle_named(tx, scope, plan, state, chooser)
    return build_setup(scope, plan, table.columns, process, named, defer=defer)


async def settle_process(
    tx: Transaction, scope: Scope, owner: Object, plan: Plan, column: ColumnPlan, field_key: str
) -> tuple[Scope, Process]:
    """The process that knows the states of the file: one that is there, or a new one, or the default one."""
    states = plan.pipeline.states
    process = process_for(owner, field_key, states, column.values)
    if process is None and plan.pipeline.create and scope.is_administrator:
        read = [str(value) for text in states if (value := column.values.get(text, text)) is not None]
        read += _closed_states(owner, field_key, read) if plan.outcome is not None else []
        name = plan.pipeline.name or owner.label.read(scope.snapshot.language)
        snapshot, process = await create_process(tx, scope, owner, field_key, name, list(dict.fromkeys(read)))
        scope = Scope(snapshot, scope.actor, scope.grants)
    return scope, process or processes_over(owner, field_key)[0]


def _closed_states(owner: Object, field_key: str, labels: Sequence[str]) -> list[str]:
    """Labels of the usual won and lost states, for files whose stages hold none but say won or lost elsewhere."""
    there = {stage_of(label).kind for label in labels}
    model = processes_over(owner, field_key)[0]
    closed = {state.kind: state.label.read("zh") for state in model.states if state.kind in ("won", "lost")}
    return [label for kind, label in closed.items() if kind not in there]


async def _settle_named(
    tx: Transaction, scope: Scope, plan: Plan, state: ColumnPlan, chooser: ColumnPlan
) -> tuple[Scope, dict[str, Process]]:
    """The processes that the file names: those that are there by that name, and new ones where the Plan wants that."""
    field_key, found = state.field or "", {}
    for text, states in plan.pipeline.named.items():
        owner = scope.snapshot.object(plan.object)
        processes = processes_over(owner, field_key)
        value = chooser.values.get(text, text)
        key = ChoiceNames(Choice(one.key, one.label) for one in processes).find(str(value))
        process = next((one for one in processes if one.key == key), None)
        if process is None and plan.pipeline.create and states and scope.is_administrator:
            read = [str(meant) for one in states if (meant := state.values.get(one, one)) is not None]
            snapshot, process = await create_process(tx, scope, owner, field_key, str(value), read)
            scope = Scope(snapshot, scope.actor, scope.grants)
        if process is not None:
            found[text] = process
    return scope, found


def chooser_column(owner: Object, plan: Plan) -> ColumnPlan | None:
    """The column that says which process each row follows, if there is one."""
    choosers = {process.process_field for process in owner.processes} - {None}
    return next((one for one in plan.used() if one.field in choosers), None)


async def learn_catalogue(units: Units, task: Task, setup: Setup, columns: Columns) -> None:
    """Adds the choices that these cells need and the Plan wants created, and reads the cells of choices and states."""
    for index, choice in setup.choices:
        labels = choice.missing_labels(columns[index])
        if labels:
            async with units.unit() as tx:
                scope = await scope_now(task, tx)
                present = scope.snapshot.object(setup.owner.key).field(choice.field.key)
                choice.use(present)
                labels = choice.missing_labels(columns[index])
                if labels:
                    snapshot = await add_choices(tx, scope, present, labels)
                    choice.use(snapshot.object(setup.owner.key).field(choice.field.key))
        choice.learn(columns[index])
    if setup.states is not None and setup.process is not None:
        index, reader, plan = setup.states
        texts = {cell: plain_text(cell) for cell in reader.unknown(columns[index])}
        asked = [text for text in texts.values() if text is not None]
        meanings = state_meanings(setup.owner, setup.process, asked, plan.values, plan.missing)
        reader.learn({cell: None if text is None else meanings[text] for cell, text in texts.items()})


async def learn_links(
    tx: Transaction, scope: Scope, setup: Setup, columns: Columns, cause: Cause, only: set[str] | None = None
) -> dict[str, int]:
    """Finds out which records these cells mean, and makes missing ones where the Plan wants that; gives how many were
    made, by Object."""
    counts: dict[str, int] = {}
    for index, link in setup.links if columns else ():
        if only is None or link.field.key in only:
            made = await link.learn(tx, scope, cause, columns[index])
            if made:
                target = link.index.target.key
                counts[target] = counts.get(target, 0) + len(made)
    return counts


def transposed(rows: Sequence[Sequence[Cell]]) -> Columns:
    """Rows as columns; nothing for no rows."""
    return list(zip(*rows, strict=True)) if rows else []


def without_columns(plan: Plan, names: set[str]) -> Plan:
    """The Plan with some columns filling no Field."""
    columns: dict[str, Any] = {name: ColumnPlan(name) if name in names else one for name, one in plan.columns.items()}
    return replace(plan, columns=columns)
