"""What every organisation needs, whichever pack it starts from: people, departments and the shipped roles."""

from __future__ import annotations

from liaoran.packs.base.department import DEPARTMENT
from liaoran.packs.base.person import PERSON
from liaoran.packs.base.roles import ROLES

OBJECTS = [DEPARTMENT, PERSON]

__all__ = ["OBJECTS", "ROLES"]
