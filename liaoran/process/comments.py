"""What colleagues say to a Process that is being shaped: sales, marketing and operations agree before it is published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.tables import process_comments

LONGEST = 4000
NO_COMMENT = Text("这条意见不存在", "this comment does not exist")
WORDS = Text("意见应为 1 到 {most} 个字", "a comment has 1 to {most} characters").fill(most=LONGEST)
_INSTANT = process_comments.c.at.type
_KEY = sa.bindparam("process", type_=sa.Text)
_LIST = Statement(
    sa.select(process_comments)
    .where(process_comments.c.process == _KEY)
    .order_by(process_comments.c.at, process_comments.c.id)
)
_SAY = Statement(
    sa.insert(process_comments).values(
        id=sa.bindparam("comment", type_=sa.Uuid),
        process=_KEY,
        place=sa.bindparam("place", type_=sa.Text),
        text=sa.bindparam("words", type_=sa.Text),
        at=sa.bindparam("now", type_=_INSTANT),
        by=sa.bindparam("author", type_=sa.Uuid),
        by_label=sa.bindparam("author_label", type_=sa.Text),
    )
)
_RESOLVE = Statement(
    sa.update(process_comments)
    .where(process_comments.c.process == _KEY, process_comments.c.id == sa.bindparam("comment", type_=sa.Uuid))
    .values(
        resolved_at=sa.bindparam("moment", type_=_INSTANT),
        resolved_by_label=sa.bindparam("resolver", type_=sa.Text),
    )
)


async def list_comments(tx: Transaction, key: str) -> list[dict[str, Any]]:
    """All comments in order: ``{id, place, text, at, by, by_label, resolved_at, resolved_by_label}``."""
    rows = await tx.fetch_all(_LIST, {"process": key})
    return [{name: value for name, value in row.items() if name != "process"} for row in rows]


async def add_comment(tx: Transaction, scope: Scope, key: str, place: str, words: str) -> UUID:
    """Says something to a state (its key) or to the whole (the empty text). Raises Invalid for no words, or too many."""
    words = words.strip()
    if not 0 < len(words) <= LONGEST:
        raise Invalid(WORDS, code="comment_length")
    comment = new_id()
    params = {"comment": comment, "process": key, "place": place, "words": words, "now": datetime.now(UTC)}
    await tx.execute(_SAY, {**params, "author": scope.actor.person, "author_label": scope.actor.label})
    return comment


async def resolve_comment(tx: Transaction, scope: Scope, key: str, comment: UUID, *, resolved: bool) -> None:
    """Marks a comment as dealt with, or opens it again. Raises NotFound."""
    params = {
        "process": key,
        "comment": comment,
        "moment": datetime.now(UTC) if resolved else None,
        "resolver": scope.actor.label if resolved else None,
    }
    if not await tx.execute(_RESOLVE, params):
        raise NotFound(NO_COMMENT)
