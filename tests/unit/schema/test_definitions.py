from __future__ import annotations

import re
from typing import Any

import pytest

from liaoran.kernel.errors import Invalid
from liaoran.schema.definitions import changed_field, read_choices, read_field, read_object
from liaoran.schema.reading import Place
from liaoran.schema.system_fields import SYSTEM_FIELDS

TOP = Place()


def object_error(definition: Any) -> Invalid:
    with pytest.raises(Invalid) as refused:
        read_object(definition, TOP, "custom")
    return refused.value


def test_a_label_is_enough() -> None:
    entry, fields = read_object({"label": {"zh": "客户级别", "en": ""}}, TOP, "custom")
    assert entry.key == "ke_hu_ji_bie"
    assert entry.definition["label"] == {"zh": "客户级别", "en": "客户级别"}
    assert entry.definition["label_plural"] == entry.definition["label"]
    assert [one.key for one in fields][:3] == ["name", "owner", "department"]
    assert [one.key for one in fields][3:] == [one["key"] for one in SYSTEM_FIELDS]
    shipped, shipped_fields = read_object({"key": "plain", "label": "x"}, TOP, "shipped")
    assert [one.key for one in shipped_fields][:1] == ["name"]
    assert "owner" not in {one.key for one in shipped_fields}
    assert shipped.origin == "shipped"


@pytest.mark.parametrize(
    ("definition", "at"),
    [
        ([], ""),
        ({}, "label"),
        ({"label": ""}, "label"),
        ({"label": {"de": "x"}}, "label"),
        ({"label": "x", "key": "Bad Key"}, "key"),
        ({"label": "x", "key": "a__b"}, "key"),
        ({"label": "x", "key": "a" * 41}, "key"),
        ({"label": "x", "labels": "y"}, "labels"),
        ({"label": "x", "tracked": "yes"}, "tracked"),
        ({"label": "x", "order": -1}, "order"),
        ({"label": "x", "synonyms": [1]}, "synonyms[0]"),
        ({"label": "x", "fields": {}}, "fields"),
        ({"label": "x", "fields": [7]}, "fields[1]"),
        ({"label": "x", "fields": [{"type": "txt", "label": "a"}]}, "fields[1].type"),
        ({"label": "x", "fields": [{"type": "text", "label": "a", "key": "created_at"}]}, "fields[1].key"),
        ({"label": "x", "fields": [{"type": "text", "label": "a", "key": "ctid"}]}, "fields[1].key"),
        (
            {
                "label": "x",
                "fields": [{"type": "text", "label": "a", "key": "k"}, {"type": "text", "label": "b", "key": "k"}],
            },
            "fields[2].key",
        ),
        (
            {"label": "x", "fields": [{"type": "number", "label": "a", "options": {"scale": 11}}]},
            "fields[1].options.scale",
        ),
        ({"label": "x", "fields": [{"type": "number", "label": "a", "options": {"max": 1}}]}, "fields[1].options.max"),
        ({"label": "x", "fields": [{"type": "text", "label": "a", "choices": ["b"]}]}, "fields[1].choices"),
        (
            {"label": "x", "fields": [{"type": "choice", "label": "a", "choices": ["b", "b"]}]},
            "fields[1].choices[1].label",
        ),
        (
            {"label": "x", "fields": [{"type": "choice", "label": "a", "choices": [{"key": "a b", "label": "b"}]}]},
            "fields[1].choices[0].key",
        ),
        ({"label": "x", "fields": [{"type": "boolean", "label": "a", "unique": True}]}, "fields[1].unique"),
        (
            {"label": "x", "fields": [{"type": "text", "label": "a", "unique": True, "options": {"max_length": 501}}]},
            "fields[1].options.max_length",
        ),
        (
            {
                "label": "x",
                "fields": [{"type": "formula", "label": "a", "required": True, "options": {"expression": "1"}}],
            },
            "fields[1]",
        ),
        (
            {"label": "x", "fields": [{"type": "autonumber", "label": "a", "options": {"format": "x"}}]},
            "fields[1].options.format",
        ),
        ({"label": "x", "fields": [{"type": "link", "label": "a"}]}, "fields[1].options.target"),
        (
            {"label": "x", "fields": [{"type": "phone", "label": "a", "options": {"region": "XX"}}]},
            "fields[1].options.region",
        ),
        (
            {"label": "x", "fields": [{"type": "currency", "label": "a", "options": {"currencies": ["XYZ"]}}]},
            "fields[1].options.currencies",
        ),
        (
            {"label": "x", "fields": [{"type": "number", "label": "a", "options": {"minimum": 2, "maximum": 1}}]},
            "fields[1].options.maximum",
        ),
    ],
)
def test_every_error_names_its_place_in_both_languages(definition: Any, at: str) -> None:
    if isinstance(definition, dict) and isinstance(definition.get("fields"), list):
        definition = {**definition, "fields": [{"key": "name", "type": "text", "label": "名称"}, *definition["fields"]]}
    error = object_error(definition)
    assert error.extra["at"] == at
    assert error.message.zh != error.message.en
    assert not re.search(r"\{(key|found|limit|low|high|value|type|label|allowed)\}", error.message.zh)
    assert error.problems[0].message.en


def test_typing_errors_are_met_with_what_was_meant() -> None:
    assert "did you mean label_plural" in object_error({"label": "x", "label_plurl": "y"}).message.en
    error = object_error({"label": "x", "fields": [{"type": "curency", "label": "a"}]})
    assert "currency" in error.message.en
    assert "long_text" not in error.message.en


def test_money_brings_its_currency_along() -> None:
    value = {"type": "money", "label": {"zh": "预算", "en": "Budget"}}
    currency, money = read_field(value, TOP, "thing", origin="custom", position=10, taken=())
    assert (currency.key, currency.type, currency.definition["label"]) == (
        "budget_currency", "currency", {"zh": "预算币种", "en": "Budget currency"},
    )  # fmt: skip
    assert money.definition["options"]["currency_field"] == "budget_currency"
    (alone,) = read_field(value, TOP, "thing", origin="custom", position=10, taken=("budget_currency",))
    assert alone.key == "budget"
    named = {**value, "options": {"currency_field": "currency"}}
    assert len(read_field(named, TOP, "thing", origin="custom", position=10, taken=())) == 1


def test_made_keys_are_free() -> None:
    for label, taken, key in (
        ("名称", ("ming_cheng",), "ming_cheng_2"),
        ("Created at", (), "created_at_2"),
        ("2026 目标", (), "f_2026_mu_biao"),
        ("!!!", (), "f"),
        ("Very " * 20, (), None),
    ):
        (entry,) = read_field({"type": "text", "label": label}, TOP, "thing", origin="custom", position=1, taken=taken)
        assert key is None or entry.key == key
        assert len(entry.key) <= 48
        assert not entry.key.endswith("_")


def test_choices_are_completed() -> None:
    choices = read_choices(
        ["制造业", {"label": {"zh": "零售", "en": "Retail"}, "color": "blue"}, {"key": "4", "label": "四"}], TOP
    )
    assert [one["key"] for one in choices] == ["zhi_zao_ye", "retail", "4"]
    assert choices[0] == {
        "key": "zhi_zao_ye", "label": {"zh": "制造业", "en": "制造业"}, "color": None, "retired": False, "synonyms": [],
    }  # fmt: skip
    assert read_choices(choices, TOP) == choices


def test_a_change_names_only_what_changes() -> None:
    (entry,) = read_field(
        {"type": "text", "label": "a", "options": {"max_length": 50}, "help": "h"},
        TOP, "thing", origin="custom", position=1, taken=(),
    )  # fmt: skip
    changed = changed_field(entry, {"options": {"search": False}, "required": True}, TOP)
    assert changed.definition["options"] == {"max_length": 50, "search": False, "pinyin": True}
    assert changed.definition["help"] == {"zh": "h", "en": "h"}
    assert changed.definition["required"]
    assert changed_field(entry, {}, TOP) == entry
    for change, at in (
        ({"key": "other"}, "key"),
        ({"type": "number"}, "type"),
        ({"options": {"pinyin": False}}, "options.pinyin"),
        ({"requird": True}, "requird"),
        ({"label": ""}, "label"),
        ([], ""),
    ):
        with pytest.raises(Invalid) as refused:
            changed_field(entry, change, TOP)
        assert refused.value.extra["at"] == at
    assert changed_field(entry, {"key": entry.key, "type": "text"}, TOP) == entry
