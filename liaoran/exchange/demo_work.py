"""What people of the demo did beside writing records: files they put on them, approvals they started and decided. All of it
goes through the doors that everybody uses, dated when it is said to have happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from liaoran.access.actors import scope_of_person
from liaoran.access.grants import ADMINISTRATOR
from liaoran.access.scope import Scope
from liaoran.collaboration.files.keeping import NewFile, Place, add_file, receive_file
from liaoran.infra.files import FileStore, StoredFile
from liaoran.infra.settings import Settings
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.packs.demo.model import DemoApproval, DemoDeed, DemoPaper
from liaoran.process.approvals.deciding import decide
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.handing import add_sign, delegate
from liaoran.process.approvals.starting import Beginning, begin
from liaoran.process.people import labels_of
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Snapshot

_TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where files go, and what of them is admitted."""

    files: FileStore
    settings: Settings


@dataclass(frozen=True)
class Colleagues:
    """The people of the demo, once all are there: ids by login."""

    tx: Transaction
    snapshot: Snapshot
    people: Mapping[str, UUID]
    known: dict[str, Scope] = field(default_factory=dict)

    async def scope(self, login: str) -> Scope:
        """One of them, whose rights stand in nobody's way."""
        if login not in self.known:
            own = await scope_of_person(self.tx, self.snapshot, self.people[login])
            self.known[login] = Scope(self.snapshot, own.actor, ADMINISTRATOR)
        return self.known[login]

    async def desk(self, login: str, at: datetime) -> Desk:
        """The desk of one of them at that moment."""
        return Desk(self.tx, await self.scope(login), Cause(Door.DEMO, at=at), at)


async def put_papers(colleagues: Colleagues, keeping: Keeping, papers: Sequence[DemoPaper]) -> None:
    """Puts files on their records; the storage takes several at once."""
    for start in range(0, len(papers), _TOGETHER):
        part = papers[start : start + _TOGETHER]
        received = await asyncio.gather(*(_receive(colleagues.tx, keeping, one) for one in part))
        for paper, stored in zip(part, received, strict=True):
            scope, cause = await colleagues.scope(paper.login), Cause(Door.DEMO, at=paper.at)
            place = Place(colleagues.tx, scope, paper.object, paper.record, cause)
            told = NewFile(document_type=paper.document_type, title=paper.title)
            await add_file(keeping.files, place, stored, told)


async def _receive(tx: Transaction, keeping: Keeping, paper: DemoPaper) -> StoredFile:
    async def whole() -> AsyncIterator[bytes]:
        yield paper.content

    return await receive_file(keeping.files, keeping.settings, tx.schema, paper.name, whole())


async def run_approval(colleagues: Colleagues, told: DemoApproval) -> None:
    """Starts an approval and has people do about it what the story says."""
    desk = await colleagues.desk(told.login, told.at)
    process = _process_with(colleagues.snapshot, told)
    labels = await labels_of(desk.tx, desk.everything, told.object, [told.record])
    beginning = Beginning(
        told.record,
        labels.get(told.record),
        process,
        process.state_by_key[told.state],
        process.approval_by_key[told.approval],
    )
    (course,) = await begin(desk, told.object, [beginning])
    for deed in told.deeds:
        await _do(await colleagues.desk(deed.login, deed.at), course.id, deed, colleagues.people)


def _process_with(snapshot: Snapshot, told: DemoApproval) -> Process:
    """The first Process of the Object, its default before the others, that has the approval."""
    processes = sorted(snapshot.object(told.object).processes, key=lambda one: not one.is_default)
    return next(one for one in processes if told.approval in one.approval_by_key)


async def _do(desk: Desk, approval: UUID, deed: DemoDeed, people: Mapping[str, UUID]) -> None:
    match deed.kind:
        case "approve" | "return":
            await decide(desk, approval, deed.kind, deed.comment)
        case "delegate" if deed.to:
            await delegate(desk, approval, people[deed.to], deed.comment)
        case "ask" if deed.to:
            await add_sign(desk, approval, [people[deed.to]], "before", deed.comment)
