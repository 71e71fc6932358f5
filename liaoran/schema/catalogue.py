"""The catalogue of an organisation: reading it whole, keeping it per version, noticing that it has changed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import psycopg

from liaoran.infra.tables import SHARED_SCHEMA
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict
from liaoran.kernel.text import Text
from liaoran.schema.building import build_snapshot
from liaoran.schema.definitions import FieldEntry, ObjectEntry
from liaoran.schema.snapshot import Snapshot

KEPT = 64
"""So many Snapshots are kept in memory, the least recently used one goes."""

LOCK_TIMEOUT = "2s"
"""So long a change of the catalogue waits for a lock; then it is refused as retryable."""

BUSY = Text(
    "有人正在修改结构定义，请稍后再试", "somebody is changing the definitions just now, please try again shortly"
)
_LOCK = "SELECT version FROM {org}.catalogue FOR UPDATE"
_MARK = "SELECT version, stamp FROM {org}.catalogue"
_ALL = """
SELECT json_build_object(
    'version', (SELECT version FROM {org}.catalogue),
    'stamp', (SELECT stamp FROM {org}.catalogue),
    'objects', (SELECT json_agg(json_build_array(key, definition, origin, retired)) FROM {org}.objects),
    'fields', (SELECT json_agg(json_build_array(object, key, type, definition, origin, position, retired))
        FROM {org}.fields),
    'processes', (SELECT json_agg(v.definition || jsonb_build_object('key', p.key, 'object', p.object,
            'version', p.version, 'is_default', p.is_default, 'origin', p.origin) ORDER BY p.position, p.key)
        FROM {org}.processes p JOIN {org}.process_versions v ON v.process = p.key AND v.version = p.version
        WHERE NOT p.retired)
)::text
"""
_ORGANISATION = f"SELECT language, currency, zone FROM {SHARED_SCHEMA}.organisations WHERE schema = :schema"


@dataclass(frozen=True, slots=True)
class Contents:
    """The catalogue as it is stored; ``settings`` are language, currency and zone of the organisation."""

    version: int
    stamp: str
    objects: dict[str, ObjectEntry]
    fields: dict[tuple[str, str], FieldEntry]
    processes: list[dict[str, Any]]
    settings: dict[str, Any]


# By (schema, stamp): a stamp is never drawn twice, so an entry is never out of date. A transaction that has changed the
# catalogue keeps its own until it commits, since what it sees may be rolled back.
_kept: OrderedDict[tuple[str, UUID], Snapshot] = OrderedDict()
_own: WeakKeyDictionary[Transaction, dict[UUID, Snapshot]] = WeakKeyDictionary()


async def current_version(tx: Transaction) -> int:
    """The version of the catalogue now, changes of this transaction included."""
    return int(await tx.fetch_value("SELECT version FROM {org}.catalogue"))


async def load_snapshot(tx: Transaction, stamp: UUID | None = None) -> Snapshot:
    """The catalogue now, as this transaction sees it: one short query, and a build where it has changed. A caller that
    has just read the ``stamp`` together with something else gives it and saves the query."""
    if stamp is None:
        mark = await tx.fetch_one(_MARK)
        if mark is None:
            raise RuntimeError(f"the schema {tx.schema} has no catalogue")
        stamp = cast(UUID, mark["stamp"])
    own = _own.get(tx)
    if own is not None:
        if stamp not in own:
            own[stamp] = await _read_snapshot(tx)
        return own[stamp]
    key = (tx.schema, stamp)
    found = _kept.get(key)
    if found is not None:
        _kept.move_to_end(key)
        return found
    snapshot = await _read_snapshot(tx)
    keep(snapshot)
    return snapshot


async def read_contents(tx: Transaction) -> Contents:
    """Everything that is stored, of one moment."""
    settings = await tx.fetch_one(_ORGANISATION, {"schema": tx.schema})
    raw = orjson.loads(await tx.fetch_json(_ALL) or b"{}")
    objects = [ObjectEntry(*one) for one in raw["objects"] or ()]
    fields = [FieldEntry(*one) for one in raw["fields"] or ()]
    return Contents(
        raw["version"],
        raw["stamp"],
        {one.key: one for one in objects},
        {(one.object, one.key): one for one in fields},
        raw["processes"] or [],
        settings or {},
    )


def build(contents: Contents, schema: str) -> Snapshot:
    """The Snapshot of stored or changed contents."""
    return build_snapshot(
        schema,
        contents.version,
        contents.stamp,
        objects=contents.objects.values(),
        fields=contents.fields.values(),
        processes=contents.processes,
        **contents.settings,
    )


def keep(snapshot: Snapshot) -> None:
    """Keeps a committed Snapshot for later units of work."""
    _kept[(snapshot.schema, UUID(snapshot.stamp))] = snapshot
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


async def lock_catalogue(tx: Transaction) -> None:
    """Lets nobody else change the catalogue until the transaction ends; reading it goes on.

    Always taken before locks of tables, so that changes never wait for each other in a circle. Raises Conflict
    (``schema_busy``) when another change holds it for more than two seconds.
    """
    try:
        await tx.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        await tx.fetch_value(_LOCK)
        await tx.execute("SET LOCAL lock_timeout TO DEFAULT")
    except psycopg.errors.LockNotAvailable as error:
        raise Conflict(BUSY, code="schema_busy", extra={"retryable": True}) from error


async def advance(tx: Transaction) -> tuple[int, UUID]:
    """Counts the version up, draws a new stamp, tells all processes after the commit.

    Waits for other changes of the same catalogue: its row is locked to the end of the transaction. For every layer
    whose definitions are part of the Snapshot (``process`` publishes with it).
    """
    row = await tx.fetch_one(
        "UPDATE {org}.catalogue SET version = version + 1, stamp = gen_random_uuid() RETURNING version, stamp"
    )
    if row is None:
        raise RuntimeError(f"the schema {tx.schema} has no catalogue")
    stamp: UUID = row["stamp"]
    own = _own.setdefault(tx, {})
    tx.after_commit(lambda: keep(own[stamp]) if stamp in own else None)
    tx.notify({"kind": "catalogue", "version": row["version"]})
    return row["version"], stamp


def remember(tx: Transaction, snapshot: Snapshot) -> None:
    """Keeps the Snapshot that a change has just built, for the rest of its transaction and, once committed, for all."""
    _own.setdefault(tx, {})[UUID(snapshot.stamp)] = snapshot


async def _read_snapshot(tx: Transaction) -> Snapshot:
    return build(await read_contents(tx), tx.schema)
