"""Reading the audit log: what an auditor searches, page by page, newest first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.audit.kinds import GROUP_OF, KINDS
from liaoran.audit.tables import INSTANT, audit_chain, audit_log
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

MAXIMUM = 200
_BAD_CURSOR = Text("cursor 无效", "the cursor is not valid")
_UNKNOWN_KIND = Text("没有名为“{kind}”的审计类型", "there is no kind “{kind}” in the audit log")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; parts that are None do not narrow. ``since`` is included, ``until`` is not. ``person`` acted
    or is whom it is about; ``kinds`` are kinds or groups of them; ``words`` stand in the facts, in the name of who
    acted or in the words of the kind."""

    since: datetime | None = None
    until: datetime | None = None
    person: UUID | None = None
    kinds: tuple[str, ...] = ()
    object: str | None = None
    record: UUID | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Entries as plain values, and where the next page begins."""

    entries: list[dict[str, Any]]
    next_cursor: str | None


async def read_page(tx: Transaction, criteria: Criteria, *, cursor: str | None = None, limit: int = 50) -> Page:
    """A page of entries, newest first: ``{id, at, kind, group, label, actor: {kind, id, person, label}, object, record,
    facts, number}``, where ``number`` is the place in the chain (null: not sealed yet).

    Raises Invalid for an unknown kind and for a cursor that this function did not give.
    """
    at, last = _read_cursor(cursor)
    most = max(1, min(limit, MAXIMUM))
    rows = await tx.fetch_all(_PAGE, {**_binds(criteria), "before_at": at, "before_id": last, "most": most + 1})
    entries = [_shown(row) for row in rows[:most]]
    return Page(entries, _cursor_of(rows[most - 1]) if len(rows) > most else None)


async def read_all(tx: Transaction, criteria: Criteria) -> AsyncIterator[list[dict[str, Any]]]:
    """All entries in lists, oldest first, for a file. ``tx`` should see one moment only. Raises as ``read_page``."""
    async for rows in tx.stream(_ALL, _binds(criteria)):
        yield [_shown(row) for row in rows]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = row["kind"]
    actor = {"kind": row["actor_kind"], "id": row["actor_id"], "person": row["person"], "label": row["actor_label"]}
    return {
        "id": row["id"],
        "at": row["at"],
        "kind": kind,
        "group": GROUP_OF.get(kind, "audit"),
        "label": KINDS.get(kind, Text(kind)).to_json(),
        "actor": actor,
        "object": row["object"],
        "record": row["record"],
        "facts": row["facts"],
        "number": row["number"],
    }


def _binds(criteria: Criteria) -> dict[str, Any]:
    words = (criteria.words or "").strip()
    return {
        "since": criteria.since,
        "until": criteria.until,
        "person": criteria.person,
        "kinds": list(_kinds(criteria.kinds)) if criteria.kinds else None,
        "about": criteria.object,
        "record": criteria.record,
        "pattern": f"%{_literal(words)}%" if words else None,
        "spoken": [kind for kind, label in KINDS.items() if _says(label, words)] if words else [],
    }


def _kinds(wanted: Iterable[str]) -> Iterable[str]:
    for one in wanted:
        members = [kind for kind, group in GROUP_OF.items() if one in (kind, group)]
        if not members:
            raise Invalid(_UNKNOWN_KIND.fill(kind=one), code="unknown_kind")
        yield from members


def _says(label: Text, words: str) -> bool:
    return words in label.zh or words.casefold() in label.en.casefold()


def _literal(words: str) -> str:
    """The words as a pattern of LIKE that means just them."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _cursor_of(row: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{row['at'].isoformat()}|{row['id']}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime, UUID]:
    if cursor is None:
        return datetime.max.replace(tzinfo=UTC), UUID(int=0)
    try:
        at, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return datetime.fromisoformat(at), UUID(last)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_BAD_CURSOR, code="invalid_cursor") from error


def _optional(name: str, kind: Any, condition: Any) -> sa.ColumnElement[bool]:
    bind = sa.bindparam(name, type_=kind)
    return sa.or_(bind.is_(None), condition(bind))


def _matching() -> sa.Select[Any]:
    log, texts = audit_log.c, sa.ARRAY(sa.Text)
    pattern = sa.bindparam("pattern", type_=sa.Text)
    said = sa.or_(
        pattern.is_(None),
        sa.cast(log.facts, sa.Text).ilike(pattern),
        log.actor_label.ilike(pattern),
        log.kind == sa.any_(sa.bindparam("spoken", type_=texts)),
    )
    return (
        sa.select(audit_log, audit_chain.c.number)
        .select_from(audit_log.outerjoin(audit_chain, audit_chain.c.entry == log.id))
        .where(
            _optional("since", INSTANT, lambda bind: log.at >= bind),
            _optional("until", INSTANT, lambda bind: log.at < bind),
            _optional("person", sa.Uuid, lambda bind: sa.or_(log.person == bind, log.record == bind)),
            _optional("kinds", texts, lambda bind: log.kind == sa.any_(bind)),
            _optional("about", sa.Text, lambda bind: log.object == bind),
            _optional("record", sa.Uuid, lambda bind: log.record == bind),
            said,
        )
    )


_BEFORE = sa.tuple_(sa.bindparam("before_at", type_=INSTANT), sa.bindparam("before_id", type_=sa.Uuid))
_PAGE = Statement(
    _matching()
    .where(sa.tuple_(audit_log.c.at, audit_log.c.id) < _BEFORE)
    .order_by(audit_log.c.at.desc(), audit_log.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_ALL = Statement(_matching().order_by(audit_log.c.at, audit_log.c.id))
