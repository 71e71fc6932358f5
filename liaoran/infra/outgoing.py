"""Calls that leave the server go through here and nowhere else, so that nobody can make Liaoran knock at doors that only
it can reach: itself, its database, the intranet, the metadata service of a cloud.

A name is resolved once, every address it has must be a public one, and the connection goes to an address that was
checked, so a name that answers differently the second time gains nothing. The same holds for every redirect, should a
caller follow them; by default nobody does. Certificates are checked against the name as always. What comes back is
bounded in size and time.

``LIAORAN_OUTGOING_HOSTS`` names what may be called within the own network; ``LIAORAN_OUTGOING_ONLY`` forbids the rest.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import httpx

from liaoran.infra.errors import Unavailable
from liaoran.infra.hosts import Address, literal_address, read_hosts
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text

SECONDS = 15.0
"""How long one call may take, from resolving the name to the last byte."""
LARGEST = 5 * 1024 * 1024
"""Of an answer, in bytes."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
# What Python takes for public and is not: services of clouds (Azure, Oracle) and what older versions do not know yet.
_NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED = Text(
    "不允许服务器访问“{host}”；如确属可信，请服务器管理员将其加入 LIAORAN_OUTGOING_HOSTS",
    "this server may not call “{host}”; if it can be trusted, the server's administrator adds it to "
    "LIAORAN_OUTGOING_HOSTS",
)
_NO_HTTPS = Text(
    "“{host}”的地址应以 https:// 开头；http:// 只能用于 LIAORAN_OUTGOING_HOSTS 中的主机",
    "the address of “{host}” must begin with https://; http:// is for hosts in LIAORAN_OUTGOING_HOSTS only",
)
_NOT_FOUND = Text("找不到主机“{host}”，请检查地址", "there is no host “{host}”; check the address")
_UNREACHABLE = Text("无法连接“{host}”", "“{host}” cannot be reached")
_SLOW = Text("“{host}”没有在 {seconds} 秒内答复", "“{host}” did not answer within {seconds} seconds")
_LARGE = Text(
    "“{host}”的答复超过 {limit} 字节的上限", "the answer of “{host}” is larger than the limit of {limit} bytes"
)
_ENCODED = Text("“{host}”的答复使用了未请求的压缩", "the answer of “{host}” is compressed although none was asked for")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet at large; one that wraps another is judged by that."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local or (address.scope_id is not None):
            return False
    if any(address.version == one.version and address in one for one in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class OutgoingTransport(httpx.AsyncHTTPTransport):
    """The guard as a transport for any client of httpx, those of libraries too: ``AsyncClient(transport=…)``.

    Raises Refused ``address_refused`` for what may not be called, Unavailable ``unreachable`` where nobody answers
    properly, ``answer_too_large`` and ``answer_too_slow`` beyond ``largest`` bytes and ``seconds``.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        seconds: float = SECONDS,
        largest: int = LARGEST,
        resolve: Resolve | None = None,
    ) -> None:
        # A connection serves one call: it was made to an address, and must not be reused for another name there.
        super().__init__(trust_env=False, limits=httpx.Limits(max_connections=20, max_keepalive_connections=0))
        self._listed = read_hosts(settings.outgoing_hosts)
        self._only_listed = settings.outgoing_only
        self.seconds = seconds
        self.largest = largest
        self._resolve = resolve or _resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Resolves, checks, sends, and bounds the answer."""
        host = request.url.host
        deadline = asyncio.get_running_loop().time() + self.seconds
        try:
            async with asyncio.timeout_at(deadline):
                answer = await self._send(request, await self.addresses(request.url))
        except (TimeoutError, httpx.TimeoutException) as error:
            raise _slow(host, self.seconds) from error
        except httpx.TransportError as error:
            raise Unavailable(_UNREACHABLE.fill(host=host), code="unreachable") from error
        body = _Bounded(answer.stream, host, deadline, self)
        if answer.headers.get("content-encoding", "identity") != "identity":
            # What it unpacks to would escape the limit.
            await body.aclose()
            raise Unavailable(_ENCODED.fill(host=host), code="unreachable")
        return httpx.Response(answer.status_code, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def addresses(self, url: httpx.URL) -> list[str]:
        """The addresses behind a URL, all of which may be called. Raises as the class says."""
        host = url.host.rstrip(".").lower()
        if url.scheme not in ("http", "https") or not host or url.userinfo:
            raise _refused(host)
        literal = literal_address(host)
        found = [literal] if literal is not None else await self._looked_up(host, url)
        listed = self._listed.has_name(host) or all(self._listed.has_address(one) for one in found)
        if not listed and (self._only_listed or not all(is_public(one) for one in found)):
            raise _refused(host)
        if url.scheme == "http" and not listed:
            raise Refused(_NO_HTTPS.fill(host=host), code="address_refused")
        return [str(one) for one in found]

    async def _looked_up(self, host: str, url: httpx.URL) -> list[Address]:
        try:
            found = await self._resolve(host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise Unavailable(_NOT_FOUND.fill(host=host), code="unreachable") from error
        if not found:
            raise Unavailable(_NOT_FOUND.fill(host=host), code="unreachable")
        return [ipaddress.ip_address(one) for one in dict.fromkeys(found)]

    async def _send(self, request: httpx.Request, addresses: Sequence[str]) -> httpx.Response:
        """The answer of the first address that takes a connection; the certificate has to be that of the name."""
        for address in addresses[:-1]:
            try:
                return await super().handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await super().handle_async_request(_pinned(request, addresses[-1]))


class _Bounded(httpx.AsyncByteStream):
    """The body of an answer, up to a size and a moment."""

    def __init__(
        self,
        stream: httpx.AsyncByteStream | httpx.SyncByteStream,
        host: str,
        deadline: float,
        transport: OutgoingTransport,
    ) -> None:
        if not isinstance(stream, httpx.AsyncByteStream):
            raise TypeError("the transport gives asynchronous streams")
        self._stream = stream
        self._host = host
        self._deadline = deadline
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left, chunks = self._transport.largest, aiter(self._stream)
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    chunk = await anext(chunks, None)
            except (TimeoutError, httpx.TimeoutException) as error:
                raise _slow(self._host, self._transport.seconds) from error
            except httpx.TransportError as error:
                raise Unavailable(_UNREACHABLE.fill(host=self._host), code="unreachable") from error
            if chunk is None:
                return
            left -= len(chunk)
            if left < 0:
                limit = self._transport.largest
                raise Unavailable(_LARGE.fill(host=self._host, limit=limit), code="answer_too_large")
            yield chunk

    async def aclose(self) -> None:
        """Lets go of the connection."""
        await self._stream.aclose()


def outgoing_client(settings: Settings, *, seconds: float = SECONDS, largest: int = LARGEST) -> httpx.AsyncClient:
    """A client for one call or a few; use as ``async with``. Follows no redirect unless a call asks for it."""
    return httpx.AsyncClient(
        transport=OutgoingTransport(settings, seconds=seconds, largest=largest),
        timeout=seconds,
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "Liaoran"},
    )


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """The request as it goes to one address, with the name in ``Host`` and in TLS, asking for no compression."""
    extensions = dict(request.extensions)
    if request.url.scheme == "https":
        extensions["sni_hostname"] = request.url.host
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers={**request.headers, "accept-encoding": "identity"},
        stream=request.stream,
        extensions=extensions,
    )


async def _resolve(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _slow(host: str, seconds: float) -> Unavailable:
    return Unavailable(_SLOW.fill(host=host, seconds=seconds), code="answer_too_slow")


def _refused(host: str) -> Refused:
    return Refused(_REFUSED.fill(host=host[:200]), code="address_refused")
