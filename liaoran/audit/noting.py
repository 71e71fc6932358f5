"""Noting: one entry of the audit log, in the transaction of what it is about.

The entry is only added, so nobody waits for anybody. It joins the hash chain (``sealing``) right after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

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
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of the audit log; add it to liaoran/audit/kinds.py")
    entry = {
        "id": new_id(),
        "at": datetime.now(UTC),
        "kind": kind,
        "actor_kind": actor.kind if actor else NOBODY,
        "actor_id": actor.id if actor else None,
        "person": actor.person if actor else None,
        "actor_label": actor.label if actor else "",
        "object": object,
        "record": record,
        "facts": dict(facts or {}),
    }
    tx.send(_ADD, entry)
    tx.follow_up(seal)


def _adding() -> Statement:
    values = {column.name: sa.bindparam(column.name, type_=column.type) for column in audit_log.c}
    added = sa.insert(audit_log).values(values).returning(audit_log.c.id).cte("added")
    return Statement(sa.insert(audit_pending).from_select(["entry"], sa.select(added.c.id)))


_ADD = _adding()
