"""Where a request comes from and where it arrived: the visitor's address, and the address of these pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from liaoran.access.factors.passkeys import Site
from liaoran.access.sessions import Visitor
from liaoran.api.answers import is_loopback
from liaoran.api.services import services_of


def visitor_of(request: Request) -> Visitor:
    """Who knocks, as far as the request tells."""
    return Visitor(_address(request), request.headers.get("user-agent", ""))


def site_of(request: Request) -> Site:
    """Where the pages are: as the settings say, else as this request found them."""
    public = urlsplit(services_of(request).settings.public_url)
    if public.hostname:
        return Site(f"{public.scheme}://{public.netloc}".lower(), public.hostname)
    return Site(f"{request.url.scheme}://{request.url.netloc}", request.url.hostname or "")


def _address(request: Request) -> str:
    """The client's address. Empty where all clients seem to sit on this machine, as they do behind a proxy that nobody
    has told us of: counting them together would let one of them lock out all others."""
    host = request.client.host if request.client else ""
    if services_of(request).settings.behind_proxy:
        return request.headers.get("x-forwarded-for", host).rpartition(",")[2].strip()[:80]
    return "" if is_loopback(host) else host
