"""Where rights use Fields: what is asked before one of them is retired, so that nobody loses sight of records unawares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from liaoran.access.grants import EVERY_OBJECT, SCOPED_VERBS, condition_of, merge_grants
from liaoran.access.holdings import open_to_all
from liaoran.access.scope import system_scope
from liaoran.access.tables import roles
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.naming import fields_named
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Snapshot

_ROLE = Text("角色“{label}”", "role “{label}”")
_RULE = Text("共享规则“{label}”", "sharing rule “{label}”")
_POLICY = Text("限制规则“{label}”", "restriction “{label}”")
_ROLES = sa.select(roles.c.key, roles.c.label, roles.c.grants).where(roles.c.retired.is_(False)).order_by(roles.c.key)


class RightsUsages:
    """Implements ``schema.usages.UsageFinder``."""

    async def uses(self, tx: Transaction, snapshot: Snapshot, object_key: str, field_key: str | None) -> list[Text]:
        """The roles, sharing rules and restrictions whose Conditions read the Field, or, for None, the Object from
        elsewhere; rights over the Object itself go with it."""
        found: dict[Text, None] = {}
        open_to = await open_to_all(tx)
        conditions = [(_said(_RULE, one.label), one.object, one.where) for one in open_to.rules]
        conditions += [(_said(_POLICY, one.label), one.object, one.where) for one in open_to.restrictions]
        for row in await tx.fetch_all(_ROLES):
            said = _said(_ROLE, row["label"] or {"zh": row["key"]})
            conditions += [(said, owner, where) for owner, where in _of_role(snapshot, row["grants"])]
        rows = system_scope(snapshot)
        for said, owner, where in conditions:
            if field_key is None and owner == object_key:
                continue
            if any(_is_meant(one, object_key, field_key) for one in _named(rows, owner, where)):
                found[said] = None
        return list(found)


def _is_meant(named: tuple[str, str], object_key: str, field_key: str | None) -> bool:
    return named[0] == object_key and field_key in (None, named[1])


def _of_role(snapshot: Snapshot, grants: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """``(object, Condition)`` of all that stands in a role."""
    try:
        merged = merge_grants([grants])
    except Invalid:
        return
    everywhere = EVERY_OBJECT in grants.get("objects", {})
    for key, one in snapshot.objects.items():
        if one.retired or not (everywhere or key in merged.objects):
            continue
        for verb in SCOPED_VERBS:
            yield from ((key, each.where) for each in merged.of(key).scopes.get(verb, ()) if each.where)


def _named(rows: Rows, object_key: str, where: str) -> Iterator[tuple[str, str]]:
    one = rows.snapshot.objects.get(object_key)
    if one is not None and not one.retired:
        yield from fields_named(rows, object_key, condition_of(where))


def _said(sentence: Text, label: Mapping[str, str]) -> Text:
    return sentence.fill(label=Text.from_json(label))
