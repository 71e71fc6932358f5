"""Where a request says that it is going and where it comes from: names that are not ours, and pages of others."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.types import Scope

from liaoran.infra.hosts import HostList, literal_address, read_hosts
from liaoran.infra.settings import Settings

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({b"same-origin", b"none"})
# Asked by what watches the server, at whatever address it finds it.
_ASKED_BY_ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})


class Origins:
    """Whose requests are taken, by the settings."""

    def __init__(self, settings: Settings) -> None:
        public = urlsplit(settings.public_url)
        given = read_hosts(settings.allowed_hosts)
        own = HostList(frozenset({public.hostname})) if public.hostname else HostList()
        self._hosts = HostList(given.names | own.names, given.networks)
        # Asked with each request, nearly always for the same few names.
        self._serves = lru_cache(maxsize=256)(self._is_ours)
        self._public = f"{public.scheme}://{public.netloc}".lower().encode() if public.hostname else b""

    def check(self, scope: Scope) -> None:
        """Raises HTTPException 421 for a name under which this server is not to be reached, 403 for a request that
        changes something and that a page of another origin sent."""
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"")
        if self._hosts and scope["path"] not in _ASKED_BY_ANY_NAME and not self._serves(host):
            raise HTTPException(421)
        # A bearer token is no browser's to add by itself; whoever sends one knows it.
        if scope["method"] in _SAFE_METHODS or headers.get(b"authorization", b"")[:7].lower() == b"bearer ":
            return
        site = headers.get(b"sec-fetch-site")
        if site is not None:
            if site not in _OWN_SITES:
                raise HTTPException(403)
            return
        origin = headers.get(b"origin")
        if origin is not None and not self._is_own_origin(origin.lower(), host.lower()):
            raise HTTPException(403)

    def _is_ours(self, host: bytes) -> bool:
        name = _name_of(host)
        if name == "localhost" or self._hosts.has(name):
            return True
        address = literal_address(name)
        return address is not None and address.is_loopback

    def _is_own_origin(self, origin: bytes, host: bytes) -> bool:
        return origin == self._public or origin in (b"https://" + host, b"http://" + host)


def _name_of(host: bytes) -> str:
    """The name in a ``Host`` header, without its port."""
    text = host.decode("latin-1").lower()
    if text.startswith("["):
        return text.partition("]")[0][1:]
    return text.rpartition(":")[0].rstrip(".") if ":" in text else text.rstrip(".")
