"""Organisations: each is one schema ``org_<slug>``; the list of them is in the shared schema."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
import sqlalchemy as sa

from liaoran.infra.database import Database
from liaoran.infra.migrate import create_schema
from liaoran.infra.statements import Statement, quote
from liaoran.infra.tables import SHARED_SCHEMA, organisations
from liaoran.kernel.errors import Conflict, Invalid, NotFound
from liaoran.kernel.text import LANGUAGES, Language, Text

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One customer of this server. ``currency`` is ISO 4217, ``zone`` an IANA time zone."""

    slug: str
    title: str
    schema: str
    language: Language = "zh"
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    demo: bool = False


_COLUMNS = [organisations.c[name] for name in Organisation.__dataclass_fields__]
_LIST = Statement(sa.select(*_COLUMNS).order_by(organisations.c.created_at, organisations.c.slug))
_GET = Statement(sa.select(*_COLUMNS).where(organisations.c.slug == sa.bindparam("slug")))
_DELETE = Statement(sa.delete(organisations).where(organisations.c.slug == sa.bindparam("slug")))
_DROP_JOBS = "DELETE FROM {org}.procrastinate_jobs WHERE status = 'todo' AND args ->> 'schema' = :schema"


async def list_organisations(database: Database) -> list[Organisation]:
    """All organisations, oldest first."""
    async with database.read(SHARED_SCHEMA) as tx:
        return [Organisation(**row) for row in await tx.fetch_all(_LIST)]


async def get_organisation(database: Database, slug: str) -> Organisation:
    """The organisation, or NotFound."""
    async with database.read(SHARED_SCHEMA) as tx:
        row = await tx.fetch_one(_GET, {"slug": slug})
    if row is None:
        raise _unknown(slug)
    return Organisation(**row)


async def create_organisation(
    database: Database,
    slug: str,
    title: str = "",
    *,
    language: Language = "zh",
    currency: str = "CNY",
    zone: str = "Asia/Shanghai",
    demo: bool = False,
) -> Organisation:
    """Makes the schema with all system tables and lists the organisation, all or nothing.

    Raises Invalid for a slug other than lower-case letters, digits and underscores (at most 40, a letter first), an
    unknown language, currency or time zone; Conflict when the slug is taken.
    """
    organisation = Organisation(slug, title or slug, f"org_{slug}", language, currency, zone, demo)
    _check(organisation)
    values = {name: getattr(organisation, name) for name in Organisation.__dataclass_fields__}
    try:
        await asyncio.to_thread(
            create_schema,
            database.url,
            organisation.schema,
            lambda connection: connection.execute(sa.insert(organisations), values),
        )
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError) as error:
        if not isinstance(error.orig, (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateSchema)):
            raise
        raise Conflict(
            Text("组织“{slug}”已经存在", "the organisation “{slug}” already exists").fill(slug=slug),
            code="organisation_exists",
        ) from error
    return organisation


async def drop_organisation(database: Database, slug: str) -> None:
    """Removes the organisation with everything in it, its waiting jobs and its files, for good. Raises NotFound."""
    schema = f"org_{slug}"
    async with database.transaction(SHARED_SCHEMA, statement_seconds=0) as tx:
        if not await tx.execute(_DELETE, {"slug": slug}):
            raise _unknown(slug)
        await tx.execute(f"DROP SCHEMA IF EXISTS {quote(schema)} CASCADE")
        await tx.execute(_DROP_JOBS, {"schema": schema})
    await database.files.remove_organisation(schema)


def _check(organisation: Organisation) -> None:
    if not _SLUG.fullmatch(organisation.slug):
        raise Invalid(
            Text(
                "组织代号“{slug}”只能含小写字母、数字和下划线，以字母开头，最多 40 个字符",
                "the organisation name “{slug}” may hold lower-case letters, digits and underscores, a letter first, "
                "40 at most",
            ).fill(slug=organisation.slug),
            code="invalid_slug",
        )
    if organisation.language not in LANGUAGES:
        raise Invalid(Text("语言只能是 zh 或 en", "the language is zh or en"), code="invalid_language")
    if not _CURRENCY.fullmatch(organisation.currency):
        raise Invalid(
            Text("币种应为三个大写字母，例如 CNY", "a currency is three capital letters, such as CNY"),
            code="invalid_currency",
        )
    try:
        ZoneInfo(organisation.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid(
            Text("没有时区“{zone}”", "there is no time zone “{zone}”").fill(zone=organisation.zone),
            code="invalid_zone",
        ) from error


def _unknown(slug: str) -> NotFound:
    return NotFound(
        Text("没有组织“{slug}”", "there is no organisation “{slug}”").fill(slug=slug), code="unknown_organisation"
    )
