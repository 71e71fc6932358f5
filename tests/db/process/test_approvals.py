"""Approvals of deals: begun with a stage or by hand, decided in turns, locked meanwhile, going on by themselves."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from liaoran.infra.flights import Connection, Passenger
from liaoran.kernel.errors import Conflict, Forbidden, Invalid, LiaoranError, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course
from liaoran.process.approvals.deciding import recall, remind
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.handing import add_sign, delegate
from liaoran.process.approvals.starting import Beginning, approvals_offered, begin, start_approval
from liaoran.process.transitions import transitions_of
from liaoran.records.changes import Create, Delete, Rejected, Restore, Update, Written
from liaoran.records.merge import merge
from liaoran.records.noting import require_editable
from liaoran.records.undo import undo
from liaoran.records.write import write
from liaoran.schema.process_json import who_from_json
from liaoran.schema.processes import ApprovalStep
from tests.db.process.approving import Approving, holders, open_approving, role, states, step, step_of


@pytest.fixture(scope="module")
async def approving(templates: Any) -> AsyncIterator[Approving]:
    async with open_approving(templates) as opened:
        yield opened


async def test_a_stage_begins_its_approval_and_the_steps_go_one_after_the_other(approving: Approving) -> None:
    deal, course = await approving.under_review()
    assert (course.state, course.started_by_label, course.lock) == ("running", "Ann", True)
    assert states(course) == {"legal": "open", "finance": "waiting", "director": "waiting"}
    assert holders(course) == ["bob", "eve"]
    course = await approving.decide("bob", course, "approve")
    assert states(course) == {"legal": "passed", "finance": "open", "director": "waiting"}
    assert holders(course) == ["lee"]
    course = await approving.decide("lee", course, "approve", "fine")
    assert states(course) == {"legal": "passed", "finance": "passed", "director": "skipped"}
    assert course.state == "passed"
    assert course.outcome["to"] == "sign"
    assert await approving.stage(deal) == "sign"
    assert await approving.told(deal) == ["started", "approved", "approved", "passed"]


async def test_a_step_is_left_out_only_where_its_condition_does_not_hold(approving: Approving) -> None:
    _, course = await approving.under_review(amount=5000)
    course = await approving.decide("eve", course, "approve")
    course = await approving.decide("lee", course, "approve", "fine")
    assert holders(course) == ["admin"]
    course = await approving.decide("admin", course, "approve")
    assert course.state == "passed"


async def test_the_needs_are_asked_for_at_the_door_of_the_stage(approving: Approving) -> None:
    deal = await approving.deal(note=None)
    with pytest.raises(Refused) as caught:
        await approving.move(deal, "agree")
    (problem,) = caught.value.problems
    assert (problem.code, problem.evidence["part"], problem.evidence["key"]) == (
        "condition_unmet",
        "entry",
        "review.noted",
    )
    assert await approving.told(deal) == []


async def test_a_refusal_sends_the_record_where_the_definition_says(approving: Approving) -> None:
    deal, course = await approving.under_review()
    with pytest.raises(Refused) as caught:
        await approving.decide("bob", course, "refuse")
    assert caught.value.code == "comment_required"
    course = await approving.decide("bob", course, "refuse", "条款不行")
    assert (course.state, await approving.stage(deal)) == ("refused", "talk")
    assert states(course) == {"legal": "refused", "finance": "skipped", "director": "skipped"}
    await approving.move(deal, "agree")
    assert (await approving.course(deal)).state == "running"


async def test_an_approval_that_cannot_move_the_record_on_says_why_it_stayed(approving: Approving) -> None:
    deal, course = await approving.under_review(amount=2_000_000)
    for name in ("bob", "lee", "admin"):
        course = await approving.decide(name, course, "approve", "ok")
    assert (course.state, await approving.stage(deal)) == ("passed", "agree")
    assert course.outcome["to"] == "sign"
    assert "Below A Million" in course.outcome["stayed"][0]["en"]


async def test_the_lock_holds_on_every_door(approving: Approving) -> None:
    deal, course = await approving.under_review()
    other = await approving.deal()
    changes = [
        Update("deal", deal, {"note": "changed"}),
        Update("deal", deal, {"stage": "talk"}),
        Update("deal", deal, {"stage": "lost"}),
        Delete("deal", deal),
    ]
    for change in changes:
        for door in (Door.FORM, Door.INLINE, Door.BOARD, Door.BULK, Door.IMPORT, Door.API, Door.RULE, Door.UNDO):
            for name in ("ann", "admin", "system"):
                with pytest.raises(Refused) as caught:
                    await approving.org.write(name, change, door=door)
                found = [one for one in caught.value.problems if one.code == "locked_by_approval"]
                assert len(found) == 1
    assert found[0].evidence["holders"] == ["bob", "eve"]
    assert "Review" in found[0].message.en
    assert "bob, eve" in found[0].message.en
    async with approving.desk("admin") as desk:
        with pytest.raises(LiaoranError) as merged:
            await merge(desk.tx, desk.scope, "deal", into=other, others=[deal], values={}, cause=desk.cause)
    assert "locked_by_approval" in {merged.value.code, *(one.code for one in merged.value.problems)}
    await approving.org.write("ann", Update("deal", other, {"note": "free"}))
    course = await approving.decide("bob", course, "refuse", "no")
    await approving.org.write("ann", Update("deal", deal, {"note": "free again"}))


async def test_what_belongs_to_a_locked_record_is_changed_by_whose_turn_it_is_alone(approving: Approving) -> None:
    deal, course = await approving.under_review()
    async with approving.desk("ann") as desk:
        with pytest.raises(Refused) as caught:
            await require_editable(desk.tx, desk.scope, "deal", deal)
    assert caught.value.code == "locked_by_approval"
    await approving.decide("bob", course, "approve")
    async with approving.desk("lee") as desk:
        await require_editable(desk.tx, desk.scope, "deal", deal)


async def test_moves_of_a_locked_record_show_the_lock_and_others_do_not(approving: Approving) -> None:
    deal, _ = await approving.under_review()
    free = await approving.deal()
    async with approving.desk("ann") as desk:
        found = await transitions_of(desk.tx, desk.scope, "deal", [deal, free])
    assert all("locked_by_approval" in {one.problem.code for one in move.gate} for move in found[deal])
    assert not any("locked_by_approval" in {one.problem.code for one in move.gate} for move in found[free])


async def test_two_deciding_at_once_one_wins_and_the_other_is_told(approving: Approving) -> None:
    _, course = await approving.under_review()
    answers = await asyncio.gather(
        approving.decide("bob", course, "approve"),
        approving.decide("eve", course, "refuse", "no"),
        return_exceptions=True,
    )
    lost = [one for one in answers if isinstance(one, Exception)]
    assert len(lost) == 1
    assert isinstance(lost[0], Conflict)
    assert lost[0].code in ("already_decided", "approval_over")


async def test_only_whose_turn_it_is_decides(approving: Approving) -> None:
    _, course = await approving.under_review()
    with pytest.raises(Forbidden) as caught:
        await approving.decide("ann", course, "approve")
    assert caught.value.code == "not_your_turn"
    assert "bob, eve" in caught.value.message.en
    with pytest.raises(Forbidden):
        await approving.decide("lee", course, "approve", "early")


async def test_delegating_hands_the_seat_on(approving: Approving) -> None:
    deal, course = await approving.under_review()
    people = approving.org.people
    async with approving.desk("bob") as desk:
        with pytest.raises(Conflict):
            await delegate(desk, course.id, people["eve"])
    async with approving.desk("bob") as desk:
        await delegate(desk, course.id, people["lee"], "on holiday")
    course = await approving.course(deal)
    assert holders(course) == ["eve", "lee"]
    with pytest.raises(Conflict):
        await approving.decide("bob", course, "approve")
    course = await approving.decide("lee", course, "approve")
    assert step_of(course, "legal").state == "passed"
    assert [one.delegated_by_label for one in step_of(course, "legal").votes] == ["Bob"]


async def test_a_step_put_in_before_is_waited_for_and_one_after_follows(approving: Approving) -> None:
    deal, course = await approving.under_review()
    people = approving.org.people
    async with approving.desk("bob") as desk:
        await add_sign(desk, course.id, [people["ann"], people["lee"]], "before", "look at clause 3")
    course = await approving.course(deal)
    assert holders(course) == ["ann", "lee"]
    with pytest.raises(Forbidden):
        await approving.decide("bob", course, "approve")
    course = await approving.decide("ann", course, "approve")
    assert holders(course) == ["lee"]
    course = await approving.decide("lee", course, "approve")
    assert holders(course) == ["bob", "eve"]
    async with approving.desk("bob") as desk:
        await add_sign(desk, course.id, [people["ann"]], "after")
    course = await approving.decide("bob", await approving.course(deal), "approve")
    assert holders(course) == ["ann"]
    course = await approving.decide("ann", course, "approve")
    assert holders(course) == ["lee"]


async def test_returning_to_a_step_begins_it_and_what_follows_anew(approving: Approving) -> None:
    deal, course = await approving.under_review()
    course = await approving.decide("bob", course, "approve", "first")
    with pytest.raises(Invalid):
        await approving.decide("lee", course, "return", "x", to_step="director")
    course = await approving.decide("lee", course, "return", "look again", to_step="legal")
    assert states(course) == {"legal": "open", "finance": "waiting", "director": "waiting"}
    legal = step_of(course, "legal")
    assert legal.round == 2
    assert [(one.round, one.state) for one in legal.seats if one.comment == "first"] == [(1, "approved")]
    course = await approving.decide("eve", course, "return", "what is this about")
    assert course.state == "returned"
    assert await approving.stage(deal) == "agree"
    await approving.org.write("ann", Update("deal", deal, {"note": "better"}))
    async with approving.desk("ann") as desk:
        assert "review" in [one["key"] for one in await approvals_offered(desk, "deal", deal)]
        await start_approval(desk, "deal", deal, "review", "again")
    assert holders(await approving.course(deal)) == ["bob", "eve"]


async def test_recalling_is_for_the_starter_and_administrators(approving: Approving) -> None:
    deal, course = await approving.under_review()
    async with approving.desk("bob") as desk:
        with pytest.raises(Forbidden):
            await recall(desk, course.id)
    async with approving.desk("ann") as desk:
        await recall(desk, course.id, "wrong file")
    course = await approving.course(deal)
    assert (course.state, course.holders) == ("recalled", [])
    async with approving.desk("bob") as desk:
        with pytest.raises(Conflict) as caught:
            await remind(desk, course.id)
    assert caught.value.code == "approval_over"
    assert "recalled" in caught.value.message.en


async def test_parallel_steps_are_open_together_and_every_vote_of_all_counts(approving: Approving) -> None:
    deal = await approving.deal(amount=5000, stage="talk")
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", deal, "both")
    course = await approving.course(deal)
    assert holders(course) == ["bob", "eve", "lee"]
    course = await approving.decide("lee", course, "approve")
    course = await approving.decide("bob", course, "approve")
    assert states(course) == {"one": "open", "two": "passed"}
    course = await approving.decide("eve", course, "approve")
    assert course.state == "passed"


async def test_a_transition_asks_for_a_passed_approval_of_this_stay(approving: Approving) -> None:
    deal = await approving.deal(amount=10, stage="sign")
    with pytest.raises(Refused) as caught:
        await approving.move(deal, "won")
    assert [one.evidence["key"] for one in caught.value.problems] == ["approval_both"]
    async with approving.desk("ann") as desk:
        (move,) = (await transitions_of(desk.tx, desk.scope, "deal", [deal], to_state="won"))[deal]
    (unmet,) = [one for one in move.gate if not one.met]
    assert unmet.mend == [{"kind": "approval", "value": {"approval": "both", "since": "entered"}}]
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", deal, "both")
    course = await approving.course(deal)
    assert (course.state, course.steps, course.outcome) == ("passed", [], {"not_needed": True})
    await approving.move(deal, "won")


async def test_leaving_the_stage_recalls_an_approval_that_does_not_lock(approving: Approving) -> None:
    deal = await approving.deal(amount=5000, stage="sign")
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", deal, "both")
    await approving.org.write("ann", Update("deal", deal, {"stage": "lost"}))
    course = await approving.course(deal)
    assert course.state == "recalled"
    assert await approving.told(deal) == ["started", "left"]
    gone = await approving.deal(amount=5000, stage="sign")
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", gone, "both")
    await approving.org.write("ann", Delete("deal", gone))
    assert (await approving.course(gone)).state == "recalled"


async def test_undoing_a_deletion_lets_the_approval_go_on(approving: Approving) -> None:
    """Also where a step that was added stands before one that has begun already."""
    deal = await approving.deal(amount=5000, stage="sign")
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", deal, "both")
    course = await approving.course(deal)
    async with approving.desk("lee") as desk:
        await add_sign(desk, course.id, [approving.org.people["admin"]], "before", "look first")
    before, cause = await approving.course(deal), Cause(Door.FORM)
    async with approving.desk("ann") as desk:
        await write(desk.tx, desk.scope, [Delete("deal", deal)], cause)
    gone = await approving.course(deal)
    assert (gone.state, gone.holders) == ("recalled", [])
    assert gone.outcome["went_with"]["action"] == str(cause.action)
    async with approving.desk("ann") as desk:
        await undo(desk.tx, desk.scope, cause.action)
    assert await approving.course(deal) == before
    assert (await approving.told(deal))[-1] == "resumed"
    # what is brought back from the bin by hand begins anew
    await approving.org.write("ann", Delete("deal", deal))
    await approving.org.write("ann", Restore("deal", deal))
    assert (await approving.course(deal)).state == "recalled"


async def test_a_second_one_is_not_started_while_one_runs(approving: Approving) -> None:
    deal, _ = await approving.under_review()
    async with approving.desk("ann") as desk:
        with pytest.raises(Conflict) as caught:
            await start_approval(desk, "deal", deal, "both")
    assert caught.value.code == "approval_running"
    free = await approving.deal()
    async with approving.desk("ann") as desk:
        with pytest.raises(Invalid):
            await start_approval(desk, "deal", free, "unheard_of")


async def test_where_nobody_is_found_administrators_stand_in_and_it_is_said(approving: Approving) -> None:
    deal = await approving.deal()
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", deal, "gone")
    course = await approving.course(deal)
    assert (holders(course), step_of(course, "absent").deciders) == (["admin"], "fallback")
    assert await approving.told(deal) == ["started", "nobody"]
    other = await approving.deal()
    async with approving.desk("ann") as desk:
        await start_approval(desk, "deal", other, "chief")
    assert holders(await approving.course(other)) == ["lee"]


async def test_needs_are_asked_for_also_by_hand(approving: Approving) -> None:
    deal = await approving.deal(note=None)
    async with approving.desk("ann") as desk:
        with pytest.raises(Refused) as caught:
            await start_approval(desk, "deal", deal, "review")
    (problem,) = caught.value.problems
    assert problem.evidence["key"] == "noted"
    assert problem.evidence["mend"] == [{"kind": "field", "field": "note"}]


async def test_an_approval_of_a_record_out_of_sight_is_not_there(approving: Approving) -> None:
    (made,) = await approving.org.write(
        "admin", Create("deal", {"name": "Admin's", "pipeline": "approving", "note": "x", "owner": None})
    )
    async with approving.desk("admin") as desk:
        ident = await start_approval(desk, "deal", made.id, "gone")
    async with approving.desk("ann") as desk:
        with pytest.raises(NotFound):
            await recall(desk, ident)


async def test_reminding_is_possible_once_an_hour(approving: Approving) -> None:
    deal, course = await approving.under_review()
    async with approving.desk("ann") as desk:
        assert sorted(await remind(desk, course.id)) == ["bob", "eve"]
    async with approving.desk("ann") as desk:
        with pytest.raises(Conflict) as caught:
            await remind(desk, course.id)
    assert caught.value.code == "reminded_lately"
    assert await approving.told(deal) == ["started", "reminded"]


async def test_of_many_only_the_locked_record_stays_as_it_is(approving: Approving) -> None:
    locked, _ = await approving.under_review()
    free = await approving.deal()
    changes = [Update("deal", one, {"note": "in bulk"}) for one in (locked, free)]
    kept, changed = await approving.org.write("ann", *changes, door=Door.BULK, partly=True)
    assert isinstance(kept, Rejected)
    assert [one.code for one in kept.problems] == ["locked_by_approval"]
    assert isinstance(changed, Written)


async def test_undoing_the_move_out_of_a_stage_begins_no_approval_again(approving: Approving) -> None:
    deal, course = await approving.under_review()
    await approving.decide("bob", course, "refuse", "no")
    async with approving.desk("ann") as desk:
        cause = Cause(Door.BOARD)
        await write(desk.tx, desk.scope, [Update("deal", deal, {"stage": "lost"})], cause)
    async with approving.desk("ann") as desk:
        await undo(desk.tx, desk.scope, cause.action)
    assert await approving.stage(deal) == "talk"
    assert (await approving.course(deal)).state == "refused"


async def test_nobody_decides_about_her_own_request_while_somebody_else_can(approving: Approving) -> None:
    """Another holder of the role, else who stands above her, else to whom it escalates; the history says so."""
    deal = await approving.deal()
    async with approving.desk("bob") as desk:
        (course,) = await begin_by_hand(desk, deal, step("legal", role("legal")), step("money", role("finance")))
    assert holders(course) == ["eve"], "the other one of the role"
    assert await approving.told(deal) == ["started"]
    async with approving.desk("eve") as desk:
        with pytest.raises(Conflict) as caught:
            await delegate(desk, course.id, approving.org.people["bob"])
    assert caught.value.code == "own_request"
    course = await approving.decide("eve", course, "approve")
    async with approving.desk("lee") as desk:
        await add_sign(desk, course.id, [approving.org.people["bob"]], "before")
    assert holders(await approving.course(deal)) == ["bob"], "whom somebody asks on purpose is asked"


async def test_the_nearest_above_decides_in_the_place_of_who_asks_alone(approving: Approving) -> None:
    people = approving.org.people
    deal = await approving.deal()
    await approving.org.write("system", Update("person", people["lee"], {"manager": str(people["eve"])}))
    try:
        async with approving.desk("lee") as desk:
            (course,) = await begin_by_hand(desk, deal, step("money", role("finance")))
        assert (holders(course), step_of(course, "money").deciders) == (["eve"], "named")
        assert await approving.told(deal) == ["started", "own_request"]
    finally:
        await approving.org.write("system", Update("person", people["lee"], {"manager": None}))


async def test_who_asks_alone_with_nobody_above_is_told_to_others_or_asked_herself(approving: Approving) -> None:
    deal, other, third = [await approving.deal() for _ in range(3)]
    async with approving.desk("lee") as desk:
        escalating = step("money", role("finance"), escalate_to=role("legal"))
        (course,) = await begin_by_hand(desk, deal, escalating)
        assert holders(course) == ["bob", "eve"]
        (course,) = await begin_by_hand(desk, other, step("money", role("finance")))
        assert holders(course) == ["lee"], "there is nobody else"
        (mine,) = await begin_by_hand(desk, third, step("sure", {"who": "actor"}))
        assert holders(mine) == ["lee"], "the definition asks for whoever starts it"
    assert await approving.told(deal) == ["started", "own_request"]
    assert await approving.told(other) == ["started", "own_decision"]
    assert await approving.told(third) == ["started"]
    course = await approving.decide("lee", course, "approve")
    assert course.state == "passed"


async def begin_by_hand(desk: Desk, deal: UUID, *steps: dict[str, Any]) -> list[Course]:
    """An approval of these steps, whatever the Process says."""
    process = desk.snapshot.process("approving")
    assert process is not None
    made = dataclasses.replace(
        process.approvals[0], key="made", condition=None, needs=(), steps=tuple(_read_step(one) for one in steps)
    )
    return await begin(desk, "deal", [Beginning(deal, "Alpha", process, process.states[0], made)])


def _read_step(one: dict[str, Any]) -> ApprovalStep:
    return ApprovalStep(
        key=one["key"],
        label=Text.from_json(one["label"]),
        who=tuple(who_from_json(who) for who in one["who"]),
        escalate_to=who_from_json(one["escalate_to"]) if "escalate_to" in one else None,
    )


async def test_many_approvals_begin_in_as_many_statements_as_one(
    approving: Approving, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    fly = Connection.fly

    async def noted(connection: Connection, passengers: Sequence[Passenger]) -> None:
        texts.extend(one.text.decode() for one in passengers)
        await fly(connection, passengers)

    async def cost(count: int) -> list[str]:
        deals = [await approving.deal(amount=5000 + place) for place in range(count)]
        monkeypatch.setattr(Connection, "fly", noted)
        texts.clear()
        await approving.org.write("ann", *(Update("deal", one, {"stage": "agree"}) for one in deals))
        monkeypatch.setattr(Connection, "fly", fly)
        courses = [await approving.course(one) for one in deals]
        assert all(holders(one) == ["bob", "eve"] for one in courses)
        assert [await approving.told(one) for one in deals] == [["started"]] * count
        # notices travel in transactions of their own, as many as the time that passes makes them
        return [one for one in texts if "pg_notify" not in one and not one.startswith(("BEGIN", "SET", "COMMIT"))]

    await cost(1)
    single, many = await cost(1), await cost(30)
    assert len(many) <= len(single) + 3, many
