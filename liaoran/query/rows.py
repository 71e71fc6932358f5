"""Rows: what the query layer knows about whom it reads for. ``access.Scope`` implements it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

import sqlalchemy as sa

from liaoran.schema.processes import Process
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

    def totals_source(self, process: Process) -> sa.FromClause | None:
        """A fresh alias over totals of exactly the records of a Process that the actor may read: ``state, currency,
        count, sum``, several rows per state and currency; a missing currency is the empty text. None where what they
        may read cannot be told from the maintained totals, so that it has to be counted."""
        ...

    def field(self, object_key: str, field_key: str) -> Field:
        """The Field; raises Invalid ``unknown_field`` where there is none, or none that the actor may see."""
        ...

    def fields(self, object_key: str) -> tuple[Field, ...]:
        """The Fields of the Object that the actor may see, in catalogue order."""
        ...

    def params(self) -> dict[str, Any]:
        """The actor's binds: ``actor_id, actor_person, actor_department, actor_departments`` (own and below),
        ``actor_above`` (own and above), ``actor_reports`` (the actor and everybody below on the reporting line),
        ``zone`` (IANA name), ``today`` (date in the zone), ``now`` (aware datetime), and the values of the Conditions
        that the row sources hold."""
        ...
