"""Inquiry: one Process in one period for one actor, and what is read about it, each reading once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.process.design_check import readings
from liaoran.process.design_check.figures import Flows, StageFigures
from liaoran.process.design_check.significance import Durations
from liaoran.query.plans import cached_statement
from liaoran.schema.processes import Process, State
from liaoran.schema.snapshot import Object

T = TypeVar("T")
Build = Callable[[Scope, str, sa.FromClause], sa.Select[Any]]


@dataclass
class Inquiry:
    """What signals ask. Every figure counts only records that the actor may see, and stays of this Process.

    ``since`` and ``until`` bound the moves that are looked at; ``until`` itself is no part of the period.
    ``heirs`` are the states that went, each with the one that stands for it now; a state that the Process has is itself.
    """

    tx: Transaction
    scope: Scope
    process: Process
    since: datetime
    until: datetime
    heirs: Mapping[str, str] = field(default_factory=dict)
    _read: dict[str, Any] = field(default_factory=dict)

    @property
    def owner(self) -> Object:
        """The Object that the Process is over."""
        return self.scope.snapshot.object(self.process.object)

    @cached_property
    def open_states(self) -> tuple[State, ...]:
        """The states in which work is done."""
        return tuple(state for state in self.process.states if state.kind == "open")

    @cached_property
    def params(self) -> dict[str, Any]:
        """The binds of every reading."""
        return {
            **self.scope.params(),
            "process": self.process.key,
            "since": self.since,
            "until": self.until,
            "states": [state.key for state in self.process.states],
            "open_states": [state.key for state in self.open_states],
        }

    async def rows(self, name: str, build: Build, **params: Any) -> list[dict[str, Any]]:
        """The rows of a statement that is kept under its name, for this Object and actor."""
        key = self.process.object
        gone = {state: heir for state, heir in self.heirs.items() if state not in self.process.state_by_key}
        shape = ("design_check", name, key, tuple(sorted(gone.items())))
        statement = cached_statement(self.scope, shape, lambda: build(self.scope, key, readings.told(gone)))
        return await self.tx.fetch_all(statement, {**self.params, **params})

    async def flows(self) -> Flows:
        """How many moves there were from state to state in the period."""
        return await self._once("flows", self._read_flows)

    async def dwells(self) -> Mapping[str, Durations]:
        """How long the stays took that ended in the period, in seconds, by state."""
        return await self._once("dwells", lambda: self._read_durations("dwells", readings.dwells))

    async def ages(self) -> Mapping[str, Durations]:
        """How long the records that are in a state now have been there, in seconds, by state."""
        return await self._once("ages", lambda: self._read_durations("ages", readings.ages))

    async def stages(self) -> tuple[StageFigures, ...]:
        """The figures of every open state, in order."""
        flows, dwells, ages = await self.flows(), await self.dwells(), await self.ages()
        nothing = Durations()
        return tuple(
            StageFigures.of(self.process, state, flows, dwells.get(state.key, nothing), ages.get(state.key, nothing))
            for state in self.open_states
        )

    async def _read_flows(self) -> Flows:
        found = await self.rows("flows", readings.flows)
        return Flows({(row["from_state"], row["state"]): row["count"] for row in found})

    async def _read_durations(self, name: str, build: Build) -> Mapping[str, Durations]:
        parts: dict[str, list[tuple[int, int, float]]] = {}
        for row in await self.rows(name, build):
            parts.setdefault(row["state"], []).append((row["bucket"], row["count"], row["seconds"]))
        return {state: Durations.of(found) for state, found in parts.items()}

    async def _once(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        if name not in self._read:
            self._read[name] = await read()
        return cast(T, self._read[name])
