"""The OpenAPI document: names for a generated client, who may call what, and the one form of every refusal."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from liaoran.api.calls import CSRF_HEADER
from liaoran.api.cookies import COOKIE
from liaoran.api.problems import MEDIA_TYPE, ProblemBody

DESCRIPTION = """Objects, Fields and records of one organisation, as the caller may see them.

Sign in with `POST /api/v1/session`, or send `Authorization: Bearer <token>`. Every refusal is
`application/problem+json` with a stable `code`."""

_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "With `__Host-` in front over HTTPS"},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER, "description": "Not needed for GET"},
    "token": {"type": "http", "scheme": "bearer"},
}


def operation_id(route: APIRoute) -> str:
    """``queryRecords`` for the function ``query_records``."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), route.name)


def describe_api(app: FastAPI) -> None:
    """Lets the app describe itself; the document is built once, when somebody asks for it."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    refusal = {
        "description": "A refusal",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["4XX"] = refusal
            operation["responses"]["5XX"] = refusal
    return document
