"""One file per signal of the stage-design check; a new signal is a new instance in a file of this folder."""

from __future__ import annotations

import sys

from liaoran.kernel.registry import Registry
from liaoran.process.design_check.signal import Signal

SIGNALS: Registry[Signal] = Registry(sys.modules[__name__], Signal)  # type: ignore[type-abstract]
"""All signals by key."""
