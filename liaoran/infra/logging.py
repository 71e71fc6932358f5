"""Structured logs: one JSON object per line, or readable lines on a terminal. Secrets never get into them.

``structlog.get_logger(__name__)`` is how everything logs: an event name in snake case and keyword values. What a
request or job binds with ``structlog.contextvars`` (request id, organisation, actor) is on every line below it.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

from liaoran.infra.settings import Settings

HIDDEN = "•••"
_SECRET_KEYS = re.compile(
    r"passw|secret|token|authoriz|cookie|credential|api_?key|csrf|database_url|dsn", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^@\s/]+@")
_DSN_PASSWORD = re.compile(r"(password\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)
_BEARER = re.compile(r"(bearer\s+)\S+", re.IGNORECASE)
_QUIET = {"procrastinate": logging.ERROR, "alembic": logging.WARNING, "psycopg.pool": logging.ERROR}


def configure_logging(settings: Settings) -> None:
    """Sends all logs, also those of libraries, to standard error in the format of the settings. May be repeated."""
    console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    renderer = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(serializer=_dumps)
    # Tracebacks become text before secrets are looked for: they may hold an address with its password.
    last: list[Processor] = [structlog.processors.format_exc_info, hide_secrets, renderer]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces values under keys that name a secret, and passwords and bearer tokens inside texts, however deep."""
    for key, value in event.items():
        event[key] = HIDDEN if names_secret(key) and value is not None else _clean(value)
    return event


def names_secret(key: str) -> bool:
    """Whether a name is one of something that is not to be shown."""
    return _SECRET_KEYS.search(key) is not None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        value = _URL_PASSWORD.sub(rf"\g<1>{HIDDEN}@", value)
        value = _DSN_PASSWORD.sub(rf"\g<1>{HIDDEN}", value)
        return _BEARER.sub(rf"\g<1>{HIDDEN}", value)
    if isinstance(value, MutableMapping):
        return {
            key: HIDDEN if isinstance(key, str) and names_secret(key) else _clean(one) for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_clean(one) for one in value]
    return value


def _dumps(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
