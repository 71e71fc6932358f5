from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from liaoran.api.uploads import LARGEST_FIELD, begin_upload
from liaoran.infra.files import TooLarge
from liaoran.kernel.errors import Invalid

BOUNDARY = "xxBOUNDARYxx"


def part(name: str, value: bytes, file: str | None = None) -> bytes:
    name_of_file = f'; filename="{file}"' if file is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{name_of_file}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def form(*parts: bytes, end: bool = True) -> bytes:
    return b"".join(parts) + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def request(body: bytes, *, piece: int = 7, broken: bool = False, **headers: str) -> Request:
    def messages() -> Iterator[dict[str, Any]]:
        for at in range(0, len(body), piece):
            yield {"type": "http.request", "body": body[at : at + piece], "more_body": True}
        if broken:
            yield {"type": "http.disconnect"}
        yield {"type": "http.request", "body": b"", "more_body": False}

    waiting = messages()

    async def receive() -> dict[str, Any]:
        return next(waiting)

    given = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    return Request({"type": "http", "headers": raw}, receive)


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("piece", [1, 2, 7, 10_000])
async def test_fields_before_and_behind_the_file(piece: int) -> None:
    content = b"\r\n--xxBOUND\r\n" * 50
    body = form(part("title", "合同 甲".encode()), part("file", content, "合同 “终版”.pdf"), part("note", b"n"))
    upload = await begin_upload(request(body, piece=piece), 10_000)
    assert (upload.name, upload.fields["title"]) == ("合同 “终版”.pdf", "合同 甲")
    assert await read(upload.chunks()) == content
    assert upload.fields == {"title": "合同 甲", "note": "n"}


async def test_the_file_comes_in_pieces_while_it_arrives() -> None:
    upload = await begin_upload(request(form(part("file", b"x" * 100_000, "a")), piece=1000), 10**6)
    sizes = [len(chunk) async for chunk in upload.chunks()]
    assert sum(sizes) == 100_000
    assert max(sizes) <= 1000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (form(part("note", b"x")), "no_file"),
        (form(part("file", b"x")), "no_file"),
        (form(), "no_file"),
        (b"", "malformed_form"),
        (b"nonsense", "malformed_form"),
        (form(part("file", b"x", "a"), end=False), "malformed_form"),
        (form(part("file", b"x", "a"), part("file", b"y", "b")), "two_files"),
        (form(part("note", b"x" * (LARGEST_FIELD + 1)), part("file", b"x", "a")), "large_form"),
        (form(*(part(f"f{n}", b"x") for n in range(21)), part("file", b"x", "a")), "large_form"),
    ],
)
async def test_what_is_no_upload(body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        await read((await begin_upload(request(body, piece=997), 10_000)).chunks())
    assert caught.value.code == code


FORM = form(part("title", b"t"), part("file", b"content" * 9, "a.txt"), part("note", b"n"))


@given(
    st.binary(max_size=300)
    | st.tuples(st.integers(0, len(FORM)), st.binary(max_size=20), st.integers(0, 30)).map(
        lambda cut: FORM[: cut[0]] + cut[1] + FORM[cut[0] + cut[2] :]
    ),
    st.integers(1, 50),
)
def test_any_body_is_read_or_refused(body: bytes, piece: int) -> None:
    async def take() -> None:
        with suppress(Invalid):
            await read((await begin_upload(request(body, piece=piece), 10_000)).chunks())

    asyncio.run(take())


async def test_a_sender_that_breaks_off() -> None:
    body = form(part("file", b"x" * 500, "a"), end=False)
    upload = await begin_upload(request(body, broken=True), 10_000)
    with pytest.raises(Invalid):
        await read(upload.chunks())


async def test_another_media_type() -> None:
    with pytest.raises(Invalid) as caught:
        await begin_upload(request(b"{}", **{"content-type": "application/json"}), 1)
    assert caught.value.code == "no_form"


async def test_what_says_that_it_is_too_long_is_not_even_begun() -> None:
    with pytest.raises(TooLarge) as caught:
        await begin_upload(request(b"", content_length=str(10**9)), 10**6)
    assert caught.value.extra == {"limit": 10**6}
