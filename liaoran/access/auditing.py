"""Who reads the audit log: auditors and administrators. Nobody changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.access.tables import roles
from liaoran.audit.grants_wording import Named
from liaoran.audit.wording import details_of
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden
from liaoran.kernel.text import Text
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest

AUDITOR_ROLE = "auditor"
_PERSON = "person"
_ROLES = Statement(sa.select(roles.c.key, roles.c.label))


def may_audit(scope: Scope) -> bool:
    """Whether the actor may read the audit log."""
    if scope.is_administrator:
        return True
    scopes = scope.actor.scopes
    return AUDITOR_ROLE in scope.actor.roles and (scopes is None or "admin" in scopes)


def require_auditor(scope: Scope) -> None:
    """Raises Forbidden for everybody but auditors and administrators."""
    if not may_audit(scope):
        message = Text("只有审计员和管理员可以查看审计日志", "only auditors and administrators may read the audit log")
        raise Forbidden(message, code="auditors_only")


async def explained(tx: Transaction, scope: Scope, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries with what a reader needs: ``details`` in words, ``object_label``, ``record_label`` (null where the
    actor may not see the record, or it is gone), and who acted by the name that they have now."""
    listed = list(entries)
    names = await _names(tx, scope, listed)
    named = await named_keys(tx, scope)
    people = {person: name for (key, person), name in names.items() if key == _PERSON}
    objects = scope.snapshot.objects
    return [
        {
            **one,
            "actor": {**one["actor"], "label": _who(one["actor"], people)},
            "object_label": objects[one["object"]].label.to_json() if one["object"] in objects else None,
            "record_label": names.get((one["object"], str(one["record"]))),
            "details": [detail.to_json() for detail in details_of(one["facts"], named)],
        }
        for one in listed
    ]


async def named_keys(tx: Transaction, scope: Scope) -> Named:
    """How roles, Objects and Fields are called, for the words of entries."""
    objects = scope.snapshot.objects.values()
    return Named(
        objects={one.key: one.label for one in objects},
        fields={(one.key, each.key): each.label for one in objects for each in one.fields.values()},
        roles={row["key"]: Text.from_json(row["label"]) for row in await tx.fetch_all(_ROLES) if row["label"]},
    )


def _who(actor: Mapping[str, Any], people: Mapping[str, str]) -> str:
    """The name of who acted; a token keeps the one that says which token it was."""
    label: str = actor["label"]
    return people.get(str(actor["person"]), label) or label if actor["kind"] == "person" else label


async def _names(
    tx: Transaction, scope: Scope, entries: Iterable[Mapping[str, Any]]
) -> dict[tuple[str | None, str], str]:
    """Names of the records that the entries are about and of who acted, as far as the actor sees them; one statement
    per Object."""
    wanted: dict[str, set[UUID]] = {}
    for one in entries:
        if one["actor"]["person"] is not None and scope.may(_PERSON, "read"):
            wanted.setdefault(_PERSON, set()).add(one["actor"]["person"])
        if one["record"] is not None and one["object"] is not None and scope.may(one["object"], "read"):
            wanted.setdefault(one["object"], set()).add(one["record"])
    found: dict[tuple[str | None, str], str] = {}
    for key, ids in wanted.items():
        name = scope.snapshot.object(key).name_field
        where = {"field": "id", "op": "in", "value": sorted(str(one) for one in ids)}
        plan = compile_query(scope, key, QueryRequest(where=where, select=(name,), limit=max(1, len(ids))))
        rows = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"records": []}')["records"]
        found.update({(key, row["id"]): row[name] or "" for row in rows})
    return found
