"""Drafts of Processes: what an administrator is working on, kept as it is, sound or not, until it is published.

A draft is checked at every look: what would be refused at publishing is told with its place, so that the page can show it
where it stands. Two administrators in one draft: the second save is refused and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Invalid, LiaoranError, NotFound
from liaoran.kernel.text import Text
from liaoran.process.carrying import records_under_way
from liaoran.process.definition import read_process
from liaoran.process.differences import differences
from liaoran.process.people import refuse_missing_people
from liaoran.process.prospect import siblings_of
from liaoran.process.publish import Publication, publish_process
from liaoran.process.state_keys import keys_by_name, with_state_keys
from liaoran.process.tables import process_drafts
from liaoran.schema.process_json import process_to_json
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Snapshot

MAXIMUM_BYTES = 1_000_000
NO_DRAFT = Text("流程“{key}”没有草稿", "the process “{key}” has no draft")
OUTDATED = Text(
    "{who} 在您之后保存过这份草稿，请刷新后再改", "{who} has saved this draft since; reload it before going on"
)
TOO_LARGE = Text("流程定义过大", "the definition is too large")
OTHER_KEY = Text("草稿的代号应为“{key}”", "the draft's key must be “{key}”")
_KEY = sa.bindparam("process", type_=sa.Text)
_FIND = Statement(sa.select(process_drafts).where(process_drafts.c.process == _KEY).with_for_update())
_LIST = Statement(
    sa.select(
        process_drafts.c.process.label("key"),
        process_drafts.c.object,
        process_drafts.c.definition["label"].label("label"),
        process_drafts.c.based_on,
        process_drafts.c.updated_at,
        process_drafts.c.updated_by_label,
    ).order_by(process_drafts.c.updated_at.desc())
)
_put = pg.insert(process_drafts).values(
    process=_KEY,
    object=sa.bindparam("owner", type_=sa.Text),
    definition=sa.cast(sa.bindparam("json", type_=pg.JSONB), pg.JSONB),
    based_on=sa.bindparam("base", type_=sa.Integer),
    revision=sa.bindparam("number", type_=sa.Integer),
    updated_at=sa.bindparam("now", type_=process_drafts.c.updated_at.type),
    updated_by=sa.bindparam("by", type_=sa.Uuid),
    updated_by_label=sa.bindparam("by_label", type_=sa.Text),
)
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["process"],
        set_={
            name: _put.excluded[name]
            for name in ("object", "definition", "based_on", "revision", "updated_at", "updated_by", "updated_by_label")
        },
    )
)
_DISCARD = Statement(sa.delete(process_drafts).where(process_drafts.c.process == _KEY))


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was saved. ``revision`` 0 is one that has not been saved yet."""

    key: str
    definition: Mapping[str, Any]
    based_on: int = 0
    revision: int = 0
    updated_at: datetime | None = None
    updated_by_label: str = ""


async def list_drafts(tx: Transaction) -> list[dict[str, Any]]:
    """``{key, object, label, based_on, updated_at, updated_by_label}``, the one saved last first."""
    return await tx.fetch_all(_LIST, {})


async def find_draft(tx: Transaction, key: str) -> Draft | None:
    """The draft of a Process, or None."""
    row = await tx.fetch_one(_FIND, {"process": key})
    if row is None:
        return None
    return Draft(key, row["definition"], row["based_on"], row["revision"], row["updated_at"], row["updated_by_label"])


async def save_draft(tx: Transaction, scope: Scope, key: str, definition: Mapping[str, Any], revision: int) -> Draft:
    """Keeps the definition as the draft; ``revision`` is the one that the writer saw (0 for a new draft).

    Raises Forbidden for everybody but administrators, Conflict where somebody has saved since, Invalid for a draft that
    is too large or of another key.
    """
    scope.require_administrator()
    if len(orjson.dumps(definition)) > MAXIMUM_BYTES:
        raise Invalid(TOO_LARGE, code="draft_too_large")
    if definition.get("key") != key:
        raise Invalid(OTHER_KEY.fill(key=key), code="other_key")
    known = await find_draft(tx, key)
    if known is not None and known.revision != revision:
        message = OUTDATED.fill(who=known.updated_by_label)
        raise Conflict(message, code="draft_outdated", extra={"revision": known.revision})
    published = scope.snapshot.process(key)
    base = known.based_on if known is not None else published.version if published else 0
    now, label = datetime.now(UTC), scope.actor.label
    params = {"process": key, "owner": str(definition.get("object") or ""), "json": dict(definition), "base": base}
    stamps = {"number": revision + 1, "now": now, "by": scope.actor.person, "by_label": label}
    await tx.execute(_PUT, {**params, **stamps})
    return Draft(key, definition, base, revision + 1, now, label)


async def discard_draft(tx: Transaction, scope: Scope, key: str) -> None:
    """Throws the draft away; what is published stays. Raises Forbidden, NotFound."""
    scope.require_administrator()
    if not await tx.execute(_DISCARD, {"process": key}):
        raise NotFound(NO_DRAFT.fill(key=key))


async def publish_draft(
    tx: Transaction, scope: Scope, key: str, revision: int, mapping: Mapping[str, str], note: str | None
) -> Snapshot:
    """Publishes the draft as it was seen, and ends it. Raises NotFound, Conflict, and as ``publish_process``."""
    scope.require_administrator()
    draft = await find_draft(tx, key)
    if draft is None:
        raise NotFound(NO_DRAFT.fill(key=key))
    if draft.revision != revision:
        message = OUTDATED.fill(who=draft.updated_by_label)
        raise Conflict(message, code="draft_outdated", extra={"revision": draft.revision})
    fitted, keys = fit_state_keys(scope, draft)
    snapshot = await publish_process(tx, scope, fitted, Publication(carried_to(keys, mapping), note))
    await tx.execute(_DISCARD, {"process": key})
    return snapshot


def fit_state_keys(scope: Scope, draft: Draft) -> tuple[dict[str, Any], dict[str, str]]:
    """The definition as it is published, and by own key the keys that new stages get in it: a stage of a name that
    another Process has, has its key. Raises Invalid for a definition that does not read."""
    owner = scope.snapshot.object(str(draft.definition.get("object") or ""))
    process = read_process(draft.definition, owner)
    published = scope.snapshot.process(draft.key)
    siblings = siblings_of(owner, process)
    definition = process_to_json(process)
    keys = keys_by_name(definition, siblings, published.state_by_key if published else ())
    return with_state_keys(definition, keys), keys


def carried_to(keys: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping to stages of the draft as one to the stages that they become."""
    return {state: keys.get(to, to) for state, to in mapping.items()}


async def read_draft(tx: Transaction, scope: Scope, draft: Draft) -> Process:
    """The Process that the draft would become. Raises Invalid or Refused naming the place, as publishing would."""
    owner = scope.snapshot.object(str(draft.definition.get("object") or ""))
    published = scope.snapshot.process(draft.key)
    version = published.version + 1 if published else 1
    fitted, _ = fit_state_keys(scope, draft)
    process = read_process(fitted, owner, version, snapshot=scope.snapshot)
    await refuse_missing_people(tx, scope.snapshot, process)
    return process


async def review_draft(tx: Transaction, scope: Scope, draft: Draft) -> dict[str, Any]:
    """What there is to know before publishing: ``{problem: {at, message, code}|null, differences, leaving, newer}``.

    ``leaving`` are the states that would go while records are in them, each with its number; ``newer`` says whether a
    version was published since the draft was begun.
    """
    published = scope.snapshot.process(draft.key)
    newer = published is not None and published.version > draft.based_on
    try:
        process = await read_draft(tx, scope, draft)
    except LiaoranError as refused:
        language = scope.actor.language
        at = str(refused.extra.get("at") or "")
        message = refused.problems[0].message if refused.problems else refused.message
        problem = {"at": at, "message": message.read(language), "code": refused.code}
        return {"problem": problem, "differences": [], "leaving": [], "newer": newer}
    leaving = [
        {"state": state, "label": _label(published, state), "count": count}
        for state, count in (await records_under_way(tx, draft.key)).items()
        if state not in process.state_by_key
    ]
    compared = replace(process, is_default=published.is_default) if published and not process.is_default else process
    return {"problem": None, "differences": differences(published, compared), "leaving": leaving, "newer": newer}


def _label(process: Process | None, state: str) -> dict[str, str]:
    known = process.state_by_key.get(state) if process else None
    return known.label.to_json() if known else Text(state).to_json()
