"""Operators: + - * / ^ & and the comparisons. Their key is the sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.formula.functions.base import ANY, NUMBER, TEXT, Function, Parameter, Sql, certain, filled, number

_LEFT, _RIGHT = Text("左", "left"), Text("右", "right")
MOST_DIGITS_OF_POWER = 60


def _sign(
    key: str,
    label: Text,
    help_text: Text,
    example: str,
    kinds: Any,
    result: ValueKind,
    write: Callable[[Sql, Sql], Sql],
) -> Function:
    same = kinds is ANY
    parameters = (Parameter(_LEFT, kinds, same=same), Parameter(_RIGHT, kinds, same=same))
    return Function(key, label, help_text, example, parameters, result, lambda _, a: write(a[0], a[1]), hidden=True)


def _arithmetic(key: str, zh: str, en: str, example: str, write: Callable[[Sql, Sql], Sql]) -> Function:
    help_text = Text(f"{zh};任一边为空时结果为空", f"{en}; empty where one side is empty")
    return _sign(key, Text(zh, en), help_text, example, NUMBER, ValueKind.NUMBER, write)


def _comparison(key: str, zh: str, en: str, write: Callable[[Sql, Sql], Sql]) -> Function:
    return _sign(key, Text(zh, en), Text(zh, en), f"amount {key} budget", ANY, ValueKind.BOOLEAN, write)


def divided(left: Sql, right: Sql) -> Sql:
    """Division; by zero it has no result."""
    return left / sa.func.nullif(right, number(0))


def power(base: Sql, exponent: Sql) -> Sql:
    """A power where it is a number of at most 60 digits; else it has no result."""
    digits = sa.func.abs(exponent * sa.func.log(sa.func.nullif(sa.func.abs(base), number(0))))
    whole_exponent = exponent == sa.func.trunc(exponent)
    return sa.case(
        (sa.or_(base.is_(None), exponent.is_(None)), sa.null()),
        (base == number(0), sa.case((exponent > number(0), number(0)), (exponent == number(0), number(1)))),
        (sa.and_(base < number(0), sa.not_(whole_exponent)), sa.null()),
        (sa.func.abs(exponent) > number(100_000), sa.null()),
        (digits <= number(MOST_DIGITS_OF_POWER), sa.func.power(base, exponent)),
    )


def joined(left: Sql, right: Sql) -> Sql:
    """Both texts one after the other; empty ones add nothing."""
    return filled(sa.func.concat(left, right))


ADD = _arithmetic("+", "加", "sum", "amount + 100", lambda a, b: a + b)
SUBTRACT = _arithmetic("-", "减", "difference", "amount - budget", lambda a, b: a - b)
MULTIPLY = _arithmetic("*", "乘", "product", "quantity * unit_price", lambda a, b: a * b)
DIVIDE = _arithmetic("/", "除;除以零时结果为空", "quotient; empty when divided by zero", "amount / quantity", divided)
RAISE = _arithmetic("^", "乘方", "power", "1.05 ^ 3", power)
JOIN = _sign(
    "&",
    Text("连接文字", "join text"),
    Text("把两段文字连在一起", "joins two texts"),
    '{name} & "-" & {code}',
    TEXT,
    ValueKind.TEXT,
    joined,
)
EQUAL = _comparison(
    "=", "等于;两边都为空也算相等", "equal; two empty values are equal", lambda a, b: a.is_not_distinct_from(b)
)
UNEQUAL = _comparison("<>", "不等于", "not equal", lambda a, b: a.is_distinct_from(b))
LESS = _comparison("<", "小于", "less than", lambda a, b: certain(a < b))
AT_MOST = _comparison("<=", "小于等于", "at most", lambda a, b: certain(a <= b))
GREATER = _comparison(">", "大于", "greater than", lambda a, b: certain(a > b))
AT_LEAST = _comparison(">=", "大于等于", "at least", lambda a, b: certain(a >= b))
