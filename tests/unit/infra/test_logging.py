from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from liaoran.infra.logging import HIDDEN, configure_logging
from liaoran.infra.settings import Settings


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_one_json_object_per_line_with_what_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"))
    with structlog.contextvars.bound_contextvars(request="r1"):
        structlog.get_logger("liaoran.test").info("record_written", count=2)
    (line,) = lines(capsys)
    assert (line["event"], line["count"], line["request"], line["level"]) == ("record_written", 2, "r1", "info")


def test_logs_of_libraries_come_out_alike(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json", log_level="warning"))
    logging.getLogger("some.library").info("quiet")
    logging.getLogger("some.library").warning("%s went wrong", "it")
    (line,) = lines(capsys)
    assert (line["event"], line["logger"]) == ("it went wrong", "some.library")


def test_secrets_never_come_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"))
    log = structlog.get_logger("liaoran.test")
    log.info(
        "signed_in",
        password="hunter2",
        headers={"Authorization": "Bearer hunter2", "Cookie": "s=hunter2", "accept": "text/html"},
        detail="postgresql://u:hunter2@db/x and password=hunter2 and Bearer hunter2",
        several=[{"api_key": "hunter2"}],
    )
    try:
        raise RuntimeError("connection to postgresql://u:hunter2@db failed")
    except RuntimeError:
        log.exception("failed")
    text = capsys.readouterr().err
    assert "hunter2" not in text
    assert HIDDEN in text
    assert "text/html" in text


def test_people_get_readable_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="console"))
    structlog.get_logger("liaoran.test").info("started", port=8000)
    assert "started" in capsys.readouterr().err
