"""Numbers: rounding, least and greatest, remainders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.formula.functions.base import NUMBER, PLAIN, Function, Parameter, Sql, number, once, whole
from liaoran.query.formula.functions.signs import power

_NUMBER = Parameter(Text("数字", "number"), NUMBER)
_MORE_NUMBERS = Parameter(Text("数字", "number"), NUMBER, optional=True, repeated=True)
_DIGITS = Parameter(Text("小数位数", "digits"), NUMBER, optional=True)
_ORDERED = frozenset(PLAIN - {ValueKind.BOOLEAN})
_VALUE = Parameter(Text("值", "value"), _ORDERED, same=True)
_MORE_VALUES = Parameter(Text("值", "value"), _ORDERED, same=True, optional=True, repeated=True)
MOST_DIGITS = 20


def _digits(arguments: Sequence[Sql]) -> Sql:
    return whole(arguments[1], -MOST_DIGITS, MOST_DIGITS) if len(arguments) > 1 else sa.literal_column("0")


def _away_from_zero(value: Sql, digits: Sql) -> Sql:
    cut = sa.func.trunc(value, digits)
    step = sa.func.power(number(10), sa.cast(-digits, sa.Numeric))
    return sa.case((cut == value, cut), else_=cut + sa.func.sign(value) * step)


def _remainder(arguments: Sequence[Sql]) -> Sql:
    value, divisor = arguments
    return value - sa.func.floor(value / sa.func.nullif(divisor, number(0))) * divisor


def _added(arguments: Sequence[Sql]) -> Sql:
    """Empty values add nothing; where all are empty so is the sum."""
    total: Sql = sa.func.coalesce(arguments[0], number(0))
    for one in arguments[1:]:
        total = total + sa.func.coalesce(one, number(0))
    return sa.case((sa.func.coalesce(*arguments).is_not(None), total))


def _root(arguments: Sequence[Sql]) -> Sql:
    [value] = arguments
    return sa.case((value >= number(0), sa.func.sqrt(sa.func.greatest(value, number(0)))))


def _plain(key: str, label: Text, help_text: Text, example: str, write: Callable[[Sql], Sql]) -> Function:
    return Function(key, label, help_text, example, (_NUMBER,), ValueKind.NUMBER, lambda _, a: write(a[0]))


ROUND = Function(
    "ROUND",
    Text("四舍五入", "round"),
    Text("按小数位数四舍五入，默认到整数", "rounds half up to so many digits; to whole numbers if left out"),
    "ROUND(amount / 3, 2)",
    (_NUMBER, _DIGITS),
    ValueKind.NUMBER,
    lambda _, a: sa.func.round(a[0], _digits(a)),
)
ROUNDUP = Function(
    "ROUNDUP",
    Text("向上舍入", "round up"),
    Text("向远离零的方向舍入", "rounds away from zero"),
    "ROUNDUP(days / 7)",
    (_NUMBER, _DIGITS),
    ValueKind.NUMBER,
    lambda _, a: once(a, lambda known: _away_from_zero(known[0], _digits(known))),
)
ROUNDDOWN = Function(
    "ROUNDDOWN",
    Text("向下舍入", "round down"),
    Text("向零的方向舍去", "cuts towards zero"),
    "ROUNDDOWN(amount, -3)",
    (_NUMBER, _DIGITS),
    ValueKind.NUMBER,
    lambda _, a: sa.func.trunc(a[0], _digits(a)),
)
INT = _plain(
    "INT", Text("取整", "whole part"), Text("不大于它的最大整数", "the greatest whole number not above it"), "INT(2.9)",
    sa.func.floor,
)  # fmt: skip
ABS = _plain(
    "ABS", Text("绝对值", "absolute value"), Text("去掉负号", "without its sign"), "ABS(amount - budget)", sa.func.abs
)
SIGN = _plain(
    "SIGN", Text("正负号", "sign"), Text("正数为 1，负数为 -1，零为 0", "1, -1 or 0"), "SIGN(amount - budget)",
    sa.func.sign,
)  # fmt: skip
SQRT = _plain(
    "SQRT", Text("平方根", "square root"), Text("负数没有平方根，结果为空", "empty below zero"), "SQRT(amount)",
    lambda value: once([value], _root),
)  # fmt: skip
MOD = Function(
    "MOD",
    Text("余数", "remainder"),
    Text(
        "除法的余数，符号与除数相同；除以零时为空", "what division leaves, with the sign of the divisor; empty for zero"
    ),
    "MOD(quantity, 12)",
    (_NUMBER, Parameter(Text("除数", "divisor"), NUMBER)),
    ValueKind.NUMBER,
    lambda _, a: once(a, _remainder),
)
POWER = Function(
    "POWER",
    Text("乘方", "power"),
    Text("与 ^ 相同", "the same as ^"),
    "POWER(1.05, 3)",
    (_NUMBER, Parameter(Text("指数", "exponent"), NUMBER)),
    ValueKind.NUMBER,
    lambda _, a: power(a[0], a[1]),
)
SUM = Function(
    "SUM",
    Text("求和", "sum"),
    Text("各数字之和，空值不计", "the sum; empty values add nothing"),
    "SUM(amount, budget)",
    (_NUMBER, _MORE_NUMBERS),
    ValueKind.NUMBER,
    lambda _, a: once(a, _added),
)
MIN = Function(
    "MIN",
    Text("最小值", "least"),
    Text("最小的一个，空值不计", "the least of the values; empty ones do not count"),
    "MIN(amount, budget)",
    (_VALUE, _MORE_VALUES),
    None,
    lambda _, a: sa.func.least(*a),
)
MAX = Function(
    "MAX",
    Text("最大值", "greatest"),
    Text("最大的一个，空值不计", "the greatest of the values; empty ones do not count"),
    "MAX(amount, budget)",
    (_VALUE, _MORE_VALUES),
    None,
    lambda _, a: sa.func.greatest(*a),
)
COUNT = Function(
    "COUNT",
    Text("关联记录数", "count of linked records"),
    Text(
        "指向本记录的关联记录有多少条，写作 COUNT(对象.关联字段)",
        "how many records link here, as in COUNT(object.link)",
    ),
    "COUNT(contact.account)",
    (Parameter(Text("对象.关联字段", "object.link")),),
    ValueKind.NUMBER,
    lambda _, a: a[0],
)
"""Its argument names an Object and a link; ``typing`` turns it into the path ``count(object.link)``."""
