from __future__ import annotations

import asyncio

import pytest

from liaoran.infra.database import Database
from liaoran.infra.jobs import defer, job
from liaoran.infra.organisations import (
    Organisation,
    create_organisation,
    drop_organisation,
    get_organisation,
    list_organisations,
)
from liaoran.kernel.errors import Conflict, Invalid, NotFound


@job("test.organisations")
async def nothing(database: Database, schema: str) -> None: ...


async def test_an_organisation_is_a_schema_of_its_own(database: Database, organisation: Organisation) -> None:
    made = await create_organisation(
        database, "acme_1", "爱科美", language="en", currency="USD", zone="Europe/Berlin", demo=True
    )
    assert made == Organisation("acme_1", "爱科美", "org_acme_1", "en", "USD", "Europe/Berlin", True)
    assert await get_organisation(database, "acme_1") == made
    assert [one.slug for one in await list_organisations(database)] == [organisation.slug, "acme_1"]
    async with database.read(made.schema) as tx:
        assert await tx.fetch_all("SELECT * FROM {org}.files") == []


async def test_dropping_takes_everything_along(database: Database, organisation: Organisation) -> None:
    made = await create_organisation(database, "gone")

    async def chunks() -> object:
        yield b"x"

    stored = await database.files.receive(made.schema, "x.txt", "text/plain", chunks(), limit=10)  # type: ignore[arg-type]
    async with database.transaction(made.schema) as tx:
        await defer("test.organisations", tx)
    await drop_organisation(database, "gone")
    with pytest.raises(NotFound):
        await get_organisation(database, "gone")
    with pytest.raises(NotFound):
        await drop_organisation(database, "gone")
    with pytest.raises(NotFound):
        await database.files.read(stored)
    async with database.read("liaoran") as tx:
        assert await tx.fetch_value("SELECT to_regnamespace('org_gone')") is None
        assert await tx.fetch_value("SELECT count(*) FROM {org}.procrastinate_jobs") == 0
    assert (await create_organisation(database, "gone")).slug == "gone"


async def test_a_slug_is_given_once_even_at_the_same_moment(database: Database) -> None:
    results = await asyncio.gather(*(create_organisation(database, "twin") for _ in range(3)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Organisation"]
    with pytest.raises(Conflict, match="twin"):
        await create_organisation(database, "twin")


@pytest.mark.parametrize("slug", ["", "Acme", "1st", "a-b", 'a"b', "公司", "a" * 41, "a b", "a;drop"])
async def test_other_slugs_are_refused(database: Database, slug: str) -> None:
    with pytest.raises(Invalid) as caught:
        await create_organisation(database, slug)
    assert caught.value.code == "invalid_slug"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"language": "fr"}, "invalid_language"),
        ({"currency": "rmb"}, "invalid_currency"),
        ({"zone": "Asia/Nowhere"}, "invalid_zone"),
        ({"zone": "../../etc/passwd"}, "invalid_zone"),
    ],
)
async def test_unknown_languages_currencies_and_zones_are_refused(
    database: Database, wrong: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await create_organisation(database, "other", **wrong)  # type: ignore[arg-type]
    assert caught.value.code == code
