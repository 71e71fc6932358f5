"""The part of access in the write path: a change of people or departments changes who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from liaoran.access.actors import raise_access_version
from liaoran.access.roles import any_administrator, require_an_administrator
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.schema.snapshot import Object

_PERSON = "person"
_SHAPING = frozenset({_PERSON, "department"})


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

    def ask(self, context: Writing, candidates: Sequence[Candidate], *, beside: bool = False) -> None:
        """Asks nothing."""

    async def after(self, context: Writing, candidates: Sequence[Candidate]) -> None:
        """Lets Actors be resolved afresh once the change is committed. Raises Refused where the last administrator
        would be deleted or leave."""
        if context.object.key not in _SHAPING or not candidates:
            return
        await raise_access_version(context.tx)
        going = [one.id for one in candidates if context.object.key == _PERSON and _may_go(one)]
        if going and await any_administrator(context.tx, going):
            await require_an_administrator(context.tx)


def _may_go(person: Candidate) -> bool:
    """Whether the change could be the end of somebody's access."""
    return person.kind is EventKind.DELETED or (person.old is not None and person.changed("status"))
