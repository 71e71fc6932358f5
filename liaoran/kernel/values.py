"""Value kinds: what a Field's values are to a Condition, a formula or a sort, whatever its type is called.

Operators are written per kind, not per field type, so a new field type gets its operators for free.
JSON forms (API, Events, candidate rows): text, email… -> string; number, money, percent -> number (percent 25 means
25 %); boolean -> true/false; date -> "YYYY-MM-DD"; instant -> ISO 8601 in UTC; choice -> its key; choices -> list of
keys; link -> id as string on write, ``{"id", "label"}`` on read; region -> six-digit code on write, ``{"code",
"label"}`` on read.
"""

from __future__ import annotations

from enum import StrEnum


class ValueKind(StrEnum):
    """The closed list of value kinds."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    CHOICES = "choices"
    LINK = "link"
    REGION = "region"
