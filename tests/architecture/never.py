"""The "never" list as rules over syntax trees. Each rule's docstring tells what goes wrong without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

Finding = tuple[int, str]
Rule = Callable[[PurePosixPath, ast.Module], Iterator[Finding]]

DDL = re.compile(r"\b(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|SEQUENCE|COLUMN|SCHEMA)\b", re.IGNORECASE)
RECORD_TABLE = re.compile(r"\b(FROM|JOIN|INTO|UPDATE)\s+(\S+\.)?[\"']?[rv]_[a-z]", re.IGNORECASE)
LEFTOVERS = {"utils", "helpers", "common", "misc", "util", "helper"}


def layer_of(path: PurePosixPath) -> str:
    """``query`` for ``liaoran/query/operators/eq.py``; the file's stem for a file right below ``liaoran``."""
    part = path.parts[1]
    return part.removesuffix(".py")


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of the constants that are docstrings: prose may name what code must not."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string constant that is not a docstring, f-string parts included, with its line."""
    prose = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def ddl_only_in_the_gateway(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """DDL from a second place misses the lock timeout, the catalogue row and the schema version, and a process then
    works with columns that are not there. ``infra`` makes databases and schemas, migrations make system tables."""
    if path == PurePosixPath("liaoran/schema/ddl.py") or layer_of(path) in {"migrations", "infra"}:
        return
    for line, value in strings(tree):
        if DDL.search(value):
            yield line, "DDL outside schema/ddl.py"


def record_tables_only_through_row_sources(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """A query over a record table that did not come from a row source shows rows that the actor may not see.
    ``schema`` makes the tables, ``access`` wraps them into row sources, ``records`` writes them."""
    if layer_of(path) in {"schema", "access", "records", "migrations"}:
        return
    # In exchange a table is that of a file.
    names = {"versions_table"} if layer_of(path) == "exchange" else {"table", "versions_table"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            yield node.lineno, f"a record table (.{node.attr}) reached outside schema, access and records"
    for line, value in strings(tree):
        if RECORD_TABLE.search(value):
            yield line, "SQL text over a record table"


def commit_only_in_infra(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """A commit in the middle of a request leaves half a change behind when the rest fails."""
    if layer_of(path) == "infra":
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commit outside infra"


def no_logic_in_api(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """A rule in a router holds on one door only. Routers translate; they build no SQL."""
    if layer_of(path) != "api":
        return
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] in {"sqlalchemy", "psycopg"}:
                yield node.lineno, f"{name} imported in api"
    for line, value in strings(tree):
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s", value):
            yield line, "SQL text in api"


def engine_names_no_object(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """Special treatment of one Object in the engine is what a custom Object can never have. Packs hold it as data."""
    if layer_of(path) in {"packs"}:
        return
    for line, value in strings(tree):
        if "opportunity" in value.lower():
            yield line, f"the engine names an Object: {value[:60]!r}"
    for node in ast.walk(tree):
        name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "arg", None)
        if isinstance(name, str) and "opportunity" in name.lower():
            yield getattr(node, "lineno", 0), f"the engine names an Object: {name}"


def no_drawer_of_leftovers(path: PurePosixPath, _tree: ast.Module) -> Iterator[Finding]:
    """A file without a concept collects everything, and nobody finds anything in it."""
    if {part.removesuffix(".py") for part in path.parts} & LEFTOVERS:
        yield 1, "a file or folder named after no concept"


def calls_leave_through_one_door(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """A client of its own reaches what only this server can reach, follows redirects into it, and waits for ever.
    ``infra/outgoing.py`` has the guard; errors and types of httpx may be named anywhere."""
    if path == PurePosixPath("liaoran/infra/outgoing.py"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                if name.split(".")[0] in {"requests", "aiohttp", "urllib3"} or name in {
                    "http.client",
                    "urllib.request",
                }:
                    yield node.lineno, f"{name} imported outside infra/outgoing.py"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            guarded = any(one.arg == "transport" for one in node.keywords)
            clients = r"(httpx\.)?(AsyncClient|Client|get|post|put|patch|delete|request|stream)"
            if called.startswith("httpx.") and re.fullmatch(clients, called) and not guarded:
                yield node.lineno, f"{called} without the guard of infra/outgoing.py"
            if re.search(r"(AsyncOAuth2Client|OAuth2Session)$", called) and not guarded:
                yield node.lineno, f"{called} without the guard of infra/outgoing.py"


def data_is_never_run(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """What turns data into code, or a text into a command, is the one mistake that no other layer can make good."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"eval", "exec", "compile", "__import__", "os.system", "os.popen"} or re.match(
                r"(pickle|marshal|shelve|dill)\.loads?$|yaml\.(unsafe_|full_)?load$", called
            ):
                yield node.lineno, f"{called} runs data"
            if any(
                one.arg == "shell" and isinstance(one.value, ast.Constant) and one.value.value for one in node.keywords
            ):
                yield node.lineno, f"{called} through a shell"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                if name.split(".")[0] in {"pickle", "marshal", "shelve"} or name.startswith("xml.sax"):
                    yield node.lineno, f"{name} imported: it runs or expands what it reads"


RULES: tuple[Rule, ...] = (
    ddl_only_in_the_gateway,
    record_tables_only_through_row_sources,
    commit_only_in_infra,
    no_logic_in_api,
    engine_names_no_object,
    no_drawer_of_leftovers,
    calls_leave_through_one_door,
    data_is_never_run,
)
