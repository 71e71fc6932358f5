"""The straight way to an endpoint: a request of the usual form is read here, without FastAPI's resolution of parameters,
which takes a sixth of the processor time of a light read.

Whatever is out of the ordinary (a query, another type of content, a body that is refused) goes FastAPI's way, which also
words every refusal; so nothing is answered differently, and OpenAPI knows nothing of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.params import Body
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from liaoran.api.answers import JSON
from liaoran.kernel.errors import LiaoranError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def straight(route: APIRoute, usual: Handler) -> Handler:
    """A handler that goes straight to the route's endpoint where it can, and through ``usual`` where it cannot."""
    way = _way_of(route)
    if way is None:
        return usual

    async def handle(request: Request) -> Response:
        given = await way.read(request)
        if given is None:
            return await usual(request)
        answer: Response = await route.endpoint(**given)
        return answer

    return handle


@dataclass(frozen=True, slots=True)
class _Way:
    """What the endpoint takes: the request, and perhaps a body, beside texts of the path. Everything else has a
    default."""

    request: str
    body: str | None
    adapter: TypeAdapter[Any] | None

    async def read(self, request: Request) -> dict[str, Any] | None:
        """The arguments, None for a request that is not of the usual form."""
        if request.scope["query_string"]:
            return None
        given = {**request.path_params, self.request: request}
        if self.body is None or self.adapter is None:
            return given
        if request.headers.get("content-type") != JSON or not await request.body():
            return None
        try:
            value = await request.json()
            given[self.body] = self.adapter.validate_python(value)
        except (ValueError, LiaoranError):
            return None
        return None if value is None else given


def _way_of(route: APIRoute) -> _Way | None:
    """None for an endpoint that takes anything else, or that leaves making the answer to FastAPI. What its parameters
    are, FastAPI says."""
    asked, signature = route.dependant, inspect.signature(route.endpoint, eval_str=True)
    known = {one.name for one in (*asked.path_params, *asked.query_params, *asked.body_params)}
    request = asked.request_param_name
    if (
        request is None
        or signature.return_annotation is not Response
        or set(signature.parameters) != known | {request}
        or asked.dependencies
        or any(isinstance(one.default, FieldInfo) for one in signature.parameters.values())
        or any(signature.parameters[one.name].annotation is not str for one in asked.path_params)
        or any(one.field_info.is_required() for one in asked.query_params)
    ):
        return None
    if route.body_field is None:
        return _Way(request, None, None)
    bodies = asked.body_params
    if len(bodies) != 1 or route.body_field is not bodies[0] or type(bodies[0].field_info) is not Body:
        return None
    return _Way(request, bodies[0].name, TypeAdapter(signature.parameters[bodies[0].name].annotation))
