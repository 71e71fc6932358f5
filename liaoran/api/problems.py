"""Every refusal as ``application/problem+json``: one map from errors to answers, whatever raised them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from liaoran.api.language import language_of
from liaoran.api.refusals import note_refusal
from liaoran.infra.encoding import to_json
from liaoran.infra.logging import names_secret
from liaoran.kernel.errors import LiaoranError, TooMany
from liaoran.kernel.text import Language, Text

_log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"

_WORDS: Mapping[int, tuple[str, Text]] = {
    400: ("invalid", Text("请求无法识别", "the request cannot be understood")),
    403: (
        "cross_site",
        Text("请求来自其他网站的页面，已拒绝", "the request comes from a page of another site and was refused"),
    ),
    404: ("not_found", Text("没有这个地址", "there is nothing at this address")),
    405: ("method_not_allowed", Text("此地址不支持这种请求方法", "this address does not take this method")),
    408: ("too_slow", Text("请求内容传输过慢或中断", "the request came too slowly or paused too long")),
    413: ("too_large", Text("请求内容过大", "the request body is too large")),
    415: ("media_type", Text("请求内容应为 application/json", "the request body must be application/json")),
    414: ("address_too_long", Text("请求地址过长", "the address of the request is too long")),
    421: (
        "unknown_host",
        Text(
            "本服务器不以此主机名提供服务；请检查 LIAORAN_PUBLIC_URL、LIAORAN_ALLOWED_HOSTS，或让反向代理传递原始 Host",
            "this server does not serve under this host name; check LIAORAN_PUBLIC_URL and LIAORAN_ALLOWED_HOSTS, or have "
            "the reverse proxy pass on the Host header",
        ),
    ),
    431: ("headers_too_large", Text("请求头过多或过大", "the request has too many or too large headers")),
    500: (
        "internal",
        Text("服务器出错，已记录，编号 {incident}", "something went wrong on the server; it is logged as {incident}"),
    ),
    503: ("unavailable", Text("服务暂时不可用，请稍后再试", "the service is not available for the moment")),
}
_MALFORMED = Text("请求内容有误", "the request is not valid")


class ProblemItem(BaseModel):
    """One thing that is wrong, and what shows it."""

    field: str | None = Field(description="Which Field or parameter; null where it is about the whole")
    code: str
    message: str = Field(description="In the reader's language")
    evidence: dict[str, Any] = Field(default_factory=dict)


class ProblemBody(BaseModel):
    """A refusal after RFC 9457. ``code`` is stable; programs go by it and never by the words."""

    type: str = Field(examples=["urn:liaoran:problem:refused"])
    title: str
    status: int
    code: str = Field(examples=["refused"])
    detail: str = Field(description="What is wrong and how to mend it, in the reader's language")
    errors: list[ProblemItem] = Field(default_factory=list)


def install_problems(app: FastAPI) -> None:
    """Registers the map for refusals, malformed requests and routing errors; ``edge`` answers what nobody expected."""
    handlers: Mapping[type[Exception], Any] = {
        LiaoranError: _refusal,
        RequestValidationError: _malformed,
        HTTPException: _routing,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer. ``extra`` members go beside the standard ones and cannot replace them."""
    body = {
        **(extra or {}),
        "type": f"urn:liaoran:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": list(errors),
    }
    return Response(to_json(body), status, dict(headers or {}), MEDIA_TYPE)


def problem_of_error(error: LiaoranError, language: Language) -> Response:
    """The answer to an expected refusal."""
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="liaoran"'
    errors = [one.to_json(language) for one in error.problems]
    detail = error.message.read(language)
    return problem(error.status, error.code, detail, errors=errors, extra=error.extra, headers=headers)


def problem_of_status(status: int, language: Language, headers: Mapping[str, str] | None = None) -> Response:
    """The answer where there is nothing to say but the status."""
    code, words = _WORDS.get(status, (f"http_{status}", Text(HTTPStatus(status).phrase)))
    return problem(status, code, words.read(language), headers=headers)


def unexpected(language: Language, where: str, error: BaseException) -> Response:
    """The answer to a bug: an incident number that finds the stack trace in the log, and nothing else."""
    incident = uuid4().hex[:12]
    _log.error("incident", incident=incident, where=where, exc_info=error)
    code, words = _WORDS[500]
    return problem(500, code, words.read(language, incident=incident), extra={"incident": incident})


async def _refusal(request: Request, error: LiaoranError) -> Response:
    if error.code == "unknown_object" and error.extra.get("object") == request.path_params.get("object"):
        # An Object that a body names wrongly is a mistake in the request; one in the path is nothing at this address.
        error.status = HTTPStatus.NOT_FOUND
    note_refusal(request, error.status, error.code)
    return problem_of_error(error, language_of(request))


async def _malformed(request: Request, error: RequestValidationError) -> Response:
    if any(one["loc"][0] == "path" for one in error.errors()):
        # An id of the wrong form is the id of nothing.
        return problem_of_status(404, language_of(request))
    errors = [_item(one) for one in error.errors()]
    return problem(400, "invalid", _MALFORMED.read(language_of(request)), errors=errors)


async def _routing(request: Request, error: HTTPException) -> Response:
    if isinstance(error.__cause__, LiaoranError):
        # The framework words whatever reading a body raises as its own; ours says more.
        return problem_of_error(error.__cause__, language_of(request))
    return refused_by_status(request, error)


def refused_by_status(request: Request, error: HTTPException) -> Response:
    """The answer to a refusal that says no more than its status."""
    code, _ = _WORDS.get(error.status_code, (f"http_{error.status_code}", None))
    note_refusal(request, error.status_code, code)
    return problem_of_status(error.status_code, language_of(request), error.headers)


def _item(error: Mapping[str, Any]) -> dict[str, Any]:
    place = [str(step) for step in error["loc"] if step not in ("body", "query", "path", "header")]
    shown = not (place and names_secret(place[-1])) and _is_small(error.get("input"))
    evidence = {"value": error["input"]} if shown else {}
    return {"field": ".".join(place) or None, "code": error["type"], "message": error["msg"], "evidence": evidence}


def _is_small(value: Any) -> bool:
    try:
        return value is not None and len(orjson.dumps(value)) <= 200
    except TypeError:
        return False
