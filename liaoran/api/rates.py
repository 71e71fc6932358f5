"""How many requests a person or a token may make, so that one runaway program does not slow everybody down.

Each has a bucket that holds one minute's worth and fills evenly, counted in this process: a server of several processes
allows that many in each.
"""

from __future__ import annotations

import math
import time
from uuid import UUID

from liaoran.access.sessions import Credential
from liaoran.kernel.errors import TooMany
from liaoran.kernel.text import Text

MOST_KEPT = 20_000
MINUTE = 60.0


class Rates:
    """The buckets of a process. ``per_minute`` is what everybody may; 0 for no limit. A token may have less."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def count(self, credential: Credential) -> None:
        """Counts one request of a signer. Raises TooMany where the bucket is empty."""
        limits = [one for one in (credential.per_minute, self._per_minute) if one]
        if not limits:
            return
        limit = min(limits)
        # All sessions of a person share one bucket; each token has its own.
        key = credential.id if credential.kind == "token" else credential.person
        now = time.monotonic()
        left, seen = self._buckets.get(key, (float(limit), now))
        left = min(float(limit), left + (now - seen) * limit / MINUTE)
        if left < 1:
            wait = math.ceil((1 - left) * MINUTE / limit)
            message = Text(
                "请求太多，每分钟最多 {limit} 次；请 {seconds} 秒后再试",
                "too many requests: at most {limit} a minute; try again in {seconds} seconds",
            )
            raise TooMany(message.fill(limit=limit, seconds=wait), retry_after=wait)
        if len(self._buckets) >= MOST_KEPT:
            self._buckets.clear()
        self._buckets[key] = (left - 1, now)
