"""Trees among the records of one Object: the link by which each names its parent, and the branch below a record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.values import ValueKind
from liaoran.query.paths import target_of
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field


def parent_field(rows: Rows, object_key: str) -> Field | None:
    """The link from a record to its parent in the same Object: ``parent`` if there is one, else the first that people
    fill in; or None."""
    own = [
        one
        for one in rows.fields(object_key)
        if one.kind is ValueKind.LINK and not one.readonly and not one.computed and target_of(one) == object_key
    ]
    return next((one for one in own if one.key == "parent"), own[0] if own else None)


def branch(rows: Rows, object_key: str, bind: str, name: str, as_of: bool) -> sa.Select[Any]:
    """The ids of the record bound to ``bind`` and of all visible records below it; circles end where they close.

    ``name`` must be unique within the statement.
    """
    parent = parent_field(rows, object_key)
    if parent is None:
        raise RuntimeError(f"the records of {object_key} form no tree")
    top = sa.select(sa.bindparam(bind, type_=sa.Uuid()).label("id")).cte(f"branch_{name}", recursive=True)
    below = rows.source(object_key, as_of=as_of)
    tree = top.union(sa.select(below.c.id).where(below.c[parent.key] == top.c.id))
    return sa.select(tree.c.id)
