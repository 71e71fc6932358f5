"""The part of access in the write path: a change of people or departments changes who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from liaoran.access.actors import raise_access_version
from liaoran.infra.transaction import Transaction
from liaoran.kernel.ports import Candidate
from liaoran.schema.snapshot import Object

_SHAPING = frozenset({"person", "department"})


class Writing(Protocol):
    """What this Guard needs of the write path's context."""

    @property
    def tx(self) -> Transaction:
        """The transaction of the write."""
        ...

    @property
    def object(self) -> Object:
        """The Object written."""
        ...


class AccessGuard:
    """Raises the access version with every written person or department, in the same transaction."""

    def derive(self, context: Writing, candidates: Sequence[Candidate]) -> None:
        """Derives nothing."""

    async def after(self, context: Writing, candidates: Sequence[Candidate]) -> None:
        """Lets Actors be resolved afresh once the change is committed."""
        if context.object.key in _SHAPING and candidates:
            await raise_access_version(context.tx)
