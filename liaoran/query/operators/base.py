"""Operator: how one comparison reads its value, becomes SQL, and is said in words.

An operator works in two steps, so that statements can be cached by shape. ``read`` checks the raw value and gives the
values to bind together with a *form*, whatever of the value changes the SQL (a null in a list, an open end of a range).
``holds`` then writes the SQL for a form. It may yield null where the operand is null; ``fails`` is its two-valued
complement. ``conditions`` pushes every negation down to the leaf, so null only ever stands where it counts as false.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.evidence import Evidence

if TYPE_CHECKING:
    from liaoran.query.operands import Operand
    from liaoran.query.subjects import Subject

ALL_KINDS: Final = frozenset(ValueKind)
ORDERED_KINDS: Final = frozenset({ValueKind.NUMBER, ValueKind.DATE, ValueKind.INSTANT})
DAY_KINDS: Final = frozenset({ValueKind.DATE, ValueKind.INSTANT})


class Argument(StrEnum):
    """What an operator takes as its value."""

    NONE = "none"
    ONE = "one"
    MANY = "many"
    RANGE = "range"
    DAYS = "days"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Reading:
    """A checked value: the values to bind, in order, and what of it the SQL depends on."""

    values: tuple[Any, ...] = ()
    form: Hashable = None


class Operator(ABC):
    """One comparison. Instances are stateless and found by scanning this folder.

    ``sentence`` says it with the placeholders ``{field}`` and ``{value}`` (``{low}`` and ``{high}`` for a range).
    ``on_change`` operators compare the row before and after a change and work over candidates only.
    """

    argument: Argument = Argument.NONE
    on_change: bool = False

    def __init__(self, key: str, label: Text, sentence: Text, kinds: frozenset[ValueKind]) -> None:
        self.key = key
        self.label = label
        self.sentence = sentence
        self.kinds = kinds

    def suits(self, subject: Subject) -> bool:
        """Whether the operator can be asked about this subject; most go by the value kind alone."""
        return subject.kind in self.kinds and not isinstance(subject.path.end, Evidence)

    @abstractmethod
    def read(self, raw: Any, subject: Subject) -> Reading:
        """The checked value. Raises Invalid naming field, operator and value."""

    @abstractmethod
    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """SQL that is true exactly where the comparison holds; elsewhere false or null.

        Of ``reading`` only the form may be used; ``binds`` are the names under which its values travel.
        """

    def is_two_valued(self, reading: Reading) -> bool:
        """Whether ``holds`` never yields null for this form."""
        return False

    def fails(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """SQL that is true exactly where the comparison does not hold; empty operands included."""
        opposite = sa.not_(self.holds(operand, reading, binds))
        if self.is_two_valued(reading) or not operand.nullable:
            return opposite
        return sa.or_(opposite, operand.value.is_(None))

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The values of the sentence's placeholders besides ``{field}``."""
        return {}

    def to_json(self) -> dict[str, Any]:
        """The description for the pages: key, label, kinds, argument, sentence."""
        return {
            "key": self.key,
            "label": self.label.to_json(),
            "kinds": sorted(self.kinds),
            "argument": self.argument,
            "sentence": self.sentence.to_json(),
            "on_change": self.on_change,
        }


class Opposite(Operator):
    """The complement of another operator: holds exactly where that one does not, so empty values are included."""

    def __init__(self, key: str, label: Text, sentence: Text, of: Operator) -> None:
        super().__init__(key, label, sentence, of.kinds)
        self.of = of
        self.argument = of.argument

    def suits(self, subject: Subject) -> bool:
        """As the operator it is the opposite of."""
        return self.of.suits(subject)

    def read(self, raw: Any, subject: Subject) -> Reading:
        """As the operator it is the opposite of."""
        return self.of.read(raw, subject)

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """True exactly where the other fails."""
        return self.of.fails(operand, reading, binds)

    def fails(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """True exactly where the other holds."""
        return self.of.holds(operand, reading, binds)

    def is_two_valued(self, reading: Reading) -> bool:
        """``fails`` of the other never yields null."""
        return True

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """As the operator it is the opposite of."""
        return self.of.spoken(raw, subject, names)
