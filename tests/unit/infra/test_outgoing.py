"""Calls that leave the server: where they may go, to which address they are held, and how much may come back."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import certifi
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from liaoran.infra.errors import Unavailable
from liaoran.infra.outgoing import OutgoingTransport, is_public, outgoing_client
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import LiaoranError, Refused

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def say_ok(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
    writer.write(OK)


@asynccontextmanager
async def server(talk: Talk = say_ok, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on 127.0.0.1: its port, and the heads of the requests that came."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            heads.append(head)
            await talk(reader, writer, head)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with listening:
        yield listening.sockets[0].getsockname()[1], heads


def resolving(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    async def resolve(_: str, __: int) -> Sequence[str]:
        return addresses

    return resolve


def client(settings: Settings, *addresses: str, **limits: float) -> httpx.AsyncClient:
    """A client for which every name has these addresses."""
    return httpx.AsyncClient(transport=OutgoingTransport(settings, resolve=resolving(*addresses), **limits))


async def refusal_of(settings: Settings, url: str, *addresses: str) -> LiaoranError:
    async with client(settings, *addresses) as calling:
        with pytest.raises(LiaoranError) as refused:
            await calling.get(url)
        return refused.value


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
async def test_addresses_that_are_nobodys_business(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    refused = await refusal_of(Settings(), "https://innocent.example/", address)
    assert (type(refused), refused.code) == (Refused, "address_refused")
    assert address not in refused.message.en


@pytest.mark.parametrize("address", ["1.1.1.1", "114.114.114.114", "2400:3200::1", "64:ff9b::101:101"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.1", "[::1]", "[::ffff:7f00:1]", "169.254.169.254"],
)
async def test_an_address_in_any_writing_is_the_address(host: str) -> None:
    assert (await refusal_of(Settings(), f"https://{host}/", "1.1.1.1")).code == "address_refused"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "https://u:p@a.example/"]
)
async def test_only_plain_web_addresses(url: str) -> None:
    assert (await refusal_of(Settings(), url, "1.1.1.1")).code == "address_refused"


async def test_one_bad_address_among_good_ones_is_enough() -> None:
    assert (await refusal_of(Settings(), "https://a.example/", "1.1.1.1", "10.0.0.1")).code == "address_refused"


async def test_names_that_are_none_are_said_to_be() -> None:
    async def fails(_: str, __: int) -> Sequence[str]:
        raise OSError("no such name")

    async with httpx.AsyncClient(transport=OutgoingTransport(Settings(), resolve=fails)) as calling:
        with pytest.raises(Unavailable, match=r"a\.example") as refused:
            await calling.get("https://a.example/")
    assert refused.value.code == "unreachable"
    assert (await refusal_of(Settings(), "https://a.example/")).code == "unreachable"


async def test_a_listed_host_is_called_at_the_address_that_was_checked() -> None:
    """Also without HTTPS; and a name is asked for once, however often its answer changes."""
    asked = []

    async def changing(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    async with server() as (port, heads):
        settings = Settings(outgoing_hosts="*.intranet.example")
        transport = OutgoingTransport(settings, resolve=changing)
        async with httpx.AsyncClient(transport=transport) as calling:
            answer = await calling.get(f"http://idp.intranet.example:{port}/x", headers={"accept-encoding": "gzip"})
    assert answer.text == "ok"
    assert asked == ["idp.intranet.example"]
    assert f"host: idp.intranet.example:{port}\r\n".encode() in heads[0].lower()
    assert b"accept-encoding: identity" in heads[0].lower()


async def test_a_network_of_ones_own_may_be_called() -> None:
    async with server() as (port, _):
        async with client(Settings(outgoing_hosts="127.0.0.0/8")) as calling:
            assert (await calling.get(f"http://127.0.0.1:{port}/")).text == "ok"
        async with client(Settings(outgoing_hosts="127.0.0.0/8"), "127.0.0.1") as calling:
            assert (await calling.get(f"http://a.example:{port}/")).text == "ok"


async def test_without_https_only_what_is_listed_and_nothing_else_where_the_settings_say_so() -> None:
    assert (await refusal_of(Settings(), "http://a.example/", "1.1.1.1")).code == "address_refused"
    only = Settings(outgoing_hosts="idp.example", outgoing_only=True)
    assert (await refusal_of(only, "https://a.example/", "1.1.1.1")).code == "address_refused"


async def test_a_redirect_is_not_followed_and_would_not_get_in_if_it_were() -> None:
    async with server() as (inner, inside):

        async def lure(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
            where = f"location: http://127.0.0.1:{inner}/secret\r\n".encode()
            writer.write(b"HTTP/1.1 302 Found\r\n" + where + b"content-length: 0\r\n\r\n")

        async with server(lure) as (port, _):
            settings = Settings(outgoing_hosts="outside.example")
            transport = OutgoingTransport(settings, resolve=resolving("127.0.0.1"))
            async with httpx.AsyncClient(transport=transport) as calling:
                url = f"http://outside.example:{port}/"
                assert (await calling.get(url)).status_code == 302
                with pytest.raises(Refused):
                    await calling.get(url, follow_redirects=True)
    assert not inside


async def test_an_answer_may_not_be_endless() -> None:
    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with server(pour) as (port, _), client(Settings(outgoing_hosts="127.0.0.1"), largest=100_000) as calling:
        with pytest.raises(Unavailable) as refused:
            await calling.get(f"http://127.0.0.1:{port}/")
    assert refused.value.code == "answer_too_large"


async def test_nor_unpack_to_more_than_it_is() -> None:
    async def packed(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x8b")

    async with server(packed) as (port, _), client(Settings(outgoing_hosts="127.0.0.1")) as calling:
        with pytest.raises(Unavailable) as refused:
            await calling.get(f"http://127.0.0.1:{port}/")
    assert refused.value.code == "unreachable"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx"])
async def test_nor_keep_us_waiting(start: bytes) -> None:
    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
        writer.write(start)
        await writer.drain()
        await reader.read()

    async with server(dawdle) as (port, _), client(Settings(outgoing_hosts="127.0.0.1"), seconds=0.2) as calling:
        with pytest.raises(Unavailable) as refused:
            await calling.get(f"http://127.0.0.1:{port}/")
    assert refused.value.code == "answer_too_slow"


async def test_nobody_there_and_nonsense_are_unreachable() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
        writer.write(b"what?\r\n\r\n")

    settings = Settings(outgoing_hosts="127.0.0.1")
    async with server(babble) as (port, _):
        assert (await refusal_of(settings, f"http://127.0.0.1:{port}/")).code == "unreachable"
    assert (await refusal_of(settings, f"http://127.0.0.1:{port}/")).code == "unreachable"


async def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    async with (
        server() as (port, _),
        client(Settings(outgoing_hosts="127.0.0.0/8"), "127.0.0.9", "127.0.0.1") as calling,
    ):
        assert (await calling.get(f"http://a.example:{port}/")).text == "ok"


async def test_the_certificate_has_to_be_that_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = certificate_for("good.example", tmp_path)
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "certificate.pem"))
    settings = Settings(outgoing_hosts="good.example other.example")
    async with server(tls=tls) as (port, _):
        async with client(settings, "127.0.0.1") as calling:
            assert (await calling.get(f"https://good.example:{port}/")).text == "ok"
        assert (await refusal_of(settings, f"https://other.example:{port}/", "127.0.0.1")).code == "unreachable"


async def test_the_ready_made_client_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with outgoing_client(Settings()) as calling:
        with pytest.raises(Refused):
            await calling.get("https://localhost/")
        assert calling.follow_redirects is False


@pytest.mark.parametrize("hosts", ["https://a.example", "a b/c", "10.0.0.0/40", "a..b", "*", "ex*mple.cn"])
def test_a_setting_that_names_no_host_is_refused(hosts: str) -> None:
    with pytest.raises(ValidationError, match="neither a host name"):
        Settings(outgoing_hosts=hosts)


def certificate_for(name: str, folder: Path) -> ssl.SSLContext:
    """A self-signed certificate, written to ``certificate.pem``, in a context for a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
