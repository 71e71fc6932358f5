"""Standing Conditions: those of roles, sharing rules and restrictions, which take part in every read of an Object.

They are read over rows as they are, whoever asks: what is hidden from an actor may well decide what they see. Only "me",
"my department" and "today" are the actor's. Each Condition of the grants has a number, so its values travel under names
of their own (``g3_w0``) and people with equal grants share their statements.

A Condition that cannot be read any more (a Field was retired) reaches nothing, and the administrator is told
(``access.soundness``); as a restriction it takes every row away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog

from liaoran.access.grants import Grants, condition_of
from liaoran.kernel.conditions import Condition
from liaoran.kernel.errors import Invalid
from liaoran.query.bound import Bound, compile_bound
from liaoran.query.compilation import Late, Row
from liaoran.query.computed import new_compilation
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.query.rows import Rows
from liaoran.query.watched import Watched
from liaoran.schema.snapshot import Snapshot

_log = structlog.get_logger(__name__)

Place = tuple[str, str, bool]
"""Object, text of the Condition, and whether it takes away."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One Condition made ready. ``values`` are its binds where they are the same for everybody at any time, else
    None."""

    object: str
    condition: Condition
    bound: Bound
    mark: str
    negated: bool
    values: Mapping[str, Any] | None
    late: tuple[Late, ...]

    def values_for(self, rows: Rows, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The binds for an actor, now. ``rows`` are any rows as they are."""
        found = _bind(rows, self.object, self.condition, params, self.mark)[1]
        for late in self.late:
            found.update(late(rows, params))
        return found


class StandingConditions:
    """All Conditions that stand in the grants, by where they stand."""

    def __init__(self, found: Mapping[Place, Standing | None]) -> None:
        self._found = found
        ready = [one for one in found.values() if one is not None]
        self._moving = [one for one in ready if one.values is None]
        self._settled = {name: value for one in ready for name, value in (one.values or {}).items()}

    def write(
        self, rows: Rows, object_key: str, where: str, table: sa.FromClause, *, takes: bool = False, as_of: bool = False
    ) -> tuple[sa.ColumnElement[bool], Row | None]:
        """The Condition over the rows of a table, and the Row whose links have to be joined. With ``takes`` it is true
        where the Condition does not hold. It is false where the Condition cannot be read."""
        one = self._found[object_key, where, takes]
        if one is None:
            return sa.false(), None
        row = Row(new_compilation(rows, as_of, one.mark), object_key, table)
        return compile_bound(one.bound, row, negated=takes), row

    def values(self, rows: Rows, params: Mapping[str, Any]) -> dict[str, Any]:
        """The binds of all Conditions for an actor."""
        found = dict(self._settled)
        for one in self._moving:
            found.update(one.values_for(rows, params))
        return found


NONE_STANDING = StandingConditions({})
_ready: LeastRecentlyUsed[StandingConditions] = LeastRecentlyUsed(500)


def standing_conditions(rows: Rows, grants: Grants, mark: str = "g") -> StandingConditions:
    """The Conditions of the grants, made ready once for everybody who has them. ``rows`` are rows as they are."""
    if not grants.has_conditions:
        return NONE_STANDING
    return _ready.get((rows.snapshot.identity, grants.key, mark), lambda: _prepare(rows, grants, mark))


def standing_at(rows: Rows, places: Sequence[Place], mark: str) -> StandingConditions:
    """The Conditions at these places, made ready."""
    return StandingConditions({place: _ready_made(rows, place, f"{mark}{n}_") for n, place in enumerate(places)})


def _prepare(rows: Rows, grants: Grants, mark: str) -> StandingConditions:
    return standing_at(rows, sorted(set(_places(rows.snapshot, grants))), mark)


def _places(snapshot: Snapshot, grants: Grants) -> Iterator[Place]:
    for key, one in snapshot.objects.items():
        if one.retired:
            continue
        grant = grants.of(key)
        for scope in grant.scopes.values():
            yield from ((key, alternative.where, False) for alternative in scope if alternative.where)
        for texts in grant.denied.values():
            yield from ((key, where, True) for where in texts)


def _ready_made(rows: Rows, place: Place, mark: str) -> Standing | None:
    object_key, where, takes = place
    try:
        return make_ready(rows, object_key, condition_of(where), mark, takes=takes)
    except Invalid as error:
        _log.warning("condition_reaches_nothing", object=object_key, reason=str(error), condition=where[:500])
        return None


def make_ready(rows: Rows, object_key: str, condition: Condition, mark: str, *, takes: bool = False) -> Standing:
    """The Condition made ready. Raises Invalid where it cannot be read over the rows of the Object."""
    params = Watched(rows.params())
    bound, values = _bind(rows, object_key, condition, params, mark)
    row = Row(new_compilation(rows, False, mark), object_key, rows.source(object_key))
    compile_bound(bound, row, negated=takes)
    late = tuple(row.compilation.late)
    settled = not params.asked and not late
    return Standing(object_key, condition, bound, mark, takes, values if settled else None, late)


def _bind(
    rows: Rows, object_key: str, condition: Condition, params: Mapping[str, Any], mark: str
) -> tuple[Bound, dict[str, Any]]:
    binder = Binder(f"{mark}w")
    return bind_condition(condition, rows, object_key, params, binder), binder.values
