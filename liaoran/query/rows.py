"""Rows: what the query layer knows about whom it reads for. ``access.Scope`` implements it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

import sqlalchemy as sa

from liaoran.schema.snapshot import Field, Snapshot


class Rows(Protocol):
    """The visible part of one organisation. Nothing in ``query`` reaches a table but through ``source``."""

    @property
    def snapshot(self) -> Snapshot:
        """The catalogue at one schema version."""
        ...

    @property
    def key(self) -> Hashable:
        """Equal keys (with equal schema and version) compile to equal SQL; statements are cached by it."""
        ...

    def source(self, object_key: str, verb: str = "read", as_of: bool = False) -> sa.FromClause:
        """A fresh alias at each call over exactly the rows that the verb reaches.

        Its columns are the record's: system columns, Fields that the actor may see, their helper columns, and
        ``search__words``. Rows in the recycle bin are left out; the verb ``bin`` yields only those. With ``as_of`` a
        tracked Object is read as it was at the bind ``as_of``, any other Object as it is. Raises Invalid for an
        Object that does not exist.
        """
        ...

    def totals_source(self, object_key: str) -> sa.FromClause:
        """A fresh alias over the maintained totals of the records that the actor may read: ``process, state, owner,
        department, currency, count, sum``, one row per combination; a missing currency is the empty text."""
        ...

    def field(self, object_key: str, field_key: str) -> Field:
        """The Field; raises Invalid ``unknown_field`` where there is none, or none that the actor may see."""
        ...

    def fields(self, object_key: str) -> tuple[Field, ...]:
        """The Fields of the Object that the actor may see, in catalogue order."""
        ...

    def params(self) -> dict[str, Any]:
        """The actor's binds: ``actor_id, actor_person, actor_department, actor_departments`` (own and below),
        ``zone`` (IANA name), ``today`` (date in the zone), ``now`` (aware datetime)."""
        ...
