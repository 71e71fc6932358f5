"""Metrics in Prometheus' text format: requests, connection pools, jobs. One view over all serving processes.

With several serving processes each writes its counts into shared files (``PROMETHEUS_MULTIPROC_DIR``, set by
``serving``) and whichever is asked adds them up. Counts of jobs are read from the queue itself.
"""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from liaoran.infra.database import Database
from liaoran.infra.tables import SHARED_SCHEMA

MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_registry = CollectorRegistry()
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_requests = Histogram(
    "liaoran_request_seconds",
    "Time to answer a request, by route template",
    ["method", "route", "status"],
    buckets=_BUCKETS,
    registry=_registry,
)
_pool_size = Gauge(
    "liaoran_pool_connections",
    "Database connections that are open",
    ["pool"],
    multiprocess_mode="livesum",
    registry=_registry,
)
_pool_waiting = Gauge(
    "liaoran_pool_waiting",
    "Units of work that wait for a database connection",
    ["pool"],
    multiprocess_mode="livesum",
    registry=_registry,
)


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Counts one answered request. ``route`` is the template (``/records/{object}``), never the path itself."""
    _requests.labels(method, route, str(status)).observe(seconds)


async def render_metrics(database: Database) -> bytes:
    """The metrics of all processes as text."""
    for pool in (database.readers, database.writers):
        stats = pool.get_stats()
        _pool_size.labels(pool.name).set(stats.get("pool_size", 0))
        _pool_waiting.labels(pool.name).set(stats.get("requests_waiting", 0))
    registry = _registry
    if os.environ.get(MULTIPROCESS_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text = generate_latest(registry)
    jobs = CollectorRegistry()
    jobs.register(_Jobs(await _job_counts(database)))
    return text + generate_latest(jobs)


def forget_process(pid: int) -> None:
    """Takes the gauges of a process that ends out of the sums."""
    if os.environ.get(MULTIPROCESS_VARIABLE):
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


async def _job_counts(database: Database) -> list[dict[str, Any]]:
    async with database.read(SHARED_SCHEMA) as tx:
        return await tx.fetch_all(
            "SELECT task_name AS job, status::text AS status, count(*) AS count FROM {org}.procrastinate_jobs "
            "GROUP BY task_name, status"
        )


class _Jobs(Collector):
    def __init__(self, counts: list[dict[str, Any]]) -> None:
        self._counts = counts

    def collect(self) -> list[GaugeMetricFamily]:
        """Jobs by name and state."""
        family = GaugeMetricFamily("liaoran_jobs", "Background jobs by name and state", labels=["job", "status"])
        for row in self._counts:
            family.add_metric([row["job"], row["status"]], row["count"])
        return [family]
