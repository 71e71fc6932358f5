from __future__ import annotations

import pytest

from liaoran.infra.database import Database
from liaoran.kernel.errors import Invalid
from liaoran.kernel.values import ValueKind
from liaoran.packs import PACKS, load_pack
from liaoran.schema import expressions
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_field, change_field, retire_field
from liaoran.schema.install import install_pack

ACCOUNT = {
    "key": "account",
    "label": "客户",
    "fields": [
        {"key": "name", "type": "text", "label": "名称"},
        {"key": "level", "type": "choice", "label": "级别", "choices": [{"key": "a", "label": "甲"}]},
        {"key": "partner", "type": "link", "label": "伙伴", "options": {"target": "partner"}},
    ],
}
PARTNER = {
    "key": "partner",
    "label": "伙伴",
    "fields": [{"key": "of", "type": "link", "label": "属于", "options": {"target": "account"}}],
}
PACK = {"key": "test", "label": "试", "objects": [ACCOUNT, PARTNER], "processes": [], "roles": []}


class Trusting:
    """Shipped formulas are checked by the tests of the layer that compiles them."""

    def check_formula(self, *_: object) -> ValueKind:
        return ValueKind.NUMBER

    def check_rollup(self, *_: object) -> ValueKind:
        return ValueKind.NUMBER

    def references(self, *_: object) -> frozenset[tuple[str, str]]:
        return frozenset()


async def test_installing_twice_changes_nothing(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        first = await install_pack(tx, PACK)
    async with database.transaction("org_test") as tx:
        assert (await install_pack(tx, PACK)).identity == first.identity
    assert first.object("account").origin == "shipped"
    assert "owner" not in first.object("account").fields


async def test_a_newer_pack_adds_and_leaves_alone(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await install_pack(tx, PACK)
        await add_field(tx, "account", {"key": "mine", "type": "text", "label": "自定义"})
        await change_field(
            tx,
            "account",
            "level",
            {"label": "等级", "choices": [{"key": "a", "label": "特级"}, {"key": "z", "label": "末级"}]},
        )
        await retire_field(tx, "account", "partner")
        fields = [
            *ACCOUNT["fields"][:1],
            {**ACCOUNT["fields"][1], "choices": [{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}]},
            ACCOUNT["fields"][2],
            {"key": "size", "type": "number", "label": "人数"},
        ]
        newer = {**PACK, "objects": [{**ACCOUNT, "fields": fields}, PARTNER, {"key": "extra", "label": "更多"}]}
        after = await install_pack(tx, newer)
    account = after.object("account")
    assert account.field("level").label.zh == "等级"
    assert [(one.key, one.label.zh) for one in account.field("level").choices] == [
        ("a", "特级"),
        ("z", "末级"),
        ("b", "乙"),
    ]
    assert account.fields["partner"].retired
    assert account.field("size").origin == "shipped"
    assert account.field("mine").origin == "custom"
    assert after.object("extra")


async def test_an_error_names_the_place_in_the_pack(database: Database) -> None:
    wrong = {
        **ACCOUNT,
        "fields": [*ACCOUNT["fields"], {"key": "x", "type": "link", "label": "x", "options": {"target": "no"}}],
    }
    async with database.transaction("org_test") as tx:
        with pytest.raises(Invalid) as refused:
            await install_pack(tx, {"objects": [PARTNER, wrong]})
    assert refused.value.extra["at"] == "objects[1].fields[3].options.target"


@pytest.mark.parametrize("key", PACKS)
async def test_shipped_packs_install(key: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_registered", [Trusting()])
    async with database.transaction("org_test") as tx:
        first = await install_pack(tx, load_pack(key))
        again = await install_pack(tx, load_pack(key))
        assert again == first == await load_snapshot(tx)


def _carrying(carries: str | None) -> dict[str, object]:
    options = {"target": "account", **({"carries": carries} if carries else {})}
    partner = {**PARTNER, "fields": [{"key": "of", "type": "link", "label": "属于", "options": options}]}
    return {**PACK, "objects": [ACCOUNT, partner]}


async def test_links_made_before_records_went_along_are_completed(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        before = await install_pack(tx, _carrying(None))
        assert before.object("partner").field("of").carries == "none"
        after = await install_pack(tx, _carrying("edit"))
        assert after.object("partner").field("of").carries == "edit"
        assert after.carried == {"account": ("partner",)}
        assert (await install_pack(tx, _carrying("edit"))).identity == after.identity


async def test_what_somebody_said_about_a_link_stays(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await install_pack(tx, _carrying(None))
        await change_field(tx, "partner", "of", {"options": {"carries": "none"}})
        assert (await install_pack(tx, _carrying("edit"))).object("partner").field("of").carries == "none"
        await change_field(tx, "partner", "of", {"options": {"carries": "read"}})
        assert (await install_pack(tx, _carrying("edit"))).object("partner").field("of").carries == "read"


async def test_the_shipped_links_that_carry() -> None:
    carried = {
        (one["key"], field["key"]): field["options"]["carries"]
        for one in load_pack("sales")["objects"]
        for field in one["fields"]
        if "carries" in field.get("options", {})
    }
    activities = {
        (key, link): "read" for key in ("task", "event", "call", "follow_up") for link in ("opportunity", "lead")
    }
    parts = {(key, "opportunity"): "edit" for key in ("opportunity_line", "opportunity_contact")}
    assert carried == {**activities, **parts}
