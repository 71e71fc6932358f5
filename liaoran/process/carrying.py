"""Carrying records along when a new version of their Process has no longer the state that they are in.

Records move by the write path like everything else, with an Event each and a visit of their own; only no gate is asked,
since nobody decides anything about them. Visits of states that went stay as they are; ``state_heirs`` says which state
stands for them now, so that figures over versions stay comparable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Refused
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.process.moves import tracks_of
from liaoran.process.tables import carried_records, state_heirs, state_totals, visits
from liaoran.records.changes import Update
from liaoran.records.write import write
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Object

LEFT_OUT = Text(
    "还有 {count} 条记录在阶段“{state}”，请说明它们移到哪个阶段",
    "{count} records are still in the state “{state}”; say which state they move to",
)
NO_TARGET = Text("新版本没有阶段“{state}”", "the new version has no state “{state}”")
_CHUNK = 2000
_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.bindparam("process", type_=sa.Text)
_RECORDS = sa.bindparam("records", type_=pg.ARRAY(sa.Uuid))
_LIVE = Statement(
    sa.select(state_totals.c.state, sa.cast(sa.func.sum(state_totals.c.count), sa.BigInteger).label("count"))
    .where(state_totals.c.process == _KEY)
    .group_by(state_totals.c.state)
    .having(sa.func.sum(state_totals.c.count) > 0)
)
_PASS_ON = Statement(
    sa.update(state_heirs)
    .where(state_heirs.c.process == _KEY, state_heirs.c.heir == sa.bindparam("gone", type_=sa.Text))
    .values(heir=sa.bindparam("new_heir", type_=sa.Text))
)
_put = pg.insert(state_heirs).values(
    process=_KEY, state=sa.bindparam("gone", type_=sa.Text), heir=sa.bindparam("new_heir", type_=sa.Text)
)
_PUT_HEIR = Statement(
    _put.on_conflict_do_update(index_elements=["process", "state"], set_={"heir": _put.excluded.heir})
)
_COME_BACK = Statement(
    sa.delete(state_heirs).where(
        state_heirs.c.process == _KEY, state_heirs.c.state == sa.any_(sa.bindparam("states", type_=pg.ARRAY(sa.Text)))
    )
)
_HEIRS = Statement(sa.select(state_heirs.c.state, state_heirs.c.heir).where(state_heirs.c.process == _KEY))
_NOTE = Statement(
    sa.insert(carried_records).from_select(
        ["process", "version", "record_id", "from_state", "to_state", "at"],
        sa.select(
            _KEY,
            sa.bindparam("version", type_=sa.Integer),
            sa.func.unnest(_RECORDS),
            sa.bindparam("gone", type_=sa.Text),
            sa.bindparam("target", type_=sa.Text),
            sa.bindparam("now", type_=_INSTANT),
        ),
    )
)
_here = sa.and_(
    visits.c.record_id == carried_records.c.record_id,
    visits.c.process == carried_records.c.process,
    visits.c.left_at.is_(None),
    visits.c.state == carried_records.c.to_state,
    visits.c.from_state == carried_records.c.from_state,
)
_CAN_GO_BACK = Statement(
    sa.select(carried_records.c.from_state, sa.func.array_agg(carried_records.c.record_id).label("records"))
    .join(visits, _here)
    .where(
        carried_records.c.process == _KEY,
        carried_records.c.version == sa.bindparam("version", type_=sa.Integer),
        carried_records.c.from_state == sa.any_(sa.bindparam("states", type_=pg.ARRAY(sa.Text))),
    )
    .group_by(carried_records.c.from_state)
)


@dataclass(frozen=True, slots=True)
class Carriage:
    """Records of one state that goes, and the state they are carried to."""

    state: str
    target: str
    count: int


async def records_under_way(tx: Transaction, key: str) -> dict[str, int]:
    """Live records by state."""
    return {row["state"]: row["count"] for row in await tx.fetch_all(_LIVE, {"process": key})}


async def plan_carriage(
    tx: Transaction, process: Process, mapping: Mapping[str, str], former: Process | None
) -> list[Carriage]:
    """What has to be carried so that no record is left out. Raises Refused where a state that goes has records and no
    target, and for a target that is not there."""
    for target in mapping.values():
        if target not in process.state_by_key:
            raise Refused(NO_TARGET.fill(state=target), code="unknown_target", extra={"state": target})
    planned = []
    for state, count in (await records_under_way(tx, process.key)).items():
        if state in process.state_by_key:
            continue
        if state not in mapping:
            known = former.state_by_key.get(state) if former else None
            message = LEFT_OUT.fill(count=count, state=known.label if known else state)
            raise Refused(message, code="state_in_use", extra={"state": state, "count": count})
        planned.append(Carriage(state, mapping[state], count))
    return planned


async def carry_records(
    tx: Transaction, acting: Scope, process: Process, planned: Sequence[Carriage], cause: Cause
) -> None:
    """Moves the records. ``acting`` sees everything, through the catalogue with the new version."""
    for one in planned:
        records = await _records_in(tx, acting, process, one.state)
        await _carry(tx, acting, process, records, one, cause)


async def carry_back(tx: Transaction, acting: Scope, process: Process, version: int, cause: Cause) -> int:
    """Takes back the records that the version ``version`` carried and that nobody has moved since, to states that
    ``process`` has again. Gives their number."""
    params = {"process": process.key, "version": version, "states": list(process.state_by_key)}
    count = 0
    for row in await tx.fetch_all(_CAN_GO_BACK, params):
        records = list(row["records"])
        await _move(tx, acting, process, records, row["from_state"], cause)
        count += len(records)
    return count


async def note_heirs(tx: Transaction, process: Process, mapping: Mapping[str, str]) -> None:
    """Keeps ``state_heirs`` in step with a version that has been published."""
    await tx.execute(_COME_BACK, {"process": process.key, "states": list(process.state_by_key)})
    for gone, heir in mapping.items():
        if gone not in process.state_by_key:
            params = {"process": process.key, "gone": gone, "new_heir": heir}
            await tx.execute(_PASS_ON, params)
            await tx.execute(_PUT_HEIR, params)


async def heirs_of(tx: Transaction, key: str) -> dict[str, str]:
    """The states that went, each with the one that stands for it now."""
    return {row["state"]: row["heir"] for row in await tx.fetch_all(_HEIRS, {"process": key})}


async def _carry(
    tx: Transaction, acting: Scope, process: Process, records: Sequence[UUID], one: Carriage, cause: Cause
) -> None:
    await _move(tx, acting, process, records, one.target, cause)
    params: dict[str, Any] = {
        "process": process.key,
        "version": process.version,
        "records": list(records),
        "gone": one.state,
        "target": one.target,
        "now": datetime.now(UTC),
    }
    await tx.execute(_NOTE, params)


async def _move(
    tx: Transaction, acting: Scope, process: Process, records: Sequence[UUID], target: str, cause: Cause
) -> None:
    for start in range(0, len(records), _CHUNK):
        part = records[start : start + _CHUNK]
        await write(
            tx, acting, [Update(process.object, one, {process.field: target}, carried=True) for one in part], cause
        )


async def _records_in(tx: Transaction, acting: Scope, process: Process, state: str) -> list[UUID]:
    rows = acting.source(process.object)
    owner: Object = acting.snapshot.object(process.object)
    track = next(one for one in tracks_of(acting.snapshot, owner) if one.field == process.field)
    mine = rows.c[process.field] == sa.bindparam("state", type_=sa.Text)
    if track.chooser:
        chosen = sa.func.coalesce(rows.c[track.chooser], sa.literal(track.default.key, sa.Text))
        mine = sa.and_(mine, chosen == _KEY)
    statement = sa.select(rows.c.id).where(mine).order_by(rows.c.id)
    params = {**acting.params(), "state": state, "process": process.key}
    return [row["id"] for row in await tx.fetch_all(statement, params)]


def carrying_cause(version: int) -> Cause:
    """Why a record is carried: by which version of its Process."""
    return Cause(Door.PROCESS, details={"version": version})
