"""Reasons: why somebody sees or may change a record, or what stands in the way.

They are the parts of the very predicates that the row source is made of, each asked for by itself: the alternatives of
each role, the sharing rules, the shares, the records that carry this one, the restrictions. So the answer cannot differ
from what the person sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.grants import Alternative, Grants, Reach, condition_of, merge_grants
from liaoran.access.holdings import Holdings
from liaoran.access.predicates import RowPredicates, Ways, fitting, is_owned
from liaoran.access.scope import Scope
from liaoran.access.standing import standing_at
from liaoran.infra.flights import Row
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement
from liaoran.query.sentences import sentence_text
from liaoran.schema.snapshot import Field, Object, Snapshot

EXPLAINED = ("read", "edit")
NOTHING_KNOWN: Mapping[str, str] = {}
_Asked = Alternative | Field | bool
"""How a reason is asked for: an alternative of a role or rule, a link that carries, or a share: one that comes with a seat
in an approval (True) or one that people gave (False)."""
_REACH: Mapping[Reach, Text] = {
    Reach.OWN: Text("自己负责的", "own records"),
    Reach.REPORTS: Text("自己和下属负责的", "records of oneself and one's reports"),
    Reach.DEPARTMENT: Text("本部门的", "records of the department"),
    Reach.BELOW: Text("本部门及下级部门的", "records of the department and those below"),
    Reach.ALL: Text("全部", "all records"),
}
_WHERE = Text("{reach}，且{where}", "{reach} where {where}")
_BY_ROLE = Text("角色“{role}”：{scope}", "role “{role}”: {scope}")
_BY_RULE = Text("共享规则“{rule}”", "sharing rule “{rule}”")
_BY_SHARE = Text("这条记录共享给了此人或其部门", "the record is shared with them or their department")
_BY_SEAT = Text("审批人：正在或曾经审批这条记录", "approver: they decide, or decided, an approval of the record")
_BY_CARRIER: Mapping[str, Text] = {
    "read": Text("随{object}{name}：此人能查看它", "goes with the {object}{name}, which they see"),
    "edit": Text("随{object}{name}：此人能修改它", "goes with the {object}{name}, which they may change"),
}
_NAMED = Text("“{name}”", " “{name}”")
_TAKEN = Text("限制规则“{rule}”不允许", "restriction “{rule}” does not let them")
_ADMINISTRATOR = Text("管理员可以查看和修改全部记录", "administrators see and change every record")
_KIND_CLOSED = Text("没有任何角色允许查看“{object}”", "none of the roles lets them see “{object}”")
_KIND_READ_ONLY = Text("没有任何角色允许修改“{object}”", "none of the roles lets them change “{object}”")
_NOT_REACHED = Text("角色、共享和共享规则都不包括这条记录", "no role, share or sharing rule covers this record")
_NOT_CARRIED = Text(
    "角色、共享和共享规则都不包括这条记录，也不包括它所随的记录",
    "no role, share or sharing rule covers this record, nor one that it goes with",
)
_NOT_CHANGED = Text(
    "可以查看，但没有角色、共享或所随的记录允许修改这条记录",
    "they see it, but no role, share or record that it goes with lets them change it",
)
_BROKEN = Text("条件已无法判断", "a Condition that cannot be read any more")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``kind``: administrator, role, rule, share, approver, carried, restriction, closed, not_reached;
    ``verb``: read or edit; ``key`` names the role, rule, link Field or restriction."""

    kind: str
    verb: str
    text: Text
    key: str | None = None

    def to_json(self) -> dict[str, Any]:
        """``{kind, verb, key, text}``."""
        return {"kind": self.kind, "verb": self.verb, "key": self.key, "text": self.text.to_json()}


@dataclass(frozen=True, slots=True)
class Explained:
    """What a person may do with a record, why (``reasons``), and if not, why not (``obstacles``)."""

    sees: bool
    edits: bool
    reasons: tuple[Reason, ...]
    obstacles: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """``{sees, edits, reasons, obstacles}``."""
        return {
            "sees": self.sees,
            "edits": self.edits,
            "reasons": [one.to_json() for one in self.reasons],
            "obstacles": [one.to_json() for one in self.obstacles],
        }


async def explain(
    tx: Transaction,
    snapshot: Snapshot,
    held: Sequence[Holdings],
    object_key: str,
    record: UUID,
    linked: Mapping[str, str] = NOTHING_KNOWN,
) -> dict[UUID, Explained]:
    """For each person what they may do with the record, in one journey. What does not exist, or is in the recycle bin, is
    seen by nobody. ``linked`` are the names of linked records, by link, as far as whoever asks may know them."""
    found: dict[UUID, Explained] = {}
    for one in held:
        if one.is_administrator:
            reasons = tuple(Reason("administrator", verb, _ADMINISTRATOR, "administrator") for verb in EXPLAINED)
            found[one.person] = Explained(True, True, reasons, ())
            continue
        _Asking(snapshot, one, object_key, linked).send(tx, record, found)
    await tx.land()
    return found


class _Asking:
    """The question about one person."""

    def __init__(self, snapshot: Snapshot, held: Holdings, object_key: str, linked: Mapping[str, str]) -> None:
        self._held = held
        self._linked = linked
        self._one = snapshot.object(object_key)
        self._grants = held.grants()
        self._scope = Scope(snapshot, held.actor(snapshot), self._grants)
        self._roles = [(role, merge_grants([role.grants])) for role in held.roles if role.grants is not None]
        self._standing = standing_at(self._scope.as_it_is, self._places(), "x")

    def send(self, tx: Transaction, record: UUID, found: dict[UUID, Explained]) -> None:
        """Sends the question; the answer goes to ``found``."""
        reasons = list(self._reasons())
        params = self._scope.params()
        params |= self._standing.values(self._scope.as_it_is, params)
        shape = ("reasons", self._one.key, tuple(role.key + grants.key for role, grants in self._roles), self._kept())
        statement = cached_statement(self._scope, shape, self._compile)

        def judge(rows: list[Row]) -> None:
            flags = rows[0] if rows else {}
            found[self._held.person] = self._explained(reasons, flags)

        tx.send(statement, {**params, "record": record}, judge)

    def _kept(self) -> tuple[Any, ...]:
        rules = tuple(rule.where for rule in self._held.rules if rule.object == self._one.key)
        taken = tuple((one.where, one.verbs) for one in self._held.restrictions if one.object == self._one.key)
        return rules, taken

    def _places(self) -> list[tuple[str, str, bool]]:
        key = self._one.key
        found = {
            (key, each.where, False)
            for _, grants in self._roles
            for scope in grants.of(key).scopes.values()
            for each in scope
            if each.where
        }
        found |= {(key, rule.where, False) for rule in self._held.rules if rule.object == key}
        found |= {(key, one.where, True) for one in self._held.restrictions if one.object == key}
        return sorted(found)

    def _reasons(self) -> Iterator[tuple[str, Reason, _Asked]]:
        """``(column, reason, how it is asked)``, in the order in which they are told."""
        number = 0
        for verb in EXPLAINED:
            for role, grants in self._roles:
                # what one role lets them change may be read by another
                for each in fitting(self._one, verb, grants.of(self._one.key).scopes.get(verb, ())):
                    number += 1
                    text = _BY_ROLE.fill(
                        role=_label(role.label, role.key), scope=described_scope(self._scope, self._one, each)
                    )
                    yield f"r{number}", Reason("role", verb, text, role.key), each
            for link in self._scope.predicates.carriers(self._one, verb):
                number += 1
                yield f"r{number}", Reason("carried", verb, self._carried(link, verb), link.key), link
            if not self._scope.predicates.alternatives(self._one, verb):
                continue
            for rule in self._held.rules:
                if rule.object == self._one.key and (verb == "read" or rule.level == "edit"):
                    number += 1
                    text = _BY_RULE.fill(rule=_label(rule.label, str(rule.id)))
                    yield f"r{number}", Reason("rule", verb, text, str(rule.id)), Alternative(Reach.ALL, rule.where)
            if is_owned(self._one):
                number += 1
                yield f"r{number}", Reason("share", verb, _BY_SHARE), False
                if verb == "read":
                    number += 1
                    yield f"r{number}", Reason("approver", verb, _BY_SEAT), True

    def _carried(self, link: Field, verb: str) -> Text:
        name = self._linked.get(link.key)
        carrier = self._scope.snapshot.object(link.target or "")
        return _BY_CARRIER[verb].fill(object=carrier.label, name=_NAMED.fill(name=name) if name else Text("", ""))

    def _restrictions(self) -> Iterator[tuple[str, str, Reason, str]]:
        for number, one in enumerate(self._held.restrictions):
            if one.object == self._one.key:
                for verb in EXPLAINED:
                    if {verb, "read"} & set(one.verbs):
                        reason = Reason("restriction", verb, _TAKEN.fill(rule=_label(one.label, one.key)), one.key)
                        yield f"t{number}_{verb}", verb, reason, one.where

    def _compile(self) -> sa.Select[Any]:
        table = self._one.table.alias("t")
        ways = Ways(self._predicates(self._grants), self._one, table)
        columns: list[sa.ColumnElement[Any]] = []
        for name, reason, asked in self._reasons():
            columns.append(_two_valued(self._way(ways, table, reason.verb, asked)).label(name))
        columns += [
            sa.not_(_two_valued(ways.condition(where, takes=True))).label(name)
            for name, _, _, where in self._restrictions()
        ]
        for verb in EXPLAINED:
            # the very source that reads and writes go through
            source = self._scope.source(self._one.key, verb)
            found = sa.select(sa.literal(1)).select_from(source).where(source.c.id == table.c.id)
            columns.append(sa.exists(found).label(verb))
        chosen = table.c.id == sa.bindparam("record", type_=sa.Uuid)
        return sa.select(*columns).select_from(ways.found.around(table)).where(chosen)

    def _way(self, ways: Ways, table: sa.FromClause, verb: str, asked: _Asked) -> sa.ColumnElement[bool]:
        if isinstance(asked, bool):
            return self._scope.predicates.shared(self._one, table, verb, by_seat=asked)
        if isinstance(asked, Field):
            return self._scope.predicates.carried(self._one, table, verb, asked)
        return ways.way(asked)

    def _predicates(self, grants: Grants) -> RowPredicates:
        return RowPredicates(self._scope.as_it_is, grants, self._standing)

    def _explained(self, reasons: Sequence[tuple[str, Reason, _Asked]], flags: Mapping[str, Any]) -> Explained:
        may = {verb: bool(flags.get(verb)) for verb in EXPLAINED}
        given = tuple(reason for name, reason, _ in reasons if flags.get(name) and may[reason.verb])
        return Explained(may["read"], may["edit"], given, tuple(self._obstacles(reasons, flags, may)))

    def _obstacles(
        self, reasons: Sequence[tuple[str, Reason, _Asked]], flags: Mapping[str, Any], may: Mapping[str, bool]
    ) -> Iterator[Reason]:
        for verb in EXPLAINED:
            if may[verb]:
                continue
            if verb == "edit" and not may["read"]:
                return
            if not self._scope.predicates.allows(self._one, verb):
                closed = _KIND_CLOSED if verb == "read" else _KIND_READ_ONLY
                yield Reason("closed", verb, closed.fill(object=self._one.label))
                continue
            taking = [reason for name, of, reason, _ in self._restrictions() if of == verb and flags.get(name)]
            yield from taking
            if not any(flags.get(name) for name, reason, _ in reasons if reason.verb == verb):
                missed = _NOT_CARRIED if self._scope.predicates.carriers(self._one, verb) else _NOT_REACHED
                yield Reason("not_reached", verb, missed if verb == "read" else _NOT_CHANGED)


def described_scope(scope: Scope, one: Object, each: Alternative | None) -> Text:
    """How far an alternative reaches, in words; None stands for administrators."""
    if each is None:
        return _ADMINISTRATOR
    if not each.where:
        return _REACH[each.reach]
    try:
        where = sentence_text(condition_of(each.where), scope.as_it_is, one.key)
    except Invalid:
        where = _BROKEN
    return _WHERE.fill(reach=_REACH[each.reach], where=where)


def _two_valued(predicate: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(predicate, sa.false())


def _label(label: Mapping[str, str] | None, key: str) -> Text:
    return Text.from_json(label) if label else Text(key)
