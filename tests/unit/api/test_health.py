"""Figures and reasons are for insiders: whoever has the token, or comes straight from the own network."""

from __future__ import annotations

import pytest
from fastapi import FastAPI, HTTPException, Request

from liaoran.api.health import _is_insider, metrics
from liaoran.api.services import Services
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings

TOKEN = "a-token-for-prometheus"


def request_of(settings: Settings, client: str | None, **headers: str) -> Request:
    app = FastAPI()
    app.state.services = Services(settings, Database(settings))
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/metrics", "headers": raw, "app": app}
    return Request({**scope, "client": (client, 1) if client else None})


@pytest.mark.parametrize(
    ("client", "headers", "inside"),
    [
        ("127.0.0.1", {}, True),
        ("10.1.2.3", {}, True),
        ("fd00::7", {}, True),
        ("203.0.114.9", {}, False),
        ("8.8.8.8", {}, False),
        (None, {}, False),
        ("127.0.0.1", {"x_forwarded_for": "8.8.8.8"}, False),
        ("127.0.0.1", {"forwarded": "for=8.8.8.8"}, False),
        ("8.8.8.8", {"x_forwarded_for": "127.0.0.1"}, False),
        ("8.8.8.8", {"authorization": f"Bearer {TOKEN}"}, False),
    ],
)
def test_without_a_token_the_own_network_sees_it(client: str | None, headers: dict[str, str], inside: bool) -> None:
    assert _is_insider(request_of(Settings(), client, **headers)) is inside


@pytest.mark.parametrize(
    ("client", "headers", "inside"),
    [
        ("8.8.8.8", {"authorization": f"Bearer {TOKEN}"}, True),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"authorization": "Bearer "}, False),
        ("127.0.0.1", {"authorization": f"Bearer {TOKEN}x"}, False),
    ],
)
def test_with_a_token_only_who_sends_it(client: str, headers: dict[str, str], inside: bool) -> None:
    assert _is_insider(request_of(Settings(metrics_token=TOKEN), client, **headers)) is inside


async def test_outsiders_find_nothing_there() -> None:
    with pytest.raises(HTTPException) as refused:
        await metrics(request_of(Settings(), "8.8.8.8"))
    assert refused.value.status_code == 404
