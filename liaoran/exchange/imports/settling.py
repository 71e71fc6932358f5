"""Settling: a Plan and an opened table checked against the catalogue, and the column readers that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from liaoran.access.scope import Scope
from liaoran.exchange.converting import ColumnReader, learned_only, value_reader
from liaoran.exchange.imports.choices import ChoiceColumn
from liaoran.exchange.imports.drafts import DraftMaker, Filling, Templates
from liaoran.exchange.imports.link_column import LinkColumn
from liaoran.exchange.imports.links import TargetIndex
from liaoran.exchange.imports.states import Followed, Outcome, Place, processes_over
from liaoran.exchange.mapping.names import CREATED_AT, EXTERNAL_ID, RECORD_ID
from liaoran.exchange.plan import ColumnPlan, Plan
from liaoran.exchange.values.normal import folded
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Field, Object

NO_SUCH_FIELD = Text(
    "“{column}”列对应的字段“{field}”不存在，或不能导入",
    "the column “{column}” goes to a field “{field}” that does not exist or cannot be imported",
)
TWICE = Text("字段“{field}”有两列在填：{columns}", "two columns fill the field “{field}”: {columns}")
BAD_KEY = Text(
    "“{field}”不能用来识别已有记录；请选编号、名称、邮箱或电话",
    "“{field}” cannot identify existing records; choose an identifier, a name, an e-mail or a phone number",
)
TEMPLATE = Text("模板提到的“{name}”不是文件中的列", "the template names “{name}”, which is no column of the file")
UNDECIDED = Text(
    "“{column}”列的日期（如 {sample}）分不清日和月；请用 date_order 说明是 dmy（日/月/年）还是 mdy（月/日/年）",
    "day and month of the column “{column}” (such as {sample}) cannot be told apart; say with date_order whether it is "
    "dmy (day/month/year) or mdy (month/day/year)",
)


@dataclass(slots=True)
class Setup:
    """Everything an import needs to make drafts of rows; ``key_maker`` makes drafts with nothing but their key.

    ``process`` is the one whose states the file's stages are; ``key_field`` the Field by which existing records are
    found, ``id_index`` the place of a column of record ids (both None: every row is new).
    """

    owner: Object
    plan: Plan
    columns: tuple[str, ...]
    fillings: list[Filling]
    maker: DraftMaker
    key_maker: DraftMaker
    templates: Templates
    choices: list[tuple[int, ChoiceColumn]] = field(default_factory=list)
    links: list[tuple[int, LinkColumn]] = field(default_factory=list)
    states: tuple[int, ColumnReader, ColumnPlan] | None = None
    process: Process | None = None
    key_field: Field | None = None
    fingerprint: bool = False
    id_index: int | None = None
    outcome: Outcome | None = None
    followed: Followed | None = None
    column_of: dict[str, str] = field(default_factory=dict)


def settle_fields(plan: Plan, owner: Object) -> Plan:
    """The Plan with Fields by key, refused where a Field does not exist, cannot be imported or is filled twice."""
    by_name = _field_names(owner)
    columns: dict[str, ColumnPlan] = {}
    filled: dict[str, str] = {}
    for name, one in plan.columns.items():
        settled = replace(one)
        if one.field is not None and one.field != RECORD_ID:
            keys = [_field_key(key, name, by_name) for key in (one.field, *one.also)]
            settled.field, settled.also = keys[0], tuple(keys[1:])
            for key in keys:
                if key in filled:
                    both = f"{filled[key]}、{name}"
                    raise _invalid(TWICE.fill(field=owner.fields[key].label, columns=both), "field_twice", name)
                filled[key] = name
        columns[name] = settled
    defaults = {_field_key(key, "defaults", by_name): value for key, value in plan.defaults.items()}
    template = {_field_key(key, "template", by_name): text for key, text in plan.template.items()}
    settled_plan = replace(plan, columns=columns, defaults=defaults, template=template)
    _check_templates(settled_plan)
    return settled_plan


def build_setup(
    scope: Scope,
    plan: Plan,
    columns: Sequence[str],
    process: Process | None,
    named: Mapping[str, Process] | None = None,
    *,
    defer: bool,
) -> Setup:
    """The column readers of a settled Plan. ``process`` has the states that the file's stages mean; ``named`` are the
    processes by name where a column names them. With ``defer`` links between records of the file are put off."""
    owner = scope.snapshot.object(plan.object)
    plan = _with_key(plan, owner)
    nothing = DraftMaker(plan, ())
    setup = Setup(owner, plan, tuple(columns), [], nothing, nothing, Templates(plan.template, columns, plan))
    setup.process = process
    readers = _Readers(setup, scope, defer)
    apart: set[str] = set()
    if named is not None:
        setup.followed, apart = _followed(owner, plan, columns, named)
    taken = {other.field for other in plan.columns.values()}
    for index, name in enumerate(columns):
        one = plan.columns.get(name)
        if one is None or one.field is None or one.field == RECORD_ID:
            continue
        if name in apart:
            setup.column_of[one.field] = name
            continue
        for key in (one.field, *one.also):
            target = owner.fields[key]
            currency = target.options.get("currency_field") if target.type == "money" else None
            reader = readers.of(one, target, index)
            setup.fillings.append(Filling(index, name, key, reader, None if currency in taken else currency))
            setup.column_of[key] = name
    _set_key(setup)
    if plan.outcome is not None:
        setup.outcome = Outcome(list(columns).index(plan.outcome))
    found = setup.key_field.key if setup.key_field is not None else None
    setup.maker = DraftMaker(plan, setup.fillings)
    setup.key_maker = DraftMaker(plan, [filling for filling in setup.fillings if filling.field == found])
    return setup


def _followed(
    owner: Object, plan: Plan, columns: Sequence[str], named: Mapping[str, Process]
) -> tuple[Followed, set[str]]:
    """The two columns that say process and state together, which are read as one."""
    choosers = {process.process_field for process in owner.processes} - {None}
    chooser = next(one for one in plan.used() if one.field in choosers)
    state = next(one for one in plan.used() if processes_over(owner, one.field or ""))
    places = [Place(list(columns).index(one.column), one) for one in (chooser, state)]
    default = processes_over(owner, state.field or "")[0]
    return Followed(owner, places[0], places[1], named, default), {chooser.column, state.column}


class _Readers:
    """Makes the reader of each column, by what its Field is."""

    def __init__(self, setup: Setup, scope: Scope, defer: bool) -> None:
        self._setup = setup
        self._scope = scope
        self._defer = defer
        self._zone = ZoneInfo(scope.actor.zone)
        self._indexes: dict[str, TargetIndex] = {}

    def of(self, plan: ColumnPlan, field: Field, index: int) -> ColumnReader:
        """The reader for the column at ``index``, noted in the Setup where its meanings have to be looked up."""
        setup = self._setup
        if setup.process is not None and field.key == setup.process.field:
            reader = ColumnReader(plan, learned_only)
            setup.states = (index, reader, plan)
            return reader
        if field.kind in (ValueKind.CHOICE, ValueKind.CHOICES) and field.type != "currency":
            governed = any(field.key in (one.field, one.process_field) for one in setup.owner.processes)
            fixed = (
                replace(plan, missing="reject")
                if plan.missing == "create" and (governed or not self._scope.is_administrator)
                else plan
            )
            choice = ChoiceColumn(fixed, field)
            setup.choices.append((index, choice))
            return choice.reader
        if field.kind is ValueKind.LINK and field.target is not None:
            target = self._scope.snapshot.object(field.target)
            shared = self._indexes.setdefault(target.key, TargetIndex(target))
            link = LinkColumn(plan, field, shared, defer=self._defer and target.key == setup.owner.key)
            setup.links.append((index, link))
            return link.reader
        return ColumnReader(plan, value_reader(plan, field, self._zone))


def _with_key(plan: Plan, owner: Object) -> Plan:
    """A key column that fills no Field fills the external id."""
    if plan.key is None or plan.columns[plan.key].field is not None:
        return plan
    if any(one.field == EXTERNAL_ID for one in plan.columns.values()) or EXTERNAL_ID not in owner.fields:
        return plan
    columns = {**plan.columns, plan.key: replace(plan.columns[plan.key], field=EXTERNAL_ID)}
    return replace(plan, columns=columns)


def _set_key(setup: Setup) -> None:
    plan, owner = setup.plan, setup.owner
    if plan.duplicates == "create":
        return
    if plan.key is None:
        free = EXTERNAL_ID in owner.fields and not any(one.field == EXTERNAL_ID for one in plan.columns.values())
        setup.fingerprint = free
        setup.key_field = owner.fields[EXTERNAL_ID] if free else None
        return
    key = plan.columns[plan.key].field
    if key == RECORD_ID:
        setup.id_index = setup.columns.index(plan.key)
        return
    if key is None or owner.fields[key].kind is not ValueKind.TEXT:
        label = owner.fields[key].label if key else plan.key
        raise _invalid(BAD_KEY.fill(field=label), "bad_key", "key")
    setup.key_field = owner.fields[key]


def _field_names(owner: Object) -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for one in owner.active_fields:
        if one.computed or (one.readonly and one.key != CREATED_AT):
            continue
        for name in (one.key, one.label.zh, one.label.en):
            found.setdefault(folded(name), one)
    return found


def _field_key(key: str, place: str, by_name: Mapping[str, Field]) -> str:
    one = by_name.get(folded(key))
    if one is None:
        raise _invalid(NO_SUCH_FIELD.fill(column=place, field=key), "unknown_field", place)
    return one.key


def _check_templates(plan: Plan) -> None:
    known = set(plan.columns) | {one.field for one in plan.columns.values() if one.field}
    for text in plan.template.values():
        for part in text.split("{")[1:]:
            name = part.partition("}")[0].strip()
            if name not in known:
                raise _invalid(TEMPLATE.fill(name=name), "unknown_column", "template")


def _invalid(message: Text, code: str, place: str) -> Invalid:
    return Invalid(message, code=code, problems=(Problem(code, message, place),), extra={"at": place})


def undecided_dates(plan: Plan, owner: Object, profiles: Mapping[str, Any]) -> list[Problem]:
    """One problem for each used date column whose day and month cannot be told apart."""
    problems = []
    moment = plan.history.time if plan.history is not None else None
    for one in plan.columns.values():
        target = owner.fields.get(one.field or "")
        dated = target is not None and target.kind in (ValueKind.DATE, ValueKind.INSTANT)
        if not (dated or one.column == moment) or one.date_order is not None:
            continue
        profile = profiles.get(one.column)
        if profile is not None and profile.undecided_order:
            sample = next(iter(profile.samples), "")
            message = UNDECIDED.fill(column=one.column, sample=sample)
            evidence = {"column": one.column, "options": sorted(profile.orders), "sample": sample}
            problems.append(Problem("date_order", message, one.field, evidence))
    return problems
