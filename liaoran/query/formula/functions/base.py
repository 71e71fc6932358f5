"""Function: what it takes, what it gives, how it is explained, how it becomes SQL.

Arguments are converted before ``write`` sees them: what a text parameter gets is text, whatever it was. Empty is null.
Three rules hold for every function: text results are never the empty string (empty has one form), yes/no results are
never null, and nothing that a record may hold makes the SQL fail: what has no result is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind

Sql = sa.ColumnElement[Any]
Kinds = frozenset[ValueKind]

TEXT: Kinds = frozenset({ValueKind.TEXT})
NUMBER: Kinds = frozenset({ValueKind.NUMBER})
BOOLEAN: Kinds = frozenset({ValueKind.BOOLEAN})
DATE: Kinds = frozenset({ValueKind.DATE})
ANY: Kinds = frozenset(ValueKind)
PLAIN: Kinds = frozenset({ValueKind.TEXT, ValueKind.NUMBER, ValueKind.BOOLEAN, ValueKind.DATE, ValueKind.INSTANT})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. ``kinds`` it is taken as; ``same`` arguments must agree in kind, which is then that of the result.

    An ``optional`` one may be left out; ``repeated`` takes any number of further ones. ``words`` lists the constants
    that are taken (``"month"``), which then have to be written out in the formula.
    """

    name: Text
    kinds: Kinds = ANY
    same: bool = False
    optional: bool = False
    repeated: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a function is written: the binds of the actor, and of the arguments the kinds and the constants (None
    where an argument is empty, or is no constant)."""

    zone: Sql
    today: Sql
    now: Sql
    kinds: Sequence[ValueKind | None] = ()
    constants: Sequence[Any] = ()


Objection = Callable[[Sequence["ValueKind | None"], Sequence[Any]], "Text | None"]
Writer = Callable[[Setting, Sequence[Sql]], Sql]


@dataclass(frozen=True)
class Function:
    """One function of the language. ``result`` None means the kind that the ``same`` arguments have.

    ``hidden`` ones are operators, which the help lists by their sign elsewhere. ``objection`` looks at the kinds and
    constants of the arguments together and says what is wrong with them, or None.
    """

    key: str
    label: Text
    help: Text
    example: str
    parameters: tuple[Parameter, ...]
    result: ValueKind | None
    write: Writer = field(compare=False)
    hidden: bool = False
    objection: Objection | None = field(default=None, compare=False)

    @property
    def least(self) -> int:
        """How many arguments are needed at least."""
        return sum(not one.optional for one in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments are taken at most; None for any number."""
        return None if self.parameters and self.parameters[-1].repeated else len(self.parameters)

    def parameter(self, index: int) -> Parameter:
        """The parameter that the argument at ``index`` belongs to."""
        return self.parameters[min(index, len(self.parameters) - 1)]

    def to_json(self) -> dict[str, Any]:
        """The help for the pages."""
        return {
            "key": self.key,
            "label": self.label.to_json(),
            "help": self.help.to_json(),
            "example": self.example,
            "arguments": [
                {"name": one.name.to_json(), "optional": one.optional, "repeated": one.repeated, "words": one.words}
                for one in self.parameters
            ],
            "result": self.result,
        }


def filled(text: Sql) -> Sql:
    """The text, empty where it has no characters."""
    return sa.func.nullif(text, sa.literal_column("''", sa.Text))


def certain(condition: Sql) -> Sql:
    """The condition with false for null."""
    return sa.func.coalesce(condition, sa.false(), type_=sa.Boolean)


def number(value: int) -> Sql:
    """A whole number as a constant of the SQL."""
    return sa.literal_column(f"{value}::numeric", sa.Numeric)


def once(arguments: Sequence[Sql], write: Callable[[Sequence[Sql]], Sql]) -> Sql:
    """What ``write`` makes of the arguments, each worked out once however often it is used.

    Without this, functions that use an argument several times double their statement with every level of nesting.
    """
    if all(isinstance(one, sa.ColumnClause | sa.BindParameter) for one in arguments):
        return write(arguments)
    given = sa.select(*(one.label(f"a{index}") for index, one in enumerate(arguments)))
    # the offset keeps PostgreSQL from writing the arguments out again
    known = given.correlate_except().offset(sa.literal_column("0")).subquery()
    return sa.select(write([known.c[f"a{index}"] for index in range(len(arguments))])).scalar_subquery()


def whole(value: Sql, low: int, high: int) -> Sql:
    """A number cut to a whole one within bounds, as an SQL integer; empty stays empty."""
    bounded = sa.func.least(sa.func.greatest(sa.func.trunc(value), number(low)), number(high))
    return sa.case((value.is_not(None), sa.cast(bounded, sa.Integer)))
