"""An upload as it comes in: the form is read while it arrives, and the file in it is handed on in chunks.

The framework would write the whole body into a temporary file first; here the first bytes decide before the rest is
taken, and no file is written twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from liaoran.infra.files import too_large
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

LARGEST_FIELD = 64 * 1024
"""Of all fields beside the file together, in bytes."""
MOST_FIELDS = 20
_NO_FORM = Text("请求内容应为 multipart/form-data", "the request body must be multipart/form-data")
_BROKEN = Text("上传的表单不完整或格式有误", "the uploaded form is broken off or malformed")
_NO_FILE = Text("表单里没有名为 file 的文件", "the form holds no file under the name file")
_TWO_FILES = Text("一次只能上传一个文件", "one file can be uploaded at a time")
_LARGE_FIELDS = Text("文件以外的表单内容过多", "the form holds too much beside the file")


class Upload:
    """One form with one file. ``begin`` reads up to the file; then ``chunks`` gives its bytes, and after the last one
    ``fields`` holds all fields, those behind the file too."""

    def __init__(self, request: Request) -> None:
        self.name = ""
        self.fields: dict[str, str] = {}
        self._source = request.stream()
        self._waiting: deque[bytes] = deque()
        self._header: list[bytes] = [b"", b""]
        self._disposition = b""
        self._field: str | None = None
        self._value = bytearray()
        self._size = 0
        self._found = False
        self._in_file = False
        self._ended = False
        self._parser = MultipartParser(_boundary(request), self._callbacks())

    async def begin(self) -> None:
        """Reads up to the beginning of the file. Raises Invalid where there is none."""
        while not self._found:
            if not await self._feed():
                raise Invalid(_NO_FILE, code="no_file")

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the file. Raises Invalid where the form breaks off or holds a second file."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if not await self._feed():
                return

    async def _feed(self) -> bool:
        """Takes the next piece of the body; False at its end."""
        try:
            piece = await anext(self._source, b"")
            if piece:
                self._parser.write(piece)
        except (MultipartParseError, ClientDisconnect) as error:
            raise Invalid(_BROKEN, code="malformed_form") from error
        if not piece and not self._ended:
            raise Invalid(_BROKEN, code="malformed_form")
        return bool(piece)

    def _callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin_part,
            "on_part_data": self._take,
            "on_part_end": self._end_part,
            "on_header_begin": self._begin_header,
            "on_header_field": lambda data, start, end: self._add_to_header(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._add_to_header(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._disposition, self._value = b"", bytearray()

    def _begin_header(self) -> None:
        self._header = [b"", b""]

    def _add_to_header(self, place: int, data: bytes) -> None:
        self._grow(len(data))
        self._header[place] += data

    def _end_header(self) -> None:
        if self._header[0].lower() == b"content-disposition":
            self._disposition = self._header[1]

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = _decoded(options.get(b"name", b""))
        self._in_file = self._field == "file" and b"filename" in options
        if self._in_file:
            if self._found:
                raise Invalid(_TWO_FILES, code="two_files")
            self._found, self.name = True, _decoded(options[b"filename"])

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._waiting.append(data[start:end])
        else:
            self._grow(end - start)
            self._value += data[start:end]

    def _end_part(self) -> None:
        if not self._in_file and self._field:
            self.fields[self._field] = _decoded(bytes(self._value))
        if len(self.fields) > MOST_FIELDS:
            raise Invalid(_LARGE_FIELDS, code="large_form")
        self._in_file = False

    def _end(self) -> None:
        self._ended = True

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > LARGEST_FIELD:
            raise Invalid(_LARGE_FIELDS, code="large_form")


async def begin_upload(request: Request, limit: int) -> Upload:
    """The upload in a request, read up to its file. Raises Invalid for anything but a form with a file, TooLarge where
    the request says that it is longer than a file of ``limit`` bytes makes it."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit + 2 * LARGEST_FIELD:
        raise too_large(limit)
    upload = Upload(request)
    await upload.begin()
    return upload


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise Invalid(_NO_FORM, code="no_form")
    return boundary


def _decoded(value: bytes) -> str:
    """UTF-8 as every browser sends it; what else is there is kept readable. PostgreSQL holds no NUL characters."""
    return value.decode("utf-8", "replace").replace("\0", "")
