"""Live updates: hints by server-sent events that something of an Object changed; the pages then ask again.

A hint holds no values, so nothing leaks that a reader may not see; hints about Objects that they may not read are left
out all the same. Whose a record is decides about what goes with it, too, so a hint names the Objects that it carries.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from liaoran.api.calls import Call, SignedRoute, authenticate, call_of
from liaoran.infra.encoding import to_json
from liaoran.kernel.errors import LiaoranError, TooMany
from liaoran.kernel.text import Text

router = APIRouter(tags=["live"], route_class=SignedRoute)

HEARTBEAT_SECONDS = 20.0
MOST_STREAMS = 30
"""Of one person in one process; each page of a browser has one."""
_WAITING = 256
_TOO_MANY = Text("打开的实时连接过多，请关闭一些页面", "too many live connections are open; close some pages")


@router.get("/events", responses={200: {"content": {"text/event-stream": {}}}}, response_class=StreamingResponse)
async def live_updates(request: Request) -> StreamingResponse:
    """A stream of ``event: change`` with ``{"object", "action", "carries"}``; ``object`` null means anything may have
    changed. ``carries`` are the Objects whose records go with those of ``object``: others may see them now.

    The stream ends when the session does; a comment every 20 seconds keeps it alive.
    """
    call = call_of(request)
    if call.services.streams[call.credential.person] >= MOST_STREAMS:
        raise TooMany(_TOO_MANY, retry_after=60)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(request, call), media_type="text/event-stream", headers=headers)


async def _stream(request: Request, call: Call) -> AsyncIterator[bytes]:
    hints: asyncio.Queue[bytes] = asyncio.Queue(_WAITING)

    def take(notice: dict[str, Any]) -> None:
        hint = _hint(call, notice)
        if hint is not None and not hints.full():
            hints.put_nowait(hint)

    streams, person = call.services.streams, call.credential.person
    streams[person] += 1
    now = asyncio.get_running_loop().time
    stopping = asyncio.create_task(call.services.stopping.wait())
    waiting = asyncio.create_task(hints.get())
    try:
        async with call.services.database.listener.subscribe(take):
            yield b"retry: 3000\n\n"
            look_at = now() + HEARTBEAT_SECONDS
            while not stopping.done():
                wanted = {waiting, stopping}
                await asyncio.wait(wanted, timeout=max(0.0, look_at - now()), return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    yield waiting.result()
                    waiting = asyncio.create_task(hints.get())
                if now() >= look_at:
                    # However much there is to tell: who may not know of it any more is not told of it.
                    found = await _signed(request)
                    if found is None:
                        return
                    call, look_at = found, now() + HEARTBEAT_SECONDS
                    yield b": still here\n\n"
    finally:
        streams[person] -= 1
        if not streams[person]:
            del streams[person]
        stopping.cancel()
        waiting.cancel()


def _hint(call: Call, notice: dict[str, Any]) -> bytes | None:
    if notice.get("lost"):
        return _event({"object": None, "action": None, "carries": []})
    change = notice.get("change")
    if notice.get("schema") != call.organisation.schema or not isinstance(change, dict):
        return None
    # An Object younger than this stream is not in its catalogue yet; a hint about it tells nobody anything.
    snapshot = call.scope.snapshot
    if change["object"] in snapshot.objects and not call.scope.may(change["object"], "read"):
        return None
    carried = [one for one in snapshot.carried.get(change["object"], ()) if call.scope.may(one, "read")]
    return _event({**change, "carries": carried})


def _event(data: dict[str, Any]) -> bytes:
    return b"event: change\ndata: " + to_json(data) + b"\n\n"


async def _signed(request: Request) -> Call | None:
    """The call as it stands now, with the rights of now; None where the session or token has ended."""
    try:
        return await authenticate(request)
    except LiaoranError:
        return None
