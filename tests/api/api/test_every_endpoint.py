"""What holds for all endpoints alike, read from the OpenAPI document, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient

from liaoran.app import Founding, found_organisation
from liaoran.infra.database import Database
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of, client_of

PUBLIC = {
    ("GET", "/api/v1/session/options"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/session/second-step"),
    ("POST", "/api/v1/session/passkey/options"),
    ("POST", "/api/v1/session/passkey"),
    ("POST", "/api/v1/session/link/look"),
    ("POST", "/api/v1/session/link"),
    ("GET", "/api/v1/session/sso/callback"),
    ("GET", "/api/v1/session/sso/{organisation}/{provider}"),
}


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of the whole document."""
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def filled(path: str, **values: str) -> str:
    """The path with an id of nothing for every id, and names of the sales pack for the rest."""
    known = {"object": "opportunity", "process": "sales", "field": "industry", **values}
    return re.sub(r"\{(\w+)\}", lambda match: known.get(match[1]) or str(new_id()), path)


async def test_nobody_gets_401_whatever_is_sent(app: FastAPI, nobody: AsyncClient) -> None:
    found = [(method, path) for method, path, _ in operations(app)]
    assert len(found) > 30
    for method, path in found:
        if (method, path) in PUBLIC:
            continue
        for content in (None, b"{not json", b"{}"):
            answer = await nobody.request(
                method, filled(path), content=content, headers={"content-type": "application/json"}
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), (method, path)
            assert answer.headers["content-type"] == "application/problem+json"


async def test_the_document_says_who_may_call(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        assert ("security" in operation) is ((method, path) not in PUBLIC), (method, path)
        assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
        assert operation["summary"]
        assert operation["description"], (method, path)
    names = [operation["operationId"] for *_, operation in operations(app)]
    assert len(names) == len(set(names))


async def test_ids_of_nothing_are_404(app: FastAPI, sign_in: SignIn) -> None:
    """Whoever asks, an id that does not exist, one of the wrong form and one of another organisation are one answer."""
    for login in ("admin", "lina"):
        client = await sign_in(login)
        for method, path, operation in operations(app):
            if "{id}" not in path:
                continue
            for record in (str(new_id()), "no-id", "%00", "'"):
                answer = await client.request(method, filled(path, id=record), json=_body(operation))
                if login == "lina" and answer.status_code == 403:
                    continue
                assert answer.status_code in (404, 405), (method, path, record, answer.text)


async def test_objects_of_nothing_are_404(app: FastAPI, sign_in: SignIn) -> None:
    client = await sign_in()
    for method, path, operation in operations(app):
        if "{object}" not in path and "{process}" not in path:
            continue
        where = filled(path, object="no_such_object", process="no_such_process")
        answer = await client.request(method, where, json=_body(operation))
        assert answer.status_code == 404, (method, path, answer.text)
        if "{object}" in path and "{kind}" not in path:
            assert answer.json()["code"] == "unknown_object", (method, path, answer.text)


async def test_an_object_that_a_body_names_is_a_mistake_in_the_request(sign_in: SignIn) -> None:
    client = await sign_in()
    path = {"where": {"field": "count(no_such_object.account)", "op": "gt", "value": 1}}
    for where, body in (
        ("/api/v1/records/account/query", path),
        ("/api/v1/exports", {"object": "no_such_object"}),
        ("/api/v1/views", {"object": "no_such_object", "name": "v", "shared": False}),
    ):
        answer = await client.post(where, json=body)
        assert answer.status_code in (400, 422), (where, answer.text)


def _body(operation: dict[str, Any]) -> Any:
    """A body of the right form, so that what is refused is the id."""
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return None
    known = {
        "startRecordApproval": {"approval": "contract_review"},
        "mergeRecords": {"into": str(new_id()), "from": [str(new_id())]},
        "moveRecord": {"to_state": "won"},
        "moveRecords": {"to_state": "won", "ids": [str(new_id())]},
        "putDraft": {"definition": {}, "revision": 0},
        "applyProposal": {"definition": {}, "patch": []},
        "publishTheDraft": {"revision": 1},
        "listStandings": {"ids": [str(new_id())]},
        "simulateDraft": {"records": [str(new_id())]},
        "commentOnProcess": {"text": "好"},
        "resolveProcessComment": {"resolved": True},
        "retypeField": {"type": "text"},
        "decideHeldRetype": {"go_on": False},
        "decideOnExport": {"approve": True},
        "revealValue": {"field": "name", "reason": "x"},
        "erasePersonData": {"reason": "x"},
        "restoreOldValue": {"field": "name"},
    }
    return known.get(operation["operationId"], {})


async def test_ids_of_another_organisation_are_404(sales_database: Database, app: FastAPI, sign_in: SignIn) -> None:
    founding = Founding("other", "别家", "boss", "another-organisation")
    organisation = await found_organisation(sales_database, founding)
    services = app.state.services
    services.forget_organisations()
    async with client_of(app) as boss:
        entered = {"login": "boss", "password": founding.admin_password, "organisation": organisation.slug}
        boss.headers["x-csrf-token"] = (await answer_of(boss, "POST", "/session", entered))["csrf"]
        theirs = (await answer_of(boss, "POST", "/records/account", {"name": "别家客户"}))["id"]
        view = (await answer_of(boss, "POST", "/views", {"object": "account", "name": "v", "shared": True}))["id"]
        token = (await answer_of(boss, "POST", "/tokens", {"label": "t"}))["id"]
        ours = await sign_in()
        for method, path in (
            ("GET", f"/records/account/{theirs}"),
            ("PATCH", f"/records/account/{theirs}"),
            ("DELETE", f"/records/account/{theirs}"),
            ("GET", f"/records/account/{theirs}/history"),
            ("POST", f"/records/account/{theirs}/restore"),
            ("PATCH", f"/views/{view}"),
            ("DELETE", f"/views/{view}"),
            ("DELETE", f"/tokens/{token}"),
        ):
            body = {} if method in ("PATCH", "POST") else None
            assert (await ours.request(method, "/api/v1" + path, json=body)).status_code == 404, path
        assert (await boss.get(f"/api/v1/records/account/{theirs}")).status_code == 200
        batch = {"update": [{"id": theirs, "name": "x"}]}
        assert (await ours.post("/api/v1/records/account/batch", json=batch)).status_code == 404
        # A login without the organisation's name is ambiguous now.
        answer = await ours.post("/api/v1/session", json={"login": "boss", "password": "x"})
        assert (answer.status_code, answer.json()["code"]) == (400, "organisation_required")
