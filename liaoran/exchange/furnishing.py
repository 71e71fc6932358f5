"""Furnishing: the shipped pack of an organisation, when it is founded and again when a newer version ships more.

Everything is added by its key: what is there already, and with it whatever administrators have renamed, changed or
retired, stays as it is, and no published Process is touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

import orjson
import sqlalchemy as sa
import structlog

from liaoran.access.roles import install_roles, list_roles
from liaoran.access.scope import Scope, system_scope
from liaoran.audit import note
from liaoran.collaboration.files.types import install_document_types, list_document_types
from liaoran.infra.database import Database
from liaoran.infra.statements import Statement
from liaoran.infra.tables import SHARED_SCHEMA, organisations
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import LiaoranError
from liaoran.packs import PACKS, load_pack
from liaoran.process.publish import install_processes
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.install import install_pack

Keys = Mapping[str, frozenset[str]]
"""What an organisation has of each kind, by key."""

_log = structlog.get_logger(__name__)
_SCHEMA = organisations.c.schema == sa.bindparam("organisation")
_FOUNDED = Statement(
    sa.select(organisations.c.schema, organisations.c.pack, organisations.c.pack_digest).order_by(
        organisations.c.created_at, organisations.c.slug
    )
)
_DIGEST = Statement(sa.select(organisations.c.pack_digest).where(_SCHEMA))
_KEEP = Statement(
    sa.update(organisations).where(_SCHEMA).values(pack=sa.bindparam("key"), pack_digest=sa.bindparam("digest"))
)


async def furnish(tx: Transaction, key: str) -> Scope:
    """Installs what the organisation does not have yet of a pack, and gives the installation's scope after it. Raises
    KeyError for an unknown pack."""
    pack = load_pack(key)
    scope = system_scope(await install_pack(tx, pack))
    await install_roles(tx, pack["roles"])
    await install_document_types(tx, pack["document_types"])
    snapshot = await install_processes(tx, scope, pack)
    await tx.execute(_KEEP, {"organisation": tx.schema, "key": key, "digest": digest_of(key)})
    return system_scope(snapshot)


async def bring_packs_up_to_date(database: Database) -> list[str]:
    """Furnishes again each organisation that was furnished with another state of its pack, and gives their schemas.

    Each is one transaction under a lock: several processes that start at once do it once. One that cannot be furnished
    stays as it was, which is logged, and is tried again at the next start.
    """
    async with database.read(SHARED_SCHEMA) as tx:
        founded = await tx.fetch_all(_FOUNDED)
    done = []
    for row in founded:
        key = row["pack"] or await _pack_of(database, row["schema"])
        if key not in PACKS or row["pack_digest"] == digest_of(key):
            continue
        try:
            if await _furnish_again(database, row["schema"], key):
                done.append(row["schema"])
        except LiaoranError as error:
            _log.exception("pack_not_updated", schema=row["schema"], pack=key, code=error.code)
    return done


@cache
def digest_of(key: str) -> str:
    """Tells one state of a pack from another."""
    return hashlib.sha256(orjson.dumps(load_pack(key), option=orjson.OPT_SORT_KEYS)).hexdigest()


async def _pack_of(database: Database, schema: str) -> str | None:
    """The pack of an organisation that was made before that was noted: the smallest that explains the most of the
    Objects shipped to it. None where nothing was."""
    async with database.read(schema) as tx:
        snapshot = await load_snapshot(tx)
    shipped = {one.key for one in snapshot.objects.values() if one.origin == "shipped"}
    objects = {key: {one["key"] for one in load_pack(key)["objects"]} for key in PACKS}
    return max(PACKS, key=lambda key: (len(objects[key] & shipped), -len(objects[key]))) if shipped else None


async def _furnish_again(database: Database, schema: str, key: str) -> bool:
    """Whether anything had to be looked at: another process may have been quicker."""
    async with database.transaction(schema, statement_seconds=0) as tx:
        await tx.lock("pack")
        if await tx.fetch_value(_DIGEST, {"organisation": schema}) == digest_of(key):
            return False
        before = await _keys(tx)
        scope = await furnish(tx, key)
        after = await _keys(tx)
        new = {kind: sorted(after[kind] - before[kind]) for kind in after if after[kind] - before[kind]}
        if new:
            note(tx, "pack.updated", scope.actor, facts={"label": load_pack(key)["label"], **new})
    _log.info("pack_updated", schema=schema, pack=key, **{kind: len(found) for kind, found in new.items()})
    return True


async def _keys(tx: Transaction) -> Keys:
    snapshot = await load_snapshot(tx)
    fields = [(f"{one.key}.{field.key}", field) for one in snapshot.objects.values() for field in one.fields.values()]
    return {
        "objects": frozenset(snapshot.objects),
        "fields": frozenset(name for name, _ in fields),
        "choices": frozenset(f"{name}.{choice.key}" for name, field in fields for choice in field.choices),
        "roles": frozenset(one["key"] for one in await list_roles(tx)),
        "document_types": frozenset(one["key"] for one in await list_document_types(tx)),
        "processes": frozenset(process.key for one in snapshot.objects.values() for process in one.processes),
    }
