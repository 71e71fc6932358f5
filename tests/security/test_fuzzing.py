"""Whatever is sent, the server answers and does not fail: requests made up from the OpenAPI document by schemathesis,
Conditions and formulas made up by hypothesis; none of them keeps the database busy beyond its limit.

``LIAORAN_FUZZ=20`` tries twenty times as much, with other examples each time.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from fastapi import FastAPI
from httpx import AsyncClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liaoran.app import create_app
from liaoran.infra.database import Database
from liaoran.query.formula.functions import FUNCTIONS
from liaoran.query.operators import OPERATORS
from tests.api.conftest import ADMIN, ADMIN_PASSWORD, answer_of, client_of

SIZE = int(os.environ.get("LIAORAN_FUZZ", "1"))
PER_OPERATION = 4 * SIZE
SOME = 120 * SIZE
STATEMENT_SECONDS = 5.0
FUZZED = settings(
    deadline=None,
    database=None,
    derandomize=SIZE == 1,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OBJECTS = ("account", "contact", "opportunity", "task", "lead", "person", "department", "opportunity_line")


@pytest.fixture(scope="module")
async def impatient(sales_database: Database, people: Mapping[str, UUID]) -> AsyncIterator[FastAPI]:
    """The application with a short limit for statements, so that one which takes long is a failure."""
    narrow = sales_database.settings.model_copy(update={"statement_seconds": STATEMENT_SECONDS})
    async with Database(narrow, url=sales_database.url) as database:
        yield create_app(database=database)


@pytest.fixture(scope="module")
async def admin(impatient: FastAPI) -> AsyncIterator[AsyncClient]:
    """Calls with an administrator's token, so that no door is closed."""
    async with client_of(impatient) as client:
        entered = {"login": ADMIN, "password": ADMIN_PASSWORD}
        client.headers["x-csrf-token"] = (await answer_of(client, "POST", "/session", entered))["csrf"]
        token = (await answer_of(client, "POST", "/tokens", {"label": "fuzz"}))["token"]
    async with client_of(impatient, authorization=f"Bearer {token}") as client:
        yield client


@pytest.fixture(scope="module")
async def known(admin: AsyncClient) -> Mapping[str, str]:
    """Names and ids for the parameters of paths, so that requests get further than to a 404."""
    account = (await answer_of(admin, "POST", "/records/account", {"name": "甲"}))["id"]
    deal = await answer_of(admin, "POST", "/records/opportunity", {"name": "乙", "account": account, "amount": 5})
    return {
        "object": "opportunity", "id": deal["id"], "process": "sales", "field": "industry", "number": "1",
        "key": "standard", "kind": "list",
    }  # fmt: skip


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples."""
    found: list[Any] = []

    @settings(FUZZED, max_examples=count)
    @given(strategy)
    def collect(one: Any) -> None:
        found.append(one)

    collect()
    return found


def _request(case: Any, known: Mapping[str, str]) -> dict[str, Any]:
    case.path_parameters = {key: known.get(key, value) for key, value in (case.path_parameters or {}).items()}
    made = case.as_transport_kwargs(base_url="http://test")
    ours = ("authorization", "cookie", "user-agent", "x-csrf-token")
    made["headers"] = {key: value for key, value in dict(made.get("headers") or {}).items() if key.lower() not in ours}
    made.pop("cookies", None)
    return {"content" if key == "data" else key: value for key, value in made.items()}


async def test_no_request_makes_the_server_fail(
    impatient: FastAPI, admin: AsyncClient, known: Mapping[str, str]
) -> None:
    schema = schemathesis.openapi.from_dict(impatient.openapi())
    failures, sent = [], 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.endswith("/events"):
            continue  # never ends
        for case, real in drawn(st.tuples(operation.as_strategy(), st.booleans()), PER_OPERATION):
            asked = _request(case, known if real else {})
            answer = await admin.request(**asked)
            sent += 1
            if answer.status_code >= 500:
                failures.append((asked["method"], asked["url"], asked.get("content") or asked.get("json"), answer.text))
    assert sent > 200
    assert not failures, f"{len(failures)} of {sent}: {failures[:5]}"


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12), st.sampled_from(["", "%", "_", "\\", "'", "2026-01-01", "2026-13-45", "@me", "today",
    "9999999999999999999", "1e400", "a" * 3000, "0001-01-01", "9999-12-31T23:59:59Z", "北京", "CNY", "-0"]),
)  # fmt: skip
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _leaf(paths: list[str]) -> st.SearchStrategy[Any]:
    field = st.one_of(
        st.sampled_from(paths),
        st.lists(st.sampled_from([*paths, "", "old", "id"]), min_size=2, max_size=5).map(".".join),
        st.text(max_size=20),
        st.sampled_from(
            ["evidence(file)", "evidence(tasks_done)", "count(task.opportunity)", "count(", "count(a.b.c)"]
        ),
    )
    op = st.one_of(st.sampled_from(sorted(OPERATORS)), st.text(max_size=6))
    value = st.one_of(JUNK, st.fixed_dictionaries({"field": st.just("name"), "op": st.just("eq"), "value": SCALARS}))
    return st.fixed_dictionaries({"field": field, "op": op}, optional={"value": value})


def conditions(paths: list[str]) -> st.SearchStrategy[Any]:
    """Conditions that are nearly right, and some that are not at all."""
    nearly = st.recursive(
        _leaf(paths),
        lambda inner: st.one_of(
            st.lists(inner, max_size=5).map(lambda parts: {"all": parts}),
            st.lists(inner, max_size=5).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=12,
    )
    return st.one_of(nearly, nearly, nearly, JUNK)


async def _paths(admin: AsyncClient, object_key: str) -> list[str]:
    described = await answer_of(admin, "GET", f"/objects/{object_key}")
    keys = [one["key"] for one in described["fields"]]
    links = [one["key"] for one in described["fields"] if one.get("target")]
    return [*keys, *(f"{link}.name" for link in links), *(f"{link}.owner.department.name" for link in links[:2])]


@pytest.mark.parametrize("object_key", OBJECTS)
async def test_no_condition_makes_the_server_fail(admin: AsyncClient, object_key: str) -> None:
    paths = await _paths(admin, object_key)
    for index, where in enumerate(drawn(conditions(paths), SOME // 4)):
        body: dict[str, Any] = {"where": where, "count": True, "limit": 5}
        path = "query"
        if index % 3 == 1:
            body, path = {"where": where, "measures": [{"fn": "count"}]}, "aggregate"
        elif index % 3 == 2:
            body |= {"as_of": "2026-11-01T00:00:00Z"}
        answer = await admin.post(f"/api/v1/records/{object_key}/{path}", json=body)
        assert answer.status_code in (200, 400), (body, answer.status_code, answer.text)


async def test_the_largest_conditions_that_are_taken_are_answered_in_time(admin: AsyncClient) -> None:
    """A hundred leaves over three links each, as deep as it may be; one more of anything is refused."""
    far = {"field": "account.owner.department.name", "op": "contains", "value": "甲" * 50}
    near = {"field": "name", "op": "contains", "value": "%_\\" * 200}
    many: Any = {"any": [{"not": far} for _ in range(50)] + [near] * 50}
    deep: Any = {"any": [far, near]}
    for _ in range(6):
        deep = {"not": deep}
    for where, status in ((many, 200), (deep, 200), ({"any": [far] * 101}, 400), ({"not": {"not": deep}}, 400)):
        for path in ("query", "aggregate"):
            body: dict[str, Any] = {"where": where}
            body |= {"measures": [{"fn": "count"}]} if path == "aggregate" else {"count": True}
            answer = await admin.post(f"/api/v1/records/opportunity/{path}", json=body)
            assert answer.status_code == status, (path, answer.text)


PIECES = st.sampled_from(
    [*(f"{name}(" for name in sorted(FUNCTIONS)), "amount", "name", "{account}", "expected_close_on", "owner.name", "1",
     "0", "-1", "99999999999999", '"x"', '"%"', "TRUE", ")", "(", ",", "+", "-", "*", "/", "^", "&", "=", "<>", " ",
     "1/0", "account.name", "2.5", "created_at", "stage", "tags"]
)  # fmt: skip


def formulas() -> st.SearchStrategy[str]:
    """Texts of pieces of formulas, calls that are nearly right, and anything."""
    value = st.sampled_from(
        ["amount", "name", "1", '"x"', "expected_close_on", "TRUE", "stage", "created_at", "2.5", "-3"]
    )
    whole = st.recursive(
        value,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=3)).map(
                lambda made: f"{made[0]}({', '.join(made[1])})"
            ),
            st.tuples(inner, st.sampled_from("+-*/^&=<>"), inner).map(lambda made: f"({made[0]}{made[1]}{made[2]})"),
        ),
        max_leaves=10,
    )
    return st.one_of(whole, whole, st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60))


async def test_no_formula_makes_the_server_fail(admin: AsyncClient) -> None:
    fine = 0
    for text in drawn(formulas(), SOME * 2):
        answer = await admin.post("/api/v1/formulas/check", json={"object": "opportunity", "expression": text})
        assert answer.status_code in (200, 400, 422), (text, answer.text)
        fine += answer.status_code == 200
    assert fine


async def test_formulas_that_are_taken_are_answered_in_time(admin: AsyncClient) -> None:
    """As Fields of their own, over real records, also those that grow: powers, repetitions, long texts."""
    growing = ["9^9^9", "amount^999999", "10^(10^10)", 'REPT("x", 999999999)', 'LEFT(name, 10^9)', "1/0", "LOG(0)",
               "DATE(99999, 1, 1)", "expected_close_on + 99999999", 'SUBSTITUTE(name, "", "x")', "ROUND(1, 999999)"]  # fmt: skip
    made = []
    for index, text in enumerate([*growing, *drawn(formulas(), 10 * SIZE)]):
        body = {"key": f"fuzz_{index}", "type": "formula", "label": f"试 {index}", "options": {"expression": text}}
        answer = await admin.post("/api/v1/objects/opportunity/fields", json=body)
        assert answer.status_code in (201, 400, 422), (text, answer.text)
        if answer.status_code == 201:
            made.append((text, f"fuzz_{index}"))
    assert len(made) > 3
    record = (await answer_of(admin, "POST", "/records/opportunity", {"name": "乙", "amount": 5}))["id"]
    for text, key in made:
        for body in (
            {"select": ["name", key]},
            {"sort": [{"field": key}]},
            {"where": {"field": key, "op": "not_empty"}, "count": True},
        ):
            answer = await admin.post("/api/v1/records/opportunity/query", json=body)
            assert answer.status_code in (200, 400), (text, body, answer.text)
        answer = await admin.get(f"/api/v1/records/opportunity/{record}")
        assert answer.status_code == 200, (text, answer.text)


BRACES = "{0}{x.__class__.__mro__}{field}{"
"""A label that would be read as a template, were it ever taken for one."""


async def test_braces_in_labels_are_just_braces(admin: AsyncClient) -> None:
    label = {"zh": BRACES, "en": BRACES}
    choices = [{"key": "a", "label": label}]
    fields = [
        {"key": "name", "type": "text", "label": label, "required": True},
        {"key": "kind", "type": "choice", "label": label, "choices": choices},
        {"key": "many", "type": "choices", "label": label, "choices": choices},
        {"key": "sum", "type": "number", "label": label},
        {"key": "day", "type": "date", "label": label},
        {"key": "whom", "type": "link", "label": label, "options": {"target": "account"}},
    ]
    made = await admin.post("/api/v1/objects", json={"key": "braces", "label": label, "fields": fields})
    assert made.status_code == 201, made.text
    told = 0
    for values in ({}, {"name": BRACES, "kind": BRACES}, {"name": "x", "sum": BRACES}, {"name": "x", "whom": BRACES},
                   {"name": "x", "many": [BRACES]}, {"name": "x", "day": BRACES}, {BRACES: 1}):  # fmt: skip
        answer = await admin.post("/api/v1/records/braces", json=values)
        assert answer.status_code in (201, 400, 422), (values, answer.text)
        told += BRACES in answer.text
    for where in drawn(conditions(["name", "kind", "many", "sum", "day", "whom", "whom.name"]), SOME // 4):
        for path, body in (
            ("query", {"where": where}),
            (
                "aggregate",
                {"where": where, "group_by": [{"field": "many"}], "measures": [{"fn": "sum", "field": "kind"}]},
            ),
        ):
            answer = await admin.post(f"/api/v1/records/braces/{path}", json=body)
            assert answer.status_code in (200, 400), (path, where, answer.text)
            told += BRACES in answer.text
    assert told
