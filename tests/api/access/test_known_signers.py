"""Light reads do not look the signer up again; what any process changes is nevertheless in force in all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from liaoran.api import known
from liaoran.api.cookies import COOKIE
from liaoran.app import create_app
from liaoran.infra.database import Database

from ..conftest import ADMIN, ADMIN_PASSWORD, PASSWORD, answer_of, client_of


class Process:
    """One serving process: an application with a database of its own, listening to notices."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.app = app
        self._database = database
        self.seen: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def take(self, notice: dict[str, Any]) -> None:
        self.seen.append(notice)
        self._news.set()

    async def hear(self, kind: str) -> None:
        """Waits until a notice of the kind has come in since the last call."""
        async with asyncio.timeout(20):
            while not any(one.get("kind") == kind for one in self.seen):
                self._news.clear()
                await self._news.wait()
        self.seen.clear()


@pytest.fixture
async def processes(sales_database: Database, people: Mapping[str, UUID]) -> AsyncIterator[tuple[Process, Process]]:
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            database = await stack.enter_async_context(Database(sales_database.settings, url=sales_database.url))
            app = create_app(database=database)
            await stack.enter_async_context(app.router.lifespan_context(app))
            process = Process(app, database)
            await stack.enter_async_context(database.listener.subscribe(process.take))
            made.append(process)
        yield made[0], made[1]


async def _enter(app: FastAPI, login: str, password: str = PASSWORD) -> AsyncClient:
    client = client_of(app)
    signed = await answer_of(client, "POST", "/session", {"login": login, "password": password})
    client.headers["x-csrf-token"] = signed["csrf"]
    return client


async def _query(client: AsyncClient, **request: Any) -> int:
    return (await client.post("/api/v1/records/account/query", json=request)).status_code


def _same_session(client: AsyncClient, app: FastAPI) -> AsyncClient:
    return client_of(
        app, cookie=f"{COOKIE}={client.cookies[COOKIE]}", **{"x-csrf-token": client.headers["x-csrf-token"]}
    )


async def test_a_session_that_ends_is_over_everywhere(processes: tuple[Process, Process]) -> None:
    here, there = processes
    client = await _enter(here.app, "lina")
    other = _same_session(client, there.app)
    assert [await _query(client), await _query(other), await _query(other)] == [200, 200, 200]
    assert len(there.app.state.services.signers._signers) == 1
    there.seen.clear()
    await answer_of(client, "DELETE", "/session")
    assert (await other.get("/api/v1/me")).status_code == 401
    await there.hear("access")
    assert await _query(other) == 401


async def test_roles_change_everywhere(processes: tuple[Process, Process], people: Mapping[str, UUID]) -> None:
    here, there = processes
    admin, seller = await _enter(here.app, ADMIN, ADMIN_PASSWORD), await _enter(there.app, "zhang")
    assert await _query(seller) == 200
    there.seen.clear()
    await answer_of(admin, "POST", f"/people/{people['zhang']}/login", {"roles": []})
    await there.hear("access")
    assert await _query(seller) == 404
    await answer_of(admin, "POST", f"/people/{people['zhang']}/login", {"roles": ["salesperson"]})
    await there.hear("access")
    assert await _query(seller) == 200


async def test_what_the_same_process_changed_holds_at_once(processes: tuple[Process, Process]) -> None:
    here, _ = processes
    admin = await _enter(here.app, ADMIN, ADMIN_PASSWORD)
    assert await _query(admin, select=["shade"]) == 400
    field = {"key": "shade", "type": "text", "label": {"zh": "色", "en": "Shade"}}
    await answer_of(admin, "POST", "/objects/account/fields", field)
    assert await _query(admin, select=["shade"]) == 200
    await answer_of(admin, "DELETE", "/objects/account/fields/shade")
    assert await _query(admin, select=["shade"]) == 400


async def test_what_another_process_added_is_known_even_before_its_notice(
    processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = processes
    monkeypatch.setattr(known.KnownSigners, "era", lambda self, schema: 0)  # no notice ever arrives
    admin = await _enter(here.app, ADMIN, ADMIN_PASSWORD)
    other = _same_session(admin, there.app)
    assert await _query(other) == 200
    field = {"key": "tone", "type": "text", "label": {"zh": "调", "en": "Tone"}}
    await answer_of(admin, "POST", "/objects/account/fields", field)
    assert await _query(other, select=["tone"]) == 200


async def test_entries_run_out_by_themselves(
    processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = processes
    client = await _enter(here.app, "sun")
    other = _same_session(client, there.app)
    assert await _query(other) == 200
    await answer_of(client, "DELETE", "/session")
    monkeypatch.setattr(known, "SECONDS", 0.0)
    assert await _query(other) == 401


async def test_a_broken_line_forgets_everything(processes: tuple[Process, Process]) -> None:
    here, _ = processes
    client = await _enter(here.app, "sun")
    assert await _query(client) == 200
    signers = here.app.state.services.signers
    signers.take({"lost": True})
    assert not signers._signers


async def test_a_write_never_rests_on_a_moment_ago(
    processes: tuple[Process, Process], people: Mapping[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = processes
    monkeypatch.setattr(known.KnownSigners, "era", lambda self, schema: 0)  # no notice ever arrives
    admin, seller = await _enter(here.app, ADMIN, ADMIN_PASSWORD), await _enter(there.app, "sun")
    made = await answer_of(seller, "POST", "/records/account", {"name": "南方客户"})
    path = f"/api/v1/records/account/{made['id']}"
    assert (await seller.get(path)).status_code == 200
    await answer_of(admin, "POST", f"/people/{people['sun']}/login", {"roles": []})
    assert (await seller.patch(path, json={"name": "x"})).status_code in (403, 404)
    await answer_of(admin, "POST", f"/people/{people['sun']}/login", {"roles": ["salesperson"], "disabled": True})
    assert (await seller.patch(path, json={"name": "x"})).status_code == 401
    await answer_of(admin, "POST", f"/people/{people['sun']}/login", {"disabled": False})
