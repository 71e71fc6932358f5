from __future__ import annotations

import pytest
from fastapi import Request

from liaoran.api.ranges import RangeNotSatisfiable, requested_range


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 10)),
        ("bytes=2-99", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=1-2", None),
        ("nonsense", None),
    ],
)
def test_parts(asked: str, part: tuple[int, int] | None) -> None:
    assert requested_range(request(range=asked), 10, '"t"') == part


def test_no_part_is_the_whole() -> None:
    assert requested_range(request(), 10, '"t"') is None


def test_a_part_of_another_version_is_the_whole() -> None:
    assert requested_range(request(range="bytes=2-3", if_range='"old"'), 10, '"t"') is None
    assert requested_range(request(range="bytes=2-3", if_range='"t"'), 10, '"t"') == (2, 4)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_behind_the_end(asked: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        requested_range(request(range=asked), 10, '"t"')
