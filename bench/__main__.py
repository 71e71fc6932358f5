"""``python -m bench``: makes the data, starts the servers, measures, prints the table, writes the results."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import print_table, write_results
from bench.run import Order, run
from bench.scales import PLANS, Size

KEPT = Path(tempfile.gettempdir()) / "liaoran-bench"


def main(
    size: Annotated[Size, typer.Option(help="small: two minutes; full: 100 k and 1 M opportunities")] = "full",
    only: Annotated[
        list[str] | None, typer.Option(help="measure only cases whose name holds this; may be repeated")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="directory for the data, kept for the next run")] = None,
    seconds: Annotated[float | None, typer.Option(help="time per case, role and side")] = None,
) -> None:
    """Measures Liaoran against bare SQL and a floor server."""
    plan = PLANS[size]
    kept = (data or KEPT).resolve()
    # So that what was started is stopped, too, when somebody (a time limit, for example) ends the run early.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    order = Order(plan, kept, tuple(only or ()), seconds or plan.seconds, Console(stderr=True))
    try:
        run(order)
    finally:
        if order.results:
            print_table(order.results, Console(width=None if sys.stdout.isatty() else 160))
            write_results(order.results)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
