"""A template is fitted to the stages that an organisation has, and never to a key that is taken."""

from __future__ import annotations

from typing import Any

import pytest

from liaoran.kernel.errors import Conflict, NotFound, Refused
from liaoran.process.publish import publish_process
from liaoran.process.templates import (
    definition_from_process,
    definition_from_template,
    keys_taken,
    list_industries,
    list_templates,
    register_template,
)
from liaoran.schema.catalogue import load_snapshot

from ..conftest import DERIVED, Selling


def _state(key: str, zh: str, kind: str = "open") -> dict[str, Any]:
    return {"key": key, "label": {"zh": zh, "en": zh}, "kind": kind}


TEMPLATE: dict[str, Any] = {
    "key": "upselling",
    "label": {"zh": "续约", "en": "Renewing"},
    "description": {"zh": "给老客户", "en": "For old customers"},
    "advice": {"zh": "早点谈", "en": "Talk early"},
    "industry_field": "win_reason",
    "industries": ["price"],
    "optional": ["visit"],
    "definition": {
        "key": "upselling",
        "object": "deal",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "续约", "en": "Renewing"},
        "derived": DERIVED,
        "states": [
            {
                **_state("due", "新"),
                "goal": {
                    "label": {"zh": "谈过", "en": "Talked"},
                    "condition": {"field": "evidence(file)", "op": "has", "value": {"since": "left", "state": "due"}},
                },
            },
            _state("visit", "拜访"),
            _state("quoted", "方案报价"),
            _state("won", "赢单", "won"),
            _state("lost", "输单", "lost"),
        ],
        "transitions": [
            {"key": f"to_{key}", "from": source, "to": key, "required": []}
            for source, key in (
                ("quoted", "due"),
                ("due", "visit"),
                ("due", "quoted"),
                ("quoted", "won"),
                (None, "lost"),
            )
        ],
        "approvals": [
            {
                "key": "discount",
                "label": {"zh": "折扣", "en": "Discount"},
                "steps": [{"key": "boss", "label": {"zh": "主管", "en": "Boss"}, "who": [{"who": "owner"}]}],
                "on_refused": {"move_to": "quoted"},
            }
        ],
    },
}


@pytest.fixture(autouse=True)
def offered() -> None:
    register_template(TEMPLATE)


async def test_stages_of_the_same_name_keep_the_key_that_is_in_use(selling: Selling) -> None:
    async with selling.begin() as tx:
        snapshot, taken = await load_snapshot(tx), await keys_taken(tx)
        definition = definition_from_template(snapshot, "upselling", taken)
        assert [one["key"] for one in definition["states"]] == ["due_2", "visit", "offer", "won", "lost"]
        ways = [(one["from"], one["to"]) for one in definition["transitions"]]
        assert ways == [("offer", "due_2"), ("due_2", "visit"), ("due_2", "offer"), ("offer", "won"), (None, "lost")]
        asked = definition["states"][0].pop("goal")
        assert asked["condition"]["value"] == {"since": "left", "state": "due_2"}
        assert definition["approvals"][0]["on_refused"] == {"move_to": "offer"}
        assert (definition["key"], definition["label"]) == ("upselling", {"zh": "续约 2", "en": "Renewing 2"})
        assert TEMPLATE["definition"]["states"][0]["key"] == "due", "the template itself stays as it is"
        published = await publish_process(tx, await selling.scope(tx), definition)
        assert published.process("upselling")
        again = definition_from_template(published, "upselling", await keys_taken(tx))
        assert (again["key"], again["label"]["zh"]) == ("upselling_2", "续约 3")
        assert [one["key"] for one in again["states"]] == [one["key"] for one in definition["states"]]


async def test_what_is_left_out_is_gone_and_only_what_is_optional(selling: Selling) -> None:
    async with selling.begin() as tx:
        snapshot, taken = await load_snapshot(tx), await keys_taken(tx)
        short = definition_from_template(snapshot, "upselling", taken, leave_out=["visit"])
        assert "visit" not in [one["key"] for one in short["states"]]
        assert "visit" not in [one["to"] for one in short["transitions"]]
        with pytest.raises(Refused, match="方案报价"):
            definition_from_template(snapshot, "upselling", taken, leave_out=["quoted"])
        with pytest.raises(Conflict):
            definition_from_template(snapshot, "upselling", taken, new_key="selling")
        with pytest.raises(NotFound):
            definition_from_template(snapshot, "nothing", taken)


async def test_a_copy_is_the_same_but_for_key_and_name(selling: Selling) -> None:
    async with selling.begin() as tx:
        snapshot, taken = await load_snapshot(tx), await keys_taken(tx)
        copied = definition_from_process(snapshot, "selling", taken)
        assert (copied["key"], copied["label"]["zh"], copied["is_default"]) == ("selling_2", "销售 2", False)
        published = await publish_process(tx, await selling.scope(tx), copied)
        original, other = published.process("selling"), published.process("selling_2")
        assert original and other
        assert (other.states, other.transitions, other.derived) == (
            original.states,
            original.transitions,
            original.derived,
        )


async def test_the_gallery_leaves_out_what_has_no_object_here(selling: Selling) -> None:
    async with selling.begin() as tx:
        snapshot = await load_snapshot(tx)
        shown = list_templates(snapshot, "price")
        assert [one["label"]["zh"] for one in list_industries(snapshot)] == ["价格"]
    assert [one["key"] for one in shown] == ["upselling"]
    assert shown[0]["fits"]


def test_two_templates_cannot_have_one_key() -> None:
    register_template(TEMPLATE)
    with pytest.raises(RuntimeError, match="upselling"):
        register_template({**TEMPLATE, "industries": []})
