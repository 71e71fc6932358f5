"""Who asks: is me, is my department."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import Operator, Reading
from liaoran.query.subjects import Subject
from liaoran.query.values import NOBODY, linked_to


class IsMine(Operator):
    """Links to the actor's own record of ``target``, whose id travels as the bind ``param`` of ``Rows``."""

    def __init__(self, key: str, target: str, param: str, label: Text, sentence: Text) -> None:
        super().__init__(key, label, sentence, frozenset({ValueKind.LINK}))
        self.target, self.param = target, param

    def suits(self, subject: Subject) -> bool:
        """Links to that Object only."""
        return linked_to(subject) == self.target

    def read(self, raw: Any, subject: Subject) -> Reading:
        """No value is taken; an actor who has no such record matches nothing."""
        return Reading((subject.params[self.param] or NOBODY,))

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a = id``."""
        return operand.value == operand.bind(binds[0])


IS_ME = IsMine("is_me", "person", "actor_person", Text("是我", "is me"), Text("{field}是我", "{field} is me"))
IS_MY_DEPARTMENT = IsMine(
    "is_my_department",
    "department",
    "actor_department",
    Text("是我的部门", "is my department"),
    Text("{field}是我的部门", "{field} is my department"),
)
