"""Shipped definitions are complete, in both languages, and refer only to what exists."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from liaoran.packs import PACKS, load_pack

KEY = re.compile(r"^[a-z][a-z0-9_]*$")
HAN = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(r"[一-鿿”][,;:?!]|[,;:?!][一-鿿“]")
FIELD_TYPES = {
    "text",
    "long_text",
    "number",
    "money",
    "currency",
    "percent",
    "boolean",
    "date",
    "instant",
    "choice",
    "choices",
    "link",
    "person",
    "department",
    "email",
    "phone",
    "url",
    "region",
    "autonumber",
    "formula",
    "rollup",
}
SYSTEM_FIELDS = {"created_at", "created_by", "updated_at", "updated_by", "external_id"}
PROMISED = {
    "name",
    "account",
    "owner",
    "department",
    "pipeline",
    "stage",
    "status",
    "amount",
    "currency",
    "expected_close_on",
    "closed_on",
    "probability",
    "forecast_category",
    "source",
    "region",
    "industry",
    "competitor",
    "differentiation",
    "need_summary",
    "budget",
    "decision_maker",
    "timeline",
    "next_action",
    "next_follow_up_at",
    "last_activity_at",
    "win_reason",
    "loss_reason",
    "reason_note",
    "tags",
    "health",
}
SALES = load_pack("sales")
OBJECTS = {one["key"]: one for one in SALES["objects"]}


def texts(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every ``{"zh", "en"}`` in a definition with where it stands."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            yield place, value
            return
        for key, inner in value.items():
            yield from texts(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{place}[{inner.get('key', index) if isinstance(inner, dict) else index}]")


@pytest.mark.parametrize("pack", PACKS)
def test_packs_are_plain_json(pack: str) -> None:
    assert json.loads(json.dumps(load_pack(pack), ensure_ascii=False)) == load_pack(pack)


def test_an_unknown_pack_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_pack("nothing")


def test_callers_get_their_own_copy() -> None:
    load_pack("sales")["objects"][0]["fields"].clear()
    assert load_pack("sales")["objects"][0]["fields"]


def test_the_empty_pack_still_has_people_departments_and_roles() -> None:
    empty = load_pack("none")
    assert [one["key"] for one in empty["objects"]] == ["department", "person"]
    assert [role["key"] for role in empty["roles"]] == [
        "administrator",
        "manager",
        "salesperson",
        "presales",
        "legal",
        "finance",
        "operations",
        "executive",
        "auditor",
    ]


def test_every_text_is_written_in_both_languages() -> None:
    for place, pair in texts(SALES):
        assert pair["zh"], place
        assert pair["en"], place
        assert not HAN.search(pair["en"]), (place, pair["en"])
        assert HAN.search(pair["zh"]) or pair["zh"] == pair["en"], (place, pair["zh"])
        assert not HALF_WIDTH.search(pair["zh"]), (place, pair["zh"])


def test_opportunity_has_the_promised_fields() -> None:
    assert {one["key"] for one in OBJECTS["opportunity"]["fields"]} >= PROMISED
    assert OBJECTS["opportunity"]["tracked"]


@pytest.mark.parametrize("key", OBJECTS)
def test_fields_are_well_formed(key: str) -> None:
    fields = OBJECTS[key]["fields"]
    assert [count for count in Counter(one["key"] for one in fields).values() if count > 1] == []
    for one in fields:
        assert KEY.match(one["key"]), one["key"]
        assert one["type"] in FIELD_TYPES, one
        options = one.get("options", {})
        if one["type"] == "link":
            assert options["target"] in OBJECTS
        if one["type"] == "money":
            assert any(other["key"] == options["currency_field"] and other["type"] == "currency" for other in fields)
        if one["type"] == "rollup":
            linked = {other["key"]: other for other in OBJECTS[options["object"]]["fields"]}
            assert linked[options["link"]]["options"]["target"] == key
            assert options["function"] == "count" or options["field"] in linked
        assert one.get("indexed_within", one["key"]) in {other["key"] for other in fields}
        choices = [entry["key"] for entry in one.get("choices", ())]
        assert len(set(choices)) == len(choices)
        assert all(KEY.match(entry) for entry in choices)
        assert bool(choices) == (one["type"] in {"choice", "choices"}), one["key"]
        if one["type"] == "choice" and "default" in one:
            assert one["default"] in choices


@pytest.mark.parametrize("key", OBJECTS)
def test_labels_of_one_object_are_distinct(key: str) -> None:
    for language in ("zh", "en"):
        labels = Counter(one["label"][language].casefold() for one in OBJECTS[key]["fields"])
        assert [label for label, count in labels.items() if count > 1] == []


@pytest.mark.parametrize("key", OBJECTS)
def test_layouts_name_existing_fields(key: str) -> None:
    definition = OBJECTS[key]
    known = {one["key"] for one in definition["fields"]}
    shown = definition["layouts"]
    assert definition["name_field"] in known
    in_sections = list(itertools.chain.from_iterable(part["fields"] for part in shown["form"]["sections"]))
    assert len(set(in_sections)) == len(in_sections)
    board = shown.get("board", {"card": [], "sums": []})
    sorted_by = [part["field"] for part in shown["list"]["sort"]]
    named = {*shown["list"]["columns"], *shown["header"], *in_sections, *board["card"], *board["sums"], *sorted_by}
    assert named <= known | SYSTEM_FIELDS
    required = {one["key"] for one in definition["fields"] if one.get("required")}
    assert required <= set(in_sections), "a required Field must be reachable in the form"


def test_synonyms_do_not_repeat_within_a_field() -> None:
    for definition in OBJECTS.values():
        for one in definition["fields"]:
            folded = [word.casefold() for word in one.get("synonyms", ())]
            assert len(set(folded)) == len(folded), (definition["key"], one["key"])


def test_the_pipeline_fits_its_object() -> None:
    (process,) = SALES["processes"]
    fields = {one["key"]: one for one in OBJECTS[process["object"]]["fields"]}
    states = {state["key"]: state for state in process["states"]}
    assert [state["label"]["zh"] for state in process["states"]] == [
        "初步接触",
        "需求确认",
        "方案报价",
        "评审谈判",
        "合同审批",
        "赢单",
        "输单",
    ]
    assert [entry["key"] for entry in fields[process["field"]]["choices"]] == list(states)
    assert process["key"] in [entry["key"] for entry in fields[process["process_field"]]["choices"]]
    categories = {entry["key"] for entry in fields["forecast_category"]["choices"]}
    assert {state["forecast_category"] for state in states.values()} <= categories
    assert set(process["derived"]["status"].values()) == {entry["key"] for entry in fields["status"]["choices"]}
    for transition in process["transitions"]:
        assert transition["to"] in states
        assert set(transition["required"]) <= set(fields)
    required = {one["to"]: one["required"] for one in process["transitions"]}
    assert required["won"] == ["win_reason"]
    assert required["lost"] == ["loss_reason"]


def test_grants_name_existing_objects_and_known_verbs() -> None:
    scoped, flags = {"read", "edit", "delete", "export", "transfer", "share"}, {"create", "import", "bulk"}
    reaches = {"none", "own", "reports", "department", "below", "all"}
    for role in SALES["roles"]:
        assert set(role["objects"]) <= {"*", *OBJECTS}
        assert set(role["objects"]["*"]) == scoped | flags
        for grants in role["objects"].values():
            for verb, value in grants.items():
                assert (verb in scoped and value in reaches) or (verb in flags and isinstance(value, bool))
