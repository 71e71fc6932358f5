"""The wiring: which router, guard and checker is where. Nothing else in Liaoran knows all the layers at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI

from liaoran import __version__
from liaoran.access.guard import AccessGuard
from liaoran.api import health, live, me, objects, pages, people, records, session, tokens, views
from liaoran.api.edge import Edge
from liaoran.api.openapi import describe_api, operation_id
from liaoran.api.problems import install_problems
from liaoran.api.services import Services
from liaoran.infra.database import Database
from liaoran.infra.serving import serving_process
from liaoran.infra.settings import Settings
from liaoran.packs.base import ROLES
from liaoran.packs.demo import DEMO_PASSWORD
from liaoran.packs.demo.people import COLLEAGUES
from liaoran.records.guards import register_guard

WEB_DIST = Path(__file__).parent / "web_dist"
LARGEST_BODY = 16 * 1024 * 1024
"""Of a JSON request, in bytes; uploads have their own limit in the settings."""

_ROUTERS = (
    records.router,
    session.public,
    session.signed,
    me.router,
    objects.router,
    views.router,
    people.router,
    tokens.router,
    live.router,
)


def wire() -> None:
    """Puts the upper layers into the ports of the lower ones. May be repeated."""
    register_guard(AccessGuard())


def create_app(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The ASGI application. Without arguments (as Granian calls it) it reads the settings and opens its own database;
    tests give an open one."""
    wire()
    settings = settings or (database.settings if database else Settings())
    services = Services(settings, database or Database(settings), _demo_accounts(), _pages())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services.stopping = await stack.enter_async_context(serving_process(settings))
            if database is None:
                await stack.enter_async_context(services.database)
            yield

    app = FastAPI(
        title="Liaoran",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        max_body_size=LARGEST_BODY,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.services = services
    api = APIRouter(prefix="/api/v1")
    for router in _ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(health.router)
    app.router.default = pages.serve
    install_problems(app)
    describe_api(app)
    app.add_middleware(Edge, secure=services.secure_cookies)
    return app


def _pages() -> Path | None:
    return WEB_DIST.resolve() if (WEB_DIST / "index.html").is_file() else None


def _demo_accounts() -> list[dict[str, object]]:
    labels = {role["key"]: role["label"] for role in ROLES}
    return [
        {"login": one.login, "password": DEMO_PASSWORD, "name": one.name, "role": labels[one.role]}
        for one in COLLEAGUES
    ]
