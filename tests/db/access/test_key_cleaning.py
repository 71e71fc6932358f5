from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from liaoran.access.cleaning import clean_keys
from liaoran.access.entering import person_actor
from liaoran.access.factors.recovery import make_recovery_codes
from liaoran.access.links import make_link
from liaoran.access.people import LoginChange, change_login, person_of_login
from liaoran.access.scope import system_scope
from liaoran.access.sessions import open_session
from liaoran.access.tables import (
    api_tokens,
    logins,
    person_roles,
    recovery_codes,
    sessions,
    sign_in_links,
    sign_in_tickets,
)
from liaoran.access.tickets import give_ticket
from liaoran.access.tokens import create_token
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.records.changes import Create, Delete
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot

KEPT = (logins, person_roles, sessions, api_tokens, recovery_codes, sign_in_links)


async def _rows_of(tx: Transaction, person: Any) -> list[int]:
    counts = [sa.select(sa.func.count()).select_from(table).where(table.c.person == person) for table in KEPT]
    return [int(await tx.fetch_value(one)) for one in counts]


async def test_the_keys_of_who_is_gone_for_good_go_too(
    sales_database: Database, sales_organisation: Organisation
) -> None:
    slug = sales_organisation.slug
    async with sales_database.transaction(sales_organisation.schema) as tx:
        snapshot = await load_snapshot(tx)
        binned, gone = new_id(), new_id()
        scope, cause = system_scope(snapshot), Cause(Door.API)
        await write(tx, scope, [Create("person", {"name": "在回收站"}, binned)], cause)
        for person, login in ((binned, "binned"), (gone, "gone")):
            await change_login(tx, person, LoginChange(login, "rain on a tin roof", ["salesperson"]))
            await make_link(tx, slug, person, person_actor(person, login))
            await open_session(tx, slug, person)
            await create_token(tx, slug, person, "t")
            await make_recovery_codes(tx, person)
        await write(tx, scope, [Delete("person", binned)], cause)
        assert await clean_keys(tx, snapshot) == 15
        assert await _rows_of(tx, gone) == [0] * len(KEPT)
        assert await _rows_of(tx, binned) == [1, 1, 1, 1, 10, 1], "they may come back"
        assert await _rows_of(tx, await person_of_login(tx, "admin")) == [1, 1, 0, 0, 0, 0]
        # The name is free again.
        await change_login(tx, binned, LoginChange("gone"))


async def test_what_has_run_out_goes(sales_database: Database, sales_organisation: Organisation) -> None:
    async with sales_database.transaction(sales_organisation.schema) as tx:
        snapshot, admin = await load_snapshot(tx), await person_of_login(tx, "admin")
        await clean_keys(tx, snapshot)
        for _ in range(3):
            await open_session(tx, sales_organisation.slug, admin)
            await give_ticket(tx, sales_organisation.slug, "second_step", person=admin)
        assert await clean_keys(tx, snapshot) == 0
        past = datetime.now(UTC) - timedelta(days=31)
        await tx.execute(sa.update(sessions).where(sessions.c.person == admin).values(expires_at=past))
        await tx.execute(sa.update(sign_in_tickets).values(expires_at=past))
        assert await clean_keys(tx, snapshot) == 6
