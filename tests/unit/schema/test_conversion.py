from __future__ import annotations

from typing import Any

import pytest

from liaoran.kernel.text import Text
from liaoran.schema.conversion import Converter, labels_in
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Choice, Field

CHOICES = (Choice("high", Text("高", "High")), Choice("low", Text("低", "Low")))
ID = "01890a5d-ac96-774b-bcce-b302099a8057"


def field(type_key: str, **options: Any) -> Field:
    kind = FIELD_TYPES[type_key]
    checked = kind.check_options(options)
    declared = CHOICES if kind.takes_choices else ()
    return Field(
        "thing", "f", type_key, Text("字段", "Field"), kind.kind_of(checked), options=checked,
        choices=kind.choices_of(checked, declared),
    )  # fmt: skip


def converter(old: Field, new: Field) -> Converter:
    return Converter(old, new, "Asia/Shanghai", "zh")


@pytest.mark.parametrize(
    ("old", "new", "value", "wanted"),
    [
        ("text", "number", "1.2万", 12000), ("number", "text", 1054.0, "1054"), ("number", "text", 0.25, "0.25"),
        ("number", "percent", 25, 25), ("percent", "text", 25, "25"), ("number", "money", 1.005, 1.01),
        ("text", "boolean", "是", True), ("boolean", "text", True, "是"), ("boolean", "choice", True, "problem"),
        ("date", "instant", "2026-03-05", "2026-03-04T16:00:00+00:00"),
        ("instant", "date", "2026-03-05T18:00:00+00:00", "2026-03-06"),
        ("date", "text", "2026-03-05", "2026-03-05"), ("text", "date", "2026-02-30", "problem"),
        ("choice", "choices", "high", ["high"]), ("choices", "choice", ["low"], "low"),
        ("choices", "choice", ["high", "low"], "problem"), ("choice", "text", "high", "高"),
        ("text", "choice", "Low", "low"),
        ("choices", "text", ["high", "low"], "高;低"), ("text", "choices", "高、低", ["high", "low"]),
        ("text", "phone", "138 1234 5678", "13812345678"), ("text", "region", "上海浦东", "310115"),
        ("region", "text", "310115", "上海市/浦东新区"), ("currency", "text", "CNY", "CNY"),
        ("text", "long_text", "a", "a"),
        ("autonumber", "text", "P-1", "P-1"), ("long_text", "text", "a\nb", "a b"),
    ],
)  # fmt: skip
def test_values(old: str, new: str, value: Any, wanted: Any) -> None:
    (outcome,) = converter(field(old), field(new)).convert([value])
    if wanted == "problem":
        assert outcome.value is None
        assert outcome.problem is not None
    else:
        assert outcome.problem is None
        assert outcome.value == wanted


def test_links_go_by_name_unless_the_target_stays() -> None:
    by_name = converter(field("text"), field("link", target="account"))
    assert by_name.names_in(["甲", "乙", "甲", None]) == {"甲", "乙"}
    by_name.ids.update({"甲": [ID], "乙": [ID, ID], "丙": []})
    outcomes = by_name.convert(["甲", "乙", "丙", None])
    assert [one.value for one in outcomes] == [ID, None, None, None]
    assert [one.problem.code if one.problem else None for one in outcomes] == [
        None, "ambiguous_record", "no_such_record", None,
    ]  # fmt: skip
    kept = converter(field("link", target="person"), field("person"))
    assert kept.names_in([{"id": ID, "label": "甲"}]) == set()
    assert kept.convert([{"id": ID, "label": "甲"}])[0].value == ID
    moved = converter(field("link", target="account"), field("person"))
    assert moved.names_in([{"id": ID, "label": "甲"}]) == {"甲"}
    (text,) = converter(field("person"), field("text")).convert([{"id": ID, "label": "甲"}])
    assert text.value == "甲"


def test_labels() -> None:
    assert labels_in(["a, b", "b", " c "], several=True) == ["a", "b", "c"]
    assert labels_in(["a, b", "b", " b "], several=False) == ["a, b", "b"]
