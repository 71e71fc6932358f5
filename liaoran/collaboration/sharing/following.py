"""Following a record: being told about it. It gives no right to see the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.actors import scope_of_person
from liaoran.collaboration.sharing.rights import SharedRecord
from liaoran.collaboration.tables import followers
from liaoran.infra.statements import Statement
from liaoran.kernel.errors import LiaoranError, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.process.people import labels_of
from liaoran.records.noting import require_readable

MOST_FOLLOWERS = 200
_BLIND = Text(
    "{who} 看不到这条记录，请先共享给 TA 再添加关注",
    "{who} does not see this record; share it with them before making them follow it",
)
_FULL = Text("一条记录最多 {most} 位关注者", "a record has at most {most} followers")
_insert = pg.insert(followers)
_ADD = Statement(_insert.on_conflict_do_nothing(), columns=[column.name for column in followers.c])
_REMOVE = Statement(
    sa.delete(followers).where(
        followers.c.record == sa.bindparam("of_record", type_=sa.Uuid),
        followers.c.person == sa.bindparam("of_person", type_=sa.Uuid),
    )
)
_COUNT = Statement(
    sa.select(sa.func.count())
    .select_from(followers)
    .where(followers.c.record == sa.bindparam("of_record", type_=sa.Uuid))
)


async def follow(place: SharedRecord, people: Sequence[UUID], now: datetime) -> None:
    """Makes these people follow the record. Everybody who sees it may follow it; whoever may share it may add others
    who see it.

    Raises NotFound where the actor does not see it, Forbidden for others without the right to share, Refused for
    somebody who does not see it or where it is full.
    """
    if any(person != place.scope.actor.person for person in people):
        await place.require_share()
    await place.rights(lock=True)
    for person in dict.fromkeys(people):
        await _require_seeing(place, person)
    if await place.tx.fetch_value(_COUNT, {"of_record": place.record}) + len(set(people)) > MOST_FOLLOWERS:
        raise Refused(_FULL.fill(most=MOST_FOLLOWERS), code="too_many_followers")
    for person in dict.fromkeys(people):
        row = {"record": place.record, "person": person, "object": place.object, "since": now}
        await place.tx.execute(_ADD, {**row, "added_by": place.scope.actor.person})


async def unfollow(place: SharedRecord, person: UUID) -> None:
    """Ends the following of somebody, if they follow. Raises NotFound where the actor does not see the record,
    Forbidden for others without the right to share."""
    if person != place.scope.actor.person:
        await place.require_share()
    else:
        await place.rights()
    await place.tx.execute(_REMOVE, {"of_record": place.record, "of_person": person})


async def _require_seeing(place: SharedRecord, person: UUID) -> None:
    if person == place.scope.actor.person:
        return
    try:
        scope = await scope_of_person(place.tx, place.scope.snapshot, person)
        await require_readable(place.tx, scope, place.object, place.record)
    except LiaoranError:
        names = await labels_of(place.tx, place.scope, "person", [person])
        message = _BLIND.fill(who=names.get(person, "—"))
        problem = Problem("does_not_see", message, "people", {"person": str(person)})
        raise Refused(message, code="does_not_see", problems=(problem,)) from None
