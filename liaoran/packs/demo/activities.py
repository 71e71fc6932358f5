"""Tasks, events, calls and follow-ups: what was done and what is still to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from liaoran.packs.demo.chance import Chance, day_of, stamp
from liaoran.packs.demo.deals import Deal
from liaoran.packs.demo.journeys import OPEN_STATES
from liaoran.packs.demo.model import DemoRecord
from liaoran.packs.demo.people import Staff
from liaoran.packs.demo.phrases import CALLS, EVENTS, NEXT_ACTIONS, NOTES, TASKS

RECENT = timedelta(days=150)
METHODS = {"phone": 4, "visit": 2.5, "wechat": 2.5, "online_meeting": 1.5, "email": 0.7}


def make_follow_ups(chance: Chance, staff: Staff, deals: list[Deal]) -> Iterator[DemoRecord]:
    """A note in most stays of open and recent opportunities, in some of the older ones."""
    for deal in deals:
        lively = deal.journey.outcome == "open" or chance.now - deal.started < RECENT
        for state, entered, left in _stays(chance, deal):
            if not chance.happens(0.85 if lively else 0.2):
                continue
            at = _within(chance, entered, left)
            blanks = deal.blanks(chance, at)
            subject, content = chance.pick(NOTES[state])
            values = {
                "subject": subject.format(**blanks),
                "content": content.format(**blanks),
                "next_plan": chance.pick(NEXT_ACTIONS[state]).format(**blanks),
                "method": chance.weighted(METHODS),
                "happened_at": stamp(at),
                **_about(deal),
                **staff.owned_by(deal.login),
            }
            yield DemoRecord("follow_up", chance.new_id(at), values, at, deal.login)


def make_tasks(chance: Chance, staff: Staff, deals: list[Deal]) -> Iterator[DemoRecord]:
    """Tasks of opportunities that are open or were lately: done ones, due ones, some overdue."""
    for deal in deals:
        if deal.journey.outcome != "open" and chance.now - deal.started > RECENT:
            continue
        for state, entered, left in _stays(chance, deal):
            for phrase in TASKS[state]:
                if chance.happens(0.45):
                    yield _task(chance, staff, deal, phrase, entered=entered, left=left)


def make_events(chance: Chance, staff: Staff, deals: list[Deal]) -> Iterator[DemoRecord]:
    """Meetings, visits and demonstrations, some of them still to come."""
    for deal in deals:
        lively = deal.journey.outcome == "open" or chance.now - deal.started < RECENT
        for state, entered, left in _stays(chance, deal):
            if not chance.happens(0.3 if lively else 0.05):
                continue
            coming = left is None and chance.happens(0.5)
            begin = (
                chance.at_work(chance.today + timedelta(days=chance.between(0, 12)))
                if coming
                else _within(chance, entered, left)
            )
            kind, subject = chance.pick(EVENTS[state])
            made = min(begin - timedelta(days=chance.between(1, 6)), chance.now)
            values = {
                "subject": subject.format(**deal.blanks(chance, made)),
                "kind": kind,
                "starts_at": stamp(begin),
                "ends_at": stamp(begin + timedelta(minutes=chance.pick((30, 60, 90, 120)))),
                "location": "线上会议" if chance.happens(0.3) else f"{deal.customer.city.name}，客户现场",
                **_about(deal),
                **staff.owned_by(deal.login),
            }
            yield DemoRecord("event", chance.new_id(made), values, made, deal.login)


def make_calls(chance: Chance, staff: Staff, deals: list[Deal]) -> Iterator[DemoRecord]:
    """Telephone calls of recent months."""
    for deal in deals:
        for _state, entered, left in _stays(chance, deal):
            at = _within(chance, entered, left)
            if chance.now - at > RECENT or not chance.happens(0.55):
                continue
            outcome = chance.weighted({"connected": 7, "no_answer": 2, "call_back": 1, "busy": 0.6})
            blanks = deal.blanks(chance, at)
            subject, content = chance.pick(CALLS)
            values: dict[str, Any] = {
                "subject": subject.format(**blanks),
                "direction": "outbound" if chance.happens(0.85) else "inbound",
                "outcome": outcome,
                "called_at": stamp(at),
                "duration_seconds": chance.between(45, 1500) if outcome == "connected" else 0,
                **_about(deal),
                **staff.owned_by(deal.login),
            }
            if outcome == "connected":
                values["content"] = content.format(**blanks)
            yield DemoRecord("call", chance.new_id(at), values, at, deal.login)


def _task(
    chance: Chance, staff: Staff, deal: Deal, phrase: str, *, entered: datetime, left: datetime | None
) -> DemoRecord:
    due = day_of(entered) + timedelta(days=chance.between(3, 18))
    done = left is not None or chance.happens(0.4)
    finished = min(left or chance.now, chance.later(entered, chance.between(1, 15)), chance.now)
    values: dict[str, Any] = {
        "subject": phrase.format(**deal.blanks(chance)),
        "due_on": due.isoformat(),
        "status": "done" if done else chance.weighted({"open": 5, "in_progress": 2, "waiting": 1}),
        "priority": chance.weighted({"normal": 6, "high": 2, "low": 1}),
        "opportunity": str(deal.id),
        "account": str(deal.customer.id),
        **staff.owned_by(deal.login),
    }
    if done:
        values["done_at"] = stamp(finished)
    return DemoRecord("task", chance.new_id(entered), values, entered, deal.login)


def _stays(chance: Chance, deal: Deal) -> Iterator[tuple[str, datetime, datetime | None]]:
    """(state, entered, left or None) of the open states that it went through."""
    visits = deal.journey.visits
    for visit, following in zip(visits, (*visits[1:], None), strict=True):
        if visit.state in OPEN_STATES:
            yield visit.state, visit.entered_at, following.entered_at if following else None


def _within(chance: Chance, entered: datetime, left: datetime | None) -> datetime:
    """A moment at work within the stay."""
    end = left or chance.now
    at = chance.at_work(day_of(entered + (end - entered) * chance.random.random()))
    return min(max(at, entered), end)


def _about(deal: Deal) -> dict[str, str]:
    return {
        "opportunity": str(deal.id),
        "account": str(deal.customer.id),
        "contact": str(deal.customer.contacts[0][0]),
    }
