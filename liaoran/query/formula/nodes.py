"""The syntax tree of a formula: five kinds of nodes, each with the place where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """Where something begins: ``position`` counts characters from 0, ``line`` and ``column`` count from 1."""

    position: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true or false as it is written."""

    place: Place
    value: Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A Field: by key or dotted path (``account.industry``), or in braces by labels as well (``{客户.行业}``)."""

    place: Place
    path: str
    braced: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator as the function of its sign. A missing argument (``IF(a,,b)``) is None."""

    place: Place
    name: str
    arguments: tuple[Node | None, ...]
    depth: int = 1


Node = Constant | Reference | Call


def depth_of(node: Node | None) -> int:
    """How many calls lie one within the other."""
    return node.depth if isinstance(node, Call) else 0
