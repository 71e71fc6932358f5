"""Taking times: one call after the other, or several clients at once."""

from __future__ import annotations

import contextlib
import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LEAST_CALLS = 12
MOST_CALLS = 4000
PLANNED = 10
"""After so many calls on a connection PostgreSQL keeps the plans of their statements, on either side."""
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each call; ``rate`` is calls per second of all clients together."""

    milliseconds: tuple[float, ...]
    rate: float

    @property
    def p50(self) -> float:
        """The median in milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Nineteen of twenty calls were at least as fast (milliseconds)."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def in_turn(sides: Sequence[Callable[[int], object]], seconds: float) -> list[Times]:
    """Times several ways of doing the same thing, one call of each in turn, so that all meet the same weather.

    ``side(n)`` makes the n-th call. Each side gets about ``seconds``, at least LEAST_CALLS calls; the first, which
    plan statements and fill caches, do not count.
    """
    for warming in range(3):
        for side in sides:
            side(warming)
    taken: list[list[float]] = [[] for _ in sides]
    begin = time.perf_counter()
    for number in itertools.count(3):
        for side, times in zip(sides, taken, strict=True):
            start = time.perf_counter()
            side(number)
            times.append((time.perf_counter() - start) * 1000)
        spent = time.perf_counter() - begin
        if number >= LEAST_CALLS and (spent > seconds * len(sides) or number >= MOST_CALLS):
            break
    return [Times(tuple(times), 1000 * len(times) / sum(times)) for times in taken]


def at_once(clients: Sequence[Iterator[Call]], seconds: float) -> Times:
    """Each client makes its calls in a thread of its own until the time is up; those by which the connections of the
    server come to their plans do not count."""
    results: list[list[float]] = [[] for _ in clients]
    failures: list[BaseException] = []
    gate = threading.Barrier(len(clients) + 1)

    def work(calls: Iterator[Call], times: list[float]) -> None:
        try:
            for _ in range(PLANNED):
                next(calls)()
            gate.wait()
            end = time.perf_counter() + seconds
            while (start := time.perf_counter()) < end:
                next(calls)()
                times.append((time.perf_counter() - start) * 1000)
        except BaseException as error:
            failures.append(error)
            gate.abort()

    threads = [
        threading.Thread(target=work, args=(calls, times), daemon=True)
        for calls, times in zip(clients, results, strict=True)
    ]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        gate.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    everything = tuple(itertools.chain.from_iterable(results))
    return Times(everything, len(everything) / (time.perf_counter() - begin))
