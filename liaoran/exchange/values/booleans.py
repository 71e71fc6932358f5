"""Yes and no in both languages."""

from __future__ import annotations

from liaoran.exchange.readers.table import Cell
from liaoran.exchange.values.normal import folded
from liaoran.exchange.values.unreadable import Unreadable
from liaoran.kernel.text import Text

_YES = frozenset(
    {
        "true",
        "t",
        "yes",
        "y",
        "1",
        "on",
        "checked",
        "x",
        "✓",
        "✔",
        "√",
        "☑",
        "是",
        "对",
        "真",
        "有",
        "已",
        "启用",
        "开",
        "勾选",
        "是的",
    }
)
_NO = frozenset(
    {
        "false",
        "f",
        "no",
        "n",
        "0",
        "off",
        "unchecked",
        "✗",
        "✘",
        "×",
        "☐",
        "否",
        "不",
        "不是",
        "假",
        "无",
        "没有",
        "未",
        "停用",
        "关",
        "未勾选",
    }
)
_SURE = frozenset(
    {"true", "false", "yes", "no", "y", "n", "是", "否", "t", "f", "✓", "✔", "√", "✗", "✘", "×", "☑", "☐"}
)

NOT_YES_OR_NO = Text("“{value}”不是“是/否”；请填 是 或 否", "“{value}” is neither yes nor no; write yes or no")


def read_boolean(cell: Cell) -> bool:
    """Whether the cell says yes. Raises Unreadable for anything that says neither yes nor no."""
    if isinstance(cell, int | float) and cell in (0, 1):
        return cell == 1
    if isinstance(cell, str):
        word = folded(cell)
        if word in _YES:
            return True
        if word in _NO:
            return False
    raise Unreadable("not_yes_or_no", NOT_YES_OR_NO, cell)


def surely_boolean(texts: set[str]) -> bool:
    """Whether these distinct texts of a column can hardly be anything but yes and no (1 and 0 may be counts)."""
    words = {folded(text) for text in texts}
    return bool(words) and words <= (_YES | _NO) and bool(words & _SURE) and len(words) <= 4
