"""What was refused for the sake of safety, in the log: who, from where, at which endpoint, by which rule; no values."""

from __future__ import annotations

import structlog
from fastapi import Request

_log = structlog.get_logger(__name__)
# Missing rights and CSRF tokens, pages of other sites, names that are not ours, limits of size, time and number. Who is
# not signed in (401) is noted where signing in is tried; what is not there or hidden (404) is everyday business.
_NOTED = frozenset({403, 408, 413, 414, 421, 429, 431})


def note_refusal(request: Request, status: int, code: str) -> None:
    """Notes a refused request, if its status is one of those that attempts to get round something end with."""
    if status not in _NOTED:
        return
    call = getattr(request.state, "call", None)
    route = request.scope.get("route")
    _log.warning(
        "request_refused",
        status=status,
        code=code,
        method=request.method,
        route=getattr(route, "path", None),
        address=request.client.host if request.client else None,
        forwarded_for=request.headers.get("x-forwarded-for", "")[-200:] or None,
        organisation=call.organisation.slug if call else None,
        person=str(call.credential.person) if call else None,
    )
