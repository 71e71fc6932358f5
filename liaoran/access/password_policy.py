"""What may be a password, after NIST SP 800-63B: long enough, not one that is tried first, not made of names that
everybody here knows. Nothing is asked of its signs, and a password does not expire.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from liaoran.access.passwords import normal_password
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 256
FURTHER = 5
"""Letters and digits that a password has besides names that everybody knows."""
_BESIDE_A_COMMON_ONE = 8
_PRODUCT = ("liaoran", "了然", "crm")
_SHORTEST_NAME = 3
_WORDS = re.compile(r"[^\W\d_]+")
_KEYBOARD = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
    "qazwsxedcrfvtgbyhnujm",
    "!@#$%^&*()_+",
)
_PATTERNS = (
    re.compile(r"(.{1,4}?)\1+"),  # one sign or a few, over and over
    re.compile(r"(19|20)\d\d[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])"),  # a day
    re.compile(r"(\+?86)?1[3-9]\d{9}"),  # a mobile number
)


def check_password(password: str, names: Iterable[str] = (), least: int = MINIMUM_LENGTH) -> None:
    """Raises Refused for a password that is too short or too long, is among the first that anybody tries, or consists of
    little else than ``names`` (the login, the organisation) and the product's. ``least`` is in characters."""
    plain = normal_password(password).casefold()
    if not least <= len(normal_password(password)) <= MAXIMUM_LENGTH:
        message = Text("密码长度应为 {least} 到 {most} 个字符", "a password has {least} to {most} characters")
        raise _refused("password_length", message.fill(least=least, most=MAXIMUM_LENGTH))
    if is_common(plain):
        message = Text(
            "这个密码太常见，会被最先猜到；几个不相干的词连在一起就好记又难猜",
            "this password is among the first that are tried; a few words that have nothing to do with each other are "
            "easy to remember and hard to guess",
        )
        raise _refused("password_common", message)
    if _is_of_names(plain, names):
        message = Text(
            "密码不能只由登录名、组织名或产品名组成，请再加上别的内容",
            "the password must not consist of the login, the organisation's or the product's name; add something else",
        )
        raise _refused("password_of_names", message)


def is_common(plain: str) -> bool:
    """Whether the password (lower case) is in the list of common ones, one of them with a short tail, or a pattern."""
    core = plain.strip("0123456789 !@#$%^&*()-_=+.,?~'\"")
    common = _common()
    if plain in common or (core in common and len(plain) - len(core) < _BESIDE_A_COMMON_ONE):
        return True
    return any(pattern.fullmatch(plain) for pattern in _PATTERNS) or _is_run(plain)


def _is_run(plain: str) -> bool:
    """Whether the signs follow each other in the alphabet, in counting, or on the keyboard, forwards or backwards."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    if steps in ({1}, {-1}) or plain in ("1234567890", "0987654321"):
        return True
    return any(plain in row or plain[::-1] in row for row in _KEYBOARD)


def _is_of_names(plain: str, names: Iterable[str]) -> bool:
    """Whether there is too little besides words that are one of the names or a part of them."""
    known = {word for name in (*_PRODUCT, *names) for word in _WORDS.findall(normal_password(name).casefold())}
    known = {word for word in known if len(word) >= _SHORTEST_NAME or not word.isascii()}
    left = _WORDS.sub(lambda match: "" if match[0] in known else match[0], plain)
    return left != plain and sum(sign.isalnum() for sign in left) < FURTHER


@cache
def _common() -> frozenset[str]:
    # Read when the first password is set: 30,000 words that most processes never need.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    return frozenset(FREQUENCY_LISTS["passwords"])


def _refused(code: str, message: Text) -> Refused:
    return Refused(message, problems=[Problem(code, message, "password")])
