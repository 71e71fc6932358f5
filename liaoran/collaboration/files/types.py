"""Document types: what the files on records are. Shipped by packs, shaped by administrators, retired and never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.audit import note
from liaoran.collaboration.tables import document_types as types
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

MAXIMUM = 200
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
_TWICE = Text("文件类型“{label}”重复", "the document type “{label}” is there twice")
_UNKNOWN = Text("没有文件类型“{key}”，可用：{known}", "there is no document type “{key}”; known: {known}")
_NAMELESS = Text("文件类型需要名称", "a document type needs a name")
_COLUMNS = (types.c.key, types.c.label, types.c.retired, types.c.origin)
_LIST = Statement(sa.select(*_COLUMNS).order_by(types.c.retired, types.c.position, types.c.key))
_insert = pg.insert(types).values({column.name: sa.bindparam(column.name, type_=column.type) for column in types.c})
_ADD = Statement(_insert.on_conflict_do_nothing(index_elements=["key"]))
_PUT = Statement(
    _insert.on_conflict_do_update(
        index_elements=["key"], set_={name: _insert.excluded[name] for name in ("label", "position", "retired")}
    )
)
_RETIRE_OTHERS = Statement(
    sa.update(types)
    .where(types.c.key != sa.all_(sa.bindparam("kept", type_=pg.ARRAY(sa.Text))))
    .values(retired=sa.true(), position=types.c.position + MAXIMUM)
)


class TypeLabel(BaseModel):
    """A name in both languages; where one is empty the other serves both."""

    model_config = ConfigDict(extra="forbid")

    zh: Label = ""
    en: Label = ""


class DocumentTypePart(BaseModel):
    """One document type as an administrator writes it; without ``key`` it is a new one."""

    model_config = ConfigDict(extra="forbid")

    key: str | None = Field(None, pattern=r"^[a-z][a-z0-9_]{0,59}$")
    label: TypeLabel
    retired: bool = False


async def list_document_types(tx: Transaction) -> list[dict[str, Any]]:
    """``[{key, label, retired, origin}]`` in the administrator's order, retired ones last."""
    return await tx.fetch_all(_LIST)


async def put_document_types(tx: Transaction, scope: Scope, wanted: Sequence[DocumentTypePart]) -> list[dict[str, Any]]:
    """Sets names and order of all document types, and gives the list. What is left out is retired: files of that type
    keep it. Raises Forbidden for everybody but administrators, Invalid for names that are empty or there twice."""
    scope.require_administrator()
    rows = [_row(one, position) for position, one in enumerate(wanted)]
    _check(rows)
    await tx.lock("document-types")
    before = {one["key"]: one for one in await list_document_types(tx)}
    await tx.execute(_RETIRE_OTHERS, {"kept": [row["key"] for row in rows]})
    await tx.execute(_PUT, rows)
    listed = await list_document_types(tx)
    for one in listed:
        _note(tx, scope.actor, before.get(one["key"]), one)
    return listed


async def install_document_types(tx: Transaction, definitions: Sequence[Mapping[str, Any]]) -> None:
    """Adds the document types of a pack that are not there yet; what an administrator has changed stays."""
    rows = [
        {"key": one["key"], "label": one["label"], "position": position, "retired": False, "origin": "shipped"}
        for position, one in enumerate(definitions)
    ]
    await tx.execute(_ADD, rows)


async def find_document_type(tx: Transaction, key: str | None, *, keeps: str | None = None) -> dict[str, Any] | None:
    """The document type of a key, None for none. ``keeps`` is the one that the file has already, which may be retired.
    Raises Invalid for a key that is unknown or retired."""
    if key is None:
        return None
    known = {one["key"]: one for one in await list_document_types(tx)}
    found = known.get(key)
    if found is None or (found["retired"] and key != keeps):
        usable = ", ".join(one["key"] for one in known.values() if not one["retired"])
        message = _UNKNOWN.fill(key=key, known=usable or "-")
        problem = Problem("unknown_document_type", message, field="document_type", evidence={"value": key})
        raise Invalid(message, code="unknown_document_type", problems=[problem])
    return found


def _note(tx: Transaction, actor: Actor, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    known = before or {}
    changes = {part: [known.get(part), after[part]] for part in ("label", "retired") if known.get(part) != after[part]}
    if changes:
        note(tx, "document_type.changed", actor, facts={"label": after["label"], "changes": changes})


def _row(one: DocumentTypePart, position: int) -> dict[str, Any]:
    label = Text(one.label.zh, one.label.en).to_json()
    key = one.key or f"type_{new_id().hex[-10:]}"
    return {"key": key, "label": label, "position": position, "retired": one.retired, "origin": "custom"}


def _check(rows: Sequence[Mapping[str, Any]]) -> None:
    if len(rows) > MAXIMUM:
        raise Invalid(Text("最多 {most} 种文件类型", "at most {most} document types").fill(most=MAXIMUM))
    keys: set[str] = set()
    labels: set[str] = set()
    for position, row in enumerate(rows):
        label = row["label"]["zh"]
        twice = row["key"] in keys or (not row["retired"] and label in labels)
        message = None if label and not twice else (_TWICE.fill(label=label) if label else _NAMELESS)
        if message is not None:
            problem = Problem("invalid_document_type", message, field=f"[{position}].label")
            raise Invalid(message, code="invalid_document_type", problems=[problem])
        keys.add(row["key"])
        if not row["retired"]:
            labels.add(label)
