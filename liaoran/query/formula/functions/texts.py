"""Text: pieces, length, case, searching, and writing numbers and days as text."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.display import literal
from liaoran.query.formula.functions.base import (
    DATE,
    NUMBER,
    TEXT,
    Function,
    Parameter,
    Setting,
    Sql,
    certain,
    filled,
    number,
    once,
    whole,
)

LONGEST = 20_000
_TEXT = Parameter(Text("文字", "text"), TEXT)
_MORE_TEXTS = Parameter(Text("文字", "text"), TEXT, optional=True, repeated=True)
_COUNT = Parameter(Text("字数", "count"), NUMBER, optional=True)
_PIECE = Parameter(Text("要找的文字", "piece"), TEXT)

PATTERNS = {
    "0": "FM999999999999999990", "0.0": "FM999999999999999990.0", "0.00": "FM999999999999999990.00",
    "#,##0": "FM999,999,999,999,999,990", "#,##0.00": "FM999,999,999,999,999,990.00",
}  # fmt: skip
DAY_PATTERNS = {
    "yyyy-mm-dd": "YYYY-MM-DD", "yyyy/mm/dd": "YYYY/MM/DD", "yyyy-mm": "YYYY-MM", "mm-dd": "MM-DD",
    "yyyy": "YYYY", "mm": "MM", "dd": "DD",
    "yyyy年mm月dd日": 'YYYY"年"MM"月"DD"日"', "yyyy年mm月": 'YYYY"年"MM"月"'
}  # fmt: skip


def _count(arguments: Sequence[Sql], index: int, default: int = 1) -> Sql:
    given = whole(arguments[index], 0, LONGEST) if len(arguments) > index else sa.literal_column(str(default))
    return sa.func.coalesce(given, sa.literal_column("0"))


def _middle(setting: Setting, arguments: Sequence[Sql]) -> Sql:
    start = sa.func.greatest(whole(arguments[1], 1, LONGEST), sa.literal_column("1"))
    return filled(sa.func.substr(arguments[0], start, _count(arguments, 2)))


def _right(setting: Setting, arguments: Sequence[Sql]) -> Sql:
    """``right`` with 0 gives nothing; with more than there is, everything."""
    return filled(sa.func.right(arguments[0], _count(arguments, 1)))


def _replaced(setting: Setting, arguments: Sequence[Sql]) -> Sql:
    """Bounded on both sides, so that replacing again and again cannot grow without end."""
    longest: Sql = sa.literal_column(str(LONGEST))
    new = sa.func.coalesce(arguments[2], literal(""))
    old = sa.func.coalesce(arguments[1], literal(""))
    return filled(sa.func.left(sa.func.replace(sa.func.left(arguments[0], longest), old, new), longest))


def _written(setting: Setting, arguments: Sequence[Sql]) -> Sql:
    pattern = setting.constants[1]
    if setting.kinds[0] is not ValueKind.NUMBER:
        return sa.func.to_char(arguments[0], literal(DAY_PATTERNS[pattern]))
    return once(arguments[:1], lambda known: _written_number(known[0], PATTERNS[pattern]))


def _written_number(value: Sql, pattern: str) -> Sql:
    return sa.case((sa.func.abs(value) < number(10**15), sa.func.to_char(value, literal(pattern))))


def _wrong_pattern(kinds: Sequence[ValueKind | None], constants: Sequence[object]) -> Text | None:
    known = PATTERNS if kinds[0] is ValueKind.NUMBER else DAY_PATTERNS
    if kinds[0] is None or constants[1] in known:
        return None
    listed = ", ".join(known)
    return Text(f"这里可用的格式：{listed}", f"the formats that fit here are {listed}")


def _read_number(arguments: Sequence[Sql]) -> Sql:
    plain = sa.func.replace(sa.func.btrim(arguments[0]), literal(","), literal(""))
    return sa.case(
        (plain.regexp_match(sa.literal_column(r"'^[-+]?\d{1,15}(\.\d{1,15})?$'")), sa.cast(plain, sa.Numeric))
    )


CONCAT = Function(
    "CONCAT",
    Text("连接", "join"),
    Text("把几段文字连在一起，空值不计", "joins texts; empty ones add nothing"),
    'CONCAT({name}, " ", {code})',
    (_TEXT, _MORE_TEXTS),
    ValueKind.TEXT,
    lambda _, a: filled(sa.func.concat(*a)),
)
LEN = Function(
    "LEN",
    Text("字数", "length"),
    Text("文字的字数，空为 0", "how many characters; 0 where empty"),
    "LEN({name})",
    (_TEXT,),
    ValueKind.NUMBER,
    lambda _, a: sa.cast(sa.func.coalesce(sa.func.length(a[0]), sa.literal_column("0")), sa.Numeric),
)
LEFT = Function(
    "LEFT",
    Text("左边", "left part"),
    Text("开头的若干个字，默认 1 个", "the first characters, one if not said"),
    "LEFT({name}, 2)",
    (_TEXT, _COUNT),
    ValueKind.TEXT,
    lambda _, a: filled(sa.func.left(a[0], _count(a, 1))),
)
RIGHT = Function(
    "RIGHT",
    Text("右边", "right part"),
    Text("末尾的若干个字，默认 1 个", "the last characters, one if not said"),
    "RIGHT({name}, 2)",
    (_TEXT, _COUNT),
    ValueKind.TEXT,
    _right,
)
MID = Function(
    "MID",
    Text("中间", "middle part"),
    Text("从第几个字起的若干个字", "so many characters from the one at a place on, counted from 1"),
    "MID({name}, 3, 2)",
    (_TEXT, Parameter(Text("起点", "start"), NUMBER), Parameter(Text("字数", "count"), NUMBER)),
    ValueKind.TEXT,
    _middle,
)
UPPER = Function(
    "UPPER",
    Text("大写", "upper case"),
    Text("字母变为大写", "letters in upper case"),
    "UPPER({code})",
    (_TEXT,),
    ValueKind.TEXT,
    lambda _, a: sa.func.upper(a[0]),
)
LOWER = Function(
    "LOWER",
    Text("小写", "lower case"),
    Text("字母变为小写", "letters in lower case"),
    "LOWER({code})",
    (_TEXT,),
    ValueKind.TEXT,
    lambda _, a: sa.func.lower(a[0]),
)
TRIM = Function(
    "TRIM",
    Text("去空格", "trim"),
    Text("去掉两端的空格", "without blanks around it"),
    "TRIM({name})",
    (_TEXT,),
    ValueKind.TEXT,
    lambda _, a: filled(sa.func.btrim(a[0])),
)
SUBSTITUTE = Function(
    "SUBSTITUTE",
    Text("替换", "replace"),
    Text("把其中的一段文字全部换成另一段", "every occurrence of a piece replaced by another"),
    'SUBSTITUTE({name}, "有限公司", "")',
    (_TEXT, _PIECE, Parameter(Text("新文字", "new text"), TEXT)),
    ValueKind.TEXT,
    _replaced,
)
FIND = Function(
    "FIND",
    Text("位置", "place"),
    Text(
        "一段文字在另一段中的位置，从 1 数起；找不到为空",
        "where a piece begins in a text, counted from 1; empty if nowhere",
    ),
    'FIND("集团", {name})',
    (_PIECE, _TEXT),
    ValueKind.NUMBER,
    lambda _, a: sa.cast(sa.func.nullif(sa.func.strpos(a[1], a[0]), sa.literal_column("0")), sa.Numeric),
)
CONTAINS = Function(
    "CONTAINS",
    Text("包含", "contains"),
    Text("文字中含有另一段，不分大小写", "a text contains a piece; upper and lower case are the same"),
    'CONTAINS({name}, "集团")',
    (_TEXT, _PIECE),
    ValueKind.BOOLEAN,
    lambda _, a: certain(sa.func.strpos(sa.func.lower(a[0]), sa.func.lower(a[1])) > sa.literal_column("0")),
)
VALUE = Function(
    "VALUE",
    Text("转为数字", "to number"),
    Text("把写成文字的数字变为数字；不是数字则为空", "the number that a text is; empty if it is none"),
    'VALUE("1,200.5")',
    (_TEXT,),
    ValueKind.NUMBER,
    lambda _, a: once(a, _read_number),
)
TEXT_OF = Function(
    "TEXT",
    Text("转为文字", "to text"),
    Text(
        "按格式把数字或日期写成文字，如 0.00、#,##0、yyyy-mm-dd、yyyy年mm月",
        "a number or a day written in a format such as 0.00, #,##0, yyyy-mm-dd or yyyy-mm",
    ),
    'TEXT(amount, "#,##0.00")',
    (
        Parameter(Text("数字或日期", "number or day"), NUMBER | DATE),
        Parameter(Text("格式", "format"), TEXT, words=(*PATTERNS, *DAY_PATTERNS)),
    ),
    ValueKind.TEXT,
    _written,
    objection=_wrong_pattern,
)
