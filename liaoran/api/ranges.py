"""Range requests after RFC 9110: one part of a file, so that a broken download goes on where it stopped."""

from __future__ import annotations

import re

from fastapi import Request

from liaoran.kernel.errors import LiaoranError
from liaoran.kernel.text import Text

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)


class RangeNotSatisfiable(LiaoranError):
    """The part asked for lies behind the end."""

    status = 416
    code = "range_not_satisfiable"


def requested_range(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """First byte and the one after the last of the part asked for, or None for the whole: where no part, several parts,
    or a part of another version (``If-Range``) is asked for. Raises RangeNotSatisfiable."""
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if match is None or match.group() == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None
    if start >= size or start >= end:
        message = Text("文件只有 {size} 字节", "the file has only {size} bytes").fill(size=size)
        raise RangeNotSatisfiable(message, extra={"size": size})
    return start, end
