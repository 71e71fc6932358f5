"""Idempotency-Key: a POST that is sent twice takes place once and is answered twice."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

import orjson
from fastapi import Request, Response

from liaoran.api.answers import JSON, entity_tag
from liaoran.api.calls import Call
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.records.idempotency import Answer, claim_key, keep_answer

MAXIMUM_KEY = 200


async def write_once(
    request: Request, call: Call, work: Callable[[Transaction], Awaitable[Response]], content: bytes | None = None
) -> Response:
    """Runs ``work`` in a transaction, or gives the answer it gave to the same key before. Without a key just runs it.
    ``content`` stands for the body where that was not kept in memory.

    Raises Invalid for a key that is empty or longer than 200 characters, Conflict for one used for another request.
    """
    key = request.headers.get("idempotency-key")
    async with call.writing() as tx:
        if key is None:
            return await work(tx)
        if not 0 < len(key) <= MAXIMUM_KEY:
            message = Text("Idempotency-Key 应为 1 到 {most} 个字符", "an Idempotency-Key has 1 to {most} characters")
            raise Invalid(message.fill(most=MAXIMUM_KEY), code="invalid_idempotency_key")
        actor = call.scope.actor.id
        kept = await claim_key(tx, actor, key, await _fingerprint(request, content))
        if kept is not None:
            return _replay(kept)
        answer = await work(tx)
        await keep_answer(tx, actor, key, Answer(answer.status_code, bytes(answer.body)))
        return answer


async def _fingerprint(request: Request, content: bytes | None) -> bytes:
    body = await request.body() if content is None else content
    return hashlib.sha256(b"\0".join((request.method.encode(), request.url.path.encode(), body))).digest()


def _replay(kept: Answer) -> Response:
    headers = {"Idempotent-Replay": "true"}
    parsed = orjson.loads(kept.body) if kept.body else None
    if isinstance(parsed, dict) and isinstance(parsed.get("version"), int):
        headers["ETag"] = entity_tag(parsed["version"])
    return Response(kept.body, kept.status, headers, JSON)
