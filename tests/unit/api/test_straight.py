"""The straight way to an endpoint answers as FastAPI's way does, and is taken for requests of the usual form alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

import orjson
import pytest
from fastapi import Body, Depends, FastAPI, Query, Request, Response
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.bodies import StrictRequest
from liaoran.api.problems import install_problems
from liaoran.api.straight import straight

Values = Annotated[dict[str, Any], Body(description="any values")]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(10, ge=1)
    on: date | None = None


USUAL = Asked()


class FastAPIsWay(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = self.read_and_answer()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict

    def read_and_answer(self) -> Callable[[Request], Any]:
        return super().get_route_handler()


class StraightWay(FastAPIsWay):
    def read_and_answer(self) -> Callable[[Request], Any]:
        usual = super().read_and_answer()

        async def long_way(request: Request) -> Response:
            answer: Response = await usual(request)
            answer.headers["x-way"] = "long"
            return answer

        return straight(self, long_way)


def _shown(*values: object) -> Response:
    return Response(orjson.dumps([repr(one) for one in values]))


async def read(request: Request, object: str, id: str, on: date | None = None, gone: bool = False) -> Response:
    return _shown(object, id, on, gone, request.method)


async def put(request: Request, object: str, body: Values) -> Response:
    return _shown(object, body)


async def ask(request: Request, object: str, body: Asked = USUAL) -> Response:
    return _shown(object, body)


async def perhaps(request: Request, body: Asked | None = None) -> Response:
    return _shown(body)


async def number(request: Request, id: int) -> Response:
    return _shown(id)


async def must(request: Request, q: str) -> Response:
    return _shown(q)


async def needs(request: Request, who: Annotated[str, Depends(lambda: "me")]) -> Response:
    return _shown(who)


async def page(request: Request, limit: int = Query(50, ge=1)) -> Response:
    return _shown(limit)


async def embedded(request: Request, body: Annotated[Asked, Body(embed=True)]) -> Response:
    return _shown(body)


async def given(request: Request, who: str = Depends(lambda: "me")) -> Response:
    return _shown(who)


async def made(request: Request) -> dict[str, str]:
    return {"by": "FastAPI"}


ENDPOINTS: tuple[tuple[str, str, Callable[..., Awaitable[Any]]], ...] = (
    ("GET", "/o/{object}/{id}", read),
    ("POST", "/o/{object}", put),
    ("POST", "/o/{object}/ask", ask),
    ("POST", "/perhaps", perhaps),
    ("GET", "/n/{id}", number),
    ("GET", "/must", must),
    ("GET", "/needs", needs),
    ("GET", "/page", page),
    ("POST", "/embedded", embedded),
    ("GET", "/given", given),
    ("GET", "/made", made),
)
JSON = {"content-type": "application/json"}
STRAIGHT: list[tuple[str, str, dict[str, str], bytes]] = [
    ("GET", "/o/deal/7", {}, b""),
    ("GET", "/o/%E5%95%86%E6%9C%BA/a%20b", {}, b""),
    ("POST", "/o/deal", JSON, b'{"name": "A", "version": 3}'),
    ("POST", "/o/deal/ask", JSON, b'{"limit": "5", "on": "2026-01-02"}'),
    ("POST", "/perhaps", JSON, b'{"limit": 4}'),
]
LONG: list[tuple[str, str, dict[str, str], bytes]] = [
    ("GET", "/o/deal/7?gone=1&on=2026-01-02", {}, b""),
    ("GET", "/o/deal/7?on=never", {}, b""),
    ("POST", "/o/deal", JSON, b"[1]"),
    ("POST", "/o/deal", JSON, b""),
    ("POST", "/o/deal", JSON, b'{"name": '),
    ("POST", "/o/deal", JSON, b'{"name": "a\\u0000"}'),
    ("POST", "/o/deal", {"content-type": "text/plain"}, b'{"name": "A"}'),
    ("POST", "/o/deal", {"content-type": "application/json; charset=utf-8"}, b'{"name": "A"}'),
    ("POST", "/o/deal", {"content-type": "application/merge-patch+json"}, b'{"name": "A"}'),
    ("POST", "/o/deal", {}, b'{"name": "A"}'),
    ("POST", "/o/deal/ask", JSON, b""),
    ("POST", "/o/deal/ask", JSON, b'{"limit": 0, "more": 1}'),
    ("POST", "/o/deal/ask?x=1", JSON, b'{"limit": 3}'),
    ("POST", "/o/deal/ask", JSON, b"null"),
    ("POST", "/perhaps", JSON, b"null"),
    ("POST", "/perhaps", JSON, b""),
    ("GET", "/n/5", {}, b""),
    ("GET", "/n/five", {}, b""),
    ("GET", "/must", {}, b""),
    ("GET", "/must?q=a", {}, b""),
    ("GET", "/needs", {}, b""),
    ("GET", "/page", {}, b""),
    ("GET", "/page?limit=0", {}, b""),
    ("POST", "/embedded", JSON, b'{"body": {"limit": 2}}'),
    ("POST", "/embedded", JSON, b'{"limit": 2}'),
    ("GET", "/given", {}, b""),
    ("GET", "/made", {}, b""),
]


def client(way: type[APIRoute]) -> AsyncClient:
    app = FastAPI()
    app.router.route_class = way
    for method, path, endpoint in ENDPOINTS:
        app.router.add_api_route(path, endpoint, methods=[method])
    install_problems(app)
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize(
    ("request_", "is_straight"), [*((one, True) for one in STRAIGHT), *((one, False) for one in LONG)]
)
async def test_both_ways_answer_alike(request_: tuple[str, str, dict[str, str], bytes], is_straight: bool) -> None:
    method, path, headers, content = request_
    async with client(FastAPIsWay) as usual, client(StraightWay) as short:
        expected = await usual.request(method, path, headers=headers, content=content)
        found = await short.request(method, path, headers=headers, content=content)
    assert (found.status_code, found.content) == (expected.status_code, expected.content)
    if found.is_success:
        assert ("x-way" not in found.headers) is is_straight
