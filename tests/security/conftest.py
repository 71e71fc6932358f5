"""An organisation with one thing of every kind, each with a text that nobody else may ever see; and those who may not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from liaoran.access.people import LoginChange, change_login
from liaoran.access.roles import install_roles
from liaoran.access.scope import system_scope
from liaoran.app import Founding, found_organisation
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.worker import Worker
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.records.changes import Create
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot
from tests.api.conftest import PASSWORD, SignIn, answer_of, app, client_of, nobody, people, sign_in

__all__ = ["app", "nobody", "people", "sign_in"]

SECRET = "极密蓝鲸七号"
"""In every text of what is hidden."""
SECRET_AMOUNT = 73519462
HIDDEN_FILE = f"{SECRET} 合同正文".encode()


OWN = ("read", "edit", "delete", "export", "transfer", "share")
NARROW: dict[str, Any] = {
    "key": "narrow",
    "label": {"zh": "只看自己的", "en": "Own only"},
    "objects": {
        "*": {**dict.fromkeys(OWN, "own"), "create": True, "import": True, "bulk": True},
        "person": {"read": "all"},
        "department": {"read": "all"},
    },
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """Ids of what was made, by what they are: ``opportunity``, ``account``, ``file``, ``view``, …"""

    ids: Mapping[str, str]

    def __getitem__(self, what: str) -> str:
        return self.ids[what]


@pytest.fixture(scope="module")
async def hidden(sign_in: SignIn, sales_database: Database, people: Mapping[str, UUID]) -> Hidden:
    """What the administrator made, owned by her, and shared with nobody."""
    admin = await sign_in()
    ids: dict[str, str] = {"person": str(people["admin"]), "colleague": str(people["sun"])}

    async def make(path: str, body: Any = None, method: str = "POST") -> Any:
        return await answer_of(admin, method, path, body)

    ids["account"] = (await make("/records/account", {"name": f"{SECRET}集团"}))["id"]
    deal = {
        "name": f"{SECRET}商机",
        "account": ids["account"],
        "amount": SECRET_AMOUNT,
        "stage": "negotiation",
        "expected_close_on": "2027-01-31",
        "need_summary": SECRET,
    }
    ids["opportunity"] = (await make("/records/opportunity", deal))["id"]
    record = f"/records/opportunity/{ids['opportunity']}"
    ids["other"] = (await make("/records/opportunity", {"name": f"{SECRET}二期", "account": ids["account"]}))["id"]
    ids["contact"] = (await make("/records/contact", {"name": SECRET, "account": ids["account"]}))["id"]
    ids["task"] = (await make("/records/task", {"subject": f"{SECRET}待办", "opportunity": ids["opportunity"]}))["id"]
    form = {"file": (f"{SECRET}.pdf", b"%PDF-1.7\n" + HIDDEN_FILE, "application/pdf")}
    answer = await admin.post(f"/api/v1{record}/files", files=form, data={"document_type": "contract"})
    assert answer.status_code == 201, answer.text
    ids["file"] = answer.json()["id"]
    ids["share"] = (await make(f"{record}/shares", {"person": str(people["sun"]), "note": SECRET}))["id"]
    ids["view"] = (await make("/views", {"object": "account", "name": SECRET, "shared": False}))["id"]
    ids["token"] = (await make("/tokens", {"label": SECRET}))["id"]
    changed = await admin.patch(f"/api/v1{record}", json={"need_summary": f"{SECRET}，已改"})
    ids["action"] = changed.headers["x-action"]
    ids["event"] = (await make(f"{record}/history", method="GET"))["events"][0]["id"]
    rows = f"客户名称\n{SECRET}进口\n".encode()
    answer = await admin.post(
        "/api/v1/imports", files={"file": (f"{SECRET}.csv", rows, "text/csv")}, data={"object": "account"}
    )
    ids["import"] = answer.json()["id"]
    ids["export"] = (await make("/exports", {"object": "account", "format": "csv"}))["id"]
    await make(f"{record}/transitions", {"to_state": "contract", "comment": SECRET})
    ids["approval"] = (await make(f"{record}/approvals", method="GET"))["approvals"][0]["id"]
    rule = {
        "label": {"zh": SECRET, "en": SECRET},
        "object": "account",
        "where": {"field": "name", "op": "eq", "value": f"{SECRET}不存在"},
        "people": [str(people["sun"])],
        "level": "read",
    }
    ids["rule"] = (await make("/sharing-rules", rule))["id"]
    await Worker(sales_database).run_until_idle()
    return Hidden(ids)


@pytest.fixture(scope="module")
async def outsiders(
    app: FastAPI, hidden: Hidden, sales_database: Database, sales_organisation: Organisation
) -> AsyncIterator[Mapping[str, AsyncClient]]:
    """Signed in, and with no right to any of it: ``bare`` has no role at all; ``seller`` may do everything with what is
    theirs; ``stranger`` is the administrator of another organisation; ``token`` calls with the seller's API token."""
    bare, seller = new_id(), new_id()
    async with sales_database.transaction(sales_organisation.schema) as tx:
        scope = system_scope(await load_snapshot(tx))
        await install_roles(tx, [NARROW])
        for login, person, roles in (("bare", bare, []), ("seller", seller, [NARROW["key"]])):
            await write(tx, scope, [Create("person", {"name": f"{login}某"}, person)], Cause(Door.API))
            await change_login(tx, person, LoginChange(login, PASSWORD, roles))
    founding = Founding("elsewhere", "别家", "boss", "another-organisation")
    await found_organisation(sales_database, founding)
    app.state.services.forget_organisations()
    async with AsyncExitStack() as stack:

        async def enter(login: str, password: str, organisation: str) -> AsyncClient:
            client = await stack.enter_async_context(client_of(app))
            entered = {"login": login, "password": password, "organisation": organisation}
            client.headers["x-csrf-token"] = (await answer_of(client, "POST", "/session", entered))["csrf"]
            return client

        found = {
            "bare": await enter("bare", PASSWORD, sales_organisation.slug),
            "seller": await enter("seller", PASSWORD, sales_organisation.slug),
            "stranger": await enter("boss", founding.admin_password, founding.slug),
        }
        token = (await answer_of(found["seller"], "POST", "/tokens", {"label": "t"}))["token"]
        found["token"] = await stack.enter_async_context(client_of(app, authorization=f"Bearer {token}"))
        yield found
