"""Planning: a request becomes a Plan; its SQL is looked up by shape or built, its values are worked out each time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.infra.statements import Statement
from liaoran.query.compilation import Compilation, Late
from liaoran.query.computed import new_compilation
from liaoran.query.plans import LeastRecentlyUsed, Plan
from liaoran.query.rows import Rows

Build = Callable[[Compilation], sa.Select[Any]]


@dataclass(frozen=True, slots=True)
class _Compiled:
    statement: Statement
    late: tuple[Late, ...]


_compiled: LeastRecentlyUsed[_Compiled] = LeastRecentlyUsed(2000)


def make_plan(
    rows: Rows,
    params: Mapping[str, Any],
    shape: Hashable,
    binds: Mapping[str, Any],
    build: Build,
    *,
    as_of: bool = False,
) -> Plan:
    """The Plan for a request of that shape as these Rows see it.

    ``params`` are ``rows.params()``, taken once for the whole request. ``build`` writes the statement where no equal
    one is known; it must depend on nothing but the Rows' key, the catalogue and ``shape``.
    """
    key = (rows.snapshot.identity, rows.key, as_of, shape)
    compiled = _compiled.get(key, lambda: _compile(rows, build, as_of))
    values = {**params, **binds}
    for late in compiled.late:
        values.update(late(rows, params))
    return Plan(compiled.statement, values)


def _compile(rows: Rows, build: Build, as_of: bool) -> _Compiled:
    compilation = new_compilation(rows, as_of)
    statement = Statement(build(compilation))
    return _Compiled(statement, tuple(compilation.late))
