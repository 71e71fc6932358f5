"""Who signed requests a moment ago, so that a light read needs one statement and not two.

What is kept here is good until a notice says otherwise: every change of sessions, tokens, roles, people, departments
or the catalogue sends one, and it reaches every process within milliseconds. Entries also run out by themselves, should
the line that brings notices be broken. Only reads rest on this; a write looks again, within its own transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from liaoran.access.scope import Scope
from liaoran.access.sessions import Credential
from liaoran.infra.organisations import Organisation

SECONDS = 10.0
KEPT = 20_000
SHAPING = frozenset({"access", "catalogue"})
"""Kinds of notices after which a Scope may be another one."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A credential that was good at ``looked_at`` (monotonic seconds), and the Scope that it gave."""

    organisation: Organisation
    credential: Credential
    scope: Scope
    era: int
    looked_at: float


class KnownSigners:
    """Signers by the hash of their token. Switched on by whoever listens to notices; else it keeps nothing."""

    def __init__(self) -> None:
        self.listening = False
        self._signers: dict[bytes, Signer] = {}
        self._eras: dict[str, int] = {}

    def era(self, schema: str) -> int:
        """Counts the changes of an organisation; to be read before looking, so that a look that a change overtakes is
        known to be old."""
        return self._eras.get(schema, 0)

    def find(self, token_hash: bytes) -> Signer | None:
        """The signer, if it is good without looking again."""
        found = self._signers.get(token_hash)
        if found is None or found.era != self.era(found.organisation.schema):
            return None
        return found if time.monotonic() - found.looked_at < SECONDS else None

    def keep(self, token_hash: bytes, signer: Signer) -> None:
        """Keeps a signer that was just looked up."""
        if not self.listening:
            return
        if len(self._signers) >= KEPT:
            self._signers.clear()
        self._signers[token_hash] = signer

    def take(self, notice: dict[str, Any]) -> None:
        """Takes a notice: forgets what it may have changed."""
        if notice.get("lost"):
            self._signers.clear()
        elif notice.get("kind") in SHAPING:
            schema = notice["schema"]
            self._eras[schema] = self.era(schema) + 1
