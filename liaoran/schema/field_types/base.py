"""FieldType: what one kind of Field accepts, how it is stored, searched and exported.

Values have three forms. *Raw* is what came in: an API value, a form entry, a cell of a file. *Canonical* is the one
plain JSON value that stands for it (``kernel.values``); equal values have equal canonical forms, and it is what
candidate rows and Events hold. *Stored* is the canonical value by column, with the helper columns filled.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Choice, Field, Snapshot

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


class ValueProblem(Exception):
    """A raw value that its field type cannot take; ``problem`` names the field, the reason and the evidence."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem


@dataclass(frozen=True)
class ParseContext:
    """What reading a raw value may depend on besides its Field.

    ``zone`` (IANA name) and ``now`` decide what a time without offset and "@today" mean; ``region`` (ISO 3166) is the
    country of phone numbers without a country code. ``me`` and ``my_department`` are ids that "@me" and
    "@my_department" stand for. ``allow_retired`` lets retired choices pass, for undo and for history.
    """

    zone: str = "Asia/Shanghai"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    language: Language = "zh"
    region: str = "CN"
    me: str | None = None
    my_department: str | None = None
    allow_retired: bool = False

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.zone)

    @cached_property
    def today(self) -> date:
        """The day of ``now`` in ``zone``."""
        return self.now.astimezone(self.zone_info).date()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The outcome of one column: ``values`` has None where a problem stands; ``problems`` are (position, Problem)."""

    values: list[Any]
    problems: list[tuple[int, Problem]]


class FieldType(ABC):
    """One kind of Field. Instances hold no state; a new type is one file with one instance in this folder.

    ``computed`` types own no column and cannot be written; ``readonly`` ones are filled by the engine only.
    ``can_be_unique`` and ``can_be_name`` (the name Field of an Object) say where a type may serve. ``takes_choices``
    types read ``choices`` of the definition. ``always_indexed`` types get an index with the column. ``fixed_options``
    shape the column or the meaning of what is stored, so they do not change once the Field is there.
    """

    key: ClassVar[str]
    label: ClassVar[Text]
    kind: ClassVar[ValueKind]
    computed: ClassVar[bool] = False
    readonly: ClassVar[bool] = False
    can_be_unique: ClassVar[bool] = False
    can_be_name: ClassVar[bool] = False
    takes_choices: ClassVar[bool] = False
    always_indexed: ClassVar[bool] = False
    fixed_options: ClassVar[frozenset[str]] = frozenset()
    column_type: ClassVar[sa.types.TypeEngine[Any] | None] = None

    # definition

    def check_options(self, options: Any, place: Place = Place("options")) -> dict[str, Any]:  # noqa: B008
        """The options with defaults filled in. Raises Invalid naming the place; unknown options are refused."""
        reader = Reader(options or {}, place)
        checked = self.read_options(reader)
        reader.done()
        return checked

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """Reads the options that this type knows; the base type knows none."""
        return {}

    def check_references(self, one: Field, snapshot: Snapshot, place: Place) -> dict[str, Any]:
        """The options again, once the whole catalogue is known: targets exist, expressions are well typed.

        Runs over the catalogue as it will be. May complete the options. Raises Invalid.
        """
        return dict(one.options)

    def kind_of(self, options: Mapping[str, Any]) -> ValueKind:
        """The value kind; the same for all Fields of most types, that of the result for computed ones."""
        return self.kind

    def choices_of(self, options: Mapping[str, Any], declared: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """The choices that a Field offers: the declared ones, or a built-in list."""
        return declared

    # storage

    def helper_types(self, one: Field) -> dict[str, sa.types.TypeEngine[Any]]:
        """Helper columns by full column name (``<key>__<helper>``); most types have none."""
        return {}

    def columns(self, one: Field) -> list[sa.Column[Any]]:
        """Fresh SQLAlchemy columns of the Field: its own, named like its key, then the helpers. Empty if computed."""
        if self.column_type is None:
            return []
        own = sa.Column(one.key, self.column_type)
        return [own, *(sa.Column(name, kind) for name, kind in self.helper_types(one).items())]

    def sql_type(self, one: Field) -> str:
        """The PostgreSQL type of the Field's own column, as for the column list of ``json_to_recordset``."""
        if self.column_type is None:
            raise LookupError(f"a {self.key} field has no column")
        return str(self.column_type.compile(_DIALECT))

    def sql_types(self, one: Field) -> dict[str, str]:
        """PostgreSQL types of all columns of the Field by column name, helpers included."""
        return {column.name: str(column.type.compile(_DIALECT)) for column in self.columns(one)}

    def store(self, value: Any, one: Field) -> dict[str, Any]:
        """The canonical value by column name, helper columns computed."""
        return {one.key: value}

    def store_many(self, values: list[Any], one: Field) -> dict[str, list[Any]]:
        """Whole columns: canonical values in, one list per column name out."""
        return {one.key: values}

    # values

    def parse(self, raw: Any, one: Field, context: ParseContext) -> Any:
        """The canonical value, or None for null and empty text. Raises ValueProblem."""
        if raw is None or raw == "":
            return None
        return self.read(raw, one, context)

    @abstractmethod
    def read(self, raw: Any, one: Field, context: ParseContext) -> Any:
        """The canonical value of a raw value that is neither null nor the empty string. Raises ValueProblem."""

    def parse_many(self, values: Sequence[Any], one: Field, context: ParseContext) -> Parsed:
        """A whole column at once; repeated values are read once."""
        return self.column_parser(one, context)(values)

    def column_parser(self, one: Field, context: ParseContext) -> ColumnParser:
        """A parser that keeps what it has read, for a column that arrives in several chunks."""
        return ColumnParser(self, one, context)

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """Raw strings of a canonical value that search should find; ``query.search.words_of`` makes lexemes of them."""
        return ()

    def export(self, value: Any, one: Field, language: Language) -> str:
        """A canonical value, or the form that reads give (``{"id", "label"}``), as the text of a file cell.

        ``parse`` takes it back wherever the type allows (a link is exported by its label).
        """
        return "" if value is None else str(value)

    def plain(self, value: Any, one: Field, language: Language) -> Any:
        """What a canonical value is to another type when the Field is retyped: a number, true/false, or text."""
        return None if value is None else self.export(value, one, language)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of a raw value and its canonical form: shown in the reference, and driven by the contract test."""
        return []

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of a raw value and the code of the problem it meets: for the reference and the contract test."""
        return []


@dataclass(frozen=True, slots=True)
class _Failure:
    """Stands for a value that could not be read, until the positions are known."""

    problem: Problem


class _Memo(dict[Any, Any]):
    """Reads a value the first time it is asked for; afterwards a plain dictionary access."""

    def __init__(self, kind: FieldType, one: Field, context: ParseContext) -> None:
        super().__init__()
        self._kind, self._field, self._context = kind, one, context
        self.failed = False

    def __missing__(self, raw: Any) -> Any:
        try:
            value = self._kind.parse(raw, self._field, self._context)
        except ValueProblem as refused:
            self.failed = True
            value = _Failure(refused.problem)
        self[raw] = value
        return value


class ColumnParser:
    """Reads the raw values of one Field column by column and remembers values seen before (a bounded number)."""

    LIMIT = 100_000

    def __init__(self, kind: FieldType, one: Field, context: ParseContext) -> None:
        self._kind, self._field, self._context = kind, one, context
        # 1, 1.0 and True are equal as dictionary keys, so each Python type has its own memory
        self._memos: dict[type, _Memo] = {}

    def __call__(self, values: Sequence[Any]) -> Parsed:
        """The canonical values in order, and the problems by position."""
        kinds = set(map(type, values))
        kinds.discard(type(None))
        if kinds <= {str}:
            memo = self._memo(str)
            read = [memo[value] for value in values]
        elif kinds & {list, dict, set, bytearray}:
            read = [self._one(value) for value in values]
        else:
            memos = {kind: self._memo(kind) for kind in (*kinds, type(None))}
            read = [memos[type(value)][value] for value in values]
        if not any(memo.failed for memo in self._memos.values()) and not kinds & {list, dict, set, bytearray}:
            return Parsed(read, [])
        problems = [(index, value.problem) for index, value in enumerate(read) if isinstance(value, _Failure)]
        for index, _ in problems:
            read[index] = None
        return Parsed(read, problems)

    def _memo(self, kind: type) -> _Memo:
        memo = self._memos.get(kind)
        if memo is None or len(memo) > self.LIMIT:
            memo = self._memos[kind] = _Memo(self._kind, self._field, self._context)
        return memo

    def _one(self, value: Any) -> Any:
        try:
            return self._kind.parse(value, self._field, self._context)
        except ValueProblem as refused:
            return _Failure(refused.problem)


def problem(one: Field, code: str, message: Text, raw: Any, **evidence: Any) -> ValueProblem:
    """The exception to raise for a raw value; ``evidence`` gets the value found, shortened to 200 characters."""
    found = raw if isinstance(raw, int | float | bool) else str(raw)[:200]
    return ValueProblem(Problem(code, message, field=one.key, evidence={"value": found, **evidence}))
