"""Ports: what upper layers know about Fields, and what they do when the catalogue changes.

``app.py`` registers them; the catalogue works without any.
"""

from __future__ import annotations

from typing import Protocol

from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Snapshot


class UsageFinder(Protocol):
    """Tells where a Field or an Object is used outside the catalogue (Processes, rules, views)."""

    async def uses(self, tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str | None) -> list[Text]:
        """What would break if the Field (the Object, where ``field_key`` is None) were retired, each in words."""
        ...


class RetypeFollower(Protocol):
    """Does what a retyping calls for beyond the columns, for example making search words anew."""

    async def field_retyped(self, tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str) -> None:
        """Runs in the transaction of the switch; ``snapshot`` is the catalogue after it."""
        ...


_finders: list[UsageFinder] = []
_followers: list[RetypeFollower] = []


def register_usage_finder(finder: UsageFinder) -> None:
    """Adds a finder; registering the same one twice has no effect."""
    if finder not in _finders:
        _finders.append(finder)


def register_retype_follower(follower: RetypeFollower) -> None:
    """Adds a follower; registering the same one twice has no effect."""
    if follower not in _followers:
        _followers.append(follower)


async def uses_of(tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str | None) -> list[Text]:
    """All uses that the registered finders know."""
    return [use for finder in _finders for use in await finder.uses(tx, snapshot, object_key, field_key)]


async def tell_retyped(tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str) -> None:
    """Tells all registered followers."""
    for follower in _followers:
        await follower.field_retyped(tx, snapshot, object_key, field_key)
