"""After the secret key is changed everything is sealed anew, and the former key can be dropped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from liaoran.access.factors.totp import _purpose as totp_purpose
from liaoran.access.single_sign_on.providers import _purpose as provider_purpose
from liaoran.access.single_sign_on.providers import add_provider
from liaoran.access.tables import sign_in_providers, totp_factors
from liaoran.audit import note
from liaoran.audit.pruning import prune
from liaoran.audit.redacting import redact
from liaoran.audit.verifying import verify
from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.organisations import Organisation
from liaoran.infra.sealed import Resealed, reseal_all
from liaoran.infra.secrets import Secrets
from liaoran.infra.settings import Settings
from liaoran.kernel.actor import Actor

OLD, NEW = "old" * 12, "new" * 12
ANN = Actor(kind="person", id=UUID(int=1), person=UUID(int=1), label="Ann")
PROVIDER = {"label": {"zh": "公司", "en": "Company"}, "issuer": "https://login.example.cn", "client_id": "crm"}


def keys(*given: str) -> Secrets:
    return Secrets(Settings(secret_key=",".join(given)))  # type: ignore[arg-type]


@pytest.fixture
async def sealed(database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """One of everything that is sealed, with the old key; gives the provider's id."""
    monkeypatch.setattr(database, "secrets", keys(OLD))
    person = {
        "person": ANN.id,
        "secret": keys(OLD).seal("JBSWY3DP", totp_purpose(ANN.id)),
        "made_at": datetime.now(UTC),
    }
    async with database.transaction(organisation.schema) as tx:
        await tx.execute(sa.delete(totp_factors))
        await tx.execute(sa.insert(totp_factors), person)
        provider = await add_provider(tx, database.secrets, {**PROVIDER, "client_secret": "hush"})
    for facts in ({"filter": "first"}, {"filter": "张三"}, {"filter": "third"}):
        async with database.transaction(organisation.schema) as tx:
            note(tx, "export.made", ANN, facts=facts)
    async with database.transaction(organisation.schema) as tx:
        await redact(tx, database.secrets, ANN, ["张三"])
    return provider


async def test_everything_opens_with_the_new_key_alone(
    database: Database, organisation: Organisation, sealed: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "secrets", keys(NEW, OLD))
    async with database.transaction(organisation.schema) as tx:
        note(tx, "export.made", ANN, facts={"filter": "fourth"})
    async with database.transaction(organisation.schema) as tx:
        done = await reseal_all(tx, database.secrets)
    assert done["totp_factors.secret"] == Resealed(1, 0, 0)
    assert done["sign_in_providers.client_secret"] == Resealed(1, 0, 0)
    assert done["audit_redactions.seal"] == Resealed(1, 0, 0)
    assert (done["audit_chain.seal"].resealed >= 3, done["audit_chain.seal"].current) == (True, 1)

    async with database.transaction(organisation.schema) as tx:
        again = await reseal_all(tx, database.secrets)
    assert all(one.resealed == 0 and one.unreadable == 0 for one in again.values())

    only_new = keys(NEW)
    async with database.read(organisation.schema, consistent=True) as tx:
        assert (await verify(tx, only_new)).sound
        assert not (await verify(tx, keys(OLD))).sound
        secret = await tx.fetch_value(sa.select(totp_factors.c.secret).where(totp_factors.c.person == ANN.id))
        assert only_new.open_sealed(secret, totp_purpose(ANN.id)) == b"JBSWY3DP"
        secret = await tx.fetch_value(
            sa.select(sign_in_providers.c.client_secret).where(sign_in_providers.c.id == sealed)
        )
        assert only_new.open_sealed(secret, provider_purpose(sealed)) == b"hush"


async def test_a_checkpoint_of_pruning_is_sealed_anew_too(
    database: Database, organisation: Organisation, sealed: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction(organisation.schema) as tx:
        assert await prune(tx, database.secrets, datetime.now(UTC) + timedelta(days=1)) > 0
    async with database.transaction(organisation.schema) as tx:
        note(tx, "export.made", ANN, facts={"filter": "after"})
    monkeypatch.setattr(database, "secrets", keys(NEW, OLD))
    async with database.transaction(organisation.schema) as tx:
        assert (await reseal_all(tx, database.secrets))["audit_checkpoints.seal"].resealed > 0
    async with database.read(organisation.schema, consistent=True) as tx:
        assert (await verify(tx, keys(NEW))).sound


async def test_what_no_key_opens_stays_as_it_is_and_is_counted(
    database: Database, organisation: Organisation, sealed: UUID
) -> None:
    find = sa.select(totp_factors.c.secret).where(totp_factors.c.person == ANN.id)
    async with database.transaction(organisation.schema) as tx:
        before = await tx.fetch_value(find)
        done = await reseal_all(tx, keys(NEW))
        assert done["totp_factors.secret"] == Resealed(0, 0, 1)
        assert await tx.fetch_value(find) == before
        with pytest.raises(Unavailable):
            keys(NEW).open_sealed(before, totp_purpose(ANN.id))


@pytest.mark.parametrize("more", ["seal = NULL", "seal = 'x', hash = 'y'"])
async def test_the_log_lets_a_seal_be_replaced_and_nothing_else(
    database: Database, organisation: Organisation, sealed: UUID, more: str
) -> None:
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        async with database.transaction(organisation.schema) as tx:
            await tx.execute(f"UPDATE {{org}}.audit_chain SET {more}")
