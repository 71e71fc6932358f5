"""The HTTP interface over a real database: an organisation with the sales pack, people of every role, clients that are
signed in as them.

``app``      the application on the module's own copy of the sales template
``nobody``   a client without a session
``sign_in``  gives a client that is signed in: ``await sign_in("lina")``
``people``   ids of people by login: an administrator, a manager of the east with two salespeople, one salesperson of
             the south
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from liaoran.access.people import LoginChange, change_login, person_of_login
from liaoran.access.scope import system_scope
from liaoran.app import create_app
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.records.changes import Create, Update
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot

ADMIN, ADMIN_PASSWORD = "admin", "Tested-and-true-2026"
PASSWORD = "liaoran-tests"
DEPARTMENTS: Mapping[str, str | None] = {"销售部": None, "华东": "销售部", "上海": "华东", "华南": "销售部"}
COLLEAGUES = (
    ("chen", "陈静", "华东", "manager"),
    ("lina", "李娜", "上海", "salesperson"),
    ("zhang", "张伟", "华东", "salesperson"),
    ("sun", "孙丽", "华南", "salesperson"),
)

SignIn = Callable[..., Awaitable[AsyncClient]]


@pytest.fixture(scope="module")
async def people(sales_database: Database, sales_organisation: Organisation) -> Mapping[str, UUID]:
    """Ids by login."""
    departments = {name: new_id() for name in DEPARTMENTS}
    found = {login: new_id() for login, *_ in COLLEAGUES}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        scope, cause = system_scope(await load_snapshot(tx)), Cause(Door.API)
        await write(tx, scope, [Create("department", {"name": name}, key) for name, key in departments.items()], cause)
        above = {departments[name]: departments[parent] for name, parent in DEPARTMENTS.items() if parent}
        await write(tx, scope, [Update("department", one, {"parent": str(up)}) for one, up in above.items()], cause)
        for login, name, department, role in COLLEAGUES:
            values = {"name": name, "department": str(departments[department])}
            await write(tx, scope, [Create("person", values, found[login])], cause)
            await change_login(tx, found[login], LoginChange(login, PASSWORD, [role]))
        return {**found, ADMIN: await person_of_login(tx, ADMIN)}


@pytest.fixture(scope="module")
async def app(sales_database: Database, people: Mapping[str, UUID]) -> FastAPI:
    """The application; its lifespan is the fixture's."""
    return create_app(database=sales_database)


def client_of(app: FastAPI, *, address: str = "192.0.2.7", **headers: str) -> AsyncClient:
    """A client at an address that talks to the app in this process."""
    transport = ASGITransport(app, client=(address, 40000))
    return AsyncClient(transport=transport, base_url="http://test", headers={"accept-language": "en", **headers})


@pytest.fixture
async def nobody(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client without a session."""
    async with client_of(app) as client:
        yield client


@pytest.fixture(scope="module")
async def sign_in(app: FastAPI) -> AsyncIterator[SignIn]:
    """Signs in; sessions of one login are shared within the module."""
    known: dict[str, AsyncClient] = {}
    async with AsyncExitStack() as stack:

        async def enter(login: str = ADMIN, *, fresh: bool = False) -> AsyncClient:
            if login in known and not fresh:
                return known[login]
            client = await stack.enter_async_context(client_of(app))
            password = ADMIN_PASSWORD if login == ADMIN else PASSWORD
            answer = await client.post("/api/v1/session", json={"login": login, "password": password})
            assert answer.status_code == 201, answer.text
            client.headers["x-csrf-token"] = answer.json()["csrf"]
            if not fresh:
                known[login] = client
            return client

        yield enter


async def answer_of(client: AsyncClient, method: str, path: str, body: Any = None, **options: Any) -> Any:
    """The JSON of an answer that must be fine."""
    answer = await client.request(method, "/api/v1" + path, json=body, **options)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None
