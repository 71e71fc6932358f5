"""Operators: + - * / ^ and the comparisons. Their key is the sign; ``&`` is read as CONCAT."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.formula.functions.base import ANY, NUMBER, Function, Kinds, Parameter, Sql, certain, number, once

_LEFT, _RIGHT = Text("左", "left"), Text("右", "right")
MOST_DIGITS_OF_POWER = 60
Both = Callable[[Sql, Sql], Sql]


def _both(kinds: Kinds) -> tuple[Parameter, Parameter]:
    same = kinds is ANY
    return Parameter(_LEFT, kinds, same=same), Parameter(_RIGHT, kinds, same=same)


def _operator(key: str, words: tuple[Text, Text], parameters: tuple[Parameter, Parameter], write: Both) -> Function:
    kind = ValueKind.NUMBER if parameters[0].kinds is NUMBER else ValueKind.BOOLEAN
    label, help_text = words
    return Function(key, label, help_text, f"a {key} b", parameters, kind, lambda _, a: write(a[0], a[1]), hidden=True)


def _arithmetic(key: str, zh: str, en: str, write: Both) -> Function:
    help_text = Text(f"{zh}；任一边为空时结果为空", f"{en}; empty where one side is empty")
    return _operator(key, (Text(zh, en), help_text), _both(NUMBER), write)


def _comparison(key: str, zh: str, en: str, write: Both) -> Function:
    return _operator(key, (Text(zh, en), Text(zh, en)), _both(ANY), write)


def divided(left: Sql, right: Sql) -> Sql:
    """Division; by zero it has no result."""
    return left / sa.func.nullif(right, number(0))


def power(base: Sql, exponent: Sql) -> Sql:
    """A power where it is a number of at most 60 digits; else it has no result."""
    return once((base, exponent), lambda a: _power(a[0], a[1]))


def _power(base: Sql, exponent: Sql) -> Sql:
    digits = sa.func.abs(exponent * sa.func.log(sa.func.nullif(sa.func.abs(base), number(0))))
    whole_exponent = exponent == sa.func.trunc(exponent)
    return sa.case(
        (sa.or_(base.is_(None), exponent.is_(None)), sa.null()),
        (base == number(0), sa.case((exponent > number(0), number(0)), (exponent == number(0), number(1)))),
        (sa.and_(base < number(0), sa.not_(whole_exponent)), sa.null()),
        (sa.func.abs(exponent) > number(100_000), sa.null()),
        (digits <= number(MOST_DIGITS_OF_POWER), sa.func.power(base, exponent)),
    )


ADD = _arithmetic("+", "加", "sum", lambda a, b: a + b)
SUBTRACT = _arithmetic("-", "减", "difference", lambda a, b: a - b)
MULTIPLY = _arithmetic("*", "乘", "product", lambda a, b: a * b)
DIVIDE = _arithmetic("/", "除;除以零时结果为空", "quotient; empty when divided by zero", divided)
RAISE = _arithmetic("^", "乘方", "power", power)
EQUAL = _comparison(
    "=", "等于；两边都为空也算相等", "equal; two empty values are equal", lambda a, b: a.is_not_distinct_from(b)
)
UNEQUAL = _comparison("<>", "不等于", "not equal", lambda a, b: a.is_distinct_from(b))
LESS = _comparison("<", "小于", "less than", lambda a, b: certain(a < b))
AT_MOST = _comparison("<=", "小于等于", "at most", lambda a, b: certain(a <= b))
GREATER = _comparison(">", "大于", "greater than", lambda a, b: certain(a > b))
AT_LEAST = _comparison(">=", "大于等于", "at least", lambda a, b: certain(a >= b))
