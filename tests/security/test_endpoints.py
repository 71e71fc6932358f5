"""Every endpoint of the OpenAPI document, called by those who may not: what they may not see answers exactly as what does
not exist, in words, numbers and in the work that the answer costs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from liaoran.api import known
from liaoran.infra.transaction import Transaction
from liaoran.kernel.ids import new_id
from tests.api.api.test_every_endpoint import PUBLIC, _body, operations

from .conftest import HIDDEN_FILE, SECRET, SECRET_AMOUNT, Hidden

API = "/api/v1"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
NOTHING = "01890000-0000-7000-8000-00000000dead"
ENDLESS = f"{API}/events"
OTHERS = ("bare", "seller", "stranger", "token")
# What an id in a path is the id of, by the beginning of the path and the name of the parameter.
MEANT = (
    (f"{API}/records/", "id", "opportunity"),
    (f"{API}/records/", "file", "file"),
    (f"{API}/records/", "share", "share"),
    (f"{API}/records/", "person", "colleague"),
    (f"{API}/records/", "event", "event"),
    (f"{API}/approvals/", "approval", "approval"),
    (f"{API}/views/", "id", "view"),
    (f"{API}/tokens/", "id", "token"),
    (f"{API}/service-tokens/", "id", "token"),
    (f"{API}/imports/", "id", "import"),
    (f"{API}/exports/", "id", "export"),
    (f"{API}/undo/", "id", "action"),
    (f"{API}/people/", "id", "person"),
    (f"{API}/sharing-rules/", "rule", "rule"),
)
NAMES = {"object": "opportunity", "process": "sales", "field": "industry", "number": "1", "kind": "list"}
# Bodies that name records or people, where an id of the hidden ones may be tried as well.
NAMING: Mapping[str, Any] = {
    "mergeRecords": {"into": "{opportunity}", "from": ["{other}"]},
    "moveRecords": {"to_state": "won", "ids": ["{opportunity}"]},
    "listStandings": {"ids": ["{opportunity}"]},
    "simulateDraft": {"records": ["{opportunity}"]},
    "changeRecords": {"update": [{"id": "{opportunity}", "name": "x"}], "delete": ["{other}"]},
    "undoAction": {"action": "{action}"},
    "createRecord": {"name": "x", "account": "{account}"},
    "updateRecord": {"account": "{account}"},
    "queryRecords": {"where": {"field": "account", "op": "eq", "value": "{account}"}, "count": True},
    "aggregateRecords": {
        "where": {"field": "account", "op": "eq", "value": "{account}"},
        "measures": [{"fn": "count"}],
    },
    "startHandOver": {"person": "{person}", "successors": ["{colleague}"], "reason": "x"},
    "addShare": {"person": "{colleague}"},
    "addFollowers": {"people": ["{colleague}"]},
    "delegateApproval": {"to": "{colleague}"},
    "getBoard": {"where": {"field": "account", "op": "eq", "value": "{account}"}},
    "createSavedView": {"object": "account", "name": "x", "shared": False},
    "startExport": {"object": "opportunity", "where": {"field": "account", "op": "eq", "value": "{account}"}},
}


def normal(answer: Response, *ids: str) -> tuple[int, str, str]:
    """What an answer tells, without the ids and moments that every answer has of its own."""
    text = answer.text
    for one in ids:
        text = text.replace(one, "ID").replace(UUID(one).hex, "ID")
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "MOMENT", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "NEW", text)
    return answer.status_code, answer.headers.get("content-type", ""), text


def assert_tells_nothing(answer: Response, where: object) -> None:
    told = answer.text + repr(sorted(answer.headers.items()))
    assert SECRET not in told, where
    assert str(SECRET_AMOUNT) not in told, where
    assert HIDDEN_FILE not in answer.content, where


def calls(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every signed operation that ends."""
    for method, path, operation in operations(app):
        if (method, path) not in PUBLIC and path != ENDLESS:
            yield method, path, operation


def address(path: str, hidden: Hidden | None) -> str:
    """The path with the ids of what is hidden, or of nothing."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in NAMES:
            return NAMES[name]
        if hidden is None:
            return NOTHING
        meant = (what for start, one, what in MEANT if path.startswith(start) and one == name)
        return hidden.ids.get(next(meant, ""), NOTHING)

    return re.sub(r"\{(\w+)\}", fill, path)


def body_of(operation: dict[str, Any], hidden: Hidden | None) -> Any:
    """A body of the right form, naming what is hidden, or nothing."""

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fill(one) for key, one in value.items()}
        if isinstance(value, list):
            return [fill(one) for one in value]
        if isinstance(value, str) and (match := re.fullmatch(r"\{(\w+)\}", value)):
            # Two names of nothing must differ, as two ids do.
            return hidden[match[1]] if hidden else str(UUID(int=UUID(NOTHING).int + len(match[1])))
        return value

    if operation["operationId"] in NAMING:
        return fill(NAMING[operation["operationId"]])
    return _body(operation)


async def call(
    client: AsyncClient, method: str, path: str, operation: dict[str, Any], hidden: Hidden | None
) -> Response:
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        form = {"file": ("x.pdf", b"%PDF-1.7\n", "application/pdf")}
        return await client.request(method, address(path, hidden), files=form, data={"object": "account"})
    return await client.request(method, address(path, hidden), json=body_of(operation, hidden))


async def test_nobody_learns_whether_a_thing_exists(app: FastAPI, nobody: AsyncClient, hidden: Hidden) -> None:
    for method, path, operation in calls(app):
        real, nothing = [await call(nobody, method, path, operation, one) for one in (hidden, None)]
        assert (real.status_code, real.json()["code"]) == (401, "unauthenticated"), (method, path)
        assert normal(real) == normal(nothing), (method, path)
        assert "set-cookie" not in real.headers


async def test_every_id_in_a_path_is_tried(app: FastAPI) -> None:
    """So that a new kind of thing is not forgotten here: it gets an example, or a reason."""
    without_example = {
        "comment", "hand_over", "key", "organisation", "provider",
        f"{API}/me/passkeys/{{id}}", f"{API}/me/sessions/{{id}}",  # of oneself only
        f"{API}/retypes/{{id}}", f"{API}/retypes/{{id}}/rejects",  # of administrators only, and about no record
        f"{API}/sign-in/providers/{{id}}", f"{API}/sign-in/providers/{{id}}/check",  # likewise
    }  # fmt: skip
    for _, path, _operation in calls(app):
        for name in re.findall(r"\{(\w+)\}", path):
            known = name in NAMES or any(path.startswith(start) and name == one for start, one, _ in MEANT)
            assert known or {name, path} & without_example, (path, name)


@pytest.mark.parametrize("who", OTHERS)
async def test_what_may_not_be_seen_answers_as_what_does_not_exist(
    app: FastAPI, outsiders: Mapping[str, AsyncClient], hidden: Hidden, who: str
) -> None:
    client, differing = outsiders[who], []
    for method, path, operation in calls(app):
        if (method, path) in {("DELETE", f"{API}/session"), ("DELETE", f"{API}/me/sessions")}:
            continue  # would end the session that asks
        real = await call(client, method, path, operation, hidden)
        assert_tells_nothing(real, (who, method, path))
        assert real.status_code < 500, (method, path, real.text)
        if address(path, hidden) == address(path, None) and body_of(operation, hidden) == body_of(operation, None):
            continue
        nothing = await call(client, method, path, operation, None)
        ids = (*hidden.ids.values(), NOTHING, *(str(UUID(int=UUID(NOTHING).int + n)) for n in range(20)))
        if normal(real, *ids) != normal(nothing, *ids):
            differing.append((method, path, normal(real, *ids), normal(nothing, *ids)))
    assert not differing, "\n".join(map(repr, differing))


async def test_the_hidden_things_are_all_still_there(sign_in: Any, hidden: Hidden, app: FastAPI) -> None:
    """Runs behind the calls of the others: none of them changed or removed anything."""
    admin = await sign_in()
    for what, path in (
        ("opportunity", "/records/opportunity/{}"),
        ("account", "/records/account/{}"),
        ("other", "/records/opportunity/{}"),
        ("contact", "/records/contact/{}"),
        ("task", "/records/task/{}"),
        ("import", "/imports/{}"),
        ("export", "/exports/{}"),
        ("approval", "/approvals/{}"),
    ):
        answer = await admin.get(API + path.format(hidden[what]))
        assert answer.status_code == 200, (what, answer.text)
    kept = (await admin.get(f"{API}/records/opportunity/{hidden['opportunity']}")).json()
    assert kept["name"] == f"{SECRET}商机"
    assert (await admin.get(f"{API}/records/opportunity/{hidden['opportunity']}/files")).json()[0]["id"] == hidden[
        "file"
    ]
    assert hidden["view"] in {one["id"] for one in (await admin.get(f"{API}/views")).json()}
    assert hidden["token"] in {one["id"] for one in (await admin.get(f"{API}/tokens")).json()}


@pytest.mark.parametrize("who", ["bare", "seller", "token"])
@pytest.mark.parametrize("object_key", ["opportunity", "account", "contact", "task"])
async def test_nothing_leaks_through_filters_totals_groups_order_and_search(
    outsiders: Mapping[str, AsyncClient], hidden: Hidden, who: str, object_key: str
) -> None:
    """A guess that is right answers as one that is wrong."""
    client = outsiders[who]
    link = {"opportunity": "account.name", "contact": "account.name", "task": "opportunity.name"}.get(
        object_key, "name"
    )
    own = "subject" if object_key == "task" else "name"
    right, wrong = f"{SECRET}集团", "从未有过的名字"

    async def ask(path: str, body: Any) -> tuple[int, str, str]:
        answer = await client.post(f"{API}/records/{object_key}/{path}", json=body)
        if answer.status_code == 200:
            assert_tells_nothing(answer, (who, path, body))
        return normal(answer)

    for field in (own, link):
        for op in ("eq", "contains", "starts_with"):
            questions = [{"where": {"field": field, "op": op, "value": one}, "count": True} for one in (right, wrong)]
            assert await ask("query", questions[0]) == await ask("query", questions[1]), (field, op)
    for body in (
        {"count": True, "sort": [{"field": own}], "limit": 100},
        {"count": True, "sort": [{"field": link, "descending": True}], "limit": 100},
        {"as_of": "2030-01-01T00:00:00Z", "count": True},
    ):
        await ask("query", body)
    await ask("aggregate", {"group_by": [{"field": own}], "measures": [{"fn": "count"}]})
    await ask("aggregate", {"group_by": [{"field": link}], "measures": [{"fn": "count"}]})
    for words in (SECRET, "jimi", "jmlj"):
        answer = await client.get(f"{API}/search", params={"q": words})
        if answer.status_code == 200:
            assert_tells_nothing(answer, (who, words))
            assert hidden[object_key] not in answer.text


@pytest.mark.parametrize("who", OTHERS)
async def test_a_hidden_thing_costs_the_same_work_as_none(
    outsiders: Mapping[str, AsyncClient], hidden: Hidden, who: str, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The classes of time: which statements are sent does not depend on whether the thing is there."""
    client, sent = outsiders[who], list[str]()
    usual = Transaction.send

    def noting(self: Transaction, statement: Any, *rest: Any, **options: Any) -> Any:
        text = re.sub(r"\s+", " ", str(getattr(statement, "sql", statement)))[:400]
        if "organisations" not in text:  # the list of them is read anew every few seconds, whoever asks
            sent.append(text)
        return usual(self, statement, *rest, **options)

    monkeypatch.setattr(Transaction, "send", noting)
    monkeypatch.setattr(known, "SECONDS", 3600.0)  # a signer is looked up anew at times, whatever is asked
    differing = []
    for method, path, operation in calls(app):
        if method != "GET" or address(path, hidden) == address(path, None):
            continue
        await call(client, method, path, operation, None)  # what is planned for the first time is planned here
        for _ in range(3):  # what goes on beside it (the audit log is sealed after a refusal) does not come thrice
            costs = []
            for one in (hidden, None):
                sent.clear()
                await call(client, method, path, operation, one)
                costs.append(list(sent))
            if costs[0] == costs[1]:
                break
        else:
            differing.append((method, path, costs))
    assert not differing, differing


async def test_a_cookie_alone_changes_nothing(
    app: FastAPI, outsiders: Mapping[str, AsyncClient], sign_in: Any, hidden: Hidden
) -> None:
    """Every method that is not safe wants the CSRF token of this very session."""
    admin, foreign = await sign_in(), outsiders["seller"].headers["x-csrf-token"]
    token = admin.headers.pop("x-csrf-token")
    tried = 0
    for method, path, operation in calls(app):
        if method not in UNSAFE:
            continue
        tried += 1
        for given in (None, "", foreign, token[:-1]):
            headers = {} if given is None else {"x-csrf-token": given}
            answer = await admin.request(
                method, address(path, hidden), json=body_of(operation, hidden), headers=headers
            )
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path, given)
    admin.headers["x-csrf-token"] = token
    assert tried > 60
    assert (await admin.get(f"{API}/me")).status_code == 200


async def test_pages_of_other_sites_cannot_even_sign_in(app: FastAPI, nobody: AsyncClient) -> None:
    for method, path in PUBLIC:
        if method in UNSAFE:
            for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
                answer = await nobody.request(method, address(path, None), json={}, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), path


async def test_safe_methods_are_safe(app: FastAPI) -> None:
    """HEAD, OPTIONS and TRACE are answered by no endpoint in another way than GET; a GET takes no body."""
    for method, path, operation in operations(app):
        assert method in UNSAFE | {"GET"}, (method, path)
        assert method != "GET" or "requestBody" not in operation, path


async def test_errors_tell_nothing_of_the_inside(app: FastAPI, outsiders: Mapping[str, AsyncClient]) -> None:
    """Whatever is sent, no answer shows SQL, a path, a stack, a class or a table."""
    inside = re.compile(
        r"Traceback|psycopg|sqlalchemy|asyncpg|pydantic|/liaoran/|\.py\b|SELECT |INSERT |UPDATE |org_\w|\br_\w+\.|site-packages",
    )
    sendings: list[dict[str, Any]] = [
        {"content": b"{not json", "headers": {"content-type": "application/json"}},
        {"content": b"[]", "headers": {"content-type": "application/json"}},
        {"json": {"where": {"field": "name'; DROP TABLE x;--", "op": "eq", "value": "'"}}},
        {"json": {"nothing": {"of": ["this", 1, None]}}},
        {"content": b"\xff\xfe\x00", "headers": {"content-type": "text/xml"}},
    ]
    for who in ("seller", "stranger"):
        for method, path, _ in calls(app):
            if method in UNSAFE and path not in (f"{API}/session", f"{API}/me/sessions"):
                for sending in sendings:
                    answer = await outsiders[who].request(method, address(path, None), **sending)
                    assert answer.status_code < 500, (method, path, sending, answer.text)
                    assert not inside.search(answer.text), (method, path, answer.text)
                    assert answer.status_code < 400 or answer.headers["content-type"] == "application/problem+json"


async def test_an_id_of_anothers_is_no_better_in_any_writing(
    outsiders: Mapping[str, AsyncClient], hidden: Hidden
) -> None:
    record = hidden["opportunity"]
    for writing in (
        record.upper(),
        UUID(record).hex,
        f"{{{record}}}",
        f"urn:uuid:{record}",
        f"{record}%20",
        f"{record}/",
    ):
        for who in OTHERS:
            answer = await outsiders[who].get(f"{API}/records/opportunity/{writing}")
            assert answer.status_code == 404, (who, writing)
            assert_tells_nothing(answer, writing)


async def test_a_made_up_session_is_no_session(app: FastAPI, nobody: AsyncClient) -> None:
    for cookie in ("test." + "0" * 64, "elsewhere." + "f" * 64, "test.", "x" * 3000, f"../{new_id()}", "test.%00"):
        answer = await nobody.get(f"{API}/me", headers={"cookie": f"liaoran_session={cookie}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    for bearer in ("liaoran_test_" + "0" * 64, "x", "", "null", "liaoran_elsewhere_" + "a" * 64):
        answer = await nobody.get(f"{API}/me", headers={"authorization": f"Bearer {bearer}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
