"""All operators by key, found by scanning the folder ``operators``."""

from __future__ import annotations

from liaoran.kernel.registry import Registry
from liaoran.query import operators
from liaoran.query.operators.base import Operator

OPERATORS: Registry[Operator] = Registry(operators, Operator)  # type: ignore[type-abstract]
