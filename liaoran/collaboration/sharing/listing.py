"""With whom a record is shared, who is in its team, who follows it: what the panel on the record shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.scope import system_scope
from liaoran.access.tables import shares
from liaoran.collaboration.sharing.giving import NO_SUCH_SHARE
from liaoran.collaboration.sharing.rights import SharedRecord
from liaoran.collaboration.sharing.team import team_roles_to_json
from liaoran.collaboration.tables import followers
from liaoran.infra.statements import Statement
from liaoran.kernel.errors import NotFound
from liaoran.process.people import labels_of

MOST_ENDED = 50
_OBJECT, _RECORD = sa.bindparam("object", type_=sa.Text), sa.bindparam("record", type_=sa.Uuid)
_NOW = sa.bindparam("now", type_=shares.c.ends_at.type)
_OVER = sa.func.coalesce(shares.c.ends_at <= _NOW, sa.false())
_ALL = Statement(
    sa.select(shares)
    .where(shares.c.object == _OBJECT, shares.c.record == _RECORD)
    .order_by(_OVER, sa.case((_OVER, shares.c.ends_at)).desc(), shares.c.given_at, shares.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_ONE = Statement(sa.select(shares).where(shares.c.id == sa.bindparam("share", type_=sa.Uuid)))
_FOLLOWERS = Statement(
    sa.select(followers.c.person, followers.c.since)
    .where(followers.c.object == _OBJECT, followers.c.record == _RECORD)
    .order_by(followers.c.since, followers.c.person)
)
_MOST = 200 + MOST_ENDED


async def read_sharing(place: SharedRecord, now: datetime) -> dict[str, Any]:
    """``{may_share, may_give_edit, owner, roles, shares, ended, followers, following}``; a share as ``read_share`` gives
    it, ``ended`` newest first. Raises NotFound where the actor does not see the record."""
    rights = await place.rights()
    asked = {"object": place.object, "record": place.record}
    rows = await place.tx.fetch_all(_ALL, {**asked, "now": now, "most": _MOST})
    following = await place.tx.fetch_all(_FOLLOWERS, asked)
    names = await _names(place, rows, [*(row["person"] for row in following), rights.owner])
    told = [_share(place, row, names, now) for row in rows]
    return {
        "may_share": rights.share,
        "may_give_edit": rights.share and rights.edit,
        "owner": _named(rights.owner, names),
        "roles": team_roles_to_json(),
        "shares": [one for one in told if one["state"] != "ended"],
        "ended": [one for one in told if one["state"] == "ended"][:MOST_ENDED],
        "followers": [{**(_named(row["person"], names) or {}), "since": row["since"]} for row in following],
        "following": any(row["person"] == place.scope.actor.person for row in following),
    }


async def read_share(place: SharedRecord, share: UUID, now: datetime) -> dict[str, Any]:
    """``{id, person, department, level, role, starts_at, ends_at, note, given_by, given_at, state, mine}`` of a share that
    the actor has just worked on; ``state`` is active, upcoming or ended. Raises NotFound."""
    row = await place.tx.fetch_one(_ONE, {"share": share})
    if row is None:
        raise NotFound(NO_SUCH_SHARE)
    return _share(place, row, await _names(place, [row], []), now)


async def _names(
    place: SharedRecord, rows: Iterable[Mapping[str, Any]], people: Iterable[UUID | None]
) -> dict[UUID, str]:
    rows = list(rows)
    everything = system_scope(place.scope.snapshot)
    asked = {one for row in rows for one in (row["person"], row["given_by"]) if one} | {one for one in people if one}
    departments = {row["department"] for row in rows if row["department"]}
    found = await labels_of(place.tx, everything, "person", asked) if asked else {}
    return {**found, **(await labels_of(place.tx, everything, "department", departments) if departments else {})}


def _share(place: SharedRecord, row: Mapping[str, Any], names: Mapping[UUID, str], now: datetime) -> dict[str, Any]:
    over = row["ends_at"] is not None and row["ends_at"] <= now
    return {
        **{name: row[name] for name in ("id", "level", "role", "starts_at", "ends_at", "note", "given_at")},
        "person": _named(row["person"], names),
        "department": _named(row["department"], names),
        "given_by": _named(row["given_by"], names),
        "state": "ended" if over else "upcoming" if row["starts_at"] > now else "active",
        "mine": row["person"] is not None and row["person"] == place.scope.actor.person,
    }


def _named(ident: UUID | None, names: Mapping[UUID, str]) -> dict[str, str] | None:
    return None if ident is None else {"id": str(ident), "label": names.get(ident, "—")}
