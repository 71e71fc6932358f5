"""One file per family of functions; a new function is a new instance in a file of this folder."""

from __future__ import annotations

import sys

from liaoran.kernel.registry import Registry
from liaoran.query.formula.functions.base import Function

FUNCTIONS: Registry[Function] = Registry(sys.modules[__name__], Function)
"""All functions and operators of formulas by key."""
