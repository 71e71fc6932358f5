from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.access.grants import (
    ADMINISTRATOR,
    EVERY_ROW,
    NO_GRANTS,
    SCOPED_VERBS,
    VERBS,
    Alternative,
    Mask,
    Reach,
    check_grants,
    condition_of,
    merge_grants,
)
from liaoran.kernel.errors import Invalid
from liaoran.packs.base import ROLES

WORDS = [str(one) for one in Reach]
EAST = {"field": "region", "op": "eq", "value": "east"}
EAST_TEXT = '{"field":"region","op":"eq","value":"east"}'
OWN = (Alternative(Reach.OWN),)
alternatives = st.sampled_from(WORDS) | st.fixed_dictionaries(
    {"reach": st.sampled_from(WORDS)}, optional={"where": st.sampled_from([EAST, {"not": EAST}, None])}
)
scopes = alternatives | st.lists(alternatives, max_size=3)
entries = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(SCOPED_VERBS, scopes),
        **{verb: st.booleans() for verb in ("create", "import", "bulk")},
        "fields": st.dictionaries(st.sampled_from(["f", "g"]), st.sampled_from(["readonly", "masked", "hidden"])),
    },
)
roles = st.fixed_dictionaries(
    {"objects": st.dictionaries(st.sampled_from(["*", "account", "deal"]), entries, max_size=3)}
)


def test_the_entry_of_an_object_replaces_verb_by_verb() -> None:
    grants = merge_grants([{"objects": {"*": {"read": "own", "edit": "own"}, "account": {"read": "all"}}}])
    assert grants.of("account").alternatives("read") == EVERY_ROW
    assert grants.of("account").alternatives("edit") == OWN
    assert grants.of("anything").alternatives("read") == OWN


def test_no_role_allows_nothing() -> None:
    assert not any(NO_GRANTS.of("account").allows(verb) for verb in VERBS)


def test_an_administrator_may_everything() -> None:
    assert all(ADMINISTRATOR.of("account").allows(verb) for verb in VERBS)


def test_a_field_is_hidden_only_where_every_role_hides_it() -> None:
    one = {"objects": {"*": {"read": "all", "fields": {"salary": "hidden", "level": "hidden"}}}}
    other = {"objects": {"*": {"read": "own", "fields": {"level": "readonly"}}}}
    merged = merge_grants([one, other]).of("person")
    assert merged.mask("salary") is Mask.OPEN
    assert merged.mask("level") is Mask.READONLY
    assert merge_grants([one]).of("person").mask("salary") is Mask.HIDDEN


def test_a_role_that_reads_nothing_does_not_uncover_fields() -> None:
    one = {"objects": {"*": {"read": "all", "fields": {"salary": "hidden"}}}}
    other = {"objects": {"account": {"read": "all"}}}
    assert merge_grants([one, other]).of("person").mask("salary") is Mask.HIDDEN
    assert merge_grants([other, one]).of("person").mask("salary") is Mask.HIDDEN


def test_what_cannot_be_read_cannot_be_changed() -> None:
    grants = merge_grants([{"objects": {"*": {"read": "none", "edit": "all", "delete": "below"}}}])
    assert grants.of("x").alternatives("edit") == ()
    assert not grants.of("x").allows("delete")


def test_alternatives_that_others_cover_are_left_out() -> None:
    grants = merge_grants(
        [{"objects": {"*": {"read": ["own", "below", "department", {"reach": "all", "where": EAST}]}}}]
    )
    assert grants.of("x").alternatives("read") == (Alternative(Reach.ALL, EAST_TEXT), Alternative(Reach.BELOW))
    assert condition_of(EAST_TEXT).field == "region"
    everything = merge_grants([{"objects": {"*": {"read": [{"reach": "own", "where": EAST}, "all"]}}}])
    assert everything.of("x").alternatives("read") == EVERY_ROW


def test_alternatives_of_several_roles_add_up() -> None:
    east = {"objects": {"*": {"read": {"reach": "all", "where": EAST}}}}
    mine = {"objects": {"*": {"read": "own", "edit": "own"}}}
    merged = merge_grants([east, mine]).of("x")
    assert set(merged.alternatives("read")) == {Alternative(Reach.ALL, EAST_TEXT), Alternative(Reach.OWN)}
    assert merged.alternatives("edit") == OWN


def test_a_sharing_rule_opens_rows_and_not_kinds_of_record() -> None:
    closed = merge_grants([{"objects": {"*": {"read": "none"}}}]).of("x")
    assert not closed.with_rule(EAST_TEXT, editing=True).allows("read")
    reading = merge_grants([{"objects": {"*": {"read": "own"}}}]).of("x").with_rule(EAST_TEXT, editing=True)
    assert Alternative(Reach.ALL, EAST_TEXT) in reading.alternatives("read")
    assert reading.alternatives("edit") == ()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"objects": {"*": {"read": "everything"}}}, "*.read"),
        ({"objects": {"*": {"read": [{"reach": "all", "when": EAST}]}}}, "*.read"),
        ({"objects": {"*": {"read": {"reach": "all", "where": {"field": "region"}}}}}, "*.read"),
        ({"objects": {"*": {"read": ["own"] * 21}}}, "*.read"),
        ({"objects": {"*": {"read": {"where": EAST}}}}, "*.read"),
        ({"objects": {"*": {"browse": "all"}}}, "*.browse"),
        ({"objects": {"a": {"create": "yes"}}}, "a.create"),
        ({"objects": {"a": {"fields": {"f": "gone"}}}}, "a.fields.f"),
        ({"objects": []}, "objects"),
        ({"objects": {"a": "all"}}, "a"),
    ],
)
def test_unreadable_grants_are_refused_by_place(value: dict[str, object], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_grants(value)
    assert caught.value.code == "invalid_grants"
    assert caught.value.extra["at"] == place


def test_shipped_roles_can_be_read() -> None:
    for role in ROLES:
        check_grants(role)


@given(st.lists(roles, max_size=3), roles)
def test_one_more_role_never_takes_anything_away(held: list[dict[str, object]], more: dict[str, object]) -> None:
    """Reading one role less, as is done with one that cannot be read, therefore only ever narrows."""
    before, after = merge_grants(held), merge_grants([*held, more])
    for key in ("account", "deal", "other"):
        for verb in VERBS:
            assert after.of(key).allows(verb) or not before.of(key).allows(verb)
        for verb in SCOPED_VERBS:
            for one in before.of(key).alternatives(verb):
                assert any(wide.covers(one) for wide in after.of(key).alternatives(verb))
        if before.of(key).allows("read"):
            assert all(after.of(key).mask(field) <= before.of(key).mask(field) for field in ("f", "g"))


@given(st.lists(roles, max_size=3))
def test_equal_grants_have_equal_keys_in_any_order(held: list[dict[str, object]]) -> None:
    forth, back = merge_grants(held), merge_grants(list(reversed(held)))
    assert forth.key == back.key
