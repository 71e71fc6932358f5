"""Pipelines to start from, over HTTP: every template can be published as it is."""

from __future__ import annotations

import pytest

from liaoran.packs.sales.templates import TEMPLATES

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def test_the_gallery_shows_those_of_an_industry_first(sign_in: SignIn) -> None:
    admin = await sign_in()
    gallery = await answer_of(admin, "GET", "/process-templates")
    every = gallery["templates"]
    wanted = {key for one in TEMPLATES for key in one["industries"]}
    assert {one["key"] for one in gallery["industries"]} == wanted
    assert [one["key"] for one in every] == [one["key"] for one in TEMPLATES]
    assert not any(one["fits"] for one in every)
    factory = (await answer_of(admin, "GET", "/process-templates?industry=manufacturing"))["templates"]
    assert factory[0]["key"] == "manufacturing"
    assert sorted(one["key"] for one in factory) == sorted(one["key"] for one in every)
    stages = {one["key"]: one for one in factory[0]["stages"]}
    assert stages["technical_review"]["optional"]
    assert factory[0]["actions"] == sum(one["actions"] for one in factory[0]["stages"]) > 10
    assert factory[0]["conditions"] > 10
    whole = await answer_of(admin, "GET", "/process-templates/manufacturing")
    assert [one["key"] for one in whole["definition"]["states"]] == list(stages)


async def test_only_administrators_start_pipelines(sign_in: SignIn) -> None:
    lina = await sign_in("lina")
    for method, path in (
        ("GET", "/process-templates"),
        ("GET", "/process-templates/light"),
        ("POST", "/process-templates/light/use"),
        ("POST", "/processes/sales/copy"),
    ):
        assert (await lina.request(method, API + path, json={} if method == "POST" else None)).status_code == 403


@pytest.mark.parametrize("key", [one["key"] for one in TEMPLATES])
async def test_every_template_can_be_used_as_it_is(sign_in: SignIn, key: str) -> None:
    admin = await sign_in()
    made = await answer_of(admin, "POST", f"/process-templates/{key}/use", {"publish": True})
    assert made["published"]
    assert made["definition"]["key"] == key
    described = await answer_of(admin, "GET", "/objects/opportunity")
    process = next(one for one in described["processes"] if one["key"] == key)
    wanted = next(one for one in TEMPLATES if one["key"] == key)["definition"]
    assert [one["key"] for one in process["states"]] == [one["key"] for one in wanted["states"]]
    board = await answer_of(admin, "POST", f"/processes/{key}/board", {})
    assert len(board["states"]) == len(wanted["states"])


async def test_a_template_is_used_with_a_key_a_name_and_without_optional_stages(sign_in: SignIn) -> None:
    admin = await sign_in()
    label = {"zh": "华东工厂", "en": "Factories, east"}
    body = {"key": "factories", "label": label, "leave_out": ["technical_review"]}
    made = await answer_of(admin, "POST", "/process-templates/manufacturing/use", body)
    definition = made["definition"]
    assert (definition["key"], definition["label"], made["published"]) == ("factories", label, False)
    assert "technical_review" not in [one["key"] for one in definition["states"]]
    assert "technical_review" not in [one["to"] for one in definition["transitions"]]
    again = await answer_of(admin, "POST", "/process-templates/light/use", {})
    assert (again["definition"]["key"], again["definition"]["label"]["zh"]) == ("light_2", "轻量流程 2")
    for wrong, status in (
        ({"leave_out": ["proposal"]}, 422),
        ({"key": "sales"}, 409),
        ({"key": "Not a key"}, 400),
        ({"colour": 1}, 400),
    ):
        answer = await admin.post(API + "/process-templates/manufacturing/use", json=wrong)
        assert answer.status_code == status, (wrong, answer.text)
    assert (await admin.post(API + "/process-templates/nothing/use", json={})).status_code == 404


async def test_stages_that_are_there_already_lend_their_keys(sign_in: SignIn) -> None:
    admin = await sign_in()
    own = {
        "key": "own",
        "object": "opportunity",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "自建", "en": "Own"},
        "states": [
            {"key": "screening_by_chief", "label": {"zh": "项目预审会", "en": "Screening by the chief"}},
            {"key": "trial_phase", "label": {"zh": "小规模试用", "en": "Small trial"}},
            {"key": "own_won", "label": {"zh": "自建赢单", "en": "Own won"}, "kind": "won"},
        ],
    }
    await answer_of(admin, "POST", "/processes", own)
    copied = await answer_of(admin, "POST", "/processes/own/copy", {"publish": True})
    assert copied["definition"]["key"] == "own_2"
    assert copied["definition"]["label"] == {"zh": "自建 2", "en": "Own 2"}
    assert [one["key"] for one in copied["definition"]["states"]] == [one["key"] for one in own["states"]]
    assert (await admin.post(API + "/processes/nothing/copy", json={})).status_code == 404
