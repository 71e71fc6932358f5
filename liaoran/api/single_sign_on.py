"""Single sign-on in the browser: out to the provider, and back from it. Both are addresses that a browser opens, so what
is refused ends on the sign-in page, which says why.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from liaoran.access.entering import Opened, ticket_organisation
from liaoran.access.single_sign_on.entering import begin_sign_on, finish_sign_on
from liaoran.access.single_sign_on.protocol import sign_on_refused
from liaoran.access.tickets import LIFETIME, ticket_gone
from liaoran.api.calls import OpenRoute
from liaoran.api.cookies import passing_cookie, set_session_cookie
from liaoran.api.services import services_of
from liaoran.api.visitors import site_of, visitor_of
from liaoran.kernel.errors import LiaoranError

router = APIRouter(tags=["session"], route_class=OpenRoute, prefix="/session/sso")
CALLBACK = "/api/v1/session/sso/callback"
SIGN_IN_PAGE = "/sign-in"
_COOKIE = "liaoran_sign_on"
_PATH = "/api/v1/session/sso"
_AWAY: dict[int | str, dict[str, Any]] = {
    303: {"description": "On to the provider, to the page that was wanted, or to the sign-in page"}
}


def redirect_of(request: Request) -> str:
    """Where a provider sends the browser back: to be entered at the provider."""
    return site_of(request).origin + CALLBACK


@router.get("/callback", status_code=303, responses=_AWAY)
async def finish_single_sign_on(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Takes the browser back from the provider, opens a session and goes on to the page that was wanted."""
    services = services_of(request)
    try:
        organisation = await services.organisation(ticket_organisation(state))
        if organisation is None:
            raise ticket_gone()
        if not code:
            raise sign_on_refused()
        signed_on = await finish_sign_on(
            services.database,
            organisation.slug,
            organisation.schema,
            state=state,
            browser=request.cookies.get(passing_cookie(services, _COOKIE), ""),
            code=code,
            issuer=iss,
            redirect=redirect_of(request),
            visitor=visitor_of(request),
        )
    except LiaoranError as error:
        return _refused(error)
    entered = signed_on.entered
    if isinstance(entered, Opened):
        answer = RedirectResponse(signed_on.next, 303)
        set_session_cookie(answer, services, entered.token)
    else:
        wanted = urlencode({"ways": ",".join(entered.ways), "next": signed_on.next})
        answer = RedirectResponse(f"{SIGN_IN_PAGE}?{wanted}#{entered.ticket}", 303)
    cookie = passing_cookie(services, _COOKIE)
    answer.delete_cookie(cookie, path=_PATH, secure=services.secure_cookies, httponly=True, samesite="lax")
    return answer


@router.get("/{organisation}/{provider}", status_code=303, responses=_AWAY)
async def begin_single_sign_on(
    request: Request,
    organisation: str,
    provider: UUID,
    next: Annotated[str, Query(max_length=2000, description="A path of this site")] = "/",
) -> Response:
    """Sends the browser to a provider of single sign-on."""
    services = services_of(request)
    found = await services.organisation(organisation)
    try:
        if found is None:
            raise sign_on_refused()
        begun = await begin_sign_on(
            services.database,
            found.slug,
            found.schema,
            provider,
            redirect=redirect_of(request),
            next_page=_own_path(next),
            visitor=visitor_of(request),
        )
    except LiaoranError as error:
        return _refused(error)
    answer = RedirectResponse(begun.address, 303)
    answer.set_cookie(
        passing_cookie(services, _COOKIE),
        begun.browser,
        max_age=int(LIFETIME.total_seconds()),
        path=_PATH,
        secure=services.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return answer


def _own_path(wanted: str) -> str:
    """Only paths of this site are followed after a sign-in."""
    is_own = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_own else "/"


def _refused(error: LiaoranError) -> Response:
    return RedirectResponse(f"{SIGN_IN_PAGE}?{urlencode({'problem': error.code})}", 303)
