"""Record identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID


class _Clock:
    """The last millisecond used and the counter within it (RFC 9562, section 6.2, method 1)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def tick(self) -> tuple[int, int]:
        """A (millisecond, 12-bit counter) pair greater than all before."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond, self._counter = now, secrets.randbits(11)
            else:
                self._counter += 1
                if self._counter > 0xFFF:
                    self._millisecond, self._counter = self._millisecond + 1, secrets.randbits(11)
            return self._millisecond, self._counter


_clock = _Clock()


def new_id() -> UUID:
    """A UUIDv7. Ids made by one process are strictly increasing."""
    millisecond, counter = _clock.tick()
    value = (millisecond & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
