"""Numbers written in Chinese characters, plain and banking ones: 三百万, 十二, 壹佰贰拾万."""

from __future__ import annotations

_DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for sign in signs
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}


def chinese_number(text: str) -> int | None:
    """The whole number, or None where the text is not one."""
    if not text or any(sign not in _DIGITS and sign not in _SMALL and sign not in _LARGE for sign in text):
        return None
    if not any(sign in _SMALL or sign in _LARGE for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = section = digit = 0
    pending = False
    for sign in text:
        if sign in _DIGITS:
            if pending and digit:
                return None
            digit, pending = _DIGITS[sign], True
        elif sign in _SMALL:
            section += (digit if pending else 1) * _SMALL[sign]
            digit, pending = 0, False
        else:
            section += digit
            if section == 0 and total == 0:
                return None
            total = (total + section) * _LARGE[sign] if _LARGE[sign] > total > 0 else total + section * _LARGE[sign]
            section = digit = 0
            pending = False
    return total + section + digit
