"""Figures in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.text import Text

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3600, 86_400


def share(part: float, whole: float) -> str:
    """``38%``; one decimal below ten percent, so that 0.4% is not nothing."""
    if not whole:
        return "0%"
    percent = 100 * part / whole
    return f"{percent:.1f}%" if 0 < percent < 10 and round(percent, 1) != round(percent) else f"{percent:.0f}%"


def number(value: float) -> str:
    """``12,345``; a fraction with one decimal."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def counted(count: int, zh: str, en: str, several: str = "") -> Text:
    """``3 个字段``; ``3 fields``, ``1 field``. ``zh`` is with its measure word, ``several`` an irregular plural."""
    return Text(f"{count:,} {zh}", f"{count:,} {en if count == 1 else several or en + 's'}")


def records(count: int) -> Text:
    """So many records."""
    return counted(count, "条记录", "record")


def days(value: float) -> Text:
    """A duration given in days, in the largest unit that makes it at least one."""
    seconds = value * _DAY
    for size, zh, en in ((_DAY, "天", "day"), (_HOUR, "小时", "hour"), (_MINUTE, "分钟", "minute")):
        if seconds >= size:
            shown = number(round(seconds / size, 1))
            return Text(f"{shown} {zh}", f"{shown} {en}" if shown == "1" else f"{shown} {en}s")
    if seconds < 1:
        return Text("不到 1 秒", "less than a second")
    return Text(f"{seconds:.0f} 秒", f"{seconds:.0f} seconds")


def listed(parts: Sequence[Text]) -> Text:
    """``甲、乙``; ``a, b``."""
    return Text("、".join(one.read("zh") for one in parts), ", ".join(one.read("en") for one in parts))
