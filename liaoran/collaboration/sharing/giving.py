"""Sharing one record with a person or a department: giving, changing, ending, and taking the end back.

An ended share stays as a row, so that it can be told who had access until when. What approvers see comes with their
seats (``process.approvals.sight``): it is beside any share that people give, is not changed by hand, and ends by hand only
once it is not their turn any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

from liaoran.access.scope import system_scope
from liaoran.access.tables import APPROVER, shares
from liaoran.collaboration.sharing.rights import Rights, SharedRecord
from liaoran.collaboration.sharing.team import OWNER_ROLE, TEAM_ROLES, Level
from liaoran.infra.statements import Statement
from liaoran.kernel.errors import Conflict, Forbidden, NotFound, Problem, Refused
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.approvals.sight import approval_in_turn
from liaoran.process.people import labels_of, present_people

MOST_SHARES = 200
_YEARS = range(2000, 2201)


def _in_our_time(at: datetime) -> datetime:
    """A moment that every program on the way can hold."""
    if at.year not in _YEARS:
        raise ValueError(f"the year has to be between {_YEARS[0]} and {_YEARS[-1]}")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
NO_SUCH_SHARE = Text("没有这个共享", "there is no such share")
_ONE_TAKER = Text("请选择一位同事或一个部门", "choose one person or one department")
_GONE = Text("这位同事不存在或已离职", "this colleague is not there or has left")
_NO_DEPARTMENT = Text("这个部门不存在", "this department is not there")
_OWNS = Text("{who} 是负责人，已经可以修改这条记录", "{who} is the owner and can change this record already")
_THERE = Text("已经共享给 {who}，请直接修改这条共享", "shared with {who} already; change that share instead")
_FULL = Text("一条记录最多共享给 {most} 位同事和部门", "a record is shared with at most {most} people and departments")
_NOT_MORE = Text(
    "您自己不能修改这条记录，只能共享为“可查看”", "you may not change this record yourself, so share it for reading"
)
_PAST = Text("结束时间必须晚于现在和开始时间", "the end must lie after now and after the beginning")
_UNKNOWN_ROLE = Text("没有名为“{role}”的团队角色，可用：{known}", "there is no team role “{role}”; known: {known}")
_OWNER_BY_FIELD = Text(
    "负责人由记录的“负责人”字段决定，请修改该字段", "the owner is whom the record names; change that field instead"
)
_APPROVER_BY_SEAT = Text(
    "审批人由审批决定，不能手工指定", "approvers are those who decide an approval; nobody is made one by hand"
)
_FIXED = Text(
    "审批人的查看权随审批而来，不能修改；需要更多权限时，请另外共享给 {who}",
    "what {who} sees as an approver is not changed by hand; where they need more, share the record with them",
)
_IN_TURN = Text(
    "“{approval}”正等 {who} 处理，处理完之前不能收回查看权",
    "it is the turn of {who} in “{approval}”; until they have decided they go on seeing the record",
)
_ROLE_OF_PERSON = Text("部门不能担任团队角色", "a department has no role in a team")
_ID = sa.bindparam("share", type_=sa.Uuid)
_INSERT = Statement(sa.insert(shares), columns=[column.name for column in shares.c])
_OF_RECORD = (
    (shares.c.object == sa.bindparam("object", type_=sa.Text)),
    shares.c.record == sa.bindparam("record", type_=sa.Uuid),
)
_NOT_OVER = sa.or_(shares.c.ends_at.is_(None), shares.c.ends_at > sa.bindparam("now", type_=shares.c.ends_at.type))
_HELD = Statement(sa.select(shares).where(shares.c.id == _ID, *_OF_RECORD).with_for_update())
_LIVE = Statement(sa.select(shares.c.person, shares.c.department, shares.c.role).where(*_OF_RECORD, _NOT_OVER))
_CHANGE = Statement(
    sa.update(shares)
    .where(shares.c.id == _ID)
    .values(
        level=sa.bindparam("new_level", type_=sa.Text),
        role=sa.bindparam("new_role", type_=sa.Text),
        ends_at=sa.bindparam("new_end", type_=shares.c.ends_at.type),
        note=sa.bindparam("new_note", type_=sa.Text),
    )
)


class NewShare(BaseModel):
    """With whom a record is to be shared: one person or one department (which means it and all below it)."""

    model_config = ConfigDict(extra="forbid")

    person: UUID | None = None
    department: UUID | None = None
    level: Level = "read"
    role: str | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    note: Note | None = None


class ShareChange(BaseModel):
    """What to change of a share; what is left out stays. ``ends_at`` null lets it run on, also one that has ended."""

    model_config = ConfigDict(extra="forbid")

    level: Level | None = None
    role: str | None = None
    ends_at: Moment | None = None
    note: Note | None = None


async def give_share(place: SharedRecord, given: NewShare, now: datetime) -> UUID:
    """Shares the record and gives the id of the share.

    Raises NotFound and Forbidden as ``SharedRecord.require_share``, Refused for a taker who is not there or owns the
    record, a role that is none, an end in the past, more than the actor has, a record that is full; Conflict where the
    taker has a share already.
    """
    rights = await place.require_share()
    taker = await _name_of_taker(place, given)
    _check_level(rights, given.level)
    check_role(given.role, given.person)
    _check_end(given.ends_at, max(now, given.starts_at or now))
    if given.person is not None and given.person == rights.owner:
        raise _refusal("owns_already", _OWNS.fill(who=taker), "person")
    await _check_free(place, given.model_dump(), taker, now)
    share = new_id()
    at = await place.note(
        "given",
        share,
        to=taker,
        level=given.level,
        role=_role_label(given.role),
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        comment=given.note or None,
    )
    await place.tx.execute(
        _INSERT,
        {
            **given.model_dump(),
            "id": share,
            "object": place.object,
            "record": place.record,
            "starts_at": given.starts_at or now,
            "note": given.note or None,
            "given_by": place.scope.actor.person,
            "given_at": at,
        },
    )
    return share


async def change_share(place: SharedRecord, share: UUID, change: ShareChange, now: datetime) -> None:
    """Changes level, role, end or note. Raises as ``give_share``, NotFound for a share that the record has not, Refused for
    that of an approver, which can only be let run on again."""
    rights = await place.require_share()
    row = await _hold(place, share)
    new = {
        **{name: row[name] for name in ("level", "role", "ends_at", "note")},
        **change.model_dump(exclude_unset=True),
    }
    new["level"] = new["level"] or row["level"]
    taker = await _name(place, row["person"], row["department"])
    _refuse_fixed(row, new, taker)
    if new["level"] != row["level"]:
        _check_level(rights, new["level"])
    if new["role"] != row["role"]:
        check_role(new["role"], row["person"])
    if new["ends_at"] != row["ends_at"]:
        _check_end(new["ends_at"], max(now, row["starts_at"]))
        if row["ends_at"] is not None and row["ends_at"] <= now:
            await _check_free(place, row, taker, now)
    if all(new[name] == row[name] for name in new):
        return
    await place.note(
        "changed",
        share,
        to=taker,
        level=new["level"],
        old_level=row["level"] if new["level"] != row["level"] else None,
        role=_role_label(new["role"]),
        old_role=_role_label(row["role"]) if new["role"] != row["role"] else None,
        ends_at=new["ends_at"],
        old_ends_at=row["ends_at"] if new["ends_at"] != row["ends_at"] else None,
        comment=new["note"] if new["note"] != row["note"] else None,
    )
    values = {"new_level": new["level"], "new_role": new["role"], "new_end": new["ends_at"], "new_note": new["note"]}
    await place.tx.execute(_CHANGE, {"share": share, **values})


async def end_share(place: SharedRecord, share: UUID, now: datetime) -> None:
    """Ends a share at once; one that is over stays as it is. Whoever it was given to may end it, too. Raises as
    ``change_share``; Refused for that of an approver whose turn it is."""
    rights = await place.rights(lock=True)
    row = await _hold(place, share)
    mine = row["person"] is not None and row["person"] == place.scope.actor.person
    if not rights.share and not mine:
        await place.require_share()
    if row["ends_at"] is not None and row["ends_at"] <= now:
        return
    taker = await _name(place, row["person"], row["department"])
    await _refuse_in_turn(place, row, taker)
    await place.note("ended", share, to=taker, level=row["level"], role=_role_label(row["role"]))
    kept = {"new_level": row["level"], "new_role": row["role"], "new_note": row["note"]}
    await place.tx.execute(_CHANGE, {"share": share, **kept, "new_end": now})


def check_role(role: str | None, person: UUID | None) -> None:
    """Raises Refused for a role that nobody can be given by a share."""
    if role is None:
        return
    if person is None:
        raise _refusal("role_of_department", _ROLE_OF_PERSON, "role")
    if role == OWNER_ROLE:
        raise _refusal("owner_by_field", _OWNER_BY_FIELD, "role")
    if role == APPROVER:
        raise _refusal("approver_by_seat", _APPROVER_BY_SEAT, "role")
    if role not in TEAM_ROLES:
        known = ", ".join(key for key, one in TEAM_ROLES.items() if one.given)
        raise _refusal("unknown_team_role", _UNKNOWN_ROLE.fill(role=role, known=known), "role")


async def _hold(place: SharedRecord, share: UUID) -> dict[str, Any]:
    row = await place.tx.fetch_one(_HELD, {"share": share, "object": place.object, "record": place.record})
    if row is None:
        raise NotFound(NO_SUCH_SHARE)
    return row


async def _name_of_taker(place: SharedRecord, given: NewShare) -> str:
    if (given.person is None) is (given.department is None):
        raise _refusal("one_taker", _ONE_TAKER, "person")
    if given.person is not None:
        present = await present_people(place.tx, place.scope.snapshot, [given.person])
        if given.person not in present:
            raise _refusal("unknown_person", _GONE, "person")
        return present[given.person]
    name = await _name(place, None, given.department)
    if name is None:
        raise _refusal("unknown_department", _NO_DEPARTMENT, "department")
    return name


async def _name(place: SharedRecord, person: UUID | None, department: UUID | None) -> str | None:
    """What the taker is called; None for one who is gone."""
    kind, ident = ("person", person) if person is not None else ("department", department)
    if ident is None:
        return None
    return (await labels_of(place.tx, system_scope(place.scope.snapshot), kind, [ident])).get(ident)


def _refuse_fixed(row: Mapping[str, Any], new: Mapping[str, Any], taker: str | None) -> None:
    """Of an approver's share nothing is changed but that it runs on after it was ended."""
    changed = [name for name in ("level", "role", "note", "ends_at") if new[name] != row[name]]
    if row["role"] == APPROVER and (changed not in ([], ["ends_at"]) or new["ends_at"] not in (None, row["ends_at"])):
        raise _refusal("comes_with_approval", _FIXED.fill(who=taker or "—"), changed[0])


async def _refuse_in_turn(place: SharedRecord, row: Mapping[str, Any], taker: str | None) -> None:
    if row["role"] != APPROVER:
        return
    approval = await approval_in_turn(place.tx, place.object, place.record, row["person"])
    if approval is not None:
        raise Refused(_IN_TURN.fill(approval=approval, who=taker or "—"), code="approver_in_turn")


async def _check_free(place: SharedRecord, given: Mapping[str, Any], taker: str | None, now: datetime) -> None:
    """One share for each taker; what an approver sees is beside it."""
    live = await place.tx.fetch_all(_LIVE, {"object": place.object, "record": place.record, "now": now})
    alike = [row for row in live if (row["role"] == APPROVER) is (given["role"] == APPROVER)]
    if any((row["person"], row["department"]) == (given["person"], given["department"]) for row in alike):
        raise Conflict(_THERE.fill(who=taker or "—"), code="shared_already")
    if given["role"] != APPROVER and len(alike) >= MOST_SHARES:
        raise Refused(_FULL.fill(most=MOST_SHARES), code="too_many_shares")


def _check_level(rights: Rights, level: Level) -> None:
    if level == "edit" and not rights.edit:
        raise Forbidden(_NOT_MORE, code="not_more_than_own")


def _check_end(ends_at: datetime | None, after: datetime) -> None:
    if ends_at is not None and ends_at <= after:
        raise _refusal("ends_in_the_past", _PAST, "ends_at")


def _role_label(role: str | None) -> dict[str, str] | None:
    found = TEAM_ROLES.get(role or "")
    return found.label.to_json() if found else None


def _refusal(code: str, message: Text, field: str) -> Refused:
    return Refused(message, code=code, problems=(Problem(code, message, field),))
