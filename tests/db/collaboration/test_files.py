"""Files on records: who may, what becomes of versions, what history tells, what is cleaned away."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from liaoran.collaboration.files.cleaning import clean_all_files, clean_files
from liaoran.collaboration.files.evidence import current_files
from liaoran.collaboration.files.keeping import (
    MOST_FILES,
    FileChange,
    NewFile,
    Place,
    add_file,
    add_version,
    change_file,
    receive_file,
    remove_file,
    require_place,
    restore_file,
)
from liaoran.collaboration.files.listing import find_content, list_files
from liaoran.collaboration.files.types import DocumentTypePart, install_document_types, put_document_types
from liaoran.collaboration.tables import record_files
from liaoran.infra.files import StoredFile, TooLarge
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import Conflict, Forbidden, Invalid, LiaoranError, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.records.bin import purge
from liaoran.records.changes import Create, Delete, Update, Written
from liaoran.records.history import read_history
from liaoran.records.merge import merge
from liaoran.records.undo import undo
from liaoran.records.write import write

from ..conftest import Selling

PDF = b"%PDF-1.7\n"


@pytest.fixture(scope="module", autouse=True)
async def _types(selling: Selling) -> None:
    async with selling.begin() as tx:
        await install_document_types(
            tx,
            [
                {"key": "contract", "label": {"zh": "合同", "en": "Contract"}},
                {"key": "quote", "label": {"zh": "报价", "en": "Quote"}},
            ],
        )


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 1000):
        yield content[at : at + 1000]


async def arrive(selling: Selling, content: bytes = PDF, name: str = "合同.pdf", **settings: Any) -> StoredFile:
    given = Settings(data_dir=selling.database.settings.data_dir, **settings)
    return await receive_file(selling.database.files, given, selling.schema, name, pieces(content))


async def deal(selling: Selling, who: str = "ann", **values: Any) -> UUID:
    outcome = (await selling.write(who, Create("deal", {"name": f"单子 {new_id().hex}", **values})))[0]
    assert isinstance(outcome, Written)
    return outcome.id


async def put(selling: Selling, who: str, record: UUID, content: bytes = PDF, **told: Any) -> UUID:
    stored = await arrive(selling, content)
    async with selling.begin() as tx:
        place = Place(tx, await selling.scope(tx, who), "deal", record, Cause(Door.FORM))
        return await add_file(selling.database.files, place, stored, NewFile(**told))


async def replace(selling: Selling, who: str, record: UUID, file: UUID, content: bytes, note: str | None = None) -> int:
    stored = await arrive(selling, content)
    async with selling.begin() as tx:
        place = Place(tx, await selling.scope(tx, who), "deal", record, Cause(Door.FORM))
        return await add_version(selling.database.files, place, file, stored, note)


async def work(selling: Selling, who: str, record: UUID, function: Any, *arguments: Any) -> None:
    async with selling.begin() as tx:
        await function(Place(tx, await selling.scope(tx, who), "deal", record, Cause(Door.FORM)), *arguments)


async def listed(selling: Selling, who: str, record: UUID, *, removed: bool = False) -> list[dict[str, Any]]:
    async with selling.database.read(selling.schema) as tx:
        found: list[dict[str, Any]] = orjson.loads(
            await list_files(tx, await selling.scope(tx, who), "deal", record, removed=removed)
        )
        return found


async def content(selling: Selling, who: str, record: UUID, file: UUID, number: int) -> bytes:
    files = selling.database.files
    async with selling.database.read(selling.schema) as tx:
        stored = await find_content(tx, files, await selling.scope(tx, who), "deal", record, file, number)
    return b"".join([chunk async for chunk in await files.read(stored)])


async def told(selling: Selling, record: UUID) -> list[dict[str, Any]]:
    """What history says about files, oldest first."""
    async with selling.database.read(selling.schema) as tx:
        page = orjson.loads(await read_history(tx, await selling.scope(tx, "admin"), "deal", record))
    return [one["file"] for one in reversed(page["events"]) if one["kind"] == "file"]


async def test_a_file_with_versions_from_upload_to_restore(selling: Selling) -> None:
    record = await deal(selling)
    file = await put(selling, "ann", record, PDF + b"1", document_type="contract", note="第一稿")
    assert await replace(selling, "ann", record, file, PDF + b"22", "客户改过") == 2
    shown = (await listed(selling, "ann", record))[0]
    assert (shown["title"], shown["document_type"], shown["version"]) == ("合同.pdf", "contract", 2)
    assert [(one["number"], one["note"], one["size"]) for one in shown["versions"]] == [
        (2, "客户改过", 11),
        (1, "第一稿", 10),
    ]
    assert {one["preview"] for one in shown["versions"]} == {"pdf"}
    assert shown["versions"][1]["sha256"] == hashlib.sha256(PDF + b"1").hexdigest()
    assert shown["versions"][0]["uploaded_by"] == {"id": str(selling.people["ann"]), "label": "Ann"}
    assert [await content(selling, "ann", record, file, number) for number in (1, 2)] == [PDF + b"1", PDF + b"22"]

    await work(selling, "ann", record, change_file, file, FileChange(title="主合同", document_type="quote"))
    await work(selling, "ann", record, change_file, file, FileChange(document_type=None))
    await work(selling, "ann", record, change_file, file, FileChange(title="主合同"))
    await work(selling, "ann", record, remove_file, file)
    await work(selling, "ann", record, remove_file, file)
    assert await listed(selling, "ann", record) == []
    gone = (await listed(selling, "ann", record, removed=True))[0]
    assert (gone["title"], gone["document_type"], gone["removed_by"]["label"]) == ("主合同", None, "Ann")
    assert await content(selling, "ann", record, file, 1) == PDF + b"1"
    for refused in (replace(selling, "ann", record, file, PDF), _change(selling, record, file)):
        with pytest.raises(Conflict, match="主合同"):
            await refused
    await work(selling, "ann", record, restore_file, file)
    await work(selling, "ann", record, restore_file, file)
    assert (await listed(selling, "ann", record))[0]["removed_at"] is None

    assert [one["what"] for one in await told(selling, record)] == [
        "added", "version", "changed", "changed", "removed", "restored",
    ]  # fmt: skip
    first, second, renamed, untyped, *_ = await told(selling, record)
    assert first["type"] == {"key": "contract", "label": {"zh": "合同", "en": "Contract"}}
    assert (second["version"], second["title"]) == (2, "合同.pdf")
    assert (renamed["old_title"], renamed["title"], renamed["old_type"]["key"], renamed["type"]["key"]) == (
        "合同.pdf", "主合同", "contract", "quote",
    )  # fmt: skip
    assert (untyped["type"], untyped["old_type"]["key"], "old_title" in untyped) == (None, "quote", False)


async def _change(selling: Selling, record: UUID, file: UUID) -> None:
    await work(selling, "ann", record, change_file, file, FileChange(title="x"))


async def test_rights_go_through_the_record(selling: Selling) -> None:
    """Bob sees nothing of Ann's; the leader of the department does; a company everybody sees only its owner edits."""
    record = await deal(selling)
    file = await put(selling, "ann", record)
    assert len(await listed(selling, "lee", record)) == 1
    assert await content(selling, "lee", record, file, 1) == PDF
    assert await replace(selling, "lee", record, file, PDF) == 2
    attempts: list[Any] = [
        lambda who: listed(selling, who, record),
        lambda who: content(selling, who, record, file, 1),
        lambda who: put(selling, who, record),
        lambda who: replace(selling, who, record, file, PDF),
        lambda who: work(selling, who, record, change_file, file, FileChange(title="x")),
        lambda who: work(selling, who, record, remove_file, file),
        lambda who: work(selling, who, record, restore_file, file),
    ]
    for who in ("bob", "eve"):
        for attempt in attempts:
            with pytest.raises(NotFound):
                await attempt(who)
    company = (await selling.write("ann", Create("company", {"name": f"公司 {new_id().hex}"})))[0]
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "bob")
        assert await list_files(tx, scope, "company", company.id) == b"[]"
        with pytest.raises(Forbidden):
            await require_place(tx, scope, "company", company.id)


async def test_a_file_is_found_through_its_own_record_only(selling: Selling) -> None:
    mine, other = await deal(selling), await deal(selling)
    file = await put(selling, "ann", mine)
    for attempt in (
        content(selling, "ann", other, file, 1),
        content(selling, "ann", mine, file, 2),
        replace(selling, "ann", other, file, PDF),
        work(selling, "ann", other, remove_file, file),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_record_in_the_bin_hides_its_files_and_brings_them_back(selling: Selling) -> None:
    record = await deal(selling)
    await put(selling, "ann", record)
    cause = Cause(Door.FORM)
    async with selling.begin() as tx:
        await write(tx, await selling.scope(tx, "ann"), [Delete("deal", record)], cause)
    for attempt in (listed(selling, "ann", record), put(selling, "ann", record)):
        with pytest.raises(NotFound):
            await attempt
    async with selling.begin() as tx:
        await undo(tx, await selling.scope(tx, "ann"), cause.action)
    assert len(await listed(selling, "ann", record)) == 1


async def test_what_is_refused_leaves_nothing(selling: Selling) -> None:
    record = await deal(selling)
    for arriving, kind in (
        (arrive(selling, b""), Invalid),
        (arrive(selling, b"MZ\x90\0\0\0"), Refused),
        (arrive(selling, PDF, file_types="image/*"), Refused),
        (arrive(selling, PDF + b"x" * 2**21, max_file_mb=1), TooLarge),
        (put(selling, "ann", record, document_type="nothing"), Invalid),
        (put(selling, "ann", new_id()), NotFound),
    ):
        with pytest.raises(kind):
            await arriving
    assert await listed(selling, "ann", record) == []
    assert await told(selling, record) == []
    async with selling.database.read(selling.schema) as tx:
        kept = await tx.fetch_value("SELECT count(*) FROM {org}.files WHERE name = 'x.pdf'")
    assert kept == 0


async def test_a_record_holds_a_bounded_number_of_files(selling: Selling, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FILES >= 100
    monkeypatch.setattr("liaoran.collaboration.files.keeping.MOST_FILES", 2)
    record = await deal(selling)
    file = await put(selling, "ann", record)
    await put(selling, "ann", record)
    with pytest.raises(Refused):
        await put(selling, "ann", record)
    await work(selling, "ann", record, remove_file, file)
    await put(selling, "ann", record)


async def test_two_new_versions_at_once_are_two(selling: Selling) -> None:
    record = await deal(selling)
    file = await put(selling, "ann", record)
    numbers = await asyncio.gather(*(replace(selling, who, record, file, PDF) for who in ("ann", "lee", "admin")))
    assert sorted(numbers) == [2, 3, 4]


async def test_a_file_is_no_version_of_the_record_and_no_conflict(selling: Selling) -> None:
    record = await deal(selling)
    await put(selling, "lee", record)
    await selling.write("ann", Update("deal", record, {"note": "x"}, version=1))
    await put(selling, "lee", record)
    with pytest.raises(Conflict) as caught:
        await selling.write("ann", Update("deal", record, {"note": "y"}, version=1))
    assert caught.value.extra["changed_by"] == "Ann"


async def test_merged_records_bring_their_files_along_and_take_them_back(selling: Selling) -> None:
    winner, loser = await deal(selling), await deal(selling)
    file = await put(selling, "ann", loser, document_type="contract")
    cause = Cause(Door.MERGE)
    async with selling.begin() as tx:
        await merge(tx, await selling.scope(tx, "ann"), "deal", into=winner, others=[loser], values={}, cause=cause)
    assert [one["id"] for one in await listed(selling, "ann", winner)] == [str(file)]
    assert await content(selling, "ann", winner, file, 1) == PDF
    assert await replace(selling, "ann", winner, file, PDF) == 2
    assert await evidence(selling, winner) == [("deal", "contract", 2)]
    async with selling.begin() as tx:
        await undo(tx, await selling.scope(tx, "ann"), cause.action)
    assert await listed(selling, "ann", winner) == []
    assert [one["version"] for one in await listed(selling, "ann", loser)] == [2]


async def evidence(selling: Selling, record: UUID) -> list[tuple[str, str | None, int]]:
    found = current_files().subquery()
    async with selling.database.read(selling.schema) as tx:
        rows = await tx.fetch_all(sa.select(found).where(found.c.record_id == record))
    assert all(row["uploaded_at"] <= datetime.now(UTC) for row in rows)
    return [(row["object"], row["document_type"], row["version"]) for row in rows]


async def test_evidence_is_the_current_version_of_what_is_not_removed(selling: Selling) -> None:
    record = await deal(selling)
    contract = await put(selling, "ann", record, document_type="contract")
    other = await put(selling, "ann", record)
    await replace(selling, "ann", record, contract, PDF)
    assert sorted(await evidence(selling, record), key=str) == [("deal", "contract", 2), ("deal", None, 1)]
    await work(selling, "ann", record, remove_file, contract)
    assert await evidence(selling, record) == [("deal", None, 1)]
    await work(selling, "ann", record, remove_file, other)
    assert await evidence(selling, record) == []


async def age(selling: Selling, file: UUID, days: int) -> None:
    async with selling.begin() as tx:
        past = datetime.now(UTC) - timedelta(days=days)
        await tx.execute(sa.update(record_files).where(record_files.c.id == file).values(removed_at=past))


async def test_removed_files_go_for_good_in_time(selling: Selling) -> None:
    record = await deal(selling)
    old, recent, kept = [await put(selling, "ann", record) for _ in range(3)]
    await replace(selling, "ann", record, old, PDF)
    for file in (old, recent):
        await work(selling, "ann", record, remove_file, file)
    await age(selling, old, selling.database.settings.removed_file_days + 1)
    before = await stored_keys(selling)
    await clean_all_files(selling.database, "liaoran")
    assert [one["id"] for one in await listed(selling, "ann", record, removed=True)] == [str(recent)]
    assert [one["id"] for one in await listed(selling, "ann", record)] == [str(kept)]
    assert len(before) - len(await stored_keys(selling)) == 2


async def stored_keys(selling: Selling) -> set[str]:
    return {key async for key, _ in selling.database.files.storage.walk(selling.schema)}


async def test_files_of_records_that_are_gone_go_too_and_merged_ones_stay(selling: Selling) -> None:
    """A record in the bin keeps its files; once it is purged they go; what was merged lives on with the winner."""
    gone, winner, loser = [await deal(selling) for _ in range(3)]
    await put(selling, "ann", gone)
    file = await put(selling, "ann", loser)
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "admin")
        await merge(tx, scope, "deal", into=winner, others=[loser], values={}, cause=Cause(Door.MERGE))
    await selling.write("ann", Delete("deal", gone))
    past = datetime.now(UTC) - timedelta(days=1)
    async with selling.begin() as tx:
        assert await clean_files(tx, selling.database.files, await selling.scope(tx, "system"), past) == 0
        await purge(tx, await selling.scope(tx, "admin"), "deal", datetime.now(UTC) + timedelta(days=1))
    async with selling.begin() as tx:
        assert await clean_files(tx, selling.database.files, await selling.scope(tx, "system"), past) == 1
    assert [one["id"] for one in await listed(selling, "ann", winner)] == [str(file)]


async def test_document_types_are_shaped_by_administrators_and_never_lost(selling: Selling) -> None:
    async def set_types(who: str, *parts: dict[str, Any]) -> list[dict[str, Any]]:
        async with selling.begin() as tx:
            wanted = [DocumentTypePart.model_validate(part) for part in parts]
            return await put_document_types(tx, await selling.scope(tx, who), wanted)

    record = await deal(selling)
    file = await put(selling, "ann", record, document_type="quote")
    with pytest.raises(Forbidden):
        await set_types("ann")
    contract = {"key": "contract", "label": {"zh": "合同版本", "en": ""}}
    done = await set_types("admin", {"label": {"zh": "验收单", "en": "Acceptance"}}, contract)
    assert [(one["label"]["zh"], one["label"]["en"], one["retired"], one["origin"]) for one in done] == [
        ("验收单", "Acceptance", False, "custom"),
        ("合同版本", "合同版本", False, "shipped"),
        ("报价", "Quote", True, "shipped"),
    ]
    assert (await listed(selling, "ann", record))[0]["document_type"] == "quote"
    await work(selling, "ann", record, change_file, file, FileChange(title="y", document_type="quote"))
    with pytest.raises(Invalid):
        await put(selling, "ann", record, document_type="quote")
    for wrong in ([contract, contract], [{"label": {"zh": " "}}], [contract, {"label": {"zh": "合同版本"}}]):
        with pytest.raises(LiaoranError):
            await set_types("admin", *wrong)
    async with selling.begin() as tx:
        await install_document_types(tx, [{"key": "contract", "label": {"zh": "合同", "en": "Contract"}}])
    back = {"key": "quote", "label": {"zh": "报价", "en": "Quote"}}
    own = [{**one, "retired": True} for one in _parts(done) if one["key"].startswith("type_")]
    again = await set_types("admin", back, contract, *own)
    assert [(one["key"][:5], one["retired"]) for one in again] == [("quote", False), ("contr", False), ("type_", True)]
    assert again[1]["label"]["zh"] == "合同版本"


def _parts(types: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"key": one["key"], "label": one["label"]} for one in types]
