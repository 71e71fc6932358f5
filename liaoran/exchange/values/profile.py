"""What a column holds, found by looking at all its values: how many, how different, of which kind, what is unclear."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from liaoran.exchange.readers.table import Cell, ErrorCell, cell_text
from liaoran.exchange.values.booleans import surely_boolean
from liaoran.exchange.values.dates import DateOrder, possible_orders, read_moment
from liaoran.exchange.values.normal import narrow
from liaoran.exchange.values.numbers import decimal_sign, read_number
from liaoran.exchange.values.unreadable import Unreadable

Holds = Literal["nothing", "number", "percent", "boolean", "date", "instant", "email", "phone", "url", "text"]

DISTINCT_KEPT = 20_000
MONTHS: frozenset[DateOrder] = frozenset({"ym"})
"""The date orders of a column that holds months alone."""
_LOOKED_AT = 600
_NEARLY_UNIQUE = 0.8
"""Columns with more distinct values than are kept are still counted while at least this share of their cells differ."""
_EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]{2,}$")
_PHONE = re.compile(r"^(\+|00)?[\d(][\d\s().\-/]{6,20}\d( ?(x|ext\.?|转|分机) ?\d{1,6})?$")
_PHONE_SURE = re.compile(
    r"^(\+|00\d|1[3-9]\d{9}$|0\d{2,3}-|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$|1[3-9]\d[- ]\d{4}[- ]\d{4}$)"
)
_URL = re.compile(
    r"^(https?://\S+|www\.\S+|[\w-]+(\.[\w-]+)*\.(com|cn|net|org|io|edu|gov|co|de|uk|info|biz|top)(/\S*)?)$",
    re.IGNORECASE,
)
_LEADING_ZERO = re.compile(r"^0\d+$")
_DATE_LIKE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Za-z]{3,9}[\s.,-]+\d|\d[\s-]*[A-Za-z]{3}"
    r"|^\d{4}\s*[-/年]\s*\d{1,2}\s*(月份?)?$"
)


@dataclass(slots=True)
class Profile:
    """One column of the file.

    ``distinct`` counts different filled values (None: more than were kept); ``counts`` holds them with their
    frequency, empty where there are too many. ``orders`` are the date orders under which every day in the column
    exists (None: no writing leaves a doubt); ``conflict`` says that no single order fits. ``fractions`` says that
    percentages are written as 0.25. ``currencies`` are those named in cells.
    """

    name: str
    index: int
    filled: int = 0
    rows: int = 0
    distinct: int | None = 0
    counts: Counter[Cell] = field(default_factory=Counter)
    samples: tuple[str, ...] = ()
    holds: Holds = "nothing"
    share: float = 1.0
    orders: frozenset[DateOrder] | None = None
    conflict: bool = False
    decimal: str = "."
    fractions: bool = False
    currencies: tuple[str, ...] = ()
    longest: int = 0

    @property
    def unique(self) -> bool:
        """Whether every row has a value and no two are the same."""
        return self.rows > 0 and self.filled == self.rows and self.distinct == self.rows

    @property
    def undecided_order(self) -> bool:
        """Whether a person has to say which of the numbers is the day."""
        return self.orders is not None and len(self.orders) > 1

    def to_json(self) -> dict[str, Any]:
        """What the wizard shows of the column."""
        return {
            "name": self.name,
            "filled": self.filled,
            "distinct": self.distinct,
            "samples": list(self.samples),
            "holds": self.holds,
            "share": round(self.share, 3),
            "date_orders": sorted(self.orders) if self.orders is not None else None,
        }


class Profiler:
    """Collects columns block by block; ``profiles`` then says what each holds."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._rows = 0
        self._counts: list[Counter[Cell]] = [Counter() for _ in names]
        self._seen: list[set[int] | None] = [set() for _ in names]
        self._many = [False] * len(names)
        self._filled = [0] * len(names)

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Takes in rows of the table's width."""
        self._rows += len(rows)
        for index, values in enumerate(zip(*rows, strict=True)):
            filled = [value for value in values if value != ""]
            self._filled[index] += len(filled)
            seen = self._seen[index]
            if seen is not None:
                seen.update(map(hash, filled))
                if self._many[index] and len(seen) < _NEARLY_UNIQUE * self._filled[index]:
                    self._seen[index] = None
            if not self._many[index]:
                counts = self._counts[index]
                counts.update(filled)
                self._many[index] = len(counts) > DISTINCT_KEPT

    def profiles(self) -> list[Profile]:
        """The profile of each column, in order."""
        return [self._profile(index, name) for index, name in enumerate(self._names)]

    def _profile(self, index: int, name: str) -> Profile:
        counts, many, seen = self._counts[index], self._many[index], self._seen[index]
        distinct = len(seen) if many and seen is not None else None if many else len(counts)
        profile = Profile(name, index, self._filled[index], self._rows, distinct)
        looked = [value for value, _ in counts.most_common(_LOOKED_AT)] if not many else list(counts)[:_LOOKED_AT]
        profile.samples = tuple(cell_text(value)[:100] for value in looked[:5])
        profile.longest = max((len(value) for value in counts if isinstance(value, str)), default=0)
        _classify(profile, looked)
        if not many:
            profile.counts = counts
        return profile


def _classify(profile: Profile, values: list[Cell]) -> None:
    values = [value for value in values if not isinstance(value, ErrorCell)]
    if not values:
        return
    texts = [narrow(value) for value in values if isinstance(value, str)]
    profile.orders, profile.conflict = _date_orders(texts)
    if profile.orders == MONTHS and len(texts) < len(values):
        profile.orders = None
    profile.decimal = decimal_sign(texts)
    profile.holds, profile.share = _kind(values, texts, profile)
    if profile.holds in ("number", "percent"):
        numbers = [number for value in values if (number := _try(read_number, value, profile.decimal)) is not None]
        profile.currencies = tuple(sorted({number.currency for number in numbers if number.currency}))
        plain = [number.value for number in numbers if not number.percent]
        profile.fractions = bool(plain) and all(0 <= one <= 1 for one in plain) and any(0 < one < 1 for one in plain)


def _kind(values: list[Cell], texts: list[str], profile: Profile) -> tuple[Holds, float]:
    typed = {type(value) for value in values if not isinstance(value, str)}
    if not typed and surely_boolean(set(texts)):
        return "boolean", 1.0
    order = min(profile.orders) if profile.orders else None
    tests: list[tuple[Holds, float]] = [
        ("email", _share(values, lambda value: isinstance(value, str) and _EMAIL.match(narrow(value)))),
        ("url", _share(values, lambda value: isinstance(value, str) and _URL.match(narrow(value)))),
        ("phone", _phone_share(values, texts)),
    ]
    days = [_try(read_moment, value, order) for value in values if _maybe_date(value)]
    dates = sum(1 for day in days if day is not None) / len(values)
    timed = any(getattr(day, "hour", None) is not None for day in days if day is not None)
    tests.append(("instant" if timed else "date", dates))
    numbers = [_try(read_number, value, profile.decimal) for value in values]
    percents = sum(1 for number in numbers if number is not None and number.percent)
    share = sum(1 for number in numbers if number is not None) / len(values)
    if sum(1 for text in texts if _LEADING_ZERO.match(text)) * 5 > len(values):
        share = 0.0
    tests.append(("percent" if percents * 2 > len(values) else "number", share))
    best: tuple[Holds, float] = max(tests, key=lambda test: test[1])
    return best if best[1] >= 0.7 else ("text", 1.0 - best[1])


def _phone_share(values: list[Cell], texts: list[str]) -> float:
    matching = [text for text in texts if _PHONE.match(text)]
    sure = sum(1 for text in matching if _PHONE_SURE.match(text))
    mobile = sum(1 for value in values if isinstance(value, int) and 13_000_000_000 <= value <= 19_999_999_999)
    if (sure + mobile) * 2 < len(values):
        return 0.0
    return (len(matching) + mobile + 0.01) / len(values)


def _maybe_date(value: Cell) -> bool:
    """Whether the value is typed as a date, or is text with the look of one; bare numbers are numbers."""
    return not isinstance(value, int | float | str) or (
        isinstance(value, str) and _DATE_LIKE.search(narrow(value)) is not None
    )


def _date_orders(texts: list[str]) -> tuple[frozenset[DateOrder] | None, bool]:
    """The orders that all doubtful writings allow, None without any doubtful one; and whether they contradict. Months
    without a day count only where there is nothing else."""
    doubtful = [orders for text in texts if (orders := possible_orders(text)) is not None]
    if texts and all(orders == MONTHS for orders in doubtful) and len(doubtful) == len(texts):
        return MONTHS, False
    days = [orders for orders in doubtful if orders != MONTHS]
    if not any(days) or len(days) * 2 < len(texts):
        return None, False
    common = frozenset.intersection(*(frozenset(orders) for orders in days if orders))
    return common, not common


def _share(values: list[Cell], test: Callable[[Cell], Any]) -> float:
    return sum(1 for value in values if test(value)) / len(values)


def _try(read: Callable[..., Any], value: Cell, option: Any) -> Any:
    try:
        return read(value, option)
    except Unreadable:
        return None


def readable_share(values: Iterable[Cell], read: Callable[[Cell], Any]) -> float:
    """The share of values that ``read`` takes without raising Unreadable; 1 where there are none."""
    good = total = 0
    for value in values:
        total += 1
        try:
            read(value)
        except Unreadable:
            continue
        good += 1
    return good / total if total else 1.0


def is_row_counter(profile: Profile) -> bool:
    """Whether the column just counts the rows: 1, 2, 3, …"""
    if not profile.unique or not profile.counts or profile.holds != "number":
        return False
    numbers = [_try(read_number, value, ".") for value in profile.counts]
    if any(number is None for number in numbers):
        return False
    values = [number.value for number in numbers]
    return values[0] in (Decimal(0), Decimal(1)) and all(
        later - earlier == 1 for earlier, later in itertools.pairwise(values)
    )
