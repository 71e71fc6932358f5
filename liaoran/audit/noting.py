"""Noting: entries of the audit log, in the transaction of what they are about.

An entry is only added, so nobody waits for anybody. It joins the hash chain (``sealing``) right after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.audit.kinds import KINDS
from liaoran.audit.sealing import seal
from liaoran.audit.tables import audit_log, audit_pending
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.ids import new_id

NOBODY = "nobody"


def note(
    tx: Transaction,
    kind: str,
    actor: Actor | None,
    *,
    object: str | None = None,
    record: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Adds an entry that is there if, and only if, ``tx`` commits. It travels with the next statement of ``tx``.

    ``kind`` is one of ``kinds.KINDS``; ``actor`` is None where nobody is known, as at a refused sign-in; ``object`` and
    ``record`` say what it is about; ``facts`` is plain JSON in the words of ``kinds``. Raises ValueError for an unknown
    kind.
    """
    note_all(tx, kind, actor, [(object, record, facts or {})])


def note_all(
    tx: Transaction,
    kind: str,
    actor: Actor | None,
    about: Sequence[tuple[str | None, UUID | None, Mapping[str, Any]]],
) -> None:
    """Adds an entry as ``note`` for each ``(object, record, facts)``, all in one statement."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of the audit log; add it to liaoran/audit/kinds.py")
    if not about:
        return
    common = {
        "at": datetime.now(UTC),
        "kind": kind,
        "actor_kind": actor.kind if actor else NOBODY,
        "actor_id": actor.id if actor else None,
        "person": actor.person if actor else None,
        "actor_label": actor.label if actor else "",
    }
    entries = [
        {**common, "id": new_id(), "object": of_object, "record": record, "facts": dict(facts)}
        for of_object, record, facts in about
    ]
    tx.send(_ADD, {"entries": orjson.dumps(entries).decode()})
    tx.follow_up(seal)


def _adding() -> Statement:
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("entries", type_=sa.Text()), pg.JSON))
    parts = [sa.column(column.name, column.type) for column in audit_log.c]
    rows = source.table_valued(*parts).render_derived("noted", with_types=True)
    insert = sa.insert(audit_log).from_select([column.name for column in audit_log.c], sa.select(*rows.c))
    added = insert.returning(audit_log.c.id).cte("added")
    return Statement(sa.insert(audit_pending).from_select(["entry"], sa.select(added.c.id)))


_ADD = _adding()
