"""The wiring: which router, guard and checker is where. Nothing else in Liaoran knows all the layers at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI

from liaoran import __version__
from liaoran.access.cleaning import clean_all_keys
from liaoran.access.guard import AccessGuard
from liaoran.access.holdings import ADMINISTRATOR_ROLE
from liaoran.access.loops import LoopGuard
from liaoran.access.password_policy import check_password
from liaoran.access.people import LoginChange, change_login
from liaoran.access.scope import system_scope
from liaoran.access.usages import RightsUsages
from liaoran.api import (
    account,
    approvals,
    audit,
    batches,
    design_check,
    explain,
    exports,
    files,
    hand_overs,
    health,
    health_of_records,
    history,
    imports,
    live,
    me,
    moves,
    objects,
    pages,
    people,
    people_keys,
    privacy,
    process_design,
    process_templates,
    processes,
    records,
    reference,
    retyping,
    roles,
    search,
    session,
    shaping,
    sharing,
    sign_in_settings,
    single_sign_on,
    stage,
    tokens,
    views,
    work_log,
)
from liaoran.api.edge import Edge
from liaoran.api.openapi import describe_api, operation_id
from liaoran.api.problems import install_problems
from liaoran.api.services import Services
from liaoran.audit.pruning import prune_all
from liaoran.audit.sealing import seal_all
from liaoran.collaboration.files.cleaning import clean_all_files
from liaoran.collaboration.files.proof import FileEvidence
from liaoran.collaboration.sharing.cleaning import clean_all_sharing
from liaoran.collaboration.sharing.merging import SharingGuard
from liaoran.exchange.demo import load_demo
from liaoran.exchange.demo_work import Keeping
from liaoran.exchange.furnishing import furnish
from liaoran.infra.database import Database
from liaoran.infra.jobs import warm_workers
from liaoran.infra.organisations import Organisation, create_organisation, drop_organisation
from liaoran.infra.serving import serving_process
from liaoran.infra.settings import Settings
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Language, Text
from liaoran.packs import PACKS
from liaoran.packs.base import ROLES
from liaoran.packs.demo import DEMO_LOGINS, DEMO_PASSWORD, DEMO_SLUG, DEMO_TITLE
from liaoran.packs.demo.people import COLLEAGUES
from liaoran.packs.document_types import DOCUMENT_TYPES
from liaoran.packs.sales.templates import TEMPLATES
from liaoran.process.approvals.chasing import chase_all_approvals
from liaoran.process.approvals.proof import ApprovalPassed
from liaoran.process.evidence import ActivityHeld, TasksDone
from liaoran.process.guard import ProcessGuard
from liaoran.process.overstay import StaysTooLong
from liaoran.process.templates import register_template
from liaoran.process.usages import ProcessUsages
from liaoran.query.evidence import register_evidence
from liaoran.query.expressions import FormulaChecker
from liaoran.records.bin import purge_bins
from liaoran.records.changes import Create
from liaoran.records.guards import register_guard
from liaoran.records.rewording import Rewording
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.expressions import register_checker
from liaoran.schema.pinyin import load_readings
from liaoran.schema.usages import register_retype_follower, register_usage_finder

WEB_DIST = Path(__file__).parent / "web_dist"
_GUARDS = (ProcessGuard(), AccessGuard(), LoopGuard(), SharingGuard())
_USAGES = (ProcessUsages(), RightsUsages())
_EVIDENCE = (
    TasksDone(),
    ActivityHeld(),
    StaysTooLong(),
    ApprovalPassed(),
    FileEvidence({one["key"]: Text.from_json(one["label"]) for one in DOCUMENT_TYPES}),
)
_JOBS = (clean_all_files, clean_all_keys, clean_all_sharing, purge_bins, chase_all_approvals, seal_all, prune_all)
"""Jobs that nothing else imports; a job is registered by being imported."""
_ROUTERS = (
    records.router,
    processes.router,
    design_check.router,
    process_templates.router,
    process_design.router,
    approvals.router,
    search.router,
    moves.router,
    stage.router,
    history.router,
    health_of_records.router,
    batches.router,
    objects.router,
    shaping.router,
    retyping.router,
    views.router,
    session.public,
    session.signed,
    single_sign_on.router,
    account.router,
    people_keys.router,
    sign_in_settings.router,
    me.router,
    people.router,
    tokens.router,
    imports.router,
    exports.router,
    audit.router,
    privacy.router,
    work_log.router,
    files.router,
    files.types,
    sharing.router,
    roles.router,
    explain.router,
    hand_overs.router,
    reference.router,
    live.router,
)


@dataclass(frozen=True, slots=True)
class Founding:
    """A new organisation and its first administrator. ``pack`` is one of ``packs.PACKS``."""

    slug: str
    title: str
    admin_login: str
    admin_password: str
    language: Language = "zh"
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    pack: str = "sales"
    demo: bool = False


def wire() -> None:
    """Puts the upper layers into the ports of the lower ones. May be repeated."""
    register_checker(FormulaChecker())
    for finder in _USAGES:
        register_usage_finder(finder)
    register_retype_follower(Rewording())
    for guard in _GUARDS:
        register_guard(guard)
    for template in TEMPLATES:
        register_template(template)
    for evidence in _EVIDENCE:
        register_evidence(evidence)
    warm_workers(load_readings)


async def found_organisation(
    database: Database, founding: Founding, then: Callable[[Transaction, UUID], Awaitable[None]] | None = None
) -> Organisation:
    """Makes an organisation with a pack and its first administrator, or nothing of it. ``then`` fills it further, with
    the administrator's id, in the same transaction.

    Raises Invalid for an unknown pack or a bad slug, Conflict for one that is taken, Refused for a weak password.
    """
    if founding.pack not in PACKS:
        message = Text("没有名为“{pack}”的包，可用：{known}", "there is no pack “{pack}”; known: {known}")
        raise Invalid(message.fill(pack=founding.pack, known=", ".join(PACKS)), code="unknown_pack")
    if not founding.demo:
        check_password(founding.admin_password, (founding.admin_login, founding.slug))
    organisation = await create_organisation(
        database,
        founding.slug,
        founding.title,
        language=founding.language,
        currency=founding.currency,
        zone=founding.zone,
        demo=founding.demo,
    )
    try:
        async with database.transaction(organisation.schema, statement_seconds=0) as tx:
            administrator = await _furnish(tx, founding)
            if then is not None:
                await then(tx, administrator)
    except BaseException:
        await drop_organisation(database, organisation.slug)
        raise
    return organisation


async def found_demo(database: Database, today: date, say: Callable[[str, int], None]) -> Organisation:
    """Makes the demo organisation as of ``today``; ``say`` is told Object and number of each part."""

    async def fill(tx: Transaction, administrator: UUID) -> None:
        keeping = Keeping(database.files, database.settings)
        await load_demo(tx, system_scope(await load_snapshot(tx)), administrator, today, keeping, say)

    founding = Founding(DEMO_SLUG, DEMO_TITLE, DEMO_LOGINS[0], DEMO_PASSWORD, demo=True)
    return await found_organisation(database, founding, fill)


async def _furnish(tx: Transaction, founding: Founding) -> UUID:
    scope = await furnish(tx, founding.pack)
    administrator = new_id()
    await write(tx, scope, [Create("person", {"name": founding.admin_login}, administrator)], Cause(Door.API))
    change = LoginChange(
        founding.admin_login, founding.admin_password, [ADMINISTRATOR_ROLE], known_to_all=founding.demo
    )
    await change_login(tx, administrator, change)
    return administrator


def create_app(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The ASGI application. Without arguments (as Granian calls it) it reads the settings and opens its own database;
    tests give an open one."""
    settings = settings or (database.settings if database else Settings())
    services = Services(settings, database or Database(settings), _demo_accounts(), _pages())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services.stopping = await stack.enter_async_context(serving_process(settings))
            if database is None:
                await stack.enter_async_context(services.database)
            await stack.enter_async_context(services.database.listener.subscribe(services.signers.take))
            services.signers.listening = True
            load_readings()
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
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.services = services
    for router in _ROUTERS:
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    app.router.default = pages.serve
    install_problems(app)
    describe_api(app)
    app.add_middleware(Edge, settings=settings)
    return app


def _pages() -> Path | None:
    return WEB_DIST.resolve() if (WEB_DIST / "index.html").is_file() else None


def _demo_accounts() -> list[dict[str, object]]:
    labels = {role["key"]: role["label"] for role in ROLES}
    return [
        {"login": one.login, "password": DEMO_PASSWORD, "name": one.name, "role": labels[one.role]}
        for one in COLLEAGUES
    ]


# Whoever imports the wiring is wired: the server's processes, the worker's, the command line.
wire()
