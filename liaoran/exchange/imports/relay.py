"""Relay: the next chunk of a file is made ready while the one before is being stored.

Making a chunk ready keeps Python busy, storing it keeps PostgreSQL busy; one after the other, each would wait for the
other half of the time. Chunks are in transactions of their own and go to the tables, and are counted, strictly in the
order of the file: what a chunk finds, and what the progress says, is what it would be without any of this.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

LoadT = TypeVar("LoadT")


class Leg:
    """One chunk under way, as seen by what carries it."""

    def __init__(self, before: asyncio.Task[None] | None) -> None:
        self._before = before
        self.passed = asyncio.Event()

    def pass_on(self) -> None:
        """From here on the next chunk may be made ready. Called once everything is known that the next one builds on;
        left out where this chunk makes things that the next one has to find in the database."""
        self.passed.set()

    async def turn(self) -> None:
        """Waits until the chunk before is committed. Where that fails, this one is cancelled by the Relay."""
        if self._before is not None:
            await asyncio.wait([self._before])
            if self._before.cancelled() or self._before.exception() is not None:
                raise asyncio.CancelledError


class Relay(Generic[LoadT]):
    """Carries loads in order, at most ``width`` (1 or 2) at a time, by ``carry(load, leg)``."""

    def __init__(self, carry: Callable[[LoadT, Leg], Coroutine[Any, Any, None]], width: int) -> None:
        self._carry = carry
        self._width = width
        self._under_way: deque[tuple[LoadT, asyncio.Task[None]]] = deque()

    async def give(self, load: LoadT) -> None:
        """Takes over a load as soon as there is room, and comes back when the next one may be given. Raises what a
        load failed with; ``take_back`` then gives all that are not done."""
        while len(self._under_way) >= self._width:
            await self._first_done()
        leg = Leg(self._under_way[-1][1] if self._under_way else None)
        task = asyncio.create_task(self._carry(load, leg))
        self._under_way.append((load, task))
        passed = asyncio.create_task(leg.passed.wait())
        try:
            await asyncio.wait([task, passed], return_when=asyncio.FIRST_COMPLETED)
        finally:
            passed.cancel()

    async def finish(self) -> None:
        """Waits until all loads are done. Raises as ``give`` does."""
        while self._under_way:
            await self._first_done()

    async def take_back(self) -> list[LoadT]:
        """Stops what is under way and gives the loads that are not done, in order."""
        loads = [load for load, _ in self._under_way]
        tasks = [task for _, task in self._under_way]
        self._under_way.clear()
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return loads

    async def _first_done(self) -> None:
        _, task = self._under_way[0]
        await asyncio.wait([task])
        # what failed stays under way, to be taken back
        task.result()
        self._under_way.popleft()
