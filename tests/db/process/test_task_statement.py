"""What a move costs the database: the tasks of a stage are one statement, and a stage that asks for nothing is none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from liaoran.infra.flights import Connection, Passenger
from liaoran.process.following import Made
from liaoran.process.publish import publish_process
from liaoran.records.changes import Create, Update
from liaoran.records.context import WriteContext

from ..conftest import Selling

ACTIONS = [
    {"key": f"step_{n}", "label": {"zh": f"动作 {n}", "en": f"Step {n}"}, "must": n % 2 == 0, "due_days": n, "who": who}
    for n, who in enumerate(
        (
            {"who": "owner"},
            {"who": "actor"},
            {"who": "role", "role": "presales"},
            {"who": "manager"},
            {"who": "owner"},
        )
    )
]
BUSY: dict[str, Any] = {
    "key": "busy",
    "object": "deal",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "忙", "en": "Busy"},
    "states": [
        {"key": "ask", "label": {"zh": "问", "en": "Ask"}},
        {"key": "listen", "label": {"zh": "听", "en": "Listen"}},
        {"key": "work", "label": {"zh": "做", "en": "Work"}, "actions": ACTIONS},
    ],
}


@pytest.fixture
async def sent(strict: Selling, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """The texts of all statements that reach the database, in their order; notices, which follow when they will, left
    out."""
    async with strict.begin() as tx:
        await publish_process(tx, await strict.scope(tx), BUSY)
    texts: list[str] = []
    fly = Connection.fly

    async def noted(connection: Connection, passengers: Sequence[Passenger]) -> None:
        flight = [one.text.decode() for one in passengers]
        if not any("pg_notify" in one for one in flight):
            texts.extend(flight)
        await fly(connection, passengers)

    monkeypatch.setattr(Connection, "fly", noted)
    yield texts


async def make(strict: Selling, count: int) -> list[UUID]:
    changes = [Create("deal", {"name": f"Alpha {n}", "pipeline": "busy", "stage": "ask"}) for n in range(count)]
    return [one.id for one in await strict.write("ann", *changes)]


async def move(strict: Selling, records: Sequence[UUID], state: str) -> None:
    await strict.write("ann", *(Update("deal", one, {"stage": state}) for one in records))


def written_into(table: str, texts: Sequence[str]) -> list[str]:
    return [one for one in texts if "INSERT INTO" in one and f".{table} " in one.replace('"', "")]


@pytest.mark.parametrize("count", [1, 3])
async def test_the_tasks_of_a_stage_are_one_statement(strict: Selling, sent: list[str], count: int) -> None:
    records = await make(strict, count)
    sent.clear()
    await move(strict, records, "work")
    assert len(written_into("r_todo", sent)) == 1
    asked = {"records": records}
    async with strict.begin() as tx:
        found = await tx.fetch_all(
            "SELECT deal, subject, must FROM {org}.r_todo WHERE deal = ANY(:records) ORDER BY deal, due_on", asked
        )
    labels = [(one["label"]["zh"], one["must"]) for one in ACTIONS]
    assert [(row["deal"], row["subject"], row["must"]) for row in found] == [
        (record, *label) for record in sorted(records) for label in labels
    ]


async def test_a_move_between_stages_that_ask_for_nothing_sends_nothing_more(
    strict: Selling, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_: WriteContext, __: Sequence[Made]) -> None:
        pass

    records = await make(strict, 2)
    sent.clear()
    await move(strict, records[:1], "listen")
    usual = list(sent)
    assert any("UPDATE" in one and "r_deal" in one for one in usual)
    sent.clear()
    monkeypatch.setattr("liaoran.process.guard.follow_moves", nothing)
    await move(strict, records[1:], "listen")
    assert sent == usual
