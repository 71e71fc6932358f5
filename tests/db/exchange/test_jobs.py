"""Imports as the pages drive them: upload, plan, try, start, restart, cancel, fetch rejected rows, take back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import DeadlockDetected

from liaoran.access.actors import scope_of_person
from liaoran.access.people import person_of_login
from liaoran.access.scope import Scope
from liaoran.exchange.imports import service, working
from liaoran.exchange.imports.progress import Progress
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import Conflict, Invalid, NotFound
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_field

ROWS = 5_000
CONTENT = "商机编号,商机名称,商机阶段,预计金额\n" + "".join(
    f"D{n},商机 {n},{'初步接触' if n % 100 else '不存在'},{n}\n" for n in range(ROWS)
)


@pytest.fixture
async def admin(database: Database, organisation: Organisation) -> Scope:
    """The administrator's own Scope."""
    async with database.read(organisation.schema) as tx:
        person = await person_of_login(tx, "admin")
        return await scope_of_person(tx, await load_snapshot(tx), person)


async def upload(database: Database, organisation: Organisation, scope: Scope, content: str, key: str) -> UUID:
    async def chunks() -> AsyncIterator[bytes]:
        yield content.encode()

    stored = await database.files.receive(organisation.schema, "商机.csv", "text/csv", chunks(), limit=1 << 24)
    async with database.transaction(organisation.schema) as tx:
        return (await service.begin_import(database, tx, scope, key, stored)).id


async def act(database: Database, organisation: Organisation, function: Any, *arguments: Any, **options: Any) -> Any:
    async with database.transaction(organisation.schema) as tx:
        if function in (service.plan_import, service.start_import, service.import_rejects):
            return await function(database, tx, *arguments, **options)
        return await function(tx, *arguments, **options)


async def test_the_way_through_the_wizard(database: Database, organisation: Organisation, admin: Scope) -> None:
    record = await upload(database, organisation, admin, CONTENT, "opportunity")
    found = await act(database, organisation, service.find_import, admin, record)
    shown = found.to_json("zh")
    assert (shown["state"], shown["analysis"]["rows"]) == ("analysed", ROWS)
    columns = {one["name"]: one for one in shown["analysis"]["columns"]}
    assert columns["商机阶段"]["proposal"]["field"] == "stage"
    assert columns["商机阶段"]["values"]["unknown"] == 1
    assert columns["商机阶段"]["values"]["values"][0]["value"] == "不存在"

    changed = await act(
        database,
        organisation,
        service.plan_import,
        admin,
        record,
        {"columns": {"商机阶段": {"values": {"不存在": "方案报价"}}}},
    )
    assert changed.plan["columns"]["商机阶段"]["values"] == {"不存在": "方案报价"}
    tried = await act(database, organisation, service.start_import, admin, record, dry_run=True)
    assert tried.state == "waiting"
    await service.run_import(database, organisation.schema, str(record), dry_run=True)
    found = await act(database, organisation, service.find_import, admin, record)
    assert (found.state, found.progress["created"], found.progress["rejected"]) == ("analysed", ROWS, 0)

    await act(database, organisation, service.start_import, admin, record)
    with pytest.raises(Conflict):
        await act(database, organisation, service.start_import, admin, record)
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert (found.state, found.progress["phase"]) == ("done", "done")
    assert {key: found.progress[key] for key in ("read", "created", "rejected")} == {
        "read": ROWS,
        "created": ROWS,
        "rejected": 0,
    }
    assert found.to_json("en")["progress"]["rate"] > 0
    with pytest.raises(NotFound):
        await act(database, organisation, service.import_rejects, admin, record)

    undone, report = await act(database, organisation, service.undo_import, admin, record)
    assert (undone.state, report.undone) == ("undone", ROWS)
    with pytest.raises(Conflict):
        await act(database, organisation, service.undo_import, admin, record)


async def test_rejected_rows_are_told_and_fetched(database: Database, organisation: Organisation, admin: Scope) -> None:
    record = await upload(database, organisation, admin, CONTENT, "opportunity")
    await act(database, organisation, service.start_import, admin, record)
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert (found.progress["created"], found.progress["rejected"]) == (ROWS - 50, 50)
    name, chunks = await act(database, organisation, service.import_rejects, admin, record)
    text = b"".join([chunk async for chunk in chunks]).decode("utf-8-sig")
    assert name == "商机.rejected.csv"
    assert len(text.splitlines()) == 51


class Dies(BaseException):
    """Stands for a process that dies."""


async def test_a_restart_goes_on_behind_the_last_chunk(
    database: Database, organisation: Organisation, admin: Scope, fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await upload(database, organisation, admin, CONTENT, "opportunity")
    await act(database, organisation, service.start_import, admin, record)
    store = working.store_progress
    calls = 0

    async def dying(tx: Any, which: UUID, progress: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Dies
        return await store(tx, which, progress)

    monkeypatch.setattr(working, "store_progress", dying)
    with pytest.raises(Dies):
        await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert (found.state, found.progress["read"]) == ("running", 2000)
    (half,) = await fetch("SELECT count(*) AS count FROM {org}.r_opportunity")
    assert half["count"] == 1980
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert found.state == "done"
    assert {key: found.progress[key] for key in ("read", "created", "rejected")} == {
        "read": ROWS,
        "created": ROWS - 50,
        "rejected": 50,
    }
    _, chunks = await act(database, organisation, service.import_rejects, admin, record)
    text = b"".join([chunk async for chunk in chunks]).decode("utf-8-sig")
    assert len(text.splitlines()) == 51
    (whole,) = await fetch(
        "SELECT count(*) AS count, count(DISTINCT action) AS actions FROM {org}.events WHERE object = 'opportunity'"
    )
    assert whole == {"count": ROWS - 50, "actions": 1}


async def test_links_within_the_file_survive_a_restart(
    database: Database, organisation: Organisation, admin: Scope, fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "客户名称,上级客户\n" + "".join(f"C{n},C{(n + 1) % 3000}\n" for n in range(3000))
    record = await upload(database, organisation, admin, content, "account")
    await act(database, organisation, service.start_import, admin, record)
    store = working.store_progress

    async def dying(tx: Any, which: UUID, progress: dict[str, Any]) -> Any:
        if progress["phase"] == "links" and progress["line"] > 2500:
            raise Dies
        return await store(tx, which, progress)

    monkeypatch.setattr(working, "store_progress", dying)
    with pytest.raises(Dies):
        await service.run_import(database, organisation.schema, str(record))
    monkeypatch.setattr(working, "store_progress", store)
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert (found.state, found.progress["created"], found.progress["unchanged"]) == ("done", 3000, 0)
    (linked,) = await fetch("SELECT count(parent) AS count FROM {org}.r_account")
    assert linked["count"] == 3000


async def test_cancelling(
    database: Database, organisation: Organisation, admin: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await upload(database, organisation, admin, CONTENT, "opportunity")
    await act(database, organisation, service.start_import, admin, record)
    store = working.store_progress

    async def cancelled_meanwhile(tx: Any, which: UUID, progress: dict[str, Any]) -> Any:
        state = await store(tx, which, progress)
        return "cancelling" if progress["read"] >= 4000 else state

    monkeypatch.setattr(working, "store_progress", cancelled_meanwhile)
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert found.state == "cancelled"
    assert found.progress["read"] == 2000

    waiting = await upload(database, organisation, admin, "客户名称\nA\nB\n", "account")
    await act(database, organisation, service.start_import, admin, waiting)
    assert (await act(database, organisation, service.cancel_import, admin, waiting)).state == "cancelled"
    await service.run_import(database, organisation.schema, str(waiting))
    assert (await act(database, organisation, service.find_import, admin, waiting)).progress == {}


async def test_a_dry_run_stops_nobody(
    database: Database, organisation: Organisation, admin: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await upload(database, organisation, admin, "商机名称,商机阶段\nA,初步接触\nB,方案报价\n", "opportunity")
    await act(database, organisation, service.start_import, admin, first)
    await service.run_import(database, organisation.schema, str(first))
    record = await upload(database, organisation, admin, CONTENT, "opportunity")
    await act(database, organisation, service.start_import, admin, record, dry_run=True)
    store, free = working.store_progress, 0

    async def looking(tx: Any, which: UUID, progress: dict[str, Any]) -> Any:
        nonlocal free
        async with database.transaction(organisation.schema) as beside:
            free += len(await beside.fetch_all("SELECT 1 FROM {org}.state_totals FOR UPDATE NOWAIT"))
        return await store(tx, which, progress)

    monkeypatch.setattr(working, "store_progress", looking)
    await service.run_import(database, organisation.schema, str(record), dry_run=True)
    found = await act(database, organisation, service.find_import, admin, record)
    assert (found.state, found.progress["created"], found.progress["rejected"]) == ("analysed", ROWS - 50, 50)
    assert free == 8, "both totals, after each of three chunks and at the end"


async def test_what_is_unique_stays_so_between_chunks_that_overlap(
    database: Database, organisation: Organisation, admin: Scope, fetch: Any
) -> None:
    async with database.transaction(organisation.schema) as tx:
        field = {"key": "contract_number", "type": "text", "label": "合同号", "unique": True}
        await add_field(tx, "opportunity", field, actor=admin.actor)
        admin = Scope(await load_snapshot(tx), admin.actor, admin.grants)
    rows = "".join(f"D{n},商机 {n},{f'H{n % 2500}' if n % 500 < 2 else ''}\n" for n in range(ROWS))
    record = await upload(database, organisation, admin, f"商机编号,商机名称,合同号\n{rows}", "opportunity")
    await act(database, organisation, service.start_import, admin, record)
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert found.state == "done"
    assert (found.progress["created"], found.progress["rejected"]) == (ROWS - 10, 10)
    assert {one["code"] for one in found.progress["problems"]} == {"not_unique"}
    (numbers,) = await fetch("SELECT count(contract_number) AS count FROM {org}.r_opportunity")
    assert numbers["count"] == 10


async def test_chunks_that_the_database_turns_down_are_written_again(
    database: Database, organisation: Organisation, admin: Scope, fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await upload(database, organisation, admin, CONTENT, "opportunity")
    await act(database, organisation, service.start_import, admin, record)
    store, calls = working.store_progress, 0

    async def turned_down(tx: Any, which: UUID, progress: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls in (1, 3):
            raise DeadlockDetected
        return await store(tx, which, progress)

    monkeypatch.setattr(working, "store_progress", turned_down)
    await service.run_import(database, organisation.schema, str(record))
    found = await act(database, organisation, service.find_import, admin, record)
    assert found.state == "done"
    assert [found.progress[key] for key in ("read", "created", "rejected")] == [ROWS, ROWS - 50, 50]
    (whole,) = await fetch("SELECT count(*) AS count, count(DISTINCT external_id) AS keys FROM {org}.r_opportunity")
    assert whole == {"count": ROWS - 50, "keys": ROWS - 50}
    _, chunks = await act(database, organisation, service.import_rejects, admin, record)
    assert len(b"".join([chunk async for chunk in chunks]).decode("utf-8-sig").splitlines()) == 51


async def test_an_upload_that_cannot_be_read_leaves_nothing(
    database: Database, organisation: Organisation, admin: Scope, fetch: Any
) -> None:
    with pytest.raises(Invalid) as refused:
        await upload(database, organisation, admin, "%PDF-1.7", "account")
    assert refused.value.code == "wrong_file_type"
    assert await fetch("SELECT 1 FROM {org}.imports") == []
    assert await fetch("SELECT 1 FROM {org}.files") == []


async def test_questions_have_to_be_answered_before_the_start(
    database: Database, organisation: Organisation, admin: Scope
) -> None:
    content = "Opportunity name,Close Date\nX,01/02/2026\nY,05/06/2026\n"
    record = await upload(database, organisation, admin, content, "opportunity")
    found = await act(database, organisation, service.find_import, admin, record)
    (question,) = found.analysis["questions"]
    assert (question["code"], question["evidence"]["options"]) == ("date_order", ["dmy", "mdy"])
    with pytest.raises(Invalid):
        await act(database, organisation, service.start_import, admin, record)
    answer = {"columns": {"Close Date": {"date_order": "mdy"}}}
    assert (await act(database, organisation, service.plan_import, admin, record, answer)).analysis["questions"] == []
    await act(database, organisation, service.start_import, admin, record)


async def test_progress_tells_rate_and_remaining_time() -> None:
    progress = Progress(total=1000, read=250, seconds=2.0)
    assert (progress.rate, progress.remaining_seconds) == (125.0, 6.0)
    assert Progress.from_json(progress.to_json()) == progress
    assert Progress().remaining_seconds is None
