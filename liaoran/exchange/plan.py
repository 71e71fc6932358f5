"""Plan: everything that decides how a file becomes records; proposed by the analysis, changed by people, run by jobs.

The JSON form is also that of ``liaoran import --map FILE``; everything may be left out, and what is left out is taken
from the proposal::

    {
      "columns": {                        columns by their name in the file (repaired ones as the analysis shows them)
        "deal_stage": "stage",            a Field by key or label ...
        "notes": null,                    ... or null: this column is left out
        "close_date": {
          "field": "expected_close_on",
          "also": ["closed_on"],          further Fields that take the same value
          "date_order": "dmy",            ymd | dmy | mdy, for writings such as 01/02/2026; ym for months alone
          "values": {"X": "y"},           what a written value means: a choice (key or label), the name or id of a
                                          linked record, another text; null leaves the cell empty
          "missing": "create",            create | empty | reject: for values that are unknown
          "factor": 10000,                multiplies numbers
          "decimal": ",",                 the decimal sign
          "fractions": true,              percentages are written as 0.25
          "separator": ";"                between several values of one cell
        }
      },
      "other_columns": "propose",         propose | ignore: columns that "columns" does not name
      "key": "id",                        the column by which existing records are found; null: none
      "duplicates": "update",             update | skip | create: what happens to a row whose record exists
      "empty_cells": "keep",              keep | clear: what an empty cell does to an existing value
      "defaults": {"source": "website"},  values of Fields for rows where no column gives one
      "template": {"name": "{account} · {product}"},   texts put together from columns (or Fields) of the row
      "pipeline": {"create": true, "name": "…"},       makes a process of the states found where they are unknown
      "outcome": "商机状态",             a column that says won or lost where the stage column does not
      "history": {"record": "case", "state": "stage", "time": "at", "person": "who", "amount": "sum"},
      "sheet": "…", "header_row": 3, "encoding": "gb18030", "delimiter": ";"
    }
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast, get_args

from liaoran.exchange.readers.table import Reading
from liaoran.exchange.values.dates import DATE_ORDERS, DateOrder
from liaoran.kernel.text import Text
from liaoran.schema.reading import Place, Reader

Missing = Literal["create", "empty", "reject"]
Duplicates = Literal["update", "skip", "create"]
EmptyCells = Literal["keep", "clear"]


@dataclass(slots=True)
class ColumnPlan:
    """How one column is read and where its values go; see the module's text for each part."""

    column: str
    field: str | None = None
    also: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    missing: Missing = "reject"
    factor: Decimal | None = None
    currency: str | None = None
    decimal: str = "."
    fractions: bool = False
    separator: str | None = None
    by: Literal["name", "code"] = "name"

    def to_json(self) -> dict[str, Any]:
        """The JSON form, complete."""
        value = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "column"}
        value["also"] = list(self.also)
        value["factor"] = None if self.factor is None else float(self.factor)
        return value


@dataclass(slots=True)
class HistoryPlan:
    """The columns of a file with one row per entry into a state. Equal times count in the order of the file."""

    record: str
    state: str
    time: str
    person: str | None = None
    amount: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(slots=True)
class PipelinePlan:
    """Whether unknown states make a process of their own, under which name, and which states it has (in order).

    ``named`` holds the states per process for files with a column that names one.
    """

    create: bool = False
    name: str = ""
    states: tuple[str, ...] = ()
    named: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values by name."""
        named = {name: list(states) for name, states in self.named.items()}
        return {"create": self.create, "name": self.name, "states": list(self.states), "named": named}


@dataclass(slots=True)
class Plan:
    """How a whole file becomes records of ``object``."""

    object: str
    columns: dict[str, ColumnPlan] = dataclasses.field(default_factory=dict)
    key: str | None = None
    duplicates: Duplicates = "update"
    empty_cells: EmptyCells = "keep"
    defaults: dict[str, Any] = dataclasses.field(default_factory=dict)
    template: dict[str, str] = dataclasses.field(default_factory=dict)
    pipeline: PipelinePlan = dataclasses.field(default_factory=PipelinePlan)
    history: HistoryPlan | None = None
    outcome: str | None = None
    reading: Reading = dataclasses.field(default_factory=Reading)

    def used(self) -> list[ColumnPlan]:
        """The columns that fill a Field, in file order."""
        return [one for one in self.columns.values() if one.field is not None]

    def to_json(self) -> dict[str, Any]:
        """The complete JSON form; ``read_plan`` over an empty Plan reads it back to an equal one."""
        return {
            "columns": {name: one.to_json() for name, one in self.columns.items()},
            "other_columns": "propose",
            "key": self.key,
            "duplicates": self.duplicates,
            "empty_cells": self.empty_cells,
            "defaults": self.defaults,
            "template": self.template,
            "pipeline": self.pipeline.to_json(),
            "history": None if self.history is None else self.history.to_json(),
            "outcome": self.outcome,
            "sheet": self.reading.sheet,
            "header_row": self.reading.header_row,
            "encoding": self.reading.encoding,
            "delimiter": self.reading.delimiter,
        }


def read_reading(value: Mapping[str, Any] | None) -> Reading:
    """The part of the JSON form that says how to read the file. Raises Invalid naming the place."""
    reader = Reader(value or {}, Place())
    header = reader.raw("header_row")
    if header is not None and (not isinstance(header, int) or isinstance(header, bool) or header < 0):
        raise reader.place.at("header_row").refuse(Text("应为行号", "must be a row number"), found=header)
    return Reading(
        reader.text("sheet") or None,
        header,
        reader.text("encoding") or None,
        cast("str | None", reader.raw("delimiter")),
    )


def read_plan(value: Mapping[str, Any] | None, proposed: Plan) -> Plan:
    """The Plan that the JSON form makes of the proposed one: what it names is replaced, the rest stays.

    Raises Invalid naming the place for unknown settings, unknown columns and values of the wrong type.
    """
    reader = Reader(value or {}, Place())
    ignore = reader.one_of("other_columns", ("propose", "ignore"), "propose") == "ignore"
    columns = {name: ColumnPlan(name) if ignore else one for name, one in proposed.columns.items()}
    named = reader.part("columns")
    place = reader.place.at("columns")
    for name, part in named.items():
        known = _known_column(name, proposed, place)
        columns[known] = _read_column(part, proposed.columns[known], place.at(name))
    _free_taken_fields(columns, {_known_column(name, proposed, place) for name in named})
    plan = Plan(
        proposed.object,
        columns,
        _read_column_name(reader, "key", proposed, proposed.key, "key" in (value or {})),
        cast(Duplicates, reader.one_of("duplicates", get_args(Duplicates), proposed.duplicates)),
        cast(EmptyCells, reader.one_of("empty_cells", get_args(EmptyCells), proposed.empty_cells)),
        {**proposed.defaults, **reader.part("defaults")},
        {**proposed.template, **{key: str(text) for key, text in reader.part("template").items()}},
        _read_pipeline(reader, proposed.pipeline),
        _read_history(reader, proposed),
        _read_column_name(reader, "outcome", proposed, proposed.outcome, "outcome" in (value or {})),
        proposed.reading,
    )
    for name in ("sheet", "header_row", "encoding", "delimiter"):
        reader.raw(name)
    reader.done()
    return plan


def _read_column_name(reader: Reader, name: str, proposed: Plan, default: str | None, named: bool) -> str | None:
    """A column of the file by its name; null means none, left out means the proposed one."""
    column = reader.text(name)
    if not named:
        return default
    return _known_column(column, proposed, reader.place.at(name)) if column else None


def _known_column(name: str, proposed: Plan, place: Place) -> str:
    if name in proposed.columns:
        return name
    folded = name.strip().casefold()
    found = [one for one in proposed.columns if one.casefold() == folded]
    if len(found) == 1:
        return found[0]
    raise place.refuse(
        Text("文件里没有“{name}”列，只有：{known}", "the file has no column “{name}”; it has: {known}").fill(
            name=name, known="、".join(list(proposed.columns)[:40])
        ),
        code="unknown_column",
    )


def _free_taken_fields(columns: dict[str, ColumnPlan], named: set[str]) -> None:
    """A Field that a named column takes is no longer filled by a column that only the proposal gave it to."""
    taken = {one.field for name, one in columns.items() if name in named and one.field}
    for name, one in columns.items():
        if name not in named and one.field in taken:
            columns[name] = ColumnPlan(name)


def _read_column(value: Any, proposed: ColumnPlan, place: Place) -> ColumnPlan:
    name = proposed.column
    if value is None:
        return ColumnPlan(name)
    if isinstance(value, str):
        value = {"field": value}
    reader = Reader(value, place)
    keys = frozenset(value)
    one = ColumnPlan(name, proposed.field, proposed.also)
    if "field" in keys:
        one.field = reader.text("field") or None
    same = one.field == proposed.field
    base = proposed if same else ColumnPlan(name, factor=proposed.factor, decimal=proposed.decimal)
    one.also = reader.texts("also") if "also" in keys else base.also
    order = reader.one_of("date_order", DATE_ORDERS, "ymd") if reader.has("date_order") else proposed.date_order
    one.date_order = cast("DateOrder | None", order)
    one.values = {**base.values, **reader.part("values")}
    one.missing = cast(Missing, reader.one_of("missing", get_args(Missing), base.missing))
    one.factor = _factor(reader, base.factor)
    one.currency = reader.text("currency") or base.currency
    one.decimal = reader.one_of("decimal", (".", ","), proposed.decimal)
    one.fractions = reader.flag("fractions", base.fractions)
    one.separator = cast("str | None", reader.raw("separator", base.separator))
    one.by = cast(Literal["name", "code"], reader.one_of("by", ("name", "code"), base.by))
    reader.done()
    return one


def _factor(reader: Reader, proposed: Decimal | None) -> Decimal | None:
    value = reader.raw("factor")
    if value is None:
        return proposed
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise reader.place.at("factor").refuse(Text("应为数字", "must be a number"), found=value) from None


def _read_pipeline(reader: Reader, proposed: PipelinePlan) -> PipelinePlan:
    if not reader.has("pipeline"):
        return proposed
    part = Reader(reader.part("pipeline"), reader.place.at("pipeline"))
    states = part.texts("states") or proposed.states
    named = Reader(part.part("named"), part.place.at("named"))
    several = {str(name): named.texts(str(name)) for name in part.part("named")} or proposed.named
    read = PipelinePlan(part.flag("create", proposed.create), part.text("name", proposed.name), states, several)
    part.done()
    return read


def _read_history(reader: Reader, proposed: Plan) -> HistoryPlan | None:
    if not reader.has("history"):
        return proposed.history
    part = Reader(reader.part("history"), reader.place.at("history"))
    found: dict[str, str | None] = {}
    for one in fields(HistoryPlan):
        name = part.text(one.name) or (getattr(proposed.history, one.name) if proposed.history else None)
        found[one.name] = _known_column(name, proposed, part.place.at(one.name)) if name else None
    part.done()
    for needed in ("record", "state", "time"):
        if not found[needed]:
            raise part.place.at(needed).refuse(Text("请指定这一列", "this column has to be named"))
    return HistoryPlan(**cast(dict[str, Any], found))


def plan_of_json(object_key: str, value: Mapping[str, Any]) -> Plan:
    """The Plan that ``to_json`` wrote, complete."""
    empty = Plan(
        object_key, {name: ColumnPlan(name) for name in value.get("columns", {})}, reading=read_reading(_reading(value))
    )
    return read_plan(value, empty)


def _reading(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.get(name) for name in ("sheet", "header_row", "encoding", "delimiter")}
