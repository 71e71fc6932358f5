"""What the routers are wired to; ``app.create_app`` fills it, once per process."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import Request

from liaoran.api.known import KnownSigners
from liaoran.api.offers import Offers
from liaoran.api.rates import Rates
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation, list_organisations
from liaoran.infra.settings import Settings

_ORGANISATIONS_SECONDS = 5.0


@dataclass
class Services:
    """``demo_accounts`` are shown on the sign-in page of demo organisations; ``pages`` is the folder of built pages.
    ``stopping`` is set when the process is told to stop, so that what would stay open for ever ends; ``streams`` counts
    the open live updates of each person."""

    settings: Settings
    database: Database
    demo_accounts: Sequence[Mapping[str, Any]] = ()
    pages: Path | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    signers: KnownSigners = field(default_factory=KnownSigners)
    streams: Counter[UUID] = field(default_factory=Counter)
    _organisations: dict[str, Organisation] = field(default_factory=dict)
    _read_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.rates = Rates(self.settings.requests_per_minute)
        self.offers = Offers()

    async def organisations(self) -> list[Organisation]:
        """All organisations of this server, oldest first; at most five seconds old."""
        if time.monotonic() - self._read_at > _ORGANISATIONS_SECONDS:
            found = await list_organisations(self.database)
            self._organisations = {one.slug: one for one in found}
            self._read_at = time.monotonic()
        return list(self._organisations.values())

    async def organisation(self, slug: str) -> Organisation | None:
        """The organisation of a slug, or None."""
        await self.organisations()
        return self._organisations.get(slug)

    def forget_organisations(self) -> None:
        """Looks at the list anew with the next request, after this process has changed it."""
        self._read_at = float("-inf")

    @property
    def secure_cookies(self) -> bool:
        """Whether people reach this server by HTTPS only."""
        return self.settings.is_secure


def services_of(request: Request) -> Services:
    """The services of the app that serves the request."""
    found: Services = request.app.state.services
    return found
