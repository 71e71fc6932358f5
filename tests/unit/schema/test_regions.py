from __future__ import annotations

import pytest

from liaoran.schema.regions import all_regions, find_regions, region_label, region_tree


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上海市/浦东新区", "310115"), ("上海浦东", "310115"), ("广东省深圳市南山区", "440305"),
        ("广东 深圳", "440300"),
        ("深圳", "440300"), ("吉林", "220000"), ("海南", "460000"), ("内蒙古", "150000"), ("新疆", "650000"),
        ("北京市市辖区朝阳区", "110105"), ("河南-济源", "419001"), ("中国香港", "810000"), ("台湾", "710000"),
        ("恩施土家族苗族自治州", "422800"), ("延边", "222400"), ("杭州西湖", "330106"), ("三元区", "350404"),
        ("江干区", "330104"), ("重庆>渝北", "500112"), ("嘉峪关", "620200"), ("东莞市", "441900"),
    ],
)  # fmt: skip
def test_names(text: str, code: str) -> None:
    assert [region.code for region in find_regions(text)] == [code]


def test_names_that_mean_several_or_nothing() -> None:
    assert len(find_regions("鼓楼区")) == 4
    assert {region.code for region in find_regions("朝阳")} >= {"110105", "211300"}
    assert find_regions("火星") == ()
    assert find_regions("上海市浦东新区张江路1号") == ()
    assert find_regions("") == ()


def test_every_region_is_below_one_that_exists() -> None:
    regions = all_regions()
    assert len(regions) > 3200
    assert sum(region.level == 1 for region in regions.values()) == 34
    for region in regions.values():
        assert (region.level == 1) == (region.parent == "")
        if region.parent:
            assert regions[region.parent].level < region.level
            assert region.label == f"{regions[region.parent].label}/{region.name}"


def test_every_label_finds_its_region() -> None:
    for region in all_regions().values():
        assert region.code in {found.code for found in find_regions(region.label)} or region.former


def test_the_tree_offers_what_is_in_force() -> None:
    tree = region_tree()
    assert len(tree) == 34
    hangzhou = next(
        city for province in tree if province["label"] == "浙江省" for city in province["children"]
        if city["label"] == "杭州市"
    )  # fmt: skip
    names = [district["label"] for district in hangzhou["children"]]
    assert "钱塘区" in names
    assert "江干区" not in names
    assert region_label("330104") == "浙江省/杭州市/江干区"
    assert region_label("999999") == "999999"
