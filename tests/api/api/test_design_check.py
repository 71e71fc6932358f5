"""The stage-design check over HTTP: who may ask, who may set thresholds, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ..conftest import SignIn, answer_of

PATH = "/processes/sales/design-check"


async def test_everybody_who_may_read_may_ask(sign_in: SignIn) -> None:
    for login in ("admin", "chen", "lina"):
        found = await answer_of(await sign_in(login), "GET", PATH)
        assert found["process"] == "sales"
        assert found["object"] == "opportunity"
        assert {one["signal"] for one in found["findings"]} <= {one["key"] for one in found["signals"]}
        assert all(one["entered"] == 0 for one in found["stages"])


async def test_figures_are_of_the_records_that_one_sees(sign_in: SignIn) -> None:
    admin, lina, sun = [await sign_in(login) for login in ("admin", "lina", "sun")]
    account = await answer_of(lina, "POST", "/records/account", {"name": "甲公司"})
    for n in range(3):
        await answer_of(lina, "POST", "/records/opportunity", {"name": f"商机 {n}", "account": account["id"]})
    counts = [
        sum(one["entered"] for one in (await answer_of(client, "GET", PATH))["stages"]) for client in (admin, lina, sun)
    ]
    assert counts == [3, 3, 0]
    past = await answer_of(lina, "GET", f"{PATH}?from=2020-01-01&to=2020-12-31")
    assert sum(one["entered"] for one in past["stages"]) == 0
    assert past["from"].startswith("2020-01-01")


async def test_thresholds_are_set_by_administrators(sign_in: SignIn) -> None:
    admin, chen = await sign_in("admin"), await sign_in("chen")
    body = {"back_and_forth": {"share": 0.5, "minimum": 30}, "friction": {"on": False}}
    refused = await chen.put(f"/api/v1{PATH}/settings", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "administrators_only")
    changed = await answer_of(admin, "PUT", f"{PATH}/settings", body)
    signals = {one["key"]: one for one in changed}
    shares = {one["key"]: one for one in signals["back_and_forth"]["thresholds"]}
    assert (shares["share"]["value"], shares["share"]["default"]) == (0.5, 0.2)
    assert signals["friction"]["on"] is False
    assert await answer_of(chen, "GET", f"{PATH}/settings") == changed
    back = {one["key"]: one for one in await answer_of(admin, "PUT", f"{PATH}/settings", {})}
    assert back["friction"]["on"] is True
    assert back["back_and_forth"]["thresholds"][0]["value"] == 0.2


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"unknown": {}}, "unknown"),
        ({"friction": {"sharee": 1}}, "friction.sharee"),
        ({"back_and_forth": {"share": 2}}, "back_and_forth.share"),
        ({"back_and_forth": {"share": "a"}}, "back_and_forth.share"),
        ({"back_and_forth": {"on": 1}}, "back_and_forth.on"),
        ({"back_and_forth": []}, "back_and_forth"),
    ],
)
async def test_what_cannot_be_set_is_refused_by_place(sign_in: SignIn, body: object, at: str) -> None:
    answer = await (await sign_in("admin")).put(f"/api/v1{PATH}/settings", json=body)
    assert answer.status_code == 400
    assert answer.json()["at"] == at


async def test_periods_and_versions_that_do_not_exist(sign_in: SignIn) -> None:
    admin = await sign_in("admin")
    answer = await admin.get(f"/api/v1{PATH}?from=2026-02-01&to=2026-01-01")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_period")
    answer = await admin.get("/api/v1/processes/sales/comparison?version=9&before_version=8")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_version")
    answer = await admin.get("/api/v1/processes/sales/comparison?version=1&before_version=1")
    assert answer.json()["code"] == "same_version"
    answer = await admin.get("/api/v1/processes/nothing/design-check")
    assert answer.status_code == 404


async def test_two_periods_side_by_side(sign_in: SignIn) -> None:
    lina = await sign_in("lina")
    found = await answer_of(lina, "GET", "/processes/sales/comparison")
    assert found["needed"] == {"shares": 30, "durations": 20}
    assert {one["key"]: one["outcome"] for one in found["totals"]} == {"win_rate": "too_few", "cycle": "too_few"}
    assert all(one["only"] is None for one in found["stages"])
    today = datetime.now(UTC).date()
    days = f"before_from={today - timedelta(days=60)}&before_to={today - timedelta(days=31)}&from={today}"
    named = await answer_of(lina, "GET", f"/processes/sales/comparison?{days}")
    assert named["before"]["from"][:10] == str(today - timedelta(days=60))


async def test_a_proposal_is_made_in_a_definition(sign_in: SignIn) -> None:
    admin, chen = await sign_in("admin"), await sign_in("chen")
    stage = {"type": "choice", "key": "step", "label": "步骤"}
    await answer_of(admin, "POST", "/objects/account/fields", stage)
    definition = {
        "key": "caring",
        "object": "account",
        "field": "step",
        "label": "维护",
        "states": [{"key": key, "label": key.upper()} for key in ("one", "two", "three")],
    }
    await answer_of(admin, "POST", "/processes", definition)
    path = "/processes/caring/design-check/apply"
    body = {"definition": definition, "patch": [{"op": "merge", "state": "two", "into": "three"}]}
    applied = await answer_of(admin, "POST", path, body)
    assert [one["key"] for one in applied["definition"]["states"]] == ["one", "three"]
    assert (await chen.post(f"/api/v1{path}", json=body)).status_code == 403
    for change in ({"op": "merge", "state": "two", "into": "two"}, {"op": "set", "state": "two", "name": ["x"]}, {}):
        answer = await admin.post(f"/api/v1{path}", json={**body, "patch": [change]})
        assert (answer.status_code, answer.json()["code"]) in ((400, "unknown_change"), (400, "unknown_state"))
    assert (await admin.post(f"/api/v1{path}", json={"definition": {}, "patch": []})).status_code == 400
