"""The pipelines to start from are complete, in both languages, and ask only for what the pack has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from liaoran.kernel.conditions import Leaf, leaves_of, parse_condition
from liaoran.packs import load_pack
from liaoran.packs.document_types import DOCUMENT_TYPES
from liaoran.packs.sales.templates import TEMPLATES

HAN = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(r"[一-鿿”][,;:?!]|[,;:?!][一-鿿“]")
SYSTEM_FIELDS = {"created_at", "created_by", "updated_at", "updated_by"}
SALES = load_pack("sales")
FIELDS = {one["key"]: {field["key"]: field for field in one["fields"]} for one in SALES["objects"]}
ROLES = {role["key"] for role in SALES["roles"]}
DOCUMENTS = {one["key"] for one in DOCUMENT_TYPES}
BY_KEY = {one["key"]: one for one in TEMPLATES}
ACTIVITIES = {"call", "event", "follow_up"}
COUNT = re.compile(r"count\((\w+)\.(\w+)\)")
PATH = re.compile(r"\{([\w.]+)\}")


def states_of(template: dict[str, Any]) -> list[dict[str, Any]]:
    return list(template["definition"]["states"])


def open_states(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [state for state in states_of(template) if state["kind"] == "open"]


def checks_of(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for state in definition["states"]:
        yield from (*state.get("entry", ()), *state.get("exit", ()))
        if "goal" in state:
            yield state["goal"]
    for move in definition["transitions"]:
        yield from move.get("conditions", ())
    for approval in definition.get("approvals", ()):
        yield from approval["needs"]
        steps = [one for one in approval["steps"] if one["condition"]]
        yield from ({"label": one["label"], "condition": one["condition"]} for one in steps)


def everybody_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every Who of a definition."""
    if isinstance(value, dict):
        if isinstance(value.get("who"), str):
            yield value
        for inner in value.values():
            yield from everybody_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from everybody_in(inner)


def texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            yield value
            return
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def check_path(path: str, start: str = "opportunity") -> str:
    """The type of the Field at the end of a dotted path."""
    owner, kind = start, ""
    for part in path.split("."):
        if part in SYSTEM_FIELDS:
            return "instant"
        field = FIELDS[owner][part]
        kind = field["type"]
        owner = field.get("options", {}).get("target", kind)
    return kind


def check_leaf(leaf: Leaf) -> None:
    if counted := COUNT.fullmatch(leaf.field):
        other, link = counted.groups()
        assert FIELDS[other][link]["options"]["target"] == "opportunity"
        for inner in leaves_of(parse_condition(leaf.value)):
            known = {entry["key"] for entry in FIELDS[other][inner.field]["choices"]}
            assert set(inner.value if isinstance(inner.value, list) else [inner.value]) <= known
        return
    if leaf.field == "evidence(file)":
        assert leaf.value["document_type"] in DOCUMENTS
        assert leaf.value["since"] in {"any", "entered", "left"}
        return
    if leaf.field == "evidence(activity)":
        assert set(leaf.value["objects"]) <= ACTIVITIES
        return
    kind = check_path(leaf.field)
    if kind == "choice" and leaf.value is not None:
        known = {entry["key"] for entry in FIELDS["opportunity"][leaf.field]["choices"]}
        assert set(leaf.value if isinstance(leaf.value, list) else [leaf.value]) <= known


def test_keys_are_unique_and_every_text_is_in_both_languages() -> None:
    assert [key for key, count in Counter(one["key"] for one in TEMPLATES).items() if count > 1] == []
    for label in ("zh", "en"):
        assert len({one["label"][label] for one in TEMPLATES}) == len(TEMPLATES)
    for pair in texts(TEMPLATES):
        assert HAN.search(pair["zh"]), pair
        assert pair["en"], pair
        assert not HAN.search(pair["en"]), pair
        assert not HALF_WIDTH.search(pair["zh"]), pair


def test_the_same_name_has_the_same_key_and_the_same_key_the_same_name() -> None:
    keys: dict[str, str] = {}
    names: dict[str, tuple[str, str, str]] = {}
    for template in TEMPLATES:
        for state in states_of(template):
            assert keys.setdefault(state["label"]["zh"], state["key"]) == state["key"]
            shown = (state["label"]["zh"], state["label"]["en"], state["kind"])
            assert names.setdefault(state["key"], shown) == shown


@pytest.mark.parametrize("key", BY_KEY)
def test_pipelines_begin_open_and_end_won_or_lost(key: str) -> None:
    kinds = [state["kind"] for state in states_of(BY_KEY[key])]
    assert kinds[0] == "open"
    assert kinds == sorted(kinds, key=["open", "won", "lost"].index)
    assert {"open", "won", "lost"} == set(kinds)
    definition = BY_KEY[key]["definition"]
    required = {one["to"]: one.get("required", []) for one in definition["transitions"]}
    for state in states_of(BY_KEY[key]):
        reason = {"won": "win_reason", "lost": "loss_reason"}.get(state["kind"])
        assert reason is None or reason in required[state["key"]]
    chances = [state["probability"] for state in open_states(BY_KEY[key])]
    assert chances == sorted(set(chances))


@pytest.mark.parametrize("key", BY_KEY)
def test_every_open_stage_says_why_how_and_what_counts_asks_and_does(key: str) -> None:
    for state in open_states(BY_KEY[key]):
        assert {"why", "how", "done", "focus", "difficulty", "script"} <= set(state["guidance"]), state["key"]
        assert state["actions"]
        assert state.get("exit") or state.get("approval"), state["key"]
        assert 0 < state["target_days"] <= state["maximum_days"]
        assert state["follow_up_days"] > 0
        assert state["accountable"]
        assert state["inputs"]
        assert state["outputs"]
        assert any(one["must"] for one in state["actions"])
        for one in (*state.get("entry", ()), *state.get("exit", ()), *state["actions"]):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", one["key"])
        for name in ("entry", "exit", "actions"):
            keys = [one["key"] for one in state.get(name, ())]
            assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("key", BY_KEY)
def test_conditions_fields_roles_and_approvals_exist(key: str) -> None:
    definition = BY_KEY[key]["definition"]
    known = FIELDS["opportunity"]
    for one in checks_of(definition):
        for leaf in leaves_of(parse_condition(one["condition"])):
            check_leaf(leaf)
    for who in everybody_in(definition):
        assert who["who"] in {"owner", "role", "department_head", "manager", "field"}
        assert who["who"] != "role" or who["role"] in ROLES
        assert who["who"] != "field" or known[who["field"]]["type"] == "person"
    states = {state["key"] for state in definition["states"]}
    approvals = {one["key"] for one in definition.get("approvals", ())}
    for state in definition["states"]:
        assert state.get("approval") in {None, *approvals}
        for made in [
            *state.get("outputs", ()),
            *(one["output"] for one in state.get("actions", ()) if "output" in one),
        ]:
            assert made["kind"] != "document" or made["document_type"] in DOCUMENTS
            assert made["kind"] != "field" or made["field"] in known
            assert made["kind"] != "record" or made["object"] in FIELDS
        for path in PATH.findall(state["guidance"].get("script", {"zh": ""})["zh"]):
            check_path(path)
    for move in definition["transitions"]:
        assert move["to"] in states
        assert set(move["required"]) <= set(known)
        assert move.get("approval") in {None, *approvals}
    assert set(definition.get("minimum", ())) <= set(known)
    assert set(BY_KEY[key]["optional"]) <= {state["key"] for state in open_states(BY_KEY[key])}
    assert set(BY_KEY[key]["industries"]) <= {entry["key"] for entry in known["industry"]["choices"]}


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("b2b_five", "初步沟通 需求分析 方案制定 商务洽谈 签约"),
        ("accountable_five", "线索获取 需求分析 方案报价 商务谈判 合同签署"),
        ("beyond_signing", "初步接触 需求分析 方案报价 商务谈判 合同签约 后续跟进"),
        ("lead_to_won", "线索 初步接触 需求确认 方案报价 谈判 成交"),
        ("standard", "初步接触 需求确认 方案报价 评审谈判 合同审批 赢单"),
        ("architecture", "项目预审 需求确认 方案设计 报价谈判 合同签约 项目启动"),
        ("fast_goods", "线索获取 意向确认 下单成交"),
    ],
)
def test_the_named_ones_have_the_stages_that_are_promised(key: str, names: str) -> None:
    assert [state["label"]["zh"] for state in states_of(BY_KEY[key])][: len(names.split())] == names.split()


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [("b2b_software", 6, 8), ("retail", 3, 5), ("consulting", 5, 7), ("manufacturing", 6, 7), ("light", 2, 3)],
)
def test_lines_of_business_have_as_many_stages_as_suit_them(key: str, least: int, most: int) -> None:
    working = [state for state in states_of(BY_KEY[key]) if state["key"] not in {"won", "lost"}]
    assert least <= len(working) <= most


def test_what_sets_each_line_of_business_apart() -> None:
    keys = {key: [state["key"] for state in states_of(one)] for key, one in BY_KEY.items()}
    assert "trial" in keys["saas"]
    assert keys["manufacturing"].index("technical_review") == keys["manufacturing"].index("proposal") + 1
    assert BY_KEY["manufacturing"]["optional"] == ["technical_review"]
    assert states_of(BY_KEY["after_sales_care"])[-2]["label"]["zh"] == "售后跟进"
    responsible = [state["accountable"] for state in open_states(BY_KEY["accountable_five"])]
    assert len({str(who) for who in responsible}) == len(responsible)
    for state in states_of(BY_KEY["architecture"])[:-1]:
        assert len({str(who) for who in [state["accountable"], *state.get("team", ())]}) >= 2


ACTION_TABLE = {
    "initial_contact": ({"file_account", "contact_role", "need_meeting"}, "next_follow_up_at"),
    "needs": ({"pains_and_goals", "budget_and_cycle"}, "need_summary"),
    "proposal": ({"demo", "quote_sheet", "return_note", "confirm_competitor", "confirm_budget"}, "quote"),
    "negotiation": ({"decision_chain", "objections", "legal_review"}, "minutes"),
    "contract": ({"terms", "invoice_data", "payment_dates"}, "contract"),
}


@pytest.mark.parametrize("state", ACTION_TABLE)
def test_each_row_of_the_action_table_is_in_the_standard_pipeline(state: str) -> None:
    found = next(one for one in states_of(BY_KEY["standard"]) if one["key"] == state)
    actions, left_behind = ACTION_TABLE[state]
    assert actions <= {one["key"] for one in found["actions"]}
    assert left_behind in {one.get("document_type") or one.get("field") for one in found["outputs"]}


def test_the_standard_pipeline_asks_for_budget_chain_and_time_after_at_most_fourteen_days() -> None:
    needs = next(one for one in states_of(BY_KEY["standard"]) if one["key"] == "needs")
    asked = {leaf.field for one in needs["exit"] for leaf in leaves_of(parse_condition(one["condition"]))}
    assert {"budget", "decision_maker", "timeline", "need_summary", "evidence(file)"} <= asked
    assert needs["maximum_days"] == 14


def test_contract_approval_is_legal_then_finance_and_needs_a_version() -> None:
    (review,) = BY_KEY["standard"]["definition"]["approvals"]
    assert [one["who"] for one in review["steps"]] == [
        [{"who": "role", "role": "legal"}],
        [{"who": "role", "role": "finance"}],
    ]
    assert review["needs"]
    contract = next(one for one in states_of(BY_KEY["standard"]) if one["key"] == "contract")
    assert contract["approval"] == review["key"]
