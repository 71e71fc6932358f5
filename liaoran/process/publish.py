"""Publishing a Process: a new immutable version, the choices of its Fields in step, totals and visits ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope, system_scope
from liaoran.audit import note
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Refused
from liaoran.kernel.text import Text
from liaoran.process.carrying import (
    carry_back,
    carry_records,
    carrying_cause,
    note_heirs,
    plan_carriage,
    records_under_way,
)
from liaoran.process.definition import read_process
from liaoran.process.differences import summary
from liaoran.process.people import refuse_missing_people
from liaoran.process.prospect import offered_choices, siblings_of
from liaoran.process.recount import begin_visits, rebuild_totals
from liaoran.process.tables import process_versions, processes
from liaoran.schema.catalogue import advance, load_snapshot
from liaoran.schema.changes import change_field
from liaoran.schema.ddl import index_process
from liaoran.schema.process_json import process_to_json
from liaoran.schema.processes import Process
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Choice, Object, Snapshot

OTHER_OBJECT = Text(
    "流程“{key}”属于另一个对象，请换一个代号", "the process “{key}” belongs to another object; choose another key"
)
IN_USE = Text(
    "还有 {count} 条记录在阶段“{state}”，请先把它们移走",
    "{count} records are still in the state “{state}”; move them first",
)
LAST = Text("“{object}”至少要保留一个流程", "“{object}” needs at least one process")
_KEY = sa.bindparam("process", type_=sa.Text)
_FIND = Statement(sa.select(processes).where(processes.c.key == _KEY).with_for_update())
_NEWEST = Statement(
    sa.select(process_versions.c.version, process_versions.c.definition)
    .where(process_versions.c.process == _KEY)
    .order_by(process_versions.c.version.desc())
    .limit(1)
)
_ADD_VERSION = Statement(
    sa.insert(process_versions).values(
        process=_KEY,
        version=sa.bindparam("number", type_=sa.Integer),
        definition=sa.cast(sa.bindparam("json", type_=pg.JSONB), pg.JSONB),
        published_by=sa.bindparam("by", type_=sa.Uuid),
        published_by_label=sa.bindparam("by_label", type_=sa.Text),
        note=sa.bindparam("note", type_=sa.Text),
        mapping=sa.cast(sa.bindparam("mapping", type_=pg.JSONB), pg.JSONB),
    )
)
_put = pg.insert(processes).values(
    key=_KEY,
    object=sa.bindparam("owner", type_=sa.Text),
    version=sa.bindparam("number", type_=sa.Integer),
    is_default=sa.bindparam("default", type_=sa.Boolean),
    origin=sa.bindparam("origin", type_=sa.Text),
    position=sa.bindparam("position", type_=sa.Integer),
)
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["key"],
        set_={"version": _put.excluded.version, "is_default": _put.excluded.is_default, "retired": sa.false()},
    )
)
_ONE_DEFAULT = Statement(
    sa.update(processes)
    .where(processes.c.object == sa.bindparam("owner", type_=sa.Text), processes.c.key != _KEY)
    .values(is_default=sa.false())
)
_RETIRE = Statement(
    sa.update(processes).where(processes.c.key == _KEY).values(retired=sa.true(), is_default=sa.false())
)


@dataclass(frozen=True, slots=True)
class Publication:
    """What goes along with a definition that is published: where records of states that go are carried (``mapping``, old
    state to new one), a note, and, where an earlier version comes back, its number."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None
    back_to: int | None = None


NOTHING_MORE = Publication()


async def publish_process(
    tx: Transaction, scope: Scope, definition: Mapping[str, Any], more: Publication = NOTHING_MORE
) -> Snapshot:
    """Publishes a definition (``process.definition``) as the next version of its Process and gives the new Snapshot.

    A definition equal to the published one changes nothing. The first Process of an Object is its default. Raises
    Forbidden for everybody but administrators, Invalid naming the place in the definition, Conflict for a key that
    another Object's Process has, Refused (``state_in_use``) where a state goes that records are in and the mapping
    leaves them out, or where somebody whom the definition names is not there any more.
    """
    scope.require_administrator()
    snapshot = await load_snapshot(tx)
    owner = snapshot.object(Reader(definition, Place()).text("object", required=True))
    process = read_process(definition, owner, snapshot=snapshot)
    await refuse_missing_people(tx, snapshot, process)
    known = await tx.fetch_one(_FIND, {"process": process.key})
    if known is not None and known["object"] != owner.key:
        raise Conflict(OTHER_OBJECT.fill(key=process.key), code="duplicate_key")
    newest = await tx.fetch_one(_NEWEST, {"process": process.key})
    siblings = siblings_of(owner, process)
    default = process.is_default or not siblings
    stored = {**process_to_json(process), "is_default": default}
    if known is not None and newest is not None and not known["retired"] and newest["definition"] == stored:
        return snapshot
    former = owner.process(process.key)
    await plan_carriage(tx, process, more.mapping, former)
    await _keep_choices(tx, scope, owner, [*siblings, process])
    number = 1 if newest is None else newest["version"] + 1
    await tx.execute(
        _ADD_VERSION,
        {
            "process": process.key,
            "number": number,
            "by": scope.actor.person,
            "by_label": scope.actor.label,
            "json": stored,
            "note": more.note,
            "mapping": dict(more.mapping),
        },
    )
    if default:
        await tx.execute(_ONE_DEFAULT, {"process": process.key, "owner": owner.key})
    position = (len(siblings) + 1) * 10
    params = {"number": number, "owner": owner.key, "default": default, "origin": process.origin, "position": position}
    await tx.execute(_PUT, {**params, "process": process.key})
    facts = {"label": process.label.to_json(), "key": process.key, "version": number, "reason": more.note}
    note(tx, "process.published", scope.actor, object=owner.key, facts={**facts, "parts": summary(former, process)})
    return await _take_effect(tx, scope, process.key, more, number)


async def retire_process(tx: Transaction, scope: Scope, key: str) -> Snapshot:
    """Takes a Process out of use. Raises Refused where records follow it, or where it is the only one."""
    scope.require_administrator()
    snapshot = await load_snapshot(tx)
    process = snapshot.process(key)
    if process is None:
        return snapshot
    owner = snapshot.object(process.object)
    siblings = siblings_of(owner, process)
    if not siblings:
        raise Refused(LAST.fill(object=owner.label), code="last_process")
    for state, count in (await records_under_way(tx, key)).items():
        known = process.state_by_key.get(state)
        message = IN_USE.fill(count=count, state=known.label if known else state)
        raise Refused(message, code="state_in_use", extra={"state": state, "count": count})
    await tx.execute(_RETIRE, {"process": key})
    facts = {"label": process.label.to_json(), "key": key, "changes": {"retired": [False, True]}}
    note(tx, "process.changed", scope.actor, object=process.object, facts=facts)
    await _keep_choices(tx, scope, owner, siblings)
    if process.is_default:
        default = {"process": siblings[0].key}
        await tx.execute("UPDATE {org}.processes SET is_default = true WHERE key = :process", default)
    await advance(tx)
    return await load_snapshot(tx)


async def install_processes(tx: Transaction, scope: Scope, pack: Mapping[str, Any]) -> Snapshot:
    """Publishes the Processes of a pack (section ``processes``) that are not there yet; what an administrator has made
    of one that is there is left alone."""
    for definition in pack.get("processes", ()):
        if await tx.fetch_one(_FIND, {"process": definition["key"]}) is None:
            await publish_process(tx, scope, {**definition, "origin": "shipped"})
    return await load_snapshot(tx)


async def _keep_choices(tx: Transaction, scope: Scope, owner: Object, processes: Sequence[Process]) -> None:
    """The state Field offers the states of all its Processes, the Process Field offers the Processes."""
    for key, wanted in offered_choices(processes).items():
        present = [_shown(one) for one in owner.fields[key].choices if not one.retired]
        if present != [_shown(one) for one in wanted]:
            choices = [_stored(one) for one in wanted]
            await change_field(tx, owner.key, key, {"choices": choices}, actor=scope.actor)


def _stored(choice: Choice) -> dict[str, Any]:
    stored = {"key": choice.key, "label": choice.label.to_json()}
    return stored if choice.color is None else {**stored, "color": choice.color}


def _shown(choice: Choice) -> tuple[str, dict[str, str], str | None]:
    return choice.key, choice.label.to_json(), choice.color


async def _take_effect(tx: Transaction, scope: Scope, key: str, more: Publication, number: int) -> Snapshot:
    """Brings records, visits and totals in step with the new version."""
    await advance(tx)
    snapshot = await load_snapshot(tx)
    process = snapshot.process(key)
    if process is None:
        raise RuntimeError("a Process that was just published is not in the catalogue")
    owner = snapshot.object(process.object)
    await index_process(tx, owner, process.process_field, process.field)
    acting, cause = system_scope(snapshot, scope.actor.label, scope.actor.person), carrying_cause(number)
    if more.back_to is not None:
        for version in range(number - 1, more.back_to, -1):
            await carry_back(tx, acting, process, version, cause)
    await carry_records(tx, acting, process, await plan_carriage(tx, process, more.mapping, None), cause)
    await note_heirs(tx, process, more.mapping)
    everything = system_scope(snapshot)
    await begin_visits(tx, everything, owner.key)
    await rebuild_totals(tx, everything, owner.key)
    return snapshot
