"""Typed formulas: the syntax tree with every name resolved and every kind known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from liaoran.kernel.values import ValueKind
from liaoran.query.formula.functions.base import Function
from liaoran.query.paths import Count, Path, target_of


@dataclass(frozen=True, slots=True)
class TypedConstant:
    """A number, text, yes or no. ``kind`` None with ``value`` None is the empty value."""

    value: Decimal | str | bool | None
    kind: ValueKind | None


@dataclass(frozen=True, slots=True)
class TypedReference:
    """A path from the record."""

    path: Path

    @property
    def kind(self) -> ValueKind:
        """The kind at its end."""
        return self.path.kind


@dataclass(frozen=True, slots=True)
class TypedCall:
    """A function with its arguments, and the kinds that they are converted to (None: taken as they are)."""

    function: Function
    arguments: tuple[Typed, ...]
    taken_as: tuple[ValueKind | None, ...]
    kind: ValueKind | None


Typed = TypedConstant | TypedReference | TypedCall


def paths_of(typed: Typed) -> Iterator[Path]:
    """All paths that a formula reads, in order."""
    match typed:
        case TypedReference(path):
            yield path
        case TypedCall(arguments=arguments):
            for one in arguments:
                yield from paths_of(one)


def fields_of(path: Path) -> Iterator[tuple[str, str]]:
    """The (object, field) pairs that a path goes through, its end included."""
    here = path.object
    for hop in path.hops:
        yield here, hop.key
        here = target_of(hop)
    yield (path.end.object, path.end.link.key) if isinstance(path.end, Count) else (here, path.end.key)
