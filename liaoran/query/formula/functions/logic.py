"""Decisions: IF, AND, OR, NOT, and what to do about empty values."""

from __future__ import annotations

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.formula.functions.base import ANY, BOOLEAN, PLAIN, Function, Parameter

_CONDITION = Parameter(Text("条件", "condition"), BOOLEAN)
_MORE_CONDITIONS = Parameter(Text("条件", "condition"), BOOLEAN, optional=True, repeated=True)
_VALUE = Parameter(Text("值", "value"), PLAIN, same=True)

IF = Function(
    "IF",
    Text("如果", "if"),
    Text(
        "条件成立时取第一个值，否则取第二个；第二个可省略",
        "the first value where the condition holds, else the second; it may be left out",
    ),
    'IF(amount >= 100000, "大单", "普通")',
    (
        _CONDITION,
        Parameter(Text("成立时", "then"), PLAIN, same=True),
        Parameter(Text("否则", "else"), PLAIN, same=True, optional=True),
    ),
    None,
    lambda _, a: sa.case((a[0], a[1]), else_=a[2] if len(a) > 2 else sa.null()),
)
AND = Function(
    "AND",
    Text("并且", "and"),
    Text("所有条件都成立", "all conditions hold"),
    "AND(amount > 0, probability > 50)",
    (_CONDITION, _MORE_CONDITIONS),
    ValueKind.BOOLEAN,
    lambda _, a: sa.and_(*a),
)
OR = Function(
    "OR",
    Text("或者", "or"),
    Text("至少一个条件成立", "at least one condition holds"),
    "OR(ISBLANK(amount), amount = 0)",
    (_CONDITION, _MORE_CONDITIONS),
    ValueKind.BOOLEAN,
    lambda _, a: sa.or_(*a),
)
NOT = Function(
    "NOT",
    Text("不", "not"),
    Text("条件不成立", "the condition does not hold"),
    "NOT(ISBLANK(owner))",
    (_CONDITION,),
    ValueKind.BOOLEAN,
    lambda _, a: sa.not_(a[0]),
)
ISBLANK = Function(
    "ISBLANK",
    Text("为空", "is empty"),
    Text("值为空时成立", "holds where there is no value"),
    "ISBLANK(expected_close_on)",
    (Parameter(Text("值", "value"), ANY),),
    ValueKind.BOOLEAN,
    lambda _, a: a[0].is_(None),
)
COALESCE = Function(
    "COALESCE",
    Text("首个非空", "first not empty"),
    Text("第一个不为空的值", "the first value that is not empty"),
    "COALESCE(budget, amount, 0)",
    (_VALUE, Parameter(Text("值", "value"), PLAIN, same=True, optional=True, repeated=True)),
    None,
    lambda _, a: sa.func.coalesce(*a),
)
IFBLANK = Function(
    "IFBLANK",
    Text("空则取", "if empty"),
    Text("值为空时取替代值", "the value, or the other one where it is empty"),
    "IFBLANK(discount, 0)",
    (_VALUE, Parameter(Text("替代值", "other value"), PLAIN, same=True)),
    None,
    lambda _, a: sa.func.coalesce(*a),
)
