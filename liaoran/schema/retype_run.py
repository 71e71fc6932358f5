"""One running retyping: converting chunk by chunk, and the switch at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.text import Text
from liaoran.schema import ddl
from liaoran.schema.backfill import Cell, Staging, read_undone, staging_of, write_converted
from liaoran.schema.conversion import Converter
from liaoran.schema.editing import editing
from liaoran.schema.registry import type_of
from liaoran.schema.retype_plan import RetypePlan, default_that_fits, look_up, plan_retype
from liaoran.schema.usages import tell_retyped

CHUNK = 5_000
"""Rows converted in one transaction of the job."""

LOCK = "SELECT * FROM {org}.retypes WHERE id = :id FOR UPDATE"
STATE = """
UPDATE {org}.retypes SET state = :state, message = :message,
    ended_at = CASE WHEN :state IN ('done', 'cancelled', 'failed') THEN now() END WHERE id = :id
"""
_PROGRESS = """
UPDATE {org}.retypes SET done = least(done + :count, total),
    rejected = (SELECT count(*) FROM {org}.retype_rejects WHERE retype = :id) WHERE id = :id
"""
_COUNT_REJECTS = "SELECT count(*) FROM {org}.retype_rejects WHERE retype = :id"
_FORGET = "DELETE FROM {org}.retype_rejects WHERE retype = :id AND record_id = ANY(:records)"
_REJECT = """
INSERT INTO {org}.retype_rejects (retype, record_id, value, problem)
SELECT :id, x.record_id, x.value, x.problem
FROM json_to_recordset(CAST(:rows AS json)) AS x(record_id uuid, value text, problem jsonb)
"""
HELD = Text(
    "有 {count} 个值无法转换，请决定放弃它们（原值仍保留在旧列中）还是取消",
    "{count} values do not convert; decide whether to go on without them (they stay in the former column) or to cancel",
)


class RetypeOver(Exception):
    """The retyping was cancelled, held or ended meanwhile."""


class RetypeRun:
    """One running retyping: its plan, where converted values go, and the converter with what it remembers."""

    def __init__(self, row: Mapping[str, Any], plan: RetypePlan) -> None:
        self.id: UUID = row["id"]
        self._row = row
        self._plan = plan
        self._object = plan.snapshot.object(plan.former.object)
        self._staging: Staging = staging_of(plan.fields)
        self._converter: Converter = plan.converter(row["zone"])
        self._after: dict[str, tuple[str, int]] = {}

    @staticmethod
    async def open(tx: Transaction, retype_id: UUID) -> RetypeRun:
        """The retyping, its row locked. Raises RetypeOver where it is no longer running."""
        row = await tx.fetch_one(LOCK, {"id": retype_id})
        if row is None or row["state"] != "running":
            raise RetypeOver
        return RetypeRun(row, await plan_retype(tx, row["object"], row["field"], row["definition"]))

    async def convert_chunk(self, tx: Transaction) -> bool:
        """Converts the next rows, first of the record table, then of the versions table; false at the end of the
        pass, after which the next pass begins."""
        state = await tx.fetch_one(LOCK, {"id": self.id})
        if state is None or state["state"] != "running":
            raise RetypeOver
        former, marker = self._plan.former, self._staging.marker
        for table in (self._object.table, self._object.versions_table):
            if table is None:
                continue
            after = self._after.get(table.name)
            cells = await read_undone(tx, self._plan.snapshot, former, table, marker, after=after, limit=CHUNK)
            if cells:
                values = await self._convert(tx, cells, current=table is self._object.table)
                currency = self._plan.snapshot.currency
                await write_converted(tx, table, self._staging, cells, values=values, currency=currency)
                self._after[table.name] = cells[-1].id, cells[-1].version
                return True
        self._after.clear()
        return False

    async def convert_all(self, tx: Transaction) -> None:
        """Converts all that is left."""
        while await self.convert_chunk(tx):
            pass

    async def make_indexes(self, tx: Transaction) -> None:
        """Makes the indexes on the staging columns."""
        await ddl.index_staging(tx, self._object, self._staging.fields, self._staging.renamed)

    async def end(self, tx: Transaction, actor: Actor | None) -> None:
        """Holds where values do not convert and nobody has said to go on without them, else switches."""
        rejected = await tx.fetch_value(_COUNT_REJECTS, {"id": self.id})
        if rejected and not self._row["accept_rejects"]:
            message = HELD.fill(count=rejected).to_json()
            await tx.execute(STATE, {"id": self.id, "state": "held", "message": message})
            return
        await self._switch(tx, actor)

    async def _convert(self, tx: Transaction, cells: list[Cell], current: bool) -> list[Any]:
        values = [cell.value for cell in cells]
        await look_up(tx, self._plan, self._converter, values)
        outcomes = self._converter.convert(values)
        if current:
            await tx.execute(_FORGET, {"id": self.id, "records": [UUID(cell.id) for cell in cells]})
            rejects = [
                {
                    "record_id": cell.id,
                    "value": self._converter.text(cell.value)[:1000],
                    "problem": {"code": outcome.problem.code, "message": outcome.problem.message.to_json()},
                }
                for cell, outcome in zip(cells, outcomes, strict=True)
                if outcome.problem is not None
            ]
            if rejects:
                await tx.execute(_REJECT, {"id": self.id, "rows": orjson.dumps(rejects).decode()})
            await tx.execute(_PROGRESS, {"id": self.id, "count": len(cells)})
        return [outcome.value for outcome in outcomes]

    async def _switch(self, tx: Transaction, actor: Actor | None) -> None:
        former, staging = self._plan.former, self._staging
        async with editing(tx, actor) as edit:
            await ddl.stop_writing(tx, self._object)
            await self.convert_all(tx)
            await ddl.switch_columns(
                tx,
                self._object,
                former,
                staging.fields,
                renamed=staging.renamed,
                kept=f"{former.key}__was_{self._row['number']}",
                dropped=[*type_of(former).helper_types(former), staging.marker],
            )
            default = default_that_fits(former, self._plan.field)
            for entry in self._plan.entries:
                kept = default if entry.key == former.key else None
                edit.put_field(replace(entry, definition={**entry.definition, "default": kept}))
                edit.stand(entry.object, entry.key)
        await tx.execute(STATE, {"id": self.id, "state": "done", "message": None})
        await tell_retyped(tx, edit.after, former.object, former.key)
