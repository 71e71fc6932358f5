"""For what watches the server: is it alive, is it ready, what does it measure."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from liaoran.api.answers import json_value
from liaoran.api.language import accepted_language
from liaoran.api.services import services_of
from liaoran.infra.health import ready_checks
from liaoran.infra.metrics import CONTENT_TYPE, render_metrics

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> Response:
    """This process answers."""
    return json_value({"status": "ok"})


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Whether requests can be served: database, migrations, job queue, disk; 503 where something essential fails."""
    services = services_of(request)
    language = accepted_language(request.headers.get("accept-language", ""))
    checks = await ready_checks(services.database)
    fine = all(one.ok for one in checks if one.essential)
    shown = [{"key": one.key, "ok": one.ok, "message": one.message.read(language)} for one in checks]
    return json_value({"status": "ok" if fine else "not ready", "checks": shown}, 200 if fine else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    return Response(await render_metrics(services_of(request).database), media_type=CONTENT_TYPE)
