"""``python -m bench.explain CASE``: why a read takes as long as it does.

Shows the plan that PostgreSQL takes for Liaoran's statement and for the bare one, on the data that a run has left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
import typer

from bench.__main__ import KEPT
from bench.client import Request
from bench.reads import READS
from bench.run import postgres
from bench.scales import PLANS, Scale, Size
from bench.searches import SEARCHES
from bench.world import Role, World, role_of
from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope
from liaoran.app import wire
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings
from liaoran.query.plans import Plan
from liaoran.query.reads import compile_aggregate, compile_board, compile_query, compile_record, compile_search
from liaoran.query.requests import AggregateRequest, BoardRequest, QueryRequest
from liaoran.schema.catalogue import load_snapshot

ROLES = ("salesperson", "department head", "administrator")


def main(
    case: Annotated[str, typer.Argument(help="the beginning of the name of a read")],
    role: Annotated[str, typer.Option(help="salesperson, department head or administrator")] = ROLES[-1],
    size: Annotated[Size, typer.Option(help="of the run; its larger scale is taken")] = "full",
    data: Annotated[Path | None, typer.Option(help="directory of the data")] = None,
    text: Annotated[bool, typer.Option(help="print the statements, too")] = False,
) -> None:
    """Explains one read."""
    kept = (data or KEPT).resolve()
    read = next(one for one in (*READS, *SEARCHES) if one.name.startswith(case))
    scale = PLANS[size].scales[-1]
    wire()
    with postgres(kept) as url, psycopg.connect(url, autocommit=True) as connection:
        actor = role_of(connection, scale, ROLES.index(role))
        plan = asyncio.run(_plan(kept, scale, actor, read.ask(actor, 0)))
        ours = plan.statement.text(scale.schema).decode()
        _explain(connection, "Liaoran", ours, plan.statement.values(plan.binds), text)
        bare = read.sql(World(scale), actor)
        _explain(connection, "bare SQL", bare, read.binds(actor, 0), text)


async def _plan(data: Path, scale: Scale, role: Role, request: Request) -> Plan:
    async with Database(Settings(data_dir=data)) as database, database.read(scale.schema) as tx:
        if role.person is None:
            raise RuntimeError("the actor is nobody")
        return plan_of(await scope_of_person(tx, await load_snapshot(tx), role.person), request)


def plan_of(scope: Scope, request: Request) -> Plan:
    """The Plan that the API makes of the request."""
    address = urlsplit(request.path)
    *_, second, last = address.path.split("/")
    body: dict[str, Any] = request.body or {}
    if last == "query":
        return compile_query(scope, second, QueryRequest.model_validate(body))
    if last == "aggregate":
        return compile_aggregate(scope, second, AggregateRequest.model_validate(body))
    if last == "board":
        return compile_board(scope, second, BoardRequest.model_validate(body))
    if last == "search":
        asked = parse_qs(address.query)
        return compile_search(scope, asked["q"][0], limit=int(asked["limit"][0]))
    return compile_record(scope, second, UUID(last))


def _explain(
    connection: psycopg.Connection[tuple[object, ...]], title: str, sql: str, values: Sequence[Any], text: bool
) -> None:
    typer.secho(f"\n{title}", bold=True)
    if text:
        typer.echo(sql)
    cursor = psycopg.RawCursor(connection)
    for _ in range(2):  # the second time with warm caches
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}".encode(), values)
        lines = [str(row[0]) for row in cursor]
    typer.echo("\n".join(lines))


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
