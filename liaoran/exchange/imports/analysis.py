"""Analysis: what a file holds, what would become of it, and what has to be asked before it can be imported."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liaoran.access.scope import Scope
from liaoran.exchange.converting import ColumnReader, Refusal, value_reader
from liaoran.exchange.imports.planning import propose_plan
from liaoran.exchange.imports.preparing import chooser_column
from liaoran.exchange.imports.settling import settle_fields, undecided_dates
from liaoran.exchange.imports.states import processes_over
from liaoran.exchange.imports.value_matches import ValueMatches, match_values
from liaoran.exchange.limits import DEFAULT_LIMITS, Limits
from liaoran.exchange.mapping.keys import KeyProposal
from liaoran.exchange.mapping.names import FieldNames
from liaoran.exchange.mapping.proposals import Proposal
from liaoran.exchange.plan import HistoryPlan, Plan, read_plan, read_reading
from liaoran.exchange.readers.opening import open_table
from liaoran.exchange.readers.table import Cell, Notice, Table, cell_text
from liaoran.exchange.values.profile import MONTHS, Profile, Profiler
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Object

PROBLEMS_SHOWN = 20
NO_HISTORY = Text(
    "找不到阶段历史所需的列；请指明哪一列是记录、阶段和时间（history: record、state、time）",
    "the columns of a stage history were not found; say which are the record, the state and the time (history: "
    "record, state, time)",
)
REQUIRED = Text("“{field}”必填，但没有列或默认值填写它", "“{field}” is required, but no column or default fills it")


@dataclass(slots=True)
class ColumnProblems:
    """Cells of one column that cannot be read: how many, and the first ones."""

    count: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Analysis:
    """Everything that is known about a file before it is imported. ``questions`` have to be answered first: each is a
    Problem with the possible answers as evidence. ``unread`` rows cannot be read at all."""

    table: Table
    plan: Plan
    profiles: list[Profile]
    proposals: list[Proposal]
    key: KeyProposal
    matches: dict[str, ValueMatches]
    questions: list[Problem]
    problems: dict[str, ColumnProblems]
    unread: ColumnProblems
    rows: int

    def to_json(self, language: Language) -> dict[str, Any]:
        """As the pages get it; texts in the reader's language."""
        columns = []
        for profile, proposal in zip(self.profiles, self.proposals, strict=True):
            problems = self.problems.get(profile.name, ColumnProblems())
            matches = self.matches.get(profile.name)
            columns.append(
                {
                    **profile.to_json(),
                    "proposal": proposal.to_json(language),
                    "values": matches.to_json() if matches is not None else None,
                    "problems": {"count": problems.count, "first": _read_all(problems.first, language)},
                }
            )
        return {
            "rows": self.rows,
            "layout": self.table.layout.to_json(),
            "sheets": [{"name": one.name, "rows": one.rows, "visible": one.visible} for one in self.table.sheets],
            "columns": columns,
            "key": {"column": self.key.column, "reason": self.key.reason.read(language)},
            "notices": [one.to_json(language) for one in self.table.notices],
            "questions": [one.to_json(language) for one in self.questions],
            "unread": {"count": self.unread.count, "first": _read_all(self.unread.first, language)},
            "plan": self.plan.to_json(),
        }


async def analyse(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    path: Path,
    *,
    changes: Mapping[str, Any] | None = None,
    create_missing: bool = False,
    history: bool = False,
    title: str = "",
    check: bool = True,
    limits: Limits = DEFAULT_LIMITS,
) -> Analysis:
    """Reads the whole file (at most ``limits.analysed_rows`` rows of it) and proposes a Plan.

    ``changes`` is the JSON form of a Plan (see ``plan``): what somebody has decided already. ``create_missing``
    proposes to create unknown choices, states and linked records; ``history`` proposes to read the file as one row per
    entry into a state. ``title`` names a process made of the file's states. Without ``check`` what the values mean and
    which cannot be read is left to the run. Raises Invalid for a file that cannot be read, for a Plan that does not fit
    it, and as ``Scope.require`` does.
    """
    owner = scope.require(object_key, "import")
    names = FieldNames(scope.snapshot, owner)
    reading = read_reading(_reading_part(changes))
    table = await asyncio.to_thread(open_table, path, reading, names, limits)
    profiles, unread, rows = await asyncio.to_thread(_profile, table, limits)
    proposed = await propose_plan(
        tx, scope, owner, table, profiles, names, create_missing=create_missing, history=history, title=title
    )
    plan = settle_fields(read_plan(changes, proposed.plan), owner)
    plan.reading = reading
    if history and plan.history is None:
        raise Invalid(NO_HISTORY, code="no_history")
    await asyncio.to_thread(_name_processes, plan, owner, table)
    if plan.history is not None:
        await asyncio.to_thread(_order_states, plan, plan.history, table)
    _adopt_orders(plan, owner, profiles)
    by_name = {profile.name: profile for profile in profiles}
    matches: dict[str, ValueMatches] = {}
    problems: dict[str, ColumnProblems] = {}
    if check:
        matches = await match_values(tx, scope, owner, plan, by_name)
        problems = await asyncio.to_thread(_problems, table, plan, owner, scope.actor.zone, limits)
    analysis = Analysis(table, plan, profiles, proposed.proposals, proposed.key, matches, [], problems, unread, rows)
    analysis.questions = [*undecided_dates(plan, owner, by_name), *_unfilled(plan, owner)]
    return analysis


def _name_processes(plan: Plan, owner: Object, table: Table) -> None:
    """The states that occur with each process, for files with a column that names the process."""
    chooser = chooser_column(owner, plan)
    state = next((one for one in plan.used() if processes_over(owner, one.field or "")), None)
    if chooser is None or state is None:
        return
    first, second = table.columns.index(chooser.column), table.columns.index(state.column)
    named: dict[str, dict[str, None]] = {}
    for block in table.blocks():
        for row in block.rows:
            name, text = cell_text(row[first]).strip(), cell_text(row[second]).strip()
            if name:
                states = named.setdefault(name, {})
                if text:
                    states.setdefault(text)
    plan.pipeline = replace(plan.pipeline, named={name: tuple(states) for name, states in named.items()})


def _order_states(plan: Plan, history: HistoryPlan, table: Table) -> None:
    """The states of a history in the order in which records usually go through them."""
    record, state = table.columns.index(history.record), table.columns.index(history.state)
    seen: Counter[Cell] = Counter()
    places: dict[str, list[float]] = {}
    for block in table.blocks():
        for row in block.rows:
            seen[row[record]] += 1
            text = cell_text(row[state]).strip()
            if text:
                total = places.setdefault(text, [0.0, 0.0])
                total[0] += seen[row[record]]
                total[1] += 1
    ordered = sorted(places, key=lambda text: places[text][0] / places[text][1])
    plan.pipeline = replace(plan.pipeline, states=tuple(ordered))


def _reading_part(changes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: (changes or {}).get(key) for key in ("sheet", "header_row", "encoding", "delimiter")}


def _profile(table: Table, limits: Limits) -> tuple[list[Profile], ColumnProblems, int]:
    profiler = Profiler(table.columns)
    unread = ColumnProblems()
    rows = 0
    for block in table.blocks():
        profiler.add(block.rows)
        rows += len(block.rows) + len(block.bad)
        unread.count += len(block.bad)
        for bad in block.bad[: PROBLEMS_SHOWN - len(unread.first)]:
            unread.first.append({"line": bad.line, "code": bad.problem.code, "message": bad.problem.message})
        if rows >= limits.analysed_rows:
            message = Text("只分析了前 {count} 行", "only the first {count} rows were analysed").fill(count=rows)
            table.notices.append(Notice("analysed_part", message))
            break
    else:
        table.size = rows
    return profiler.profiles(), unread, rows


def _adopt_orders(plan: Plan, owner: Object, profiles: Sequence[Profile]) -> None:
    """Settles the date order of columns that allow one only; columns that leave a doubt follow another column of the
    same file that leaves none."""
    by_name = {profile.name: profile for profile in profiles}
    dates = [one for one in plan.used() if _is_date(owner, one.field)]
    sure = {next(iter(by_name[one.column].orders or ())) for one in dates if len(by_name[one.column].orders or ()) == 1}
    given = {one.date_order for one in dates if one.date_order is not None}
    # months alone say nothing about the order of days and months elsewhere
    sure, given = sure - MONTHS, given - MONTHS
    common = (given or sure) if len(given or sure) == 1 else set()
    for one in dates:
        orders = by_name[one.column].orders
        if one.date_order is not None or not orders:
            continue
        if len(orders) == 1:
            one.date_order = next(iter(orders))
        elif common and common <= orders:
            one.date_order = next(iter(common))


def _is_date(owner: Object, key: str | None) -> bool:
    one = owner.fields.get(key or "")
    return one is not None and one.kind in (ValueKind.DATE, ValueKind.INSTANT)


def _unfilled(plan: Plan, owner: Object) -> list[Problem]:
    """Required Fields that nothing fills. Existing records may have them, so this is asked only where rows are new."""
    filled = {key for one in plan.used() for key in (one.field, *one.also)} | set(plan.defaults) | set(plan.template)
    if plan.history is not None:
        filled.add(owner.name_field)
    return [
        Problem("required", REQUIRED.fill(field=one.label), one.key)
        for one in owner.active_fields
        if one.required and not one.computed and one.key not in filled and one.default is None and not one.readonly
    ]


def _problems(table: Table, plan: Plan, owner: Object, zone: str, limits: Limits) -> dict[str, ColumnProblems]:
    """What cannot be read in columns whose values stand in the cells themselves, with lines."""
    readers: list[tuple[int, str, ColumnReader]] = []
    for index, name in enumerate(table.columns):
        one = plan.columns[name]
        target = owner.fields.get(one.field or "")
        if target is None or target.kind is ValueKind.LINK:
            continue
        if target.kind in (ValueKind.CHOICE, ValueKind.CHOICES) and target.type != "currency":
            continue
        readers.append((index, name, ColumnReader(one, value_reader(one, target, ZoneInfo(zone)))))
    found = {name: ColumnProblems() for _, name, _ in readers}
    rows = 0
    for block in table.blocks():
        rows += len(block.rows)
        columns = list(zip(*block.rows, strict=True))
        for index, name, reader in readers:
            if not columns:
                continue
            values = reader.read(columns[index])
            if reader.failed:
                _collect(found[name], values, block.lines, columns[index], name)
        if rows >= limits.analysed_rows:
            break
    return found


def _collect(problems: ColumnProblems, values: Sequence[Any], lines: Sequence[int], cells: Any, name: str) -> None:
    for value, line, cell in zip(values, lines, cells, strict=True):
        if type(value) is Refusal:
            problems.count += 1
            if len(problems.first) < PROBLEMS_SHOWN:
                problems.first.append(
                    {
                        "line": line,
                        "column": name,
                        "value": cell_text(cell),
                        "code": value.code,
                        "message": value.message,
                    }
                )


def _read_all(problems: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    return [{**one, "message": one["message"].read(language)} for one in problems]
