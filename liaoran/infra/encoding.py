"""JSON as it goes to and comes from the database: fast, UTF-8, with the value types that records hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson


def to_json(value: Any) -> bytes:
    """UTF-8 JSON. Beyond plain JSON values takes UUID, date, datetime, Decimal, tuple, set. Raises TypeError else."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
