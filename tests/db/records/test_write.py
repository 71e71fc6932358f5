"""The write path: what is accepted, what is refused and how it is said, what follows from a write."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Forbidden, Invalid, LiaoranError, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.records.changes import Create, Delete, Past, Rejected, Restore, Update, Written
from liaoran.records.write import write


async def row_of(selling: Any, record: Any, table: str = "r_deal") -> dict[str, Any]:
    async with selling.begin() as tx:
        return await tx.fetch_one(f"SELECT * FROM {{org}}.{table} WHERE id = :id", {"id": record})


async def events_of(selling: Any, record: Any) -> list[dict[str, Any]]:
    async with selling.begin() as tx:
        return await tx.fetch_all("SELECT * FROM {org}.events WHERE record_id = :id ORDER BY seq", {"id": record})


async def make(selling: Any, name: str = "ann", **values: Any) -> Any:
    (outcome,) = await selling.write(name, Create("deal", {"name": "Alpha", **values}))
    return outcome.id


async def test_a_record_is_created_with_everything_that_follows(selling: Any) -> None:
    record = await make(selling, name="ann", amount="1.2万", note="上海电气")
    row = await row_of(selling, record)
    assert (row["amount"], row["currency"], row["stage"], row["pipeline"]) == (12000, "CNY", "first", "selling")
    assert (row["status"], row["chance"], row["outlook"], row["closed_on"]) == ("open", 10, "pipeline", None)
    assert (row["owner"], row["department"]) == (selling.people["ann"], selling.departments["north"])
    assert row["number"].startswith("D-") and row["version"] == 1 and row["created_by"] == selling.people["ann"]
    assert "电气" in row["search__words"] and row["name__pinyin"] == "alpha"
    (event,) = await events_of(selling, record)
    assert (event["kind"], event["actor_label"], event["door"], event["version"]) == ("created", "Ann", "api", 1)
    assert event["changes"]["amount"] == [None, 12000] and "version" not in event["changes"]
    assert event["record_label"] == "Alpha"


async def test_a_change_keeps_what_it_does_not_name_and_says_what_it_changed(selling: Any) -> None:
    record = await make(selling, amount=5, note="a")
    (outcome,) = await selling.write("ann", Update("deal", record, {"note": "b"}, version=1))
    assert outcome == Written(record, 2)
    event = (await events_of(selling, record))[-1]
    assert (event["kind"], event["changes"], event["version"]) == ("updated", {"note": ["a", "b"]}, 2)
    row = await row_of(selling, record)
    assert (row["amount"], row["version"], row["updated_by"]) == (5, 2, selling.people["ann"])


async def test_a_change_that_changes_nothing_writes_nothing(selling: Any) -> None:
    record = await make(selling, amount=5.5, tags=["price"], met_at="2026-01-02T03:04:05.600Z", closed_on=None)
    (outcome,) = await selling.write(
        "ann",
        Update(
            "deal", record, {"amount": "5.50", "tags": ["价格"], "met_at": "2026-01-02 11:04:05.6", "name": " Alpha "}
        ),
    )
    assert outcome == Written(record, 1, changed=False)
    assert len(await events_of(selling, record)) == 1


async def test_values_are_emptied_by_null(selling: Any) -> None:
    record = await make(selling, amount=5, note="a", tags=["price"])
    await selling.write("ann", Update("deal", record, {"note": None, "tags": [], "amount": ""}))
    row = await row_of(selling, record)
    assert row["note"] is None and row["amount"] is None and not row["tags"]


@pytest.mark.parametrize(
    ("values", "error", "code", "field"),
    [
        ({"name": "A", "nonsense": 1}, Invalid, "unknown_field", "nonsense"),
        ({"name": "A", "status": "won"}, Refused, "read_only_field", "status"),
        ({"name": "A", "number": "D-1"}, Refused, "read_only_field", "number"),
        ({"name": "A", "created_at": "2020-01-01"}, Refused, "read_only_field", "created_at"),
        ({"name": " "}, Refused, "required", "name"),
        ({"name": "A", "amount": "12abc"}, Refused, "not_a_number", "amount"),
        ({"name": "A", "company": str(uuid4())}, Refused, "unknown_link", "company"),
        ({"name": "A", "stage": "nowhere"}, Refused, "unknown_choice", "stage"),
    ],
)
async def test_refusals_name_the_field(selling: Any, values: Any, error: Any, code: str, field: str) -> None:
    with pytest.raises(error) as caught:
        await selling.write("ann", Create("deal", values))
    assert [(one.code, one.field) for one in caught.value.problems] == [(code, field)]


async def test_all_problems_of_a_record_are_told_at_once(selling: Any) -> None:
    with pytest.raises(Refused) as caught:
        await selling.write("ann", Create("deal", {"name": "", "amount": "x", "company": str(uuid4())}))
    assert {one.code for one in caught.value.problems} >= {"required", "not_a_number"}


async def test_each_record_gets_its_own_outcome(selling: Any) -> None:
    changes = [Create("deal", {"name": name, "amount": amount}) for name, amount in (("A", 1), ("", 1), ("B", "x"))]
    outcomes = await selling.write("ann", *changes, partly=True)
    assert [type(one) for one in outcomes] == [Written, Rejected, Rejected]
    assert [one.problems[0].field for one in outcomes[1:]] == ["name", "amount"]
    with pytest.raises(Refused) as caught:
        await selling.write("ann", *changes)
    assert [one.evidence["position"] for one in caught.value.problems] == [1, 2]


async def test_unique_values_hold_within_a_batch_and_against_the_table(selling: Any) -> None:
    code = uuid4().hex
    first, second = await selling.write(
        "ann", *(Create("company", {"name": "A", "code": code}) for _ in range(2)), partly=True
    )
    assert isinstance(first, Written) and second.problems[0].code == "not_unique"
    (third,) = await selling.write("bob", Create("company", {"name": "B", "code": code}), partly=True)
    assert third.problems[0].evidence == {"value": code, "record": str(first.id)}
    await selling.write("ann", Delete("company", first.id))
    (fourth,) = await selling.write("bob", Create("company", {"name": "B", "code": code}))
    with pytest.raises(Refused) as caught:
        await selling.write("ann", Restore("company", first.id))
    assert caught.value.problems[0].code == "not_unique"
    await selling.write("bob", Update("company", fourth.id, {"code": None}))
    await selling.write("ann", Restore("company", first.id))


async def test_two_writers_of_one_unique_value_at_the_same_moment(selling: Any) -> None:
    """The check of the second finds nothing yet, so it is the index that holds; the refusal is readable all the same,
    and where single records may be left out only that record is."""
    for partly in (False, True):
        code = uuid4().hex
        changes = [Create("company", {"name": "B", "code": code}), Create("company", {"name": "C"})]
        async with selling.begin() as first:
            await write(first, await selling.scope(first), changes[:1], Cause(Door.API))
            second = asyncio.create_task(_outcome(selling.write("bob", *changes, partly=partly)))
            await _until_somebody_waits(first)
        found = await second
        if partly:
            assert [type(one) for one in found] == [Rejected, Written]
            assert found[0].problems[0].code == "not_unique"
        else:
            assert isinstance(found, Conflict) and found.problems[0].code == "not_unique"


async def test_two_transactions_moving_one_record_one_wins_and_the_other_learns_of_it(selling: Any) -> None:
    record = await make(selling, amount=1)
    async with selling.begin() as first:
        scope = await selling.scope(first, "ann")
        await write(first, scope, [Update("deal", record, {"stage": "offer"}, 1)], Cause(Door.BOARD))
        lost = Update("deal", record, {"stage": "lost", "loss_reason": "price"}, version=1)
        second = asyncio.create_task(_outcome(selling.write("admin", lost)))
        await _until_somebody_waits(first)
    conflict = await second
    assert isinstance(conflict, Conflict)
    assert conflict.extra["changed_by"] == "Ann" and "stage" in conflict.extra["changed_fields"]
    assert (await row_of(selling, record))["stage"] == "offer"


async def _outcome(work: Any) -> Any:
    try:
        return await work
    except LiaoranError as error:
        return error


async def _until_somebody_waits(tx: Any) -> None:
    # what is waited for happens in the server
    while not await tx.fetch_value("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_links_may_point_to_records_of_the_same_batch(selling: Any) -> None:
    parent = uuid4()
    outcomes = await selling.write(
        "ann",
        Create("company", {"name": "Child", "parent": parent}),
        Create("company", {"name": "Parent"}, id=parent),
    )
    assert outcomes[1].id == parent


async def test_a_link_to_what_the_writer_may_not_see_is_refused_like_one_to_nothing(selling: Any) -> None:
    hidden = await make(selling, name="eve")
    with pytest.raises(Refused) as caught:
        await selling.write("ann", Create("line", {"name": "L", "deal": hidden}))
    assert caught.value.problems[0].code == "unknown_link"


async def test_rows_out_of_reach_are_not_found_or_forbidden(selling: Any) -> None:
    others = await make(selling, name="eve")
    for change in (Update("deal", others, {"note": "x"}), Delete("deal", others), Update("deal", uuid4(), {})):
        with pytest.raises(NotFound):
            await selling.write("ann", change)
    (company,) = await selling.write("eve", Create("company", {"name": "E"}))
    with pytest.raises(Forbidden):
        await selling.write("ann", Update("company", company.id, {"name": "Mine"}))
    with pytest.raises(Forbidden):
        await selling.write("ann", Delete("company", company.id))


async def test_a_record_cannot_leave_the_writers_reach(selling: Any) -> None:
    record = await make(selling)
    with pytest.raises(Refused) as caught:
        await selling.write("ann", Update("deal", record, {"owner": selling.people["eve"]}))
    assert [one.code for one in caught.value.problems] == ["may_not_transfer"]
    with pytest.raises(Refused) as caught:
        await selling.write("ann", Create("deal", {"name": "Hers", "owner": selling.people["eve"]}))
    assert caught.value.problems[0].code == "out_of_reach"
    with pytest.raises(Refused) as caught:
        await selling.write("lee", Update("deal", record, {"department": selling.departments["south"]}))
    assert caught.value.problems[0].code == "out_of_reach"
    assert (await row_of(selling, record))["owner"] == selling.people["ann"]
    outcomes = await selling.write(
        "ann",
        Update("deal", record, {"owner": selling.people["eve"]}),
        Create("deal", {"name": "Mine"}),
        Create("deal", {"name": "Hers", "owner": selling.people["eve"]}),
        partly=True,
    )
    assert [type(one) for one in outcomes] == [Rejected, Written, Rejected]
    assert (await row_of(selling, record))["version"] == 1


async def test_who_may_hand_a_record_over_may_give_it_away(selling: Any) -> None:
    record = await make(selling)
    await selling.write("lee", Update("deal", record, {"owner": selling.people["eve"]}))
    assert (await row_of(selling, record))["department"] == selling.departments["south"]
    with pytest.raises(NotFound):
        await selling.write("lee", Update("deal", record, {"note": "x"}))
    await selling.write("eve", Update("deal", record, {"owner": selling.people["eve"], "note": "mine"}))


async def test_the_department_follows_the_owner_unless_it_is_named(selling: Any) -> None:
    record = await make(selling, name="admin", owner=selling.people["eve"])
    assert (await row_of(selling, record))["department"] == selling.departments["south"]
    await selling.write("admin", Update("deal", record, {"owner": selling.people["ann"]}))
    assert (await row_of(selling, record))["department"] == selling.departments["north"]
    south = selling.departments["south"]
    await selling.write("admin", Update("deal", record, {"owner": selling.people["bob"], "department": south}))
    assert (await row_of(selling, record))["department"] == south


async def test_the_bin_and_back(selling: Any) -> None:
    record = await make(selling)
    (gone,) = await selling.write("ann", Delete("deal", record, version=1))
    assert gone == Written(record, 2)
    with pytest.raises(NotFound) as caught:
        await selling.write("ann", Update("deal", record, {"note": "x"}))
    assert caught.value.code == "in_bin"
    (back,) = await selling.write("ann", Restore("deal", record))
    assert back == Written(record, 3)
    assert (await selling.write("ann", Restore("deal", record)))[0] == Written(record, 3, changed=False)
    assert [one["kind"] for one in await events_of(selling, record)] == ["created", "deleted", "restored"]


async def test_changes_of_several_objects_and_of_one_record_keep_their_order(selling: Any) -> None:
    company, deal = uuid4(), uuid4()
    outcomes = await selling.write(
        "ann",
        Create("company", {"name": "New"}, id=company),
        Create("deal", {"name": "D", "company": company}, id=deal),
        Update("deal", deal, {"note": "one"}),
        Update("deal", deal, {"note": "two"}, version=2),
        Delete("deal", deal, version=3),
        Restore("deal", deal),
    )
    assert [one.version for one in outcomes] == [1, 1, 2, 3, 4, 5]
    async with selling.begin() as tx:
        versions = await tx.fetch_all(
            "SELECT version, note, valid_to FROM {org}.v_deal WHERE id = :id ORDER BY version", {"id": deal}
        )
    assert [(one["version"], one["note"]) for one in versions] == [(1, None), (2, "one"), (3, "two"), (5, "two")]
    assert [one["valid_to"] is None for one in versions] == [False, False, False, True]


async def test_a_large_batch_is_a_handful_of_statements(selling: Any) -> None:
    changes = [Create("deal", {"name": f"D{index}", "amount": index}) for index in range(4500)]
    outcomes = await selling.write("ann", *changes)
    assert len({one.id for one in outcomes}) == 4500
    updates = [Update("deal", one.id, {"note": "x"}) for one in outcomes]
    assert {one.version for one in await selling.write("ann", *updates)} == {2}


async def test_single_writes_are_a_handful_of_statements(selling: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    record = await make(selling, amount=1)
    count = 0
    run = Transaction._run

    async def counting(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        return await run(*arguments)

    async with selling.begin() as tx:
        scope = await selling.scope(tx, "ann")
        monkeypatch.setattr(Transaction, "_run", counting)
        for values, most in (({"note": "x"}, 3), ({"stage": "offer"}, 5), ({"amount": 2}, 4)):
            count = 0
            await write(tx, scope, [Update("deal", record, values)], Cause(Door.INLINE))
            assert count <= most, (values, count)


async def test_an_id_is_used_once(selling: Any) -> None:
    record = await make(selling)
    (again, other) = await selling.write(
        "ann", Create("deal", {"name": "B"}, id=record), Create("deal", {"name": "C"}), partly=True
    )
    assert again.problems[0].code == "id_taken" and isinstance(other, Written)
    with pytest.raises(Conflict):
        await selling.write("ann", Create("deal", {"name": "B"}, id=record))


async def test_the_past_is_written_with_its_own_time_and_person(selling: Any) -> None:
    then = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    eve = selling.people["eve"]
    (outcome,) = await selling.write("system", Create("deal", {"name": "Old"}, past=Past(then, eve, "Eve")))
    earlier = datetime(2023, 1, 1, tzinfo=UTC)
    await selling.write("system", Update("deal", outcome.id, {"note": "x"}, past=Past(earlier, eve, "Eve")))
    row = await row_of(selling, outcome.id)
    assert (row["created_at"], row["created_by"], row["updated_at"]) == (then, eve, then), "never before what precedes"
    events = await events_of(selling, outcome.id)
    assert [(one["at"], one["actor_label"], one["actor_id"], one["actor_kind"]) for one in events] == [
        (then, "Eve", eve, "person")
    ] * 2


async def test_a_version_conflict_says_who_changed_what(selling: Any) -> None:
    record = await make(selling, note="a")
    await selling.write("admin", Update("deal", record, {"note": "b", "amount": 7}))
    with pytest.raises(Conflict) as caught:
        await selling.write("ann", Update("deal", record, {"note": "c"}, version=1))
    extra = caught.value.extra
    assert caught.value.code == "version_conflict"
    assert extra["changed_by"] == "Admin" and set(extra["changed_fields"]) == {"note", "amount", "currency"}
    assert extra["current"]["note"] == "b" and extra["current"]["version"] == 2
    with pytest.raises(Conflict):
        await selling.write("ann", Delete("deal", record, version=1))
    with pytest.raises(Conflict):
        await selling.write("ann", Update("deal", record, {"note": "c"}, version=99))
