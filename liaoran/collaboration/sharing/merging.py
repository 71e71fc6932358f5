"""What hangs on a record that is merged into another one: its shares, the sight of its approvers, its followers.

They come over to the record that stays, without doubles, and stay with the one that goes as they are: it is in the
recycle bin, where they open nothing. So undoing the merge takes back what came over, and nothing else. An Event of the
record that stays tells of it; it is also what the undo goes by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran import audit
from liaoran.access.grants import ADMINISTRATOR
from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import shares
from liaoran.collaboration.sharing.following import MOST_FOLLOWERS
from liaoran.collaboration.sharing.giving import MOST_SHARES
from liaoran.collaboration.sharing.joining import Joined, Share, join_shares, read_share
from liaoran.collaboration.sharing.rights import SharedRecord
from liaoran.collaboration.sharing.team import TEAM_ROLES
from liaoran.collaboration.tables import followers
from liaoran.infra.statements import Statement
from liaoran.kernel.errors import Forbidden, Refused
from liaoran.kernel.events import Door, EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.process.people import labels_of
from liaoran.records.context import WriteContext
from liaoran.records.noting import note_events
from liaoran.records.tables import events

CAME, WENT = "merged", "separated"
"""What the Events say: shares and followers came over with a merge, went again when it was undone."""
_MAY_NOT = Text(
    "要合并掉的记录共享给了 {who}，而保留的记录您无权共享；请由可以共享它的同事或管理员合并",
    "what would be merged is shared with {who}, and the record that stays is not yours to share; ask somebody who may"
    " share it, or an administrator, to merge",
)
_TOO_MANY = Text(
    "合并后这条记录会共享给 {count} 位同事和部门，最多 {most} 个；请先结束一些共享",
    "the merged record would be shared with {count} people and departments, at most {most} are possible; end some first",
)
_TOO_MANY_FOLLOWERS = Text(
    "合并后这条记录会有 {count} 位关注者，最多 {most} 位；请先移除一些关注者",
    "the merged record would have {count} followers, at most {most} are possible; remove some first",
)
_OBJECT, _RECORD = sa.bindparam("object", type_=sa.Text), sa.bindparam("record", type_=sa.Uuid)
_RECORDS = sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid)))
_SHARES = Statement(
    sa.select(shares)
    .where(
        shares.c.object == _OBJECT,
        shares.c.record == _RECORDS,
        sa.or_(shares.c.ends_at.is_(None), shares.c.ends_at > sa.bindparam("now", type_=shares.c.ends_at.type)),
    )
    .order_by(shares.c.given_at, shares.c.id)
    .with_for_update()
)
_FOLLOWERS = Statement(
    sa.select(followers)
    .where(followers.c.object == _OBJECT, followers.c.record == _RECORDS)
    .order_by(followers.c.since, followers.c.person)
)
_ADD_SHARE = Statement(sa.insert(shares), columns=[column.name for column in shares.c])
_SHARE = shares.c.id == sa.bindparam("share", type_=sa.Uuid)
_SET_SHARE = Statement(
    sa.update(shares)
    .where(_SHARE)
    .values(
        level=sa.bindparam("new_level", type_=sa.Text),
        role=sa.bindparam("new_role", type_=sa.Text),
        starts_at=sa.bindparam("new_start", type_=shares.c.starts_at.type),
        ends_at=sa.bindparam("new_end", type_=shares.c.ends_at.type),
        note=sa.bindparam("new_note", type_=sa.Text),
    )
)
_HELD = Statement(
    sa.select(shares)
    .where(shares.c.object == _OBJECT, shares.c.record == _RECORD, shares.c.id == _RECORDS)
    .with_for_update()
)
_DROP_SHARE = Statement(sa.delete(shares).where(_SHARE))
_ADD_FOLLOWER = Statement(sa.insert(followers), columns=[column.name for column in followers.c])
_DROP_FOLLOWER = Statement(
    sa.delete(followers)
    .where(
        followers.c.record == _RECORD,
        followers.c.person == sa.bindparam("person", type_=sa.Uuid),
        followers.c.since == sa.bindparam("since", type_=followers.c.since.type),
    )
    .returning(followers.c.person)
)
_CAME = Statement(
    sa.select(events.c.record_id, events.c.cause["sharing"].label("came"))
    .where(
        events.c.action == sa.bindparam("undone", type_=sa.Uuid),
        events.c.object == _OBJECT,
        events.c.kind == sa.literal(str(EventKind.SHARING)),
        events.c.cause["sharing"]["what"].astext == sa.literal(CAME),
        events.c.cause["sharing"]["record"].astext
        == sa.any_(sa.cast(sa.bindparam("returned", type_=pg.ARRAY(sa.Text)), pg.ARRAY(sa.Text))),
    )
    .order_by(events.c.seq.desc())
)


class SharingGuard:
    """Implements ``kernel.ports.Guard``: lets what hangs on records go along with their merge, and its undo."""

    def derive(self, context: WriteContext, candidates: Sequence[Candidate]) -> None:
        """Derives nothing."""

    def ask(self, context: WriteContext, candidates: Sequence[Candidate], *, beside: bool = False) -> None:
        """Asks nothing."""

    async def after(self, context: WriteContext, candidates: Sequence[Candidate]) -> None:
        """Brings over what hangs on records that were merged; takes back what had come over where that is undone.

        Raises Forbidden where somebody would come to see a record that the actor may not share, Refused where the record
        that stays would be shared with, or followed by, too many.
        """
        merged: dict[UUID, list[UUID]] = {}
        for one in candidates:
            if one.into is not None:
                merged.setdefault(one.into, []).append(one.id)
        for heir, records in merged.items():
            await _bring_over(context, heir, records)
        undone = context.cause.details.get("undo_of")
        returned = [str(one.id) for one in candidates if one.kind is EventKind.RESTORED]
        if context.cause.door is Door.UNDO and undone is not None and returned:
            await _take_back(context, UUID(str(undone)), returned)


async def _bring_over(context: WriteContext, heir: UUID, records: Sequence[UUID]) -> None:
    asked = {"object": context.object.key, "records": [heir, *records]}
    rows = await context.tx.fetch_all(_SHARES, {**asked, "now": context.now})
    following = await context.tx.fetch_all(_FOLLOWERS, asked)
    held: dict[UUID, list[Share]] = {record: [] for record in (heir, *records)}
    for row in rows:
        held[row["record"]].append(read_share(row))
    present = {one.taker: one for one in held[heir]}
    joined = {record: join_shares(present, held[record]) for record in records}
    known = {row["person"] for row in following if row["record"] == heir}
    came: dict[UUID, list[dict[str, Any]]] = {record: [] for record in records}
    for row in following:
        if row["person"] not in known:
            known.add(row["person"])
            came[row["record"]].append(row)
    names = await _names(context, [one.after for ones in joined.values() for one in ones], list(came.values()))
    await _check(context, heir, present, joined, len(known) if any(came.values()) else 0, names)
    for one in (one for ones in joined.values() for one in ones):
        _keep(context, heir, one)
    for row in (row for ones in came.values() for row in ones):
        context.tx.send(_ADD_FOLLOWER, {**row, "record": heir})
    told = [
        {"what": CAME, "record": str(record), **_told(joined[record], came[record], names)}
        for record in records
        if joined[record] or came[record]
    ]
    _account(context, heir, [share for one in told for share in one["shares"]], "share.given")
    await _note(context, [(heir, one) for one in told])


async def _check(
    context: WriteContext,
    heir: UUID,
    present: Mapping[Any, Share],
    joined: Mapping[UUID, Sequence[Joined]],
    following: int,
    names: Mapping[UUID, str],
) -> None:
    """Nobody gives by a merge what they could not give by hand; the sight of approvers comes with their seats."""
    given = [one.after for ones in joined.values() for one in ones if not one.after.by_seat]
    if given:
        rights = await SharedRecord(context.tx, context.scope, context.object.key, heir, context.cause).rights()
        if not rights.share:
            who = [names.get(one.person or one.department or heir, "—") for one in given]
            raise Forbidden(_MAY_NOT.fill(who=Text("、".join(who), ", ".join(who))), code="may_not_share")
    count = sum(not one.by_seat for one in present.values())
    if given and count > MOST_SHARES:
        raise Refused(_TOO_MANY.fill(count=count, most=MOST_SHARES), code="too_many_shares")
    if following > MOST_FOLLOWERS:
        raise Refused(_TOO_MANY_FOLLOWERS.fill(count=following, most=MOST_FOLLOWERS), code="too_many_followers")


async def _take_back(context: WriteContext, undone: UUID, returned: Sequence[str]) -> None:
    """Takes back what came over with these records, the last first. What somebody has changed since stays as it is."""
    asked = {"undone": undone, "object": context.object.key, "returned": returned}
    told = []
    for row in await context.tx.fetch_all(_CAME, asked):
        heir, came = row["record_id"], row["came"]
        taken = await _take_shares(context, heir, came["shares"])
        left = [one for one in came["followers"] if await _take_follower(context, heir, one)]
        if taken or left:
            told.append((heir, {"what": WENT, "record": came["record"], "shares": taken, "followers": left}))
    for heir, facts in told:
        _account(context, heir, facts["shares"], "share.ended")
    await _note(context, told)


async def _take_shares(context: WriteContext, heir: UUID, came: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    asked = {"object": context.object.key, "record": heir, "records": [UUID(one["id"]) for one in came]}
    held = {str(row["id"]): read_share(row) for row in await context.tx.fetch_all(_HELD, asked)} if came else {}
    taken = []
    for one in came:
        share = held.get(one["id"])
        if share is None or share.parts() != one["after"]:
            continue
        if one["before"] is None:
            await context.tx.execute(_DROP_SHARE, {"share": share.id})
            taken.append(_of_share(share, one["to"]))
        else:
            former = _former(share, one["before"])
            _set(context, former)
            taken.append(_of_share(former, one["to"], share))
    return taken


async def _take_follower(context: WriteContext, heir: UUID, one: Mapping[str, Any]) -> bool:
    since = datetime.fromisoformat(one["since"])
    return bool(await context.tx.fetch_all(_DROP_FOLLOWER, {"record": heir, "person": UUID(one["id"]), "since": since}))


def _former(share: Share, before: Mapping[str, Any]) -> Share:
    times = {name: datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at") if before[name]}
    kept = {name: before[name] for name in ("level", "role", "note")}
    return replace(share, **{"ends_at": None, **times, **kept})


def _keep(context: WriteContext, heir: UUID, one: Joined) -> None:
    after = one.after
    if one.before is None:
        values = {name: getattr(after, name) for name in Share.__dataclass_fields__}
        context.tx.send(_ADD_SHARE, {**values, "object": context.object.key, "record": heir})
    else:
        _set(context, after)


def _set(context: WriteContext, one: Share) -> None:
    times = {"new_start": one.starts_at, "new_end": one.ends_at}
    values = {"new_level": one.level, "new_role": one.role, "new_note": one.note}
    context.tx.send(_SET_SHARE, {"share": one.id, **values, **times})


def _told(joined: Sequence[Joined], came: Sequence[Mapping[str, Any]], names: Mapping[UUID, str]) -> dict[str, Any]:
    """``{shares: [{id, to, level, old_level, role, ends_at, before, after}], followers: [{id, label, since}]}``."""
    told = [
        {
            **_of_share(one.after, _taker(one.after, names), one.before),
            "before": one.before.parts() if one.before else None,
            "after": one.after.parts(),
        }
        for one in joined
    ]
    people = [
        {"id": str(row["person"]), "label": names.get(row["person"], "—"), "since": row["since"].isoformat()}
        for row in came
    ]
    return {"shares": told, "followers": people}


def _of_share(share: Share, to: str, before: Share | None = None) -> dict[str, Any]:
    """What is told of a share, with the level ``before`` where that was another one; ``changed`` says that there was one."""
    role = TEAM_ROLES.get(share.role or "")
    return {
        "id": str(share.id),
        "to": to,
        "level": share.level,
        "old_level": before.level if before and before.level != share.level else None,
        "role": role.label.to_json() if role else None,
        "ends_at": share.ends_at.isoformat() if share.ends_at else None,
        "changed": before is not None,
    }


def _account(context: WriteContext, heir: UUID, told: Sequence[Mapping[str, Any]], kind: str) -> None:
    """Tells the audit log who sees the record since, or no longer: as ``kind`` where the share was not only changed."""
    said = ("to", "level", "old_level", "role", "ends_at")
    for which, changed in ((kind, False), ("share.changed", True)):
        about = [
            (context.object.key, heir, {**{name: one[name] for name in said if one[name]}, "door": context.cause.door})
            for one in told
            if one["changed"] is changed
        ]
        audit.note_all(context.tx, which, context.actor, about)


def _taker(share: Share, names: Mapping[UUID, str]) -> str:
    return names.get(share.person or share.department or share.id, "—")


async def _names(
    context: WriteContext, taken: Sequence[Share], came: Sequence[Sequence[Mapping[str, Any]]]
) -> dict[UUID, str]:
    everything = system_scope(context.snapshot)
    people = {one.person for one in taken if one.person} | {row["person"] for ones in came for row in ones}
    departments = {one.department for one in taken if one.department}
    found = await labels_of(context.tx, everything, "person", people) if people else {}
    return found | (await labels_of(context.tx, everything, "department", departments) if departments else {})


async def _note(context: WriteContext, told: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """Events in the actor's own name, of records that they need not be able to edit; none of those that are gone since."""
    scope, key = Scope(context.snapshot, context.actor, ADMINISTRATOR), context.object.key
    there = await labels_of(context.tx, scope, key, {heir for heir, _ in told}) if told else {}
    told = [one for one in told if one[0] in there]
    await note_events(context.tx, scope, key, told, EventKind.SHARING, context.cause)
