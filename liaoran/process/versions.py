"""The published versions of a Process: listed, read, and what becomes of records when another one takes their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.process.carrying import heirs_of, plan_carriage
from liaoran.process.publish import Publication, publish_process
from liaoran.process.tables import process_versions, visits
from liaoran.schema.process_json import process_from_json
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Snapshot

NO_VERSION = Text("流程“{key}”没有版本 {version}", "the process “{key}” has no version {version}")
_KEY = sa.bindparam("process", type_=sa.Text)
_LIST = Statement(
    sa.select(
        process_versions.c.version,
        process_versions.c.published_at,
        process_versions.c.published_by_label,
        process_versions.c.note,
        process_versions.c.mapping,
    )
    .where(process_versions.c.process == _KEY)
    .order_by(process_versions.c.version.desc())
)
_READ = Statement(
    sa.select(process_versions.c.definition, process_versions.c.mapping).where(
        process_versions.c.process == _KEY, process_versions.c.version == sa.bindparam("number", type_=sa.Integer)
    )
)


def _reached() -> Statement:
    heirs = sa.cast(sa.bindparam("heirs", type_=pg.JSONB), pg.JSONB)
    counts_as = sa.func.coalesce(heirs.op("->>")(visits.c.state), visits.c.state)
    return Statement(
        sa.select(counts_as.label("state"), sa.func.count(sa.distinct(visits.c.record_id)).label("records"))
        .where(visits.c.process == _KEY)
        .group_by(counts_as)
    )


_REACHED = _reached()


async def list_versions(tx: Transaction, key: str) -> list[dict[str, Any]]:
    """``{version, published_at, published_by_label, note, mapping}``, the newest first."""
    return await tx.fetch_all(_LIST, {"process": key})


async def read_version(tx: Transaction, key: str, number: int) -> dict[str, Any]:
    """The definition of a version. Raises NotFound."""
    return dict((await _version(tx, key, number))["definition"])


async def records_reached(tx: Transaction, key: str, heirs: Mapping[str, str]) -> dict[str, int]:
    """By state the number of records that ever were in it, states that went counting as their heirs."""
    rows = await tx.fetch_all(_REACHED, {"process": key, "heirs": dict(heirs)})
    return {row["state"]: row["records"] for row in rows}


def compose(heirs: Mapping[str, str], mapping: Mapping[str, str], process: Process) -> dict[str, str]:
    """The heirs as they will be when ``process`` is published with the mapping."""
    composed = {state: mapping.get(heir, heir) for state, heir in heirs.items()}
    composed |= mapping
    return {state: heir for state, heir in composed.items() if state not in process.state_by_key}


async def forecast(
    tx: Transaction, process: Process, former: Process | None, mapping: Mapping[str, str]
) -> dict[str, Any]:
    """What publishing would do to records: ``carried`` by state that goes, and ``reached`` by state of the new version:
    how many records were ever there, counted through the mapping. Raises Refused where a record is left out."""
    planned = await plan_carriage(tx, process, mapping, former)
    heirs = compose(await heirs_of(tx, process.key), mapping, process)
    reached = await records_reached(tx, process.key, heirs)
    return {
        "carried": [{"from": one.state, "to": one.target, "count": one.count} for one in planned],
        "reached": [{"state": one.key, "records": reached.get(one.key, 0)} for one in process.states],
    }


async def way_back(tx: Transaction, current: Process, number: int) -> tuple[dict[str, Any], dict[str, str]]:
    """The definition of an earlier version and a mapping to it: each state that it does not have goes to the first of
    its states that was carried there since. Raises NotFound."""
    definition = await read_version(tx, current.key, number)
    goal = process_from_json(definition)
    forward = {one.key: one.key for one in goal.states}
    for version in range(number + 1, current.version + 1):
        onward = (await _version(tx, current.key, version))["mapping"]
        forward = {state: onward.get(here, here) for state, here in forward.items()}
    mapping: dict[str, str] = {}
    for state in goal.states:
        here = forward[state.key]
        if here not in goal.state_by_key:
            mapping.setdefault(here, state.key)
    return definition, mapping


async def roll_back(
    tx: Transaction, scope: Scope, current: Process, number: int, mapping: Mapping[str, str], note: str | None
) -> Snapshot:
    """Publishes an earlier version anew. Records that were carried since and have not moved go back to where they were;
    ``mapping`` says more than what follows from the way forward. Raises as ``publish_process``."""
    scope.require_administrator()
    definition, back = await way_back(tx, current, number)
    more = Publication({**back, **mapping}, note, back_to=number)
    return await publish_process(tx, scope, definition, more)


async def _version(tx: Transaction, key: str, number: int) -> dict[str, Any]:
    found = await tx.fetch_one(_READ, {"process": key, "number": number})
    if found is None:
        raise NotFound(NO_VERSION.fill(key=key, version=number))
    return dict(found)
