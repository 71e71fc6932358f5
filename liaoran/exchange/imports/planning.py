"""Proposing a Plan: the mapping, the key, names for rows that have none, and what to do with unknown values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from liaoran.access.scope import Scope
from liaoran.exchange.imports.links import TargetIndex
from liaoran.exchange.imports.states import processes_over
from liaoran.exchange.mapping.headers import read_header
from liaoran.exchange.mapping.keys import KeyProposal, propose_key, propose_template
from liaoran.exchange.mapping.names import RECORD_ID, FieldNames, word_table
from liaoran.exchange.mapping.proposals import Proposal, propose
from liaoran.exchange.mapping.stages import stage_of
from liaoran.exchange.plan import ColumnPlan, HistoryPlan, PipelinePlan, Plan
from liaoran.exchange.readers.table import Table, cell_text
from liaoran.exchange.values.normal import folded
from liaoran.exchange.values.profile import MONTHS, Profile
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Object

_LOOKED_UP = 40
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_MONTHS = Text(
    "{reason}；整列只有年月，按每月 1 日导入", "{reason}; the column holds months alone: each is taken as its first day"
)
_OWN_ID = Text("本系统导出的记录 ID", "the record ids of our own export")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A Plan with its reasons."""

    plan: Plan
    proposals: list[Proposal]
    key: KeyProposal


async def propose_plan(
    tx: Transaction,
    scope: Scope,
    owner: Object,
    table: Table,
    profiles: Sequence[Profile],
    names: FieldNames,
    *,
    create_missing: bool,
    history: bool,
    title: str,
) -> Proposed:
    """The Plan that a careful person would most likely make of this file."""
    hits = await _link_hits(tx, scope, owner, profiles, names)
    proposals = propose(owner, profiles, names, hits)
    plan = Plan(owner.key)
    filled = {one.field for one in proposals}
    for profile, proposal in zip(profiles, proposals, strict=True):
        plan.columns[profile.name] = _column(owner, profile, proposal, filled, create_missing)
    key = _record_key(plan, profiles, proposals) or propose_key(owner, profiles, proposals)
    plan.key = key.column
    template = propose_template(owner, profiles, proposals)
    if template is not None:
        plan.template[owner.name_field] = template
        _template_wins(plan, owner)
    _propose_pipeline(plan, owner, profiles, create_missing, title)
    plan.outcome = _outcome_column(plan, owner, profiles, names)
    if history:
        plan.history = propose_history(owner, profiles, proposals)
        if plan.history is not None and plan.history.person is not None:
            plan.columns[plan.history.person].missing = "create" if create_missing else "empty"
        plan.pipeline.create = create_missing
        plan.pipeline.name = title
    return Proposed(plan, proposals, key)


def _record_key(plan: Plan, profiles: Sequence[Profile], proposals: Sequence[Proposal]) -> KeyProposal | None:
    """The column of record ids of our own exports."""
    for profile, proposal in zip(profiles, proposals, strict=True):
        named = any(key in word_table()["parts"]["record_id"] for key in read_header(profile.name).keys)
        if named and profile.filled and all(_UUID.match(sample) for sample in profile.samples):
            plan.columns[profile.name] = ColumnPlan(profile.name, RECORD_ID)
            proposal.field, proposal.confidence, proposal.reason = RECORD_ID, 1.0, _OWN_ID
            return KeyProposal(profile.name, _OWN_ID)
    return None


def _column(
    owner: Object, profile: Profile, proposal: Proposal, filled: set[str | None], create_missing: bool
) -> ColumnPlan:
    header = read_header(profile.name)
    one = ColumnPlan(profile.name, proposal.field, by=proposal.by, decimal=profile.decimal)
    missing: Literal["create", "reject"] = "create" if create_missing else "reject"
    if proposal.field is None:
        return one
    target = owner.fields[proposal.field]
    one.also = _also(profile, target.key, filled, owner)
    if target.kind in (ValueKind.LINK, ValueKind.CHOICE, ValueKind.CHOICES) and target.type != "currency":
        one.missing = missing
    if target.kind is ValueKind.LINK and (proposal.by == "code" or profile.holds == "number"):
        # a record made from nothing but a code would help nobody
        one.by = "code"
        one.missing = "empty" if create_missing else "reject"
    if target.kind is ValueKind.NUMBER:
        one.factor = header.factor if target.type != "percent" else None
        one.currency = header.currency if target.type == "money" else None
        one.fractions = target.type == "percent" and profile.fractions and not header.percent
    if target.kind in (ValueKind.DATE, ValueKind.INSTANT):
        one.date_order = header.order
        if profile.orders == MONTHS:
            one.date_order = "ym"
            proposal.reason = _MONTHS.fill(reason=proposal.reason)
    one.separator = header.separator
    return one


def _also(profile: Profile, key: str, filled: set[str | None], owner: Object) -> tuple[str, ...]:
    """Fields that a column fills besides its own: the day of closing, where the file has one date for both."""
    found = []
    for also, words in word_table()["also"].items():
        one = owner.fields.get(also)
        if one is None or also in filled or also == key or one.retired or owner.fields[key].kind is not one.kind:
            continue
        if any(word in words for word in read_header(profile.name).keys):
            found.append(also)
    return tuple(found)


def _template_wins(plan: Plan, owner: Object) -> None:
    """A name put together from first and last name replaces the column that was taken for the whole name."""
    for one in plan.columns.values():
        if one.field == owner.name_field:
            one.field = None


def _propose_pipeline(plan: Plan, owner: Object, profiles: Sequence[Profile], create_missing: bool, title: str) -> None:
    by_name = {profile.name: profile for profile in profiles}
    for one in plan.used():
        if one.field is not None and processes_over(owner, one.field):
            counts = by_name[one.column].counts
            texts = dict.fromkeys(cell_text(cell).strip() for cell in counts)
            plan.pipeline = PipelinePlan(create_missing, title, tuple(text for text in texts if text))


def _outcome_column(plan: Plan, owner: Object, profiles: Sequence[Profile], names: FieldNames) -> str | None:
    """A column beside that of the states which says of some rows that they are won or lost."""
    process = owner.default_process
    if process is None or not any(one.field == process.field for one in plan.used()):
        return None
    status = (process.derived.get("status") or {}).get("field")
    for profile in profiles:
        if plan.columns[profile.name].field is not None or not profile.counts:
            continue
        meant = any(meaning.field == status for meaning in names.meanings(profile.name))
        if meant and any(stage_of(cell_text(cell)).kind in ("won", "lost") for cell in profile.counts):
            return profile.name
    return None


async def _link_hits(
    tx: Transaction, scope: Scope, owner: Object, profiles: Sequence[Profile], names: FieldNames
) -> dict[tuple[str, str], float]:
    """For columns whose header says nothing, and text columns: which share of some values names existing records."""
    hits: dict[tuple[str, str], float] = {}
    links = [one for one in owner.active_fields if one.kind is ValueKind.LINK and not one.readonly and one.target]
    indexes = {one.target: TargetIndex(scope.snapshot.object(one.target or "")) for one in links}
    for profile in profiles:
        if profile.holds != "text" or not profile.counts or names.meanings(profile.name):
            continue
        texts = [cell_text(cell).strip() for cell, _ in profile.counts.most_common(_LOOKED_UP)]
        for target, index in indexes.items():
            matches = await index.match(tx, scope, texts)
            share = sum(1 for match in matches.values() if match.id is not None) / max(1, len(matches))
            for one in links:
                if one.target == target and share:
                    hits[profile.name, one.key] = share
    return hits


def propose_history(owner: Object, profiles: Sequence[Profile], proposals: Sequence[Proposal]) -> HistoryPlan | None:
    """The columns of a history file: record, state, time, person and amount; None where one of the first three is not
    to be found."""
    words = word_table()["history"]
    by_field = {one.field: one.column for one in proposals if one.field}

    def named(part: str) -> str | None:
        for profile in profiles:
            if any(key in words[part] for key in read_header(profile.name).keys) and profile.filled:
                return profile.name
        return None

    fields = {process.field for process in owner.processes}
    sums = {process.sum_field for process in owner.processes}
    state = named("state") or next((by_field[key] for key in fields if key in by_field), None)
    time = named("time") or next((one.name for one in profiles if one.holds == "instant"), None)
    time = time or next((one.name for one in profiles if one.holds == "date"), None)
    record = named("record") or by_field.get("external_id") or by_field.get(owner.name_field)
    record = record or next((one.name for one in profiles if folded(one.name).endswith("id")), None)
    if record is None or state is None or time is None:
        return None
    amount = next((by_field[key] for key in sums if key in by_field), None)
    return HistoryPlan(record, state, time, named("person") or by_field.get("owner"), amount)
