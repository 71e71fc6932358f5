"""The cookie of a session: out of reach of scripts, of other sites, and over HTTPS of everything but this very host."""

from __future__ import annotations

from fastapi import Request, Response

from liaoran.access.sessions import ABSOLUTE
from liaoran.api.services import Services, services_of

COOKIE = "liaoran_session"
_PREFIX = "__Host-"
"""Browsers take a cookie of such a name only when it is secure, for all paths, and of this host and no other."""


def session_cookie(services: Services) -> str:
    """The name of the cookie; with the prefix where people reach the server by HTTPS."""
    return _PREFIX + COOKIE if services.secure_cookies else COOKIE


def passing_cookie(services: Services, name: str) -> str:
    """The name of a cookie that holds for some paths only and a few minutes."""
    return f"__Secure-{name}" if services.secure_cookies else name


def session_token(request: Request) -> str:
    """The token in the request's cookie, empty where there is none."""
    return request.cookies.get(session_cookie(services_of(request)), "")


def set_session_cookie(answer: Response, services: Services, token: str) -> None:
    """Gives the browser the token of a fresh session. Lax, so that a link in a letter finds one signed in; requests that
    change something need the session's CSRF token besides."""
    answer.set_cookie(
        session_cookie(services),
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        path="/",
        secure=services.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop_session_cookie(answer: Response, services: Services) -> None:
    """Has the browser forget the token, and what it keeps of files that were looked at."""
    answer.headers["Clear-Site-Data"] = '"cache"'
    answer.delete_cookie(
        session_cookie(services), path="/", secure=services.secure_cookies, httponly=True, samesite="lax"
    )
