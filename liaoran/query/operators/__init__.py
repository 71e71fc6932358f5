"""One file per family of operators; a new operator is a new instance in a file of this folder."""

from __future__ import annotations

import sys

from liaoran.kernel.registry import Registry
from liaoran.query.operators.base import Operator

OPERATORS: Registry[Operator] = Registry(sys.modules[__name__], Operator)  # type: ignore[type-abstract]
"""All operators by key."""
