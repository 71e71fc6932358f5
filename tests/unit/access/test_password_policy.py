from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from liaoran.access.password_policy import MAXIMUM_LENGTH, check_password, is_common
from liaoran.kernel.errors import Refused

NAMES = ("lihua.wang", "acme")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_length"),
        ("seven77", "password_length"),
        ("x" * (MAXIMUM_LENGTH + 1), "password_length"),
        ("password", "password_common"),
        ("PassWord2026!", "password_common"),
        ("woaini1314", "password_common"),
        ("qwertyuiop", "password_common"),
        ("poiuytre", "password_common"),
        ("1qaz2wsx3edc", "password_common"),
        ("23456789", "password_common"),
        ("hgfedcba", "password_common"),
        ("kkkkkkkkkkkk", "password_common"),
        ("xyq7xyq7xyq7", "password_common"),
        ("19870623", "password_common"),
        ("1987-06-23", "password_common"),
        ("13812345678", "password_common"),
        ("8613812345678", "password_common"),
        ("LIHUA.WANG", "password_of_names"),
        ("lihua@2026", "password_of_names"),
        ("Acme.2026", "password_of_names"),
        ("liaoran-acme", "password_of_names"),
        ("了然!!!2026", "password_of_names"),
        ("ｌｉｈｕａ．ｗａｎｇ", "password_of_names"),
    ],
)
def test_what_is_no_password(password: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        check_password(password, NAMES)
    assert [one.code for one in caught.value.problems] == [code]
    assert caught.value.problems[0].field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "aaaaaaab7",
        "lihua 喜欢在雨天散步",
        "一二三四五六七八",
        "acme-but-also-tulips",
        "kV9#x2Lq",
        "lowercase only words",
        "🐈🐈🐕🐕🐈🐕🐕🐈🐇",
    ],
)
def test_no_signs_are_asked_for(password: str) -> None:
    check_password(password, NAMES)


def test_the_length_may_be_raised() -> None:
    check_password("tulips-rain", NAMES, 11)
    with pytest.raises(Refused):
        check_password("tulips-rain", NAMES, 12)


def test_the_list_holds_what_is_tried_first() -> None:
    first = [word for word in FREQUENCY_LISTS["passwords"][:5000] if len(word) >= 8]
    assert len(first) > 500
    assert all(is_common(word) for word in first)
