"""The health of opportunities, row by row of the shipped table: what shows, with what evidence, what is to be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"


def moment(days: float) -> str:
    """So many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def healthy() -> dict[str, Any]:
    """Everything known, spoken with yesterday, the next step scheduled."""
    return {
        "stage": "needs",
        "budget": 500000,
        "decision_maker": "王总",
        "timeline": "年底前上线",
        "last_activity_at": moment(-1),
        "next_action": "演示",
        "next_follow_up_at": moment(3),
    }


ROWS: list[tuple[str, dict[str, Any], set[str]]] = [
    ("green", {}, {"on_rhythm"}),
    ("yellow", {"last_activity_at": moment(-9)}, {"no_contact"}),
    ("yellow", {"last_activity_at": None}, {"no_contact"}),
    ("yellow", {"next_action": None}, {"no_next_step"}),
    ("yellow", {"budget": None}, {"key_field_missing", "on_rhythm"}),
    ("yellow", {"decision_maker": None}, {"key_field_missing", "on_rhythm"}),
    ("yellow", {"timeline": None}, {"key_field_missing", "on_rhythm"}),
    ("yellow", {"competitor": "友商"}, {"competitor_unanswered", "on_rhythm"}),
    ("green", {"competitor": "友商", "differentiation": "交付快"}, {"on_rhythm"}),
    ("yellow", {"next_follow_up_at": moment(-3)}, {"follow_up_overdue", "on_rhythm"}),
    (
        "red",
        {"next_follow_up_at": moment(-3), "budget": None},
        {"overdue_and_unclear", "follow_up_overdue", "key_field_missing", "on_rhythm"},
    ),
    (
        "red",
        {"next_follow_up_at": moment(-3), "decision_maker": None},
        {"overdue_and_unclear", "follow_up_overdue", "key_field_missing", "on_rhythm"},
    ),
    (
        "red",
        {"next_follow_up_at": None, "last_activity_at": moment(-20), "budget": None},
        {"overdue_and_unclear", "follow_up_overdue", "key_field_missing", "no_contact", "no_next_step"},
    ),
    (
        "yellow",
        {"next_follow_up_at": None, "last_activity_at": moment(-20)},
        {"follow_up_overdue", "no_contact", "no_next_step"},
    ),
    ("green", {"stage": "initial_contact", "budget": None, "timeline": None}, {"on_rhythm"}),
]


async def _deal(sign_in: SignIn, **values: Any) -> tuple[str, str]:
    """An opportunity of Li Na, as (id, path)."""
    given = {key: value for key, value in {**healthy(), **values}.items() if value is not None}
    made = await answer_of(await sign_in("lina"), "POST", "/records/opportunity", {"name": f"单 {new_id()}", **given})
    return made["id"], f"/records/opportunity/{made['id']}"


@pytest.mark.parametrize(("level", "values", "signals"), ROWS)
async def test_each_row_of_the_table(sign_in: SignIn, level: str, values: dict[str, Any], signals: set[str]) -> None:
    _, path = await _deal(sign_in, **values)
    health = await answer_of(await sign_in("lina"), "GET", path + "/health")
    assert health["level"]["key"] == level
    assert {one["key"] for one in health["signals"]} == signals
    assert health["unknown"] == []
    assert (
        health["level"]["action"]["zh"]
        == {
            "green": "按节奏推进",
            "yellow": "主管介入复盘，定出下一步",
            "red": "启动挽救方案，或写明理由及时止损",
        }[level]
    )
    assert health["signals"][0]["level"] == level


async def test_a_signal_says_what_it_found_and_what_to_do(sign_in: SignIn) -> None:
    _, path = await _deal(sign_in, competitor="友商")
    (first, _) = (await answer_of(await sign_in("lina"), "GET", path + "/health"))["signals"]
    assert first["action"]["zh"] == "写明靠什么赢"
    assert [(one["field"], one["value"]) for one in first["evidence"]] == [
        ("competitor", "友商"),
        ("differentiation", None),
    ]
    assert first["condition"]["zh"] == "竞争对手不为空 且 差异化策略为空"


async def test_a_stay_beyond_its_time_wants_a_look(
    sign_in: SignIn, sales_database: Database, sales_organisation: Organisation
) -> None:
    client = await sign_in("lina")
    record, path = await _deal(sign_in)
    for days, shows in ((13, False), (15, True)):
        async with sales_database.transaction(sales_organisation.schema) as tx:
            await tx.execute(
                "UPDATE {org}.visits SET entered_at = :at WHERE record_id = :record",
                {"at": datetime.now(UTC) - timedelta(days=days), "record": UUID(record)},
            )
        health = await answer_of(client, "GET", path + "/health")
        assert ("stays_too_long" in {one["key"] for one in health["signals"]}) == shows
        assert health["level"]["key"] == ("yellow" if shows else "green")


async def test_a_decider_in_the_decision_chain_counts(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record, path = await _deal(sign_in, decision_maker=None)
    contact = await answer_of(client, "POST", "/records/contact", {"name": "王总"})
    chain = {"opportunity": record, "contact": contact["id"], "role": "decider"}
    await answer_of(client, "POST", "/records/opportunity_contact", chain)
    assert (await answer_of(client, "GET", path + "/health"))["level"]["key"] == "green"


async def test_closed_records_have_none_and_hidden_ones_are_not_found(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    _, path = await _deal(sign_in, stage="lost", loss_reason="price")
    health = await answer_of(client, "GET", path + "/health")
    assert (health["level"], health["signals"]) == (None, [])
    assert (await (await sign_in("sun")).get(API + path + "/health")).status_code == 404
    account = await answer_of(client, "POST", "/records/account", {"name": "无健康度"})
    assert (await client.get(f"{API}/records/account/{account['id']}/health")).status_code == 404
    described = await answer_of(client, "GET", "/objects/opportunity")
    assert described["health"]
    assert not (await answer_of(client, "GET", "/objects/account"))["health"]


async def test_an_administrator_shapes_the_signals(sign_in: SignIn) -> None:
    admin = await sign_in()
    levels = [{"key": "bad", "label": "差"}, {"key": "good", "label": "好"}]
    signal = {"key": "dear", "level": "bad", "label": "太贵", "condition": {"field": "price", "op": "gt", "value": 10}}
    made = {
        "key": "offer_item",
        "label": {"zh": "报价项", "en": "Offer item"},
        "fields": [{"key": "price", "type": "number", "label": "价格"}],
        "health": {"levels": levels, "signals": [signal]},
    }
    await answer_of(admin, "POST", "/objects", made)
    for price, level in ((5, "good"), (20, "bad")):
        one = await answer_of(admin, "POST", "/records/offer_item", {"name": "甲", "price": price})
        health = await answer_of(admin, "GET", f"/records/offer_item/{one['id']}/health")
        assert health["level"]["key"] == level
    for wrong, at in (
        ({"levels": levels[:1]}, "health.levels"),
        ({"levels": levels, "signals": [{**signal, "level": "none"}]}, "health.signals[0].level"),
        ({"levels": levels, "signals": [signal, signal]}, "health.signals"),
        (
            {"levels": levels, "signals": [{**signal, "condition": {"field": "cost", "op": "gt", "value": 1}}]},
            "health.signals[0]",
        ),
    ):
        answer = await admin.post(API + "/objects", json={**made, "key": "worse", "health": wrong})
        assert answer.status_code == 400
        assert answer.json()["at"].endswith(at), answer.text


async def test_what_is_shipped_can_be_changed(sign_in: SignIn) -> None:
    admin = await sign_in()
    levels = [{"key": "warm", "label": "热"}, {"key": "cold", "label": "冷"}]
    signal = {"key": "big", "level": "warm", "label": "大单", "condition": {"field": "amount", "op": "gte", "value": 9}}
    await answer_of(admin, "PATCH", "/objects/opportunity", {"health": {"levels": levels, "signals": [signal]}})
    _, path = await _deal(sign_in, amount=10)
    assert (await answer_of(admin, "GET", path + "/health"))["level"]["key"] == "warm"
    await answer_of(admin, "PATCH", "/objects/opportunity", {"health": None})
    assert (await admin.get(API + path + "/health")).status_code == 404
