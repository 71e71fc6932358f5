"""The harness itself: times, results, requests on the wire. Nothing here is timed against a goal."""

from __future__ import annotations

import itertools
import json
import threading
from pathlib import Path

import pytest

from bench.client import Request
from bench.report import Result, write_results
from bench.timing import LEAST_CALLS, Times, at_once, in_turn
from bench.vocabulary import short_name

REQUIRED = {"name", "role", "scale", "p50_ms", "p95_ms", "bare_sql_p50_ms", "floor_p50_ms", "ratio", "goal", "met"}


def test_sides_take_turns_and_the_first_calls_do_not_count() -> None:
    calls: list[str] = []
    times = in_turn([lambda n: calls.append(f"a{n}"), lambda n: calls.append(f"b{n}")], 0.0)
    assert calls[:4] == ["a0", "b0", "a1", "b1"]
    assert {len(one.milliseconds) for one in times} == {LEAST_CALLS - 2}
    assert len(calls) == 2 * (LEAST_CALLS + 1)


def test_clients_work_at_once_until_the_time_is_up() -> None:
    threads: set[int] = set()

    def call() -> None:
        threads.add(threading.get_ident())

    found = at_once([itertools.repeat(call), itertools.repeat(call)], 0.02)
    assert len(threads) == 2
    assert found.rate > 0


def test_a_failing_client_fails_the_measurement() -> None:
    def call() -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        at_once([itertools.repeat(call)], 0.02)


def test_percentiles() -> None:
    times = Times(tuple(float(n) for n in range(1, 101)), 1.0)
    assert times.p50 == 50.5
    assert times.p95 == 96


def test_results_have_the_form_that_was_promised(tmp_path: Path) -> None:
    result = Result("list", "administrator", "1M", "p50 / floor", 1.2, 1.5, 1.0, 2.0, 0.5, 0.8)
    write_results([result], tmp_path / "results" / "latest.json")
    (written,) = json.loads((tmp_path / "results" / "latest.json").read_text())
    assert set(written) >= REQUIRED
    assert written["met"] is True
    assert Result("list", "", "1M", "p50 / floor", 1.6, 1.5).met is False


def test_requests_are_complete_http() -> None:
    head, body = Request("POST", "/x", {"a": 1}).encode("secret").split(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"Authorization: Bearer secret" in head
    assert b"Content-Length: 7" in head
    assert body == b'{"a":1}'
    assert b"application/json" not in Request("POST", "/x", b"raw", {"Content-Type": "text/csv"}).encode(None)


def test_accounts_have_different_names() -> None:
    assert len({short_name(number) for number in range(100_000)}) == 100_000
