"""Masked values: what is left to see of a phone number or an address whose whole is withheld.

The row source gives the masked text instead of the value, so whatever is done with the Field (shown, sorted, grouped,
filtered, exported, read in the past) is done with that. Only text can be masked; a Field of another kind is hidden.

=======  ====================  ==============
type     value                 masked
=======  ====================  ==============
phone    13812341234           138****1234
e-mail   zhangwei@x.com        z***@x.com
other    6222020200112233      ****2233
=======  ====================  ==============
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Field

STARS = "****"
_SHORT = 7
"""Characters of a text from which the last four may be shown; of a shorter one nothing is."""


def can_be_masked(one: Field) -> bool:
    """Whether a masked form of the Field's values exists: of stored text it does."""
    return one.kind is ValueKind.TEXT and not one.computed


def masked(one: Field, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The masked text of a value in SQL; null stays null."""
    if one.type == "phone":
        return _shown(value, 11, sa.func.left(value, 3) + _constant(STARS) + sa.func.right(value, 4))
    if one.type == "email":
        whole = sa.func.left(value, 1) + _constant("***@") + sa.func.split_part(value, _constant("@"), 2)
        return sa.case((value.is_not(None), whole))
    return _shown(value, _SHORT, _constant(STARS) + sa.func.right(value, 4))


def masked_text(one: Field, value: str | None) -> str | None:
    """The same of a value in Python."""
    if value is None:
        return None
    if one.type == "phone":
        return f"{value[:3]}{STARS}{value[-4:]}" if len(value) >= 11 else STARS
    if one.type == "email":
        return f"{value[:1]}***@{value.partition('@')[2]}"
    return f"{STARS}{value[-4:]}" if len(value) >= _SHORT else STARS


def _shown(value: sa.ColumnElement[Any], least: int, shown: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    long = sa.func.length(value) >= sa.literal_column(str(least))
    return sa.case((long, shown), (value.is_not(None), _constant(STARS)))


def _constant(text: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{text}'", sa.Text)
