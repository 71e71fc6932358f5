"""Merging brings over what hangs on the record that goes; its undo puts everything back as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import orjson
import pytest

from liaoran.access.tables import APPROVER
from liaoran.collaboration.files.keeping import NewFile, Place, add_file, receive_file
from liaoran.collaboration.files.listing import find_content, list_files
from liaoran.collaboration.sharing.following import follow
from liaoran.collaboration.sharing.giving import NewShare, ShareChange, change_share, end_share, give_share
from liaoran.collaboration.sharing.listing import read_sharing
from liaoran.collaboration.sharing.merging import SharingGuard
from liaoran.collaboration.sharing.rights import SharedRecord
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import Forbidden, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.process.approvals.keeping import approvals_of, load_courses
from liaoran.process.approvals.starting import start_approval
from liaoran.process.approvals.taking import find
from liaoran.process.timeline import read_timeline
from liaoran.records.changes import Create, Restore, Update
from liaoran.records.guards import register_guard
from liaoran.records.history import read_history
from liaoran.records.merge import merge
from liaoran.records.noting import require_readable
from liaoran.records.undo import undo
from liaoran.records.write import write
from tests.db.process.approving import Approving, holders, open_approving

SOON, LATER = (datetime(2100, month, 1, tzinfo=UTC) for month in (1, 2))
STAMPS = "ARRAY['version', 'updated_at', 'updated_by']"
STATE = {
    "deals": f"SELECT to_jsonb(t) - {STAMPS} AS row FROM {{org}}.r_deal t ORDER BY id",
    "meetings": f"SELECT to_jsonb(t) - {STAMPS} AS row FROM {{org}}.r_meeting t ORDER BY id",
    "shares": "SELECT to_jsonb(t) AS row FROM {org}.shares t ORDER BY id",
    "followers": "SELECT to_jsonb(t) AS row FROM {org}.followers t ORDER BY record, person",
    "files": "SELECT to_jsonb(t) AS row FROM {org}.record_files t ORDER BY id",
    "approvals": "SELECT to_jsonb(t) AS row FROM {org}.approvals t ORDER BY id",
    "steps": "SELECT to_jsonb(t) AS row FROM {org}.approval_steps t ORDER BY id",
    "seats": "SELECT to_jsonb(t) AS row FROM {org}.approval_seats t ORDER BY id",
    "merges": "SELECT to_jsonb(t) AS row FROM {org}.merges t ORDER BY loser",
}
"""Everything that a merge touches, versions and stamps aside."""


@pytest.fixture(scope="module")
async def approving(templates: Any) -> AsyncIterator[Approving]:
    async with open_approving(templates) as opened:
        register_guard(SharingGuard())
        yield opened


async def state(one: Approving) -> dict[str, Any]:
    async with one.org.begin() as tx:
        return {name: [row["row"] for row in await tx.fetch_all(text)] for name, text in STATE.items()}


async def share(one: Approving, deal: UUID, **given: Any) -> UUID:
    people, departments = one.org.people, one.org.departments
    taker = {"person": people[given.pop("to")]} if given.get("to") in people else {}
    if not taker:
        taker = {"department": departments[given.pop("to")]}
    async with one.org.begin() as tx:
        return await give_share(await place(one, tx, deal), NewShare(**taker, **given), datetime.now(UTC))


async def place(one: Approving, tx: Any, deal: UUID, name: str = "admin") -> SharedRecord:
    return SharedRecord(tx, await one.org.scope(tx, name), "deal", deal, Cause(Door.FORM))


async def followed(one: Approving, deal: UUID, *names: str) -> None:
    async with one.org.begin() as tx:
        for name in names:
            mine = await place(one, tx, deal, name)
            await follow(mine, [one.org.people[name]], datetime.now(UTC))


async def merged(one: Approving, into: UUID, others: Sequence[UUID], name: str = "admin") -> UUID:
    cause = Cause(Door.MERGE)
    async with one.org.begin() as tx:
        await merge(tx, await one.org.scope(tx, name), "deal", into=into, others=others, values={}, cause=cause)
    return cause.action


async def undone(one: Approving, action: UUID) -> None:
    async with one.org.begin() as tx:
        await undo(tx, await one.org.scope(tx), action)


async def told(one: Approving, deal: UUID, kind: str = "sharing") -> list[dict[str, Any]]:
    """What the history of this very record says, oldest first."""
    async with one.org.begin() as tx:
        page = orjson.loads(await read_history(tx, await one.org.scope(tx), "deal", deal))
    events = [each for each in reversed(page["events"]) if each["kind"] == kind]
    return [each[kind] for each in events if each["record"]["id"] == str(deal)]


async def sharing(one: Approving, deal: UUID) -> dict[str, Any]:
    async with one.org.begin() as tx:
        return await read_sharing(await place(one, tx, deal), datetime.now(UTC))


async def taken(one: Approving, deal: UUID) -> dict[str, tuple[Any, ...]]:
    """The live shares of a deal by the name of who has them; those of approvers under ``name/approver``."""
    found = {}
    for each in (await sharing(one, deal))["shares"]:
        who = (each["person"] or each["department"])["label"]
        name = f"{who}/approver" if each["role"] == APPROVER else who
        assert name not in found
        found[name] = (each["level"], each["role"], each["ends_at"])
    return found


async def sees(one: Approving, name: str, deal: UUID) -> bool:
    async with one.org.begin() as tx:
        try:
            await require_readable(tx, await one.org.scope(tx, name), "deal", deal)
        except NotFound:
            return False
    return True


async def filed(one: Approving, deal: UUID) -> UUID:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7\n"

    database = one.org.database
    settings = Settings(data_dir=database.settings.data_dir)
    stored = await receive_file(database.files, settings, one.org.schema, "合同.pdf", pieces())
    async with one.org.begin() as tx:
        where = Place(tx, await one.org.scope(tx, "ann"), "deal", deal, Cause(Door.FORM))
        return await add_file(database.files, where, stored, NewFile())


async def furnished(one: Approving) -> tuple[UUID, UUID]:
    """A deal with everything that can hang on one, and the file that it has."""
    deal = await one.deal(name="Beta", amount=5000, stage="sign")
    file = await filed(one, deal)
    await one.org.write("ann", Create("meeting", {"name": "Visit", "held_on": "2026-11-02", "deal": str(deal)}))
    async with one.org.begin() as tx:
        said = Cause(Door.FORM, note="they want it by spring")
        await write(tx, await one.org.scope(tx, "ann"), [Update("deal", deal, {"note": "y"})], said)
    await share(one, deal, to="eve", level="edit", role="technical", ends_at=SOON)
    await share(one, deal, to="south", level="read")
    await followed(one, deal, "ann", "eve")
    for finished in (True, False):
        async with one.desk("ann") as desk:
            await start_approval(desk, "deal", deal, "both")
        course = await one.course(deal)
        for name in ("bob", "eve", "lee") if finished else ("bob",):
            course = await one.decide(name, course, "approve", "fine")
        assert course.state == ("passed" if finished else "running")
    return deal, file


async def test_a_reader_of_the_record_that_stays_finds_all_of_it(approving: Approving) -> None:
    """lee sees the deals of the department; of the one that goes everything is found with the one that stays."""
    loser, file = await furnished(approving)
    winner = await approving.deal(name="Alpha")
    assert not await sees(approving, "eve", winner)
    await merged(approving, winner, [loser])

    org = approving.org
    async with org.begin() as tx:
        scope = await org.scope(tx, "lee")
        assert [each["id"] for each in orjson.loads(await list_files(tx, scope, "deal", winner))] == [str(file)]
        assert (await find_content(tx, org.database.files, scope, "deal", winner, file, 1)).name == "合同.pdf"
        entries = orjson.loads(await read_timeline(tx, scope, "deal", winner, limit=100))["entries"]
        courses = await load_courses(tx, await approvals_of(tx, "deal", winner))
    assert "Visit" in {each["label"] for each in entries if each["type"] == "activity"}
    assert "they want it by spring" in {each.get("note") for each in entries if each["type"] == "change"}
    assert [each.state for each in courses] == ["recalled", "passed"]
    said = [each["approval"]["what"] for each in entries if each.get("approval")]
    assert said == ["merged", "approved", "started", "passed", "approved", "approved", "approved", "started"]

    assert await sees(approving, "eve", winner)
    assert await sees(approving, "bob", winner)
    assert await taken(approving, winner) == {
        "eve": ("edit", "technical", SOON),
        "south": ("read", None, None),
        "bob/approver": ("read", APPROVER, None),
        "eve/approver": ("read", APPROVER, None),
        "lee/approver": ("read", APPROVER, None),
    }
    assert {each["label"] for each in (await sharing(approving, winner))["followers"]} == {"ann", "eve"}
    (came,) = await told(approving, winner)
    assert (came["what"], came["record"]) == ("merged", str(loser))
    assert {(each["to"], each["level"]) for each in came["shares"]} == {
        ("eve", "edit"), ("south", "read"), ("bob", "read"), ("eve", "read"), ("lee", "read"),
    }  # fmt: skip
    assert {each["label"] for each in came["followers"]} == {"ann", "eve"}


async def test_whoever_sees_the_record_that_stays_may_open_the_approvals_of_the_other(approving: Approving) -> None:
    winner, loser = await approving.deal(name="Alpha"), await approving.deal(name="Beta", amount=5000, stage="sign")
    await approving.org.write("admin", Update("deal", loser, {"owner": str(approving.org.people["admin"])}))
    async with approving.desk("admin") as desk:
        approval = await start_approval(desk, "deal", loser, "both")
    assert not await _opens(approving, "ann", approval)
    action = await merged(approving, winner, [loser])
    assert await _opens(approving, "ann", approval)
    await undone(approving, action)
    assert not await _opens(approving, "ann", approval)


async def _opens(one: Approving, name: str, approval: UUID) -> bool:
    async with one.desk(name) as desk:
        try:
            return (await find(desk, approval)).id == approval
        except NotFound:
            return False


async def test_undoing_puts_all_of_it_back_exactly(approving: Approving) -> None:
    """The running approval goes on where it was, and it is decided as if nothing had happened."""
    loser, _ = await furnished(approving)
    winner = await approving.deal(name="Alpha")
    await share(approving, winner, to="eve", level="read", ends_at=LATER, note="theirs")
    await followed(approving, winner, "eve")
    before = await state(approving)
    action = await merged(approving, winner, [loser])
    assert await taken(approving, winner) != {}
    after = await state(approving)
    assert {name for name in STATE if after[name] != before[name]} == {
        "deals", "meetings", "shares", "followers", "approvals", "steps", "seats", "merges",
    }  # fmt: skip
    await undone(approving, action)
    assert await state(approving) == before
    assert [each["what"] for each in await told(approving, winner)] == ["given", "merged", "separated"]
    assert (await told(approving, loser, "approval"))[-1]["what"] == "resumed"
    course = await approving.course(loser)
    assert (course.state, holders(course)) == ("running", ["eve", "lee"])
    for name in ("eve", "lee"):
        course = await approving.decide(name, course, "approve")
    assert course.state == "passed"
    # merged once more, it all comes over again
    await undone(approving, await merged(approving, winner, [loser]))


async def test_one_taker_has_one_share_the_stronger_and_longer(approving: Approving) -> None:
    winner, first, second = [await approving.deal(name=name) for name in ("Alpha", "Beta", "Gamma")]
    await share(approving, winner, to="eve", level="read", role="legal", ends_at=SOON)
    await share(approving, first, to="eve", level="edit", role="technical", ends_at=SOON)
    await share(approving, second, to="eve", level="read", ends_at=LATER, note="until then")
    await share(approving, first, to="bob", level="read", starts_at=SOON, ends_at=LATER)
    await share(approving, second, to="bob", level="read")
    over = await share(approving, second, to="lee", level="read")
    async with approving.org.begin() as tx:
        await end_share(await place(approving, tx, second), over, datetime.now(UTC))
    before = await state(approving)
    action = await merged(approving, winner, [first, second])
    assert await taken(approving, winner) == {"eve": ("edit", "legal", LATER), "bob": ("read", None, None)}
    shown = {each["person"]["label"]: each for each in (await sharing(approving, winner))["shares"]}
    assert (shown["eve"]["note"], shown["bob"]["state"]) == ("until then", "active")
    assert [each["to"] for one in await told(approving, winner) for each in one.get("shares", ())] == [
        "eve", "bob", "eve", "bob",
    ]  # fmt: skip
    await undone(approving, action)
    assert await state(approving) == before
    # what gives nothing new is not told of
    await share(approving, winner, to="bob", level="edit")
    third = await approving.deal(name="Delta")
    await share(approving, third, to="bob", level="read", ends_at=SOON)
    count = len(await told(approving, winner))
    await merged(approving, winner, [third])
    assert len(await told(approving, winner)) == count


async def test_what_was_changed_since_stays_as_it_is(approving: Approving) -> None:
    winner, loser = await approving.deal(name="Alpha"), await approving.deal(name="Beta")
    await share(approving, loser, to="eve", level="read")
    await share(approving, loser, to="bob", level="read")
    await followed(approving, loser, "bob")
    action = await merged(approving, winner, [loser])
    mine = next(each for each in (await sharing(approving, winner))["shares"] if each["person"]["label"] == "eve")
    async with approving.org.begin() as tx:
        await change_share(await place(approving, tx, winner), mine["id"], ShareChange(level="edit"), datetime.now(UTC))
    await undone(approving, action)
    assert await taken(approving, winner) == {"eve": ("edit", None, None)}
    assert (await sharing(approving, winner))["followers"] == []
    assert await taken(approving, loser) == {"eve": ("read", None, None), "bob": ("read", None, None)}
    assert not await sees(approving, "bob", winner)
    (*_, went) = await told(approving, winner)
    assert (went["what"], [each["to"] for each in went["shares"]]) == ("separated", ["bob"])


async def test_nobody_gives_by_a_merge_what_they_could_not_give_by_hand(approving: Approving) -> None:
    """ann may merge her deals but share none of them."""
    winner, loser = await approving.deal(name="Alpha"), await approving.deal(name="Beta")
    theirs = await share(approving, loser, to="eve", level="read")
    with pytest.raises(Forbidden) as caught:
        await merged(approving, winner, [loser], "ann")
    assert (caught.value.code, "eve" in caught.value.message.en) == ("may_not_share", True)
    assert not await sees(approving, "eve", winner)
    async with approving.org.begin() as tx:
        await end_share(await place(approving, tx, loser), theirs, datetime.now(UTC))
    await followed(approving, loser, "ann")
    await merged(approving, winner, [loser], "ann")
    assert [each["label"] for each in (await sharing(approving, winner))["followers"]] == ["ann"]


async def test_a_record_is_not_shared_with_too_many_by_a_merge(
    approving: Approving, monkeypatch: pytest.MonkeyPatch
) -> None:
    winner, loser = await approving.deal(name="Alpha"), await approving.deal(name="Beta")
    await share(approving, winner, to="eve", level="read")
    await share(approving, loser, to="bob", level="read")
    await followed(approving, loser, "ann", "bob")
    where = "liaoran.collaboration.sharing.merging"
    for name, code in (("MOST_SHARES", "too_many_shares"), ("MOST_FOLLOWERS", "too_many_followers")):
        with monkeypatch.context() as patched:
            patched.setattr(f"{where}.{name}", 1)
            with pytest.raises(Refused) as caught:
                await merged(approving, winner, [loser])
            assert caught.value.code == code
    await merged(approving, winner, [loser])


async def test_the_audit_log_says_who_came_to_see_the_record_and_who_no_longer_does(approving: Approving) -> None:
    winner, loser = await approving.deal(name="Alpha"), await approving.deal(name="Beta")
    await share(approving, winner, to="bob", level="read")
    await share(approving, loser, to="eve", level="read")
    await share(approving, loser, to="bob", level="edit")
    await undone(approving, await merged(approving, winner, [loser]))
    async with approving.org.begin() as tx:
        rows = await tx.fetch_all(
            "SELECT kind, facts FROM {org}.audit_log WHERE record = :id AND kind LIKE 'share.%' "
            "AND facts ? 'door' ORDER BY at, id", {"id": winner}
        )  # fmt: skip
    assert [(row["kind"], row["facts"]["to"], row["facts"]["level"]) for row in rows] == [
        ("share.given", "eve", "read"),
        ("share.changed", "bob", "edit"),
        ("share.ended", "eve", "read"),
        ("share.changed", "bob", "read"),
    ]
    assert {row["facts"]["door"] for row in rows} == {"merge", "undo"}


async def test_a_share_is_joined_wherever_its_taker_is_a_department(approving: Approving) -> None:
    winner, loser = await approving.deal(name="Alpha"), await approving.deal(name="Beta")
    await share(approving, winner, to="south", level="read", ends_at=datetime.now(UTC) + timedelta(days=9))
    await share(approving, loser, to="south", level="edit")
    await merged(approving, winner, [loser])
    assert await taken(approving, winner) == {"south": ("edit", None, None)}
    async with approving.org.begin() as tx:
        count = await tx.fetch_value("SELECT count(*) FROM {org}.shares WHERE record = :id", {"id": winner})
    assert count == 1


async def test_a_record_that_is_brought_back_from_the_bin_by_hand_is_by_itself_again(approving: Approving) -> None:
    """What came over stays with both; what is read along with the record that stays is not any more."""
    winner, (loser, _) = await approving.deal(name="Alpha"), await furnished(approving)
    await merged(approving, winner, [loser])
    await approving.org.write("admin", Restore("deal", loser))
    assert await taken(approving, winner) == await taken(approving, loser) != {}
    async with approving.org.begin() as tx:
        scope = await approving.org.scope(tx)
        assert orjson.loads(await list_files(tx, scope, "deal", winner)) == []
        assert await approvals_of(tx, "deal", winner) == []
        history = orjson.loads(await read_history(tx, scope, "deal", winner))["events"]
    assert {each["record"]["id"] for each in history} == {str(winner)}


async def test_of_a_long_chain_of_merges_everything_arrives(approving: Approving) -> None:
    deals = [await approving.deal(name=f"Link {number}") for number in range(3)]
    await share(approving, deals[0], to="eve", level="read")
    actions = [await merged(approving, into, [one]) for one, into in pairwise(deals)]
    assert await taken(approving, deals[2]) == {"eve": ("read", None, None)}
    for action in reversed(actions):
        await undone(approving, action)
    assert [await taken(approving, one) for one in deals] == [{"eve": ("read", None, None)}, {}, {}]
