"""Statement: SQL made ready once, run many times, in any organisation.

SQLAlchemy Core builds the statement, its psycopg dialect compiles it, and from then on only the compiled text and the
order of its binds are used: running it costs no SQLAlchemy at all. Tables without a schema get the organisation's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import LRUCache

DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_ORGANISATION = "__organisation__"
_REQUIRED = object()
_Bind = tuple[str, Callable[[Any], Any] | None, Any]

# Quoted text, quoted names, comments and casts are stepped over, so that only true ``:name`` binds are found.
_TOKENS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|::|(?<!\w):([A-Za-z_]\w*)", re.DOTALL)


def quote(name: str) -> str:
    """``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Runnable(Protocol):
    """What a Transaction runs: text for one schema, and the values of its binds in order."""

    def text(self, schema: str) -> bytes:
        """The SQL with ``$1, $2, …``, the organisation's schema filled in."""
        ...

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """The bind values in order. Raises TypeError naming a bind that has neither a value nor a default."""
        ...


class _Prepared:
    """Text with a mark for the organisation's schema, and the binds ``(name, processor, default)`` in order."""

    def __init__(self, template: str, mark: str, binds: Sequence[_Bind]) -> None:
        self._template = template
        self._mark = mark
        self._binds = tuple(binds)
        self._texts: dict[str, bytes] = {}

    def text(self, schema: str) -> bytes:
        """The SQL with ``$1, $2, …`` for ``schema``; kept per schema."""
        text = self._texts.get(schema)
        if text is None:
            text = self._template.replace(self._mark, quote(schema)).encode()
            self._texts[schema] = text
        return text

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """Values in order; values that no bind asks for are left out."""
        values = []
        for name, processor, default in self._binds:
            value = params.get(name, default)
            if value is _REQUIRED:
                raise TypeError(f"no value for bind {name!r}")
            values.append(value if processor is None else processor(value))
        return values


class Statement(_Prepared):
    """A SQLAlchemy Core statement compiled at construction. ``binds`` are the default values by name.

    ``columns`` names the columns of an ``insert()`` or ``update()`` that has no ``values()``; each becomes a bind of
    its own name. Raises TypeError for an expanding ``IN`` (use ``= ANY(:ids)``) and for Python-side column defaults,
    which would not run here.
    """

    def __init__(self, statement: sa.Executable, columns: Sequence[str] = ()) -> None:
        compiled = _compile(statement, columns)
        super().__init__(*_parts(compiled))
        self.binds: dict[str, Any] = {name: default for name, _, default in self._binds if default is not _REQUIRED}


def prepare(statement: Runnable | sa.Executable | str, params: Mapping[str, Any]) -> Runnable:
    """Anything that a Transaction accepts, made ready; equal text and equally built statements are compiled once."""
    if isinstance(statement, _Prepared):
        return statement
    if isinstance(statement, str):
        return _prepare_text(statement)
    return _prepare_executable(cast(sa.Executable, statement), params)


@lru_cache(maxsize=2048)
def _prepare_text(text: str) -> _Prepared:
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group(0)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _Prepared(_TOKENS.sub(number, text), "{org}", [(name, None, _REQUIRED) for name in names])


class _Bound:
    """A cached compilation with the literal values of this one statement."""

    def __init__(self, prepared: _Prepared, literals: Mapping[str, Any]) -> None:
        self._prepared = prepared
        self._literals = literals

    def text(self, schema: str) -> bytes:
        return self._prepared.text(schema)

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        return self._prepared.values({**self._literals, **params})


_compilations: LRUCache[Any, tuple[SQLCompiler, _Prepared]] = LRUCache(2048)


def _prepare_executable(statement: sa.Executable, params: Mapping[str, Any]) -> Runnable:
    columns = tuple(params) if isinstance(statement, (sa.Insert, sa.Update)) else ()
    key = cast(Any, statement)._generate_cache_key()
    if key is None:
        return _Prepared(*_parts(_compile(statement, columns)))
    found = _compilations.get((key.key, columns))
    if found is None:
        compiled = _compile(statement, columns, key)
        found = compiled, _Prepared(*_parts(compiled))
        _compilations[(key.key, columns)] = found
    compiled, prepared = found
    values = compiled.construct_params(extracted_parameters=key.bindparams, _check=False)
    return _Bound(prepared, {name: value for name, value in values.items() if not compiled.binds[name].required})


def _compile(statement: sa.Executable, columns: Sequence[str], cache_key: Any = None) -> SQLCompiler:
    options: dict[str, Any] = {"schema_translate_map": {None: _ORGANISATION}, "render_schema_translate": True}
    if not isinstance(statement, sa.schema.ExecutableDDLElement):
        options |= {"column_keys": list(columns) or None, "cache_key": cache_key}
    return cast(SQLCompiler, cast(Any, statement)._compiler(DIALECT, **options))


def _parts(compiled: SQLCompiler) -> tuple[str, str, list[_Bind]]:
    """Template, mark and binds of a compilation; DDL has no binds."""
    if not isinstance(compiled, SQLCompiler):
        return str(compiled), _ORGANISATION, []
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise TypeError("expanding IN is not used here; write column == any_(array bind)")
    prefetched = [*(compiled.insert_prefetch or ()), *(compiled.update_prefetch or ())]
    if prefetched:
        raise TypeError(f"column {prefetched[0].name!r} has a Python-side default; give it a server default")
    processors = cast("Mapping[str, Any]", compiled._bind_processors)
    known = compiled.construct_params(_check=False)
    binds: list[_Bind] = [
        (name, processors.get(name), _REQUIRED if compiled.binds[name].required else known[name])
        for name in compiled.positiontup or ()
    ]
    return str(compiled.string), _ORGANISATION, binds
