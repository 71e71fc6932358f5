"""For what watches the server: is it alive, is it ready, what does it measure. Figures and reasons are for insiders."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, HTTPException, Request, Response

from liaoran.api.answers import json_value
from liaoran.api.language import accepted_language
from liaoran.api.services import services_of
from liaoran.infra.health import ready_checks
from liaoran.infra.hosts import literal_address
from liaoran.infra.metrics import CONTENT_TYPE, render_metrics

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> Response:
    """This process answers."""
    return json_value({"status": "ok"})


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Whether requests can be served: database, migrations, job queue, disk; 503 where something essential fails.
    Outsiders learn just that."""
    services = services_of(request)
    language = accepted_language(request.headers.get("accept-language", ""))
    checks = await ready_checks(services.database)
    fine = all(one.ok for one in checks if one.essential)
    shown = [{"key": one.key, "ok": one.ok, "message": one.message.read(language)} for one in checks]
    told = {"status": "ok" if fine else "not ready"} | ({"checks": shown} if _is_insider(request) else {})
    return json_value(told, 200 if fine else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures for Prometheus. Outsiders find nothing here."""
    if not _is_insider(request):
        raise HTTPException(404)
    return Response(await render_metrics(services_of(request).database), media_type=CONTENT_TYPE)


def _is_insider(request: Request) -> bool:
    """Whoever sends the token of the settings; where there is none, clients of this machine's own network that come
    straight, since behind a proxy everybody has its address."""
    token = services_of(request).settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").partition(" ")[2].strip()
        return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    if any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip")):
        return False
    address = literal_address(request.client.host) if request.client else None
    return address is not None and address.is_private
