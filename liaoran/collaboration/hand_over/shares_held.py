"""Records that are shared with the person, and records that they follow.

What approvers see goes with their seats, which a hand-over gives on (``duties.Approvals``): it is no share of these.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.tables import APPROVER, shares
from liaoran.collaboration.hand_over.beside import Change, Work
from liaoran.collaboration.sharing.rights import SharedRecord
from liaoran.collaboration.sharing.team import TEAM_ROLES
from liaoran.collaboration.tables import followers
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Snapshot

_INSTANT = shares.c.ends_at.type
_PERSON, _NOW = sa.bindparam("person", type_=sa.Uuid), sa.bindparam("now", type_=_INSTANT)
_LIVE = sa.or_(shares.c.ends_at.is_(None), shares.c.ends_at > _NOW)
_HELD = (shares.c.person == _PERSON, _LIVE, shares.c.role.is_distinct_from(sa.literal(APPROVER)))
_COUNT_SHARES = Statement(sa.select(sa.func.count()).select_from(shares).where(*_HELD))
_SHARES = Statement(sa.select(shares).where(*_HELD).order_by(shares.c.given_at, shares.c.id).with_for_update())
_OTHER = Statement(
    sa.select(shares)
    .where(
        *_HELD,
        shares.c.object == sa.bindparam("object", type_=sa.Text),
        shares.c.record == sa.bindparam("record", type_=sa.Uuid),
    )
    .with_for_update()
)
_SHARE = Statement(sa.select(shares).where(shares.c.id == sa.bindparam("share", type_=sa.Uuid)).with_for_update())
_SET_SHARE = Statement(
    sa.update(shares)
    .where(shares.c.id == sa.bindparam("share", type_=sa.Uuid))
    .values(
        person=sa.bindparam("new_person", type_=sa.Uuid),
        level=sa.bindparam("new_level", type_=sa.Text),
        ends_at=sa.bindparam("new_end", type_=_INSTANT),
    )
)
_COUNT_FOLLOWED = Statement(sa.select(sa.func.count()).select_from(followers).where(followers.c.person == _PERSON))
_FOLLOWED = Statement(
    sa.select(followers).where(followers.c.person == _PERSON).order_by(followers.c.record).with_for_update()
)
_RECORD = sa.bindparam("of_record", type_=sa.Uuid)
_FOLLOWS = Statement(
    sa.select(sa.func.count())
    .select_from(followers)
    .where(followers.c.record == _RECORD, followers.c.person == _PERSON)
)
_SET_FOLLOWER = Statement(
    sa.update(followers)
    .where(followers.c.record == _RECORD, followers.c.person == _PERSON)
    .values(person=sa.bindparam("new_person", type_=sa.Uuid))
)
_DROP_FOLLOWER = Statement(sa.delete(followers).where(followers.c.record == _RECORD, followers.c.person == _PERSON))
_ADD_FOLLOWER = Statement(sa.insert(followers), columns=[column.name for column in followers.c])


class Shares:
    """Live shares. Where the successor has a share of the record already, that one gets the higher of both levels and
    the person's own ends."""

    key = "shares"
    label = Text("收到的共享", "Records shared with them")
    changes = frozenset({"share"})

    async def count(self, tx: Transaction, snapshot: Snapshot, person: UUID) -> int:
        """How many there are."""
        return int(await tx.fetch_value(_COUNT_SHARES, {"person": person, "now": datetime.now(UTC)}))

    async def give(self, work: Work) -> None:
        """Gives each share on as it is, with its level, team role and end."""
        one = work.hand_over
        for row in await work.tx.fetch_all(_SHARES, {"person": one.person, "now": work.now}):
            to = one.division.choose(self.key, row["object"])
            asked = {"person": to, "now": work.now, "object": row["object"], "record": row["record"]}
            other = await work.tx.fetch_one(_OTHER, asked)
            if other is None:
                await self._set(work, row, person=to)
            else:
                if (other["level"], row["level"]) == ("read", "edit"):
                    await self._set(work, other, level="edit")
                await self._set(work, row, ends_at=work.now)
            one.division.count(self.key, to)
            await self._tell(work, row, to)

    async def put_back(self, work: Work, change: Change) -> bool:
        """Sets person, level and end as they were."""
        share = UUID(change.key)
        row = await work.tx.fetch_one(_SHARE, {"share": share})
        if row is None or _parts(row) != change.after:
            return False
        was = change.before
        values = {
            "new_person": UUID(was["person"]),
            "new_level": was["level"],
            "new_end": datetime.fromisoformat(was["ends_at"]) if was["ends_at"] else None,
        }
        await work.tx.execute(_SET_SHARE, {"share": share, **values})
        return True

    async def _set(self, work: Work, row: dict[str, Any], **changed: Any) -> None:
        new = {**row, **changed}
        values = {"new_person": new["person"], "new_level": new["level"], "new_end": new["ends_at"]}
        await work.tx.execute(_SET_SHARE, {"share": row["id"], **values})
        work.note("share", row["id"], _parts(row), _parts(new))

    async def _tell(self, work: Work, row: dict[str, Any], to: UUID) -> None:
        """Leaves it in the history of the record, where there still is one."""
        role = TEAM_ROLES.get(row["role"] or "")
        place = SharedRecord(work.tx, work.scope, row["object"], row["record"], work.cause)
        facts = {"to": work.names[to], "from": work.hand_over.person_label, "level": row["level"]}
        try:
            await place.note("given", row["id"], **facts, role=role.label.to_json() if role else None)
        except NotFound:
            return


class Following:
    """Followed records; where the successor follows a record already, there is nothing to give."""

    key = "following"
    label = Text("关注的记录", "Records they follow")
    changes = frozenset({"follower"})

    async def count(self, tx: Transaction, snapshot: Snapshot, person: UUID) -> int:
        """How many there are."""
        return int(await tx.fetch_value(_COUNT_FOLLOWED, {"person": person}))

    async def give(self, work: Work) -> None:
        """Lets successors follow instead."""
        one = work.hand_over
        for row in await work.tx.fetch_all(_FOLLOWED, {"person": one.person}):
            to = one.division.choose(self.key, row["object"])
            record = row["record"]
            if await work.tx.fetch_value(_FOLLOWS, {"of_record": record, "person": to}):
                await work.tx.execute(_DROP_FOLLOWER, {"of_record": record, "person": one.person})
                work.note("follower", record, _follower(row), None)
            else:
                await work.tx.execute(_SET_FOLLOWER, {"of_record": record, "person": one.person, "new_person": to})
                work.note("follower", record, _follower(row), {"person": str(to)})
            one.division.count(self.key, to)

    async def put_back(self, work: Work, change: Change) -> bool:
        """Lets the person follow again, and the successor no longer where they did so for them."""
        record, was = UUID(change.key), change.before
        person = UUID(was["person"])
        if await work.tx.fetch_value(_FOLLOWS, {"of_record": record, "person": person}):
            return False
        if change.after is not None:
            asked = {"of_record": record, "person": UUID(change.after["person"]), "new_person": person}
            return bool(await work.tx.execute(_SET_FOLLOWER, asked))
        by = was["added_by"]
        row = {"record": record, "person": person, "object": was["object"], "added_by": UUID(by) if by else None}
        await work.tx.execute(_ADD_FOLLOWER, {**row, "since": datetime.fromisoformat(was["since"])})
        return True


def _parts(row: dict[str, Any]) -> dict[str, Any]:
    ends_at = row["ends_at"]
    return {"person": str(row["person"]), "level": row["level"], "ends_at": ends_at.isoformat() if ends_at else None}


def _follower(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "person": str(row["person"]),
        "object": row["object"],
        "since": row["since"].isoformat(),
        "added_by": str(row["added_by"]) if row["added_by"] else None,
    }
