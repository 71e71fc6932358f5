"""How much data is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Size = Literal["small", "full"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One organisation of the bench. Visits and Events come at about 6 and 10 per opportunity."""

    name: str
    opportunities: int
    accounts: int
    people: int
    departments: int = 50

    @property
    def organisation(self) -> str:
        """The slug of the organisation that holds the data."""
        return f"bench_{self.name.lower()}"

    @property
    def schema(self) -> str:
        """Its PostgreSQL schema."""
        return f"org_{self.organisation}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run measures: ``seconds`` per case, role and limit; rows of the import."""

    scales: tuple[Scale, Scale]
    seconds: float
    import_rows: int


PLANS: dict[Size, Plan] = {
    "small": Plan((Scale("10k", 10_000, 1_000, 100), Scale("100k", 100_000, 10_000, 1_000)), 0.2, 10_000),
    "full": Plan((Scale("100k", 100_000, 10_000, 100), Scale("1M", 1_000_000, 100_000, 1_000)), 1.5, 100_000),
}
