"""Chance that repeats: one seeded source of numbers, of ids and of moments within working hours."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
T = TypeVar("T")


class Chance:
    """Same seed, same demo. ``now`` is the evening before ``today``: nothing is made later than that."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = random.Random(seed)  # noqa: S311 - invented data, not a secret
        self.today = today
        self.now = (datetime.combine(today, time(19, 0), ZONE) - timedelta(days=1)).astimezone(UTC)
        self._serial = 0

    def new_id(self, at: datetime) -> UUID:
        """A UUIDv7 of the moment ``at``, so that ids sort by the time the record was made."""
        self._serial += 1
        millisecond = int(at.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
        value = millisecond << 80 | 0x7 << 76 | (self._serial & 0xFFF) << 64 | 0b10 << 62 | self.random.getrandbits(62)
        return UUID(int=value)

    def happens(self, probability: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return self.random.choice(options)

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """``count`` different options, in random order."""
        return self.random.sample(options, min(count, len(options)))

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, by weight."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(low, high)

    def days(self, median: float, spread: float = 0.55) -> float:
        """A length of time in days: most near the median, a few much longer."""
        return self.random.lognormvariate(math.log(median), spread)

    def at_work(self, day: date) -> datetime:
        """A moment within working hours of ``day``, or of the next working day after a weekend (UTC)."""
        while day.weekday() >= 5:
            day += timedelta(days=1)
        minutes = self.random.choice((self.between(9 * 60, 12 * 60), self.between(13 * 60 + 30, 18 * 60 + 30)))
        return datetime.combine(day, time(minutes // 60, minutes % 60, self.between(0, 59)), ZONE).astimezone(UTC)

    def later(self, moment: datetime, days: float) -> datetime:
        """A moment within working hours about ``days`` after ``moment``, always later than it."""
        day = moment.astimezone(ZONE).date() + timedelta(days=max(0, round(days)))
        found = self.at_work(day)
        return found if found > moment else moment + timedelta(minutes=self.between(20, 180))


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat()


def day_of(moment: datetime) -> date:
    """The day on which it was, in the zone of the demo."""
    return moment.astimezone(ZONE).date()
