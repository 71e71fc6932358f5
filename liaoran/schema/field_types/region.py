"""region: 省, 市 or 区 of China, by its six-digit code of GB/T 2260.

Options: ``level``, how deep a value may and must not go beyond (1 province, 2 city, 3 district; default 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.reading import Reader
from liaoran.schema.regions import Region, all_regions, find_regions, region_label
from liaoran.schema.snapshot import Field

UNKNOWN = Text(
    "没有地区“{value}”，请写成 上海市/浦东新区 或六位代码",
    "there is no region “{value}”; write it as 上海市/浦东新区 or as its six-digit code",
)
SEVERAL = Text("“{value}”可能是：{found}，请写全", "“{value}” may be one of {found}; write it in full")
TOO_DEEP = Text("“{value}”太细，只填到第 {level} 级", "“{value}” is too deep; only {level} levels are taken")


class RegionType(FieldType):
    """Stored as ``text``, the code, with the helper ``<key>__label``; takes the code, or names with or without endings
    and separators."""

    key = "region"
    label = Text("地区", "Region")
    kind = ValueKind.REGION
    column_type = sa.Text()

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``level``."""
        return {"level": reader.integer("level", 3, 1, 3)}

    def helper_types(self, one: Field) -> dict[str, sa.types.TypeEngine[Any]]:
        """The path of names, so that reads can show it without the list of regions."""
        return {f"{one.key}__label": sa.Text()}

    def store(self, value: Any, one: Field) -> dict[str, Any]:
        """The code and its path of names."""
        return {one.key: value, f"{one.key}__label": None if value is None else region_label(value)}

    def store_many(self, values: list[Any], one: Field) -> dict[str, list[Any]]:
        """The codes and their paths of names."""
        labels = [None if value is None else region_label(value) for value in values]
        return {one.key: values, f"{one.key}__label": labels}

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The six-digit code."""
        if isinstance(raw, dict):
            raw = raw.get("code")
            if raw is None or raw == "":
                return None
        text = str(raw).strip() if isinstance(raw, str | int) else ""
        if isinstance(raw, str) and not text:
            return None
        region = all_regions().get(text) or _named(text, raw, one)
        level = one.options.get("level", 3)
        if region.level > level:
            message = TOO_DEEP.fill(value=region.label, level=level)
            raise problem(one, "region_too_deep", message, raw, level=level)
        return region.code

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """Nothing: regions are filtered, not searched."""
        return ()

    def export(self, value: Any, one: Field, language: Language) -> str:
        """The path of names."""
        if isinstance(value, dict):
            value = value.get("code")
        return "" if value is None else region_label(value)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        level = one.options.get("level", 3)
        return [
            ("上海市", "310000"),
            ("310000", "310000"),
            *([("广东深圳", "440300"), ("广东省/深圳市", "440300")] if level > 1 else []),
            *([("上海浦东", "310115"), ("广东省深圳市南山区", "440305"), (440305, "440305")] if level > 2 else []),
        ]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("火星", "unknown_region"), ("999999", "unknown_region"), ("鼓楼区", "ambiguous_region")]


def _named(text: str, raw: Any, one: Field) -> Region:
    found = find_regions(text) if text else ()
    if not found:
        raise problem(one, "unknown_region", UNKNOWN.fill(value=str(raw)[:60]), raw)
    if len(found) > 1:
        labels = [region.label for region in found[:5]]
        message = SEVERAL.fill(value=str(raw)[:60], found="、".join(labels))
        raise problem(one, "ambiguous_region", message, raw, near=labels)
    return found[0]


REGION = RegionType()
