"""One strict pipeline over HTTP: the same refusal on every door, word for word; who comes second; a gate that cannot be
evaluated; nothing of anybody else's records."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from liaoran.exchange.imports.service import run_import
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of, client_of

API = "/api/v1"
NEED = {
    "key": "need",
    "label": {"zh": "需求已写明", "en": "The need is written down"},
    "condition": {"field": "need_summary", "op": "not_empty"},
}
MET = {
    "key": "met",
    "label": {"zh": "见过一面", "en": "They have met"},
    "condition": {"field": "count(event.opportunity)", "op": "has", "value": None},
}
BIG = {
    "key": "big",
    "label": {"zh": "金额够大", "en": "Big enough"},
    "condition": {"field": "amount", "op": "gte", "value": 100},
}
STRICT: dict[str, Any] = {
    "key": "strict",
    "object": "opportunity",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "严格流程", "en": "Strict"},
    "sum_field": "amount",
    "minimum": ["account"],
    "comment_on": ["back"],
    "states": [
        {"key": "talk", "label": {"zh": "洽谈", "en": "Talk"}, "exit": [NEED, MET]},
        {"key": "price", "label": {"zh": "议价", "en": "Price"}, "required": ["expected_close_on"], "entry": [BIG]},
        {"key": "signed", "label": {"zh": "签下", "en": "Signed"}, "kind": "won"},
    ],
    "transitions": [
        {"key": "on", "from": "talk", "to": "price"},
        {"key": "back", "from": "price", "to": "talk"},
        {"key": "sign", "from": "price", "to": "signed", "who": [{"who": "role", "role": "manager"}]},
    ],
}
UNMET = {
    ("condition_unmet", "need"),
    ("condition_unmet", "met"),
    ("condition_unmet", "big"),
    ("required_for_transition", "expected_close_on"),
}
Told = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
async def admin(sign_in: SignIn) -> AsyncClient:
    """An administrator who has published the pipeline."""
    client = await sign_in()
    await answer_of(client, "POST", "/processes", STRICT)
    return client


async def _deal(client: AsyncClient, **values: Any) -> dict[str, Any]:
    account = await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    body = {"name": f"单{new_id()}", "pipeline": "strict", "account": account["id"], "amount": 5, **values}
    made: dict[str, Any] = await answer_of(client, "POST", "/records/opportunity", body)
    return made


async def _ready(client: AsyncClient, **values: Any) -> dict[str, Any]:
    """A deal that everything is there for."""
    deal = await _deal(client, **{"amount": 500, "need_summary": "x", "expected_close_on": "2030-01-01", **values})
    event = {"subject": "见面", "starts_at": "2026-01-05T01:00:00Z", "opportunity": deal["id"]}
    await answer_of(client, "POST", "/records/event", event)
    return deal


def told(errors: list[dict[str, Any]]) -> Told:
    """Code, Field or key, and the words of each error."""
    return {(one["code"], one["field"] or one["evidence"].get("key"), one["message"]) for one in errors}


def refused(answer: Response) -> Told:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return told(answer.json()["errors"])


async def test_the_same_refusal_through_every_door(
    app: FastAPI, admin: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    deal = await _deal(admin)
    path, target = f"/records/opportunity/{deal['id']}", {"stage": "price"}
    wanted = refused(await admin.patch(API + path, json=target))
    assert {(code, key) for code, key, _ in wanted} == UNMET
    for door in ("form", "inline", "board", "bulk"):
        assert refused(await admin.patch(API + path, json=target, headers={"x-door": door})) == wanted, door
    for how in ({"to_state": "price"}, {"to_state": "议价"}, {"transition": "on"}):
        assert refused(await admin.post(f"{API}{path}/transitions", json=how)) == wanted, how
        [batch] = (await answer_of(admin, "POST", "/records/opportunity/transitions", {**how, "ids": [deal["id"]]}))[
            "results"
        ]
        assert (batch["status"], told(batch["errors"])) == ("rejected", wanted)
        tried = await answer_of(admin, "POST", f"{path}/transitions", {**how, "dry_run": True})
        assert (tried["status"], told(tried["errors"])) == ("rejected", wanted)
    whole = {"to_state": "price", "ids": [deal["id"]], "all_or_nothing": True}
    assert refused(await admin.post(f"{API}/records/opportunity/transitions", json=whole)) == wanted
    update = {"update": [{"id": deal["id"], **target}]}
    assert refused(await admin.post(f"{API}/records/opportunity/batch", json=update)) == wanted
    partly = await answer_of(admin, "POST", "/records/opportunity/batch", {**update, "all_or_nothing": False})
    assert told(partly["results"][0]["errors"]) == wanted
    made = await answer_of(admin, "POST", "/tokens", {"label": "ERP"})
    async with client_of(app, authorization=f"Bearer {made['token']}") as token:
        assert refused(await token.patch(API + path, json=target)) == wanted
        assert refused(await token.post(f"{API}{path}/transitions", json={"transition": "on"})) == wanted
    [offer] = await answer_of(admin, "GET", f"{path}/transitions")
    assert (offer["to"], offer["open"]) == ("price", False)
    assert told(offer["gate"]["unmet"]) == wanted
    assert await _import_refusal(admin, sales_database, sales_organisation.schema, deal["id"]) == {
        f"第 2 行：{words}" for _, _, words in wanted
    }
    now = await answer_of(admin, "GET", path)
    assert (now["stage"], now["version"]) == ("talk", deal["version"])


async def _import_refusal(client: AsyncClient, database: Database, schema: str, record: str) -> set[str]:
    """What the file of rejected rows says of a row that moves the record on."""
    content = f"Record UUID,Stage\n{record},Price\n".encode()
    files = {"file": ("moves.csv", content, "text/csv")}
    answer = await client.post(f"{API}/imports", files=files, data={"object": "opportunity"})
    assert answer.status_code == 201, answer.text
    path = f"{API}/imports/{answer.json()['id']}"
    started = await client.post(f"{path}/start")
    assert started.status_code == 202, started.text
    await run_import(database, schema, answer.json()["id"])
    done = (await client.get(path)).json()
    assert (done["state"], done["progress"]["rejected"]) == ("done", 1), done
    rows = list(csv.reader(io.StringIO((await client.get(f"{path}/rejects")).content.decode("utf-8-sig"))))
    return set(rows[1][-1].split("；"))


async def test_undo_meets_the_gate_too(admin: AsyncClient) -> None:
    deal = await _ready(admin)
    path = f"/records/opportunity/{deal['id']}"
    await answer_of(admin, "POST", f"{path}/transitions", {"transition": "on"})
    silent = await admin.post(f"{API}{path}/transitions", json={"transition": "back"})
    assert {one[0] for one in refused(silent)} == {"comment_required"}
    moved = await admin.post(f"{API}{path}/transitions", json={"transition": "back", "comment": "预算没批"})
    assert moved.status_code == 200, moved.text
    await answer_of(admin, "PATCH", path, {"amount": 5, "need_summary": None, "expected_close_on": None})
    found = refused(await admin.post(f"{API}/undo", json={"action": moved.headers["x-action"]}))
    assert {(code, key) for code, key, _ in found} == UNMET - {("condition_unmet", "met")}
    await answer_of(admin, "PATCH", path, {"amount": 500, "need_summary": "x", "expected_close_on": "2030-01-01"})
    await answer_of(admin, "POST", "/undo", {"action": moved.headers["x-action"]})
    assert (await answer_of(admin, "GET", path))["stage"] == "price"


async def test_the_minimum_holds_for_create_and_every_change(admin: AsyncClient) -> None:
    body = {"name": "单", "pipeline": "strict"}
    assert {one[:2] for one in refused(await admin.post(f"{API}/records/opportunity", json=body))} == {
        ("required_minimum", "account")
    }
    deal = await _deal(admin)
    emptied = await admin.patch(f"{API}/records/opportunity/{deal['id']}", json={"account": None})
    assert {one[:2] for one in refused(emptied)} == {("required_minimum", "account")}


async def test_who_may_move_is_asked_on_every_door(admin: AsyncClient, sign_in: SignIn) -> None:
    lina, chen = await sign_in("lina"), await sign_in("chen")
    deal = await _ready(lina, stage="price")
    path = f"/records/opportunity/{deal['id']}"
    wanted = refused(await lina.patch(API + path, json={"stage": "signed"}))
    assert {one[0] for one in wanted} == {"not_permitted_to_move"}
    assert refused(await lina.post(f"{API}{path}/transitions", json={"transition": "sign"})) == wanted
    update = {"update": [{"id": deal["id"], "stage": "signed"}]}
    assert refused(await lina.post(f"{API}/records/opportunity/batch", json=update)) == wanted
    offers = {one["to"]: one for one in await answer_of(lina, "GET", f"{path}/transitions")}
    assert not offers["signed"]["open"]
    moved = await answer_of(chen, "POST", f"{path}/transitions", {"transition": "sign"})
    assert moved["stage"] == "signed"


async def test_of_two_who_move_one_card_one_wins_and_the_other_is_told(admin: AsyncClient, sign_in: SignIn) -> None:
    lina, chen = await sign_in("lina"), await sign_in("chen")
    deal = await _ready(lina)
    path = f"{API}/records/opportunity/{deal['id']}/transitions"
    body = {"transition": "on", "version": deal["version"]}
    answers = await asyncio.gather(*(one.post(path, json=body, headers={"x-door": "board"}) for one in (lina, chen)))
    assert sorted(one.status_code for one in answers) == [200, 409]
    lost = next(one.json() for one in answers if one.status_code == 409)
    winner = "李娜" if answers[0].status_code == 200 else "陈静"
    assert lost["changed_by"] == winner
    assert "stage" in lost["changed_fields"]
    assert lost["current"]["stage"] == "price"
    assert winner in lost["detail"] or winner in lost["errors"][0]["message"]
    visits = await answer_of(lina, "GET", f"/records/opportunity/{deal['id']}/visits")
    assert [one["state"] for one in visits] == ["talk", "price"]


async def test_nothing_of_anybody_elses_records_is_told(admin: AsyncClient, sign_in: SignIn) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    deal = await _deal(lina, name="机密商机")
    path = f"{API}/records/opportunity/{deal['id']}"
    answers = [
        await sun.get(f"{path}/transitions"),
        await sun.post(f"{path}/transitions", json={"transition": "on"}),
        await sun.post(f"{path}/transitions", json={"transition": "on", "version": 1}),
        await sun.patch(path, json={"stage": "price"}),
        await sun.post(f"{API}/records/opportunity/batch", json={"update": [{"id": deal["id"], "stage": "price"}]}),
    ]
    assert [one.status_code for one in answers] == [404] * 5
    dry = await sun.post(f"{path}/transitions", json={"transition": "on", "dry_run": True})
    batch = await sun.post(f"{API}/records/opportunity/transitions", json={"transition": "on", "ids": [deal["id"]]})
    for one in (dry.json(), *batch.json()["results"]):
        assert {error["code"] for error in one["errors"]} == {"not_found"}
    everything = "".join(one.text for one in (*answers, dry, batch))
    for secret in ("机密", "李娜", "need_summary", "Big enough"):
        assert secret not in everything


async def test_a_gate_that_cannot_be_evaluated_refuses_and_tells(
    admin: AsyncClient, sign_in: SignIn, sales_database: Database, sales_organisation: Organisation
) -> None:
    survey = {"key": "survey", "type": "text", "label": {"zh": "现场勘查", "en": "Survey"}}
    await answer_of(admin, "POST", "/objects/opportunity/fields", survey)
    surveyed = {
        "key": "surveyed",
        "label": {"zh": "已现场勘查", "en": "Surveyed"},
        "condition": {"field": "survey", "op": "not_empty"},
    }
    frail = {
        **STRICT,
        "key": "frail",
        "label": {"zh": "易碎", "en": "Frail"},
        "states": [{**STRICT["states"][0], "exit": [surveyed]}, *STRICT["states"][1:]],
    }
    await answer_of(admin, "POST", "/processes", frail)
    deal = await _ready(admin, pipeline="frail", survey="看过")
    path = f"/records/opportunity/{deal['id']}"
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute("DELETE FROM {org}.fields WHERE object = 'opportunity' AND key = 'survey'")
        await tx.execute("UPDATE {org}.catalogue SET version = version + 1, stamp = gen_random_uuid()")
    for answer in (
        await admin.patch(API + path, json={"stage": "price"}),
        await admin.post(f"{API}{path}/transitions", json={"transition": "on"}),
        await admin.post(f"{API}/records/opportunity/batch", json={"update": [{"id": deal["id"], "stage": "price"}]}),
    ):
        [(code, key, words)] = refused(answer)
        assert (code, key) == ("gate_not_evaluable", "surveyed")
        assert words == "一项检查无法进行（离开“洽谈”前需要：已现场勘查），请联系管理员"
    [offer] = await answer_of(admin, "GET", f"{path}/transitions")
    assert not offer["open"]
    assert [one["code"] for one in offer["gate"]["unmet"]] == ["gate_not_evaluable"]
    assert (await answer_of(admin, "GET", path))["stage"] == "talk"
    listed = {one["key"]: one for one in await answer_of(admin, "GET", "/processes")}
    [fault] = listed["frail"]["faults"]
    assert (fault["at"], fault["kind"], fault["key"], fault["part"]) == (
        "states[0].exit[0].condition",
        "state",
        "talk",
        "exit",
    )
    assert fault["where"] == {"zh": "条件（洽谈）", "en": "conditions (Talk)"}
    assert fault["label"]["zh"] == "已现场勘查"
    assert "survey" in fault["message"]["zh"]
    assert listed["strict"]["faults"] == []
    lina = await sign_in("lina")
    assert all(one["faults"] == [] for one in await answer_of(lina, "GET", "/processes")), "others cannot mend it"
