"""An empty audit log for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from liaoran.audit import note
from liaoran.audit.chain import GENESIS
from liaoran.audit.tables import audit_log, audit_pending
from liaoran.audit.verifying import Finding, Verification, verify
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.ids import new_id

_TABLES = ("audit_log", "audit_chain", "audit_pending", "audit_checkpoints", "audit_redactions")
_GUARDED = tuple(name for name in _TABLES if name != "audit_pending")
ANN = Actor(kind="person", id=UUID(int=1), person=UUID(int=1), label="Ann")


@dataclass
class Log:
    """The audit log of one organisation, and hands that reach past the application."""

    database: Database
    schema: str

    async def note(self, kind: str = "sign_in.succeeded", **more: Any) -> None:
        """One entry in a transaction of its own, sealed with it."""
        async with self.database.transaction(self.schema) as tx:
            note(tx, kind, more.pop("actor", ANN), **more)

    async def fill(self, entries: int, facts: Mapping[str, Any] | None = None) -> None:
        """Several entries at once."""
        async with self.database.transaction(self.schema) as tx:
            for number in range(entries):
                note(tx, "settings.changed", ANN, facts={"number": number, **(facts or {})})

    async def add_raw(self, at: datetime, kind: str = "sign_in.refused") -> None:
        """An entry with a moment of its choice; it waits to be sealed."""
        entry = {"id": new_id(), "at": at, "kind": kind, "actor_kind": "nobody", "actor_label": "", "facts": {}}
        async with self.database.transaction(self.schema) as tx:
            await tx.execute(audit_log.insert(), entry)
            await tx.execute(audit_pending.insert(), {"entry": entry["id"]})

    async def rows(self, statement: str, **params: Any) -> list[dict[str, Any]]:
        """What a statement gives."""
        async with self.database.read(self.schema) as tx:
            return await tx.fetch_all(statement, params)

    async def verify(self, head: str | None = None) -> Verification:
        """What the walk along the chain finds."""
        async with self.database.read(self.schema, consistent=True) as tx:
            return await verify(tx, self.database.secrets, head)

    async def found(self) -> set[tuple[str, int | None]]:
        """What and which numbers were found."""
        return {(one.what, one.number) for one in (await self.verify()).findings}

    async def findings(self) -> list[Finding]:
        """All that was found."""
        return (await self.verify()).findings

    @asynccontextmanager
    async def tampering(self) -> AsyncIterator[Transaction]:
        """A transaction of somebody who owns the tables and has switched their triggers off."""
        async with self.database.transaction(self.schema) as tx:
            for table in _GUARDED:
                await tx.execute(f"ALTER TABLE {{org}}.{table} DISABLE TRIGGER ALL")
            yield tx
            for table in _GUARDED:
                await tx.execute(f"ALTER TABLE {{org}}.{table} ENABLE TRIGGER ALL")


@pytest.fixture
async def log(database: Database, organisation: Organisation) -> Log:
    """The audit log of the module's organisation, emptied as only the owner of the tables can."""
    log = Log(database, organisation.schema)
    async with log.tampering() as tx:
        await tx.execute("TRUNCATE " + ", ".join(f"{{org}}.{name}" for name in _TABLES))
        await tx.execute("UPDATE {org}.audit_head SET number = 0, hash = :hash", {"hash": GENESIS})
    return log
