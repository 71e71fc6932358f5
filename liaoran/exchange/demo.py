"""Loading the demo: everything goes through the one write path, dated when it is said to have happened, so that Events,
versions and visits are as true as in a real organisation.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from liaoran.access.people import LoginChange, change_login
from liaoran.access.scope import Scope
from liaoran.exchange.demo_work import Colleagues, Keeping, put_papers, run_approval
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.packs.demo import DEMO_LOGINS, DEMO_PASSWORD
from liaoran.packs.demo.generator import generate
from liaoran.packs.demo.model import DemoData, DemoRecord
from liaoran.records.changes import Change, Create, Past, Update
from liaoran.records.write import write

Say = Callable[[str, int], None]


async def load_demo(
    tx: Transaction, scope: Scope, administrator: UUID, today: date, keeping: Keeping, say: Say | None = None
) -> dict[str, int]:
    """Fills an organisation that has the sales pack and its administrator, and nothing else.

    ``scope`` has to see and do everything (``system_scope``); ``administrator`` becomes the demo's first person; files go
    where ``keeping`` says. Everybody gets a login with DEMO_PASSWORD. ``say`` is told the Object and the number of records
    after each part. Gives the number of records by Object. Raises what the write path raises.
    """
    data = generate(today, known={DEMO_LOGINS[0]: administrator})
    loader = _Loader(tx, scope, data)
    counts: dict[str, int] = {}

    def told(key: str, count: int) -> None:
        counts[key] = count
        if say is not None:
            say(key, count)

    for key, records in data.groups():
        await loader.load(key, records, known={administrator})
        told(key, len(records))
    colleagues = Colleagues(tx, scope.snapshot, {one.login: one.id for one in data.people})
    await put_papers(colleagues, keeping, data.papers)
    told("file", len(data.papers))
    for approval in data.approvals:
        await run_approval(colleagues, approval)
    told("approval", len(data.approvals))
    return counts


class _Loader:
    """Writes the groups one after the other under one action."""

    def __init__(self, tx: Transaction, scope: Scope, data: DemoData) -> None:
        self._tx = tx
        self._scope = scope
        self._data = data
        self._people = {one.login: (one.id, str(one.values["name"])) for one in data.people}
        self._cause = Cause(Door.DEMO)

    async def load(self, key: str, records: Sequence[DemoRecord], known: set[UUID]) -> None:
        await self._write(self._first(one, known) for one in records)
        if key == "person":
            await self._write(
                Update("department", department, {"head": str(person)})
                for department, person in self._data.heads.items()
            )
            for one in self._data.people:
                await change_login(
                    self._tx, one.id, LoginChange(one.login, DEMO_PASSWORD, one.roles, known_to_all=True)
                )
        await self._write(self._steps(records))

    def _first(self, one: DemoRecord, known: set[UUID]) -> Change:
        past = self._past(one.created_by, one)
        if one.id in known:
            return Update(one.object, one.id, one.values)
        return Create(one.object, one.values, one.id, past)

    def _steps(self, records: Sequence[DemoRecord]) -> Iterator[Change]:
        """Round by round, so that a batch holds every record at most once: all second values, all third ones, …"""
        for number in range(max((len(one.steps) for one in records), default=0)):
            for one in records:
                if number < len(one.steps):
                    step = one.steps[number]
                    person, name = self._people[step.person]
                    yield Update(one.object, one.id, step.values, past=Past(step.at, person, name))

    def _past(self, login: str, one: DemoRecord) -> Past:
        person, name = self._people[login]
        return Past(one.created_at, person, name)

    async def _write(self, changes: Iterable[Change]) -> None:
        pending = iter(changes)
        while part := list(itertools.islice(pending, 10_000)):
            await write(self._tx, self._scope, part, self._cause)
