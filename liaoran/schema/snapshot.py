"""Snapshot: the whole catalogue of one organisation at one schema version, immutable and shared by all requests.

Built by ``schema.catalogue`` from the tables ``objects``, ``fields``, ``processes`` and ``process_versions`` and
cached by version; every unit of work checks that the version it uses is the current one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import EMPTY, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.health import Health
from liaoran.schema.processes import Origin, Process

CARRIES_NOTHING = "none"
CARRIES = (CARRIES_NOTHING, "read", "edit")
"""What a link may hand on to its record: nothing, being read, or being edited (and so read) as the linked record is."""


@dataclass(frozen=True)
class Choice:
    """One entry of a choice Field. ``key`` is stored and never renamed; a retired choice stays readable.

    ``synonyms`` are further words that are read as this choice.
    """

    key: str
    label: Text
    color: str | None = None
    retired: bool = False
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A typed attribute of an Object. ``options`` are checked by the field type and documented there.

    ``kind`` is the value kind (None only for types that no Condition can ask about). ``computed`` Fields (formula,
    roll-up) own no column and cannot be written. ``readonly`` Fields are written by the engine only. ``unique`` holds
    among records that are not in the recycle bin. ``personal`` marks data about a person, which
    is told and erased on request. ``indexed`` Fields have an index for sorting and filtering;
    ``indexed_within`` names a Field for each of whose values they have one (lists of open records by date).
    The column is named like ``key`` (a retyped Field takes the name over from its former column).
    """

    object: str
    key: str
    type: str
    label: Text
    kind: ValueKind
    help: Text = EMPTY
    required: bool = False
    unique: bool = False
    readonly: bool = False
    computed: bool = False
    retired: bool = False
    hidden: bool = False
    personal: bool = False
    indexed: bool = False
    indexed_within: str | None = None
    default: Any = None
    origin: Origin = "custom"
    synonyms: tuple[str, ...] = ()
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    choices: tuple[Choice, ...] = ()

    @property
    def target(self) -> str | None:
        """The Object that a link Field points to, else None."""
        value = self.options.get("target")
        return value if isinstance(value, str) else None

    @property
    def carries(self) -> str:
        """What a link hands on to its record, one of ``CARRIES``; nothing for all other Fields."""
        return str(self.options.get("carries", CARRIES_NOTHING))

    @cached_property
    def choice_by_key(self) -> Mapping[str, Choice]:
        """Choices by key, retired ones included."""
        return {choice.key: choice for choice in self.choices}


@dataclass(frozen=True)
class Activity:
    """How a record stands in the timelines of what it links to: keys of the Fields that say when (the first filled
    one), by whom, in short, and at length."""

    at: tuple[str, ...]
    by: str | None = None
    shows: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True)
class TaskForm:
    """In which Fields of a task what stands, and which choices of its status mean open, done and cancelled."""

    subject: str
    person: str
    due: str
    help: str
    must: str
    output: str
    origin: str
    status: str
    open: str
    done: str
    cancelled: str


TableMaker = Callable[["Object", bool], sa.Table]


@dataclass(frozen=True)
class Object:
    """A kind of record and its table.

    ``table`` has the system columns ``id, version, created_at, created_by, updated_at, updated_by, deleted_at`` plus
    the real columns of every Field, retired ones included, plus hidden helper columns (``<key>__<helper>``) and
    ``search__words`` (tsvector). ``versions_table`` exists where ``tracked``: the same data columns with
    ``valid_from`` and ``valid_to`` (null while current). ``tables`` makes either (True: the versions table).
    """

    key: str
    label: Text
    label_plural: Text
    name_field: str
    fields: Mapping[str, Field]
    tables: TableMaker = dataclasses.field(compare=False, repr=False)
    icon: str = "file"
    group: str = "custom"
    order: int = 1000
    tracked: bool = False
    origin: Origin = "custom"
    retired: bool = False
    layouts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    processes: tuple[Process, ...] = ()
    synonyms: tuple[str, ...] = ()
    activity: Activity | None = None
    task_form: TaskForm | None = None
    health: Health | None = None

    @cached_property
    def table(self) -> sa.Table:
        """The record table; made on first use, since most units of work touch few Objects."""
        return self.tables(self, False)

    @cached_property
    def versions_table(self) -> sa.Table | None:
        """The versions table of a tracked Object, else None."""
        return self.tables(self, True) if self.tracked else None

    def field(self, key: str) -> Field:
        """The Field, refusing an unknown or retired one by name."""
        found = self.fields.get(key)
        if found is None or found.retired:
            raise unknown_field(self, key)
        return found

    @cached_property
    def active_fields(self) -> tuple[Field, ...]:
        """Fields that are not retired, in catalogue order."""
        return tuple(one for one in self.fields.values() if not one.retired)

    @cached_property
    def carrying_links(self) -> tuple[Field, ...]:
        """Links that hand rights on to their records, in catalogue order."""
        return tuple(one for one in self.active_fields if one.carries != CARRIES_NOTHING)

    @cached_property
    def default_process(self) -> Process | None:
        """The Process for records that name none, or None where the Object has no Process."""
        return next((process for process in self.processes if process.is_default), None) or next(
            iter(self.processes), None
        )

    def process(self, key: str | None) -> Process | None:
        """The Process by key; None for an unknown key."""
        return next((process for process in self.processes if process.key == key), None)


@dataclass(frozen=True)
class Snapshot:
    """``version`` grows with every change of the catalogue; ``schema`` is the PostgreSQL schema ``org_<slug>``.

    ``stamp`` is drawn anew at every change: copies of one organisation (sandbox, restored backup, dropped and made
    again) count their versions alike, yet never share a stamp. What is compiled for a catalogue is kept under its
    ``identity``.
    """

    version: int
    schema: str
    objects: Mapping[str, Object]
    language: Literal["zh", "en"] = "zh"
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    stamp: str = ""

    @property
    def identity(self) -> tuple[str, int, str]:
        """What tells this catalogue from every other one, whatever database it is in: the key for caches."""
        return self.schema, self.version, self.stamp

    def object(self, key: str) -> Object:
        """The Object, refusing an unknown or retired one by name."""
        found = self.objects.get(key)
        if found is None or found.retired:
            raise unknown_object(key)
        return found

    def carriers_of(self, one: Object) -> tuple[Field, ...]:
        """The links along which records of the Object go with others. A retired link or target carries nothing."""
        targets = (self.objects.get(link.target or "") for link in one.carrying_links)
        pairs = zip(one.carrying_links, targets, strict=True)
        return tuple(link for link, target in pairs if target is not None and not target.retired)

    @cached_property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """By the key of an Object the Objects whose records may go with its records, however far down."""
        beside: dict[str, list[str]] = {}
        for one in self.objects.values():
            for link in () if one.retired else self.carriers_of(one):
                beside.setdefault(link.target or "", []).append(one.key)
        return {key: tuple(_everything_below(beside, key)) for key in beside}

    def process(self, key: str) -> Process | None:
        """The Process by key, whatever its Object."""
        return next((found for one in self.objects.values() if (found := one.process(key))), None)


def _everything_below(beside: Mapping[str, list[str]], key: str) -> dict[str, None]:
    """The keys in the order of the catalogue, each once; such links never lead back to where they begin."""
    found: dict[str, None] = {}
    for one in beside.get(key, ()):
        found |= {one: None, **_everything_below(beside, one)}
    return found


def unknown_object(key: str) -> Invalid:
    """The same answer for an Object that does not exist and for one that the actor may not see."""
    return Invalid(
        Text("没有名为“{key}”的对象", "there is no object “{key}”").fill(key=key),
        code="unknown_object",
        extra={"object": key},
    )


def unknown_field(owner: Object, key: str) -> Invalid:
    """The same answer for a Field that does not exist and for one that the actor may not see."""
    return Invalid(
        Text("对象“{object}”没有字段“{key}”", "object “{object}” has no field “{key}”").fill(
            object=owner.label, key=key
        ),
        code="unknown_field",
        extra={"object": owner.key, "field": key},
    )
