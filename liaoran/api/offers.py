"""What the sign-in page offers beside a password, kept for a moment: everybody may ask, as often as they like."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from liaoran.access.single_sign_on.providers import list_providers
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Offer:
    era: int
    read_at: float
    providers: list[dict[str, Any]]


class Offers:
    """The providers in use of each organisation, good until access changes there (``era``), ten seconds at most."""

    def __init__(self) -> None:
        self._offers: dict[str, _Offer] = {}

    async def providers(self, database: Database, organisation: Organisation, era: int) -> list[dict[str, Any]]:
        """``[{id, organisation, label}]`` in order."""
        now = time.monotonic()
        kept = self._offers.get(organisation.schema)
        if kept is None or kept.era != era or now - kept.read_at > SECONDS:
            async with database.read(organisation.schema) as tx:
                found = await list_providers(tx, active=True)
            shown = [{"id": one["id"], "organisation": organisation.slug, "label": one["label"]} for one in found]
            kept = self._offers[organisation.schema] = _Offer(era, now, shown)
        return kept.providers
