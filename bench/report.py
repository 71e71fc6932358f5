"""The table on the terminal and the file of results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True)
class Result:
    """One line. ``ratio`` is to be at most ``goal``; ``measure`` says what is divided by what. Times are milliseconds;
    ``rate`` is per second where a rate is what counts, ``size`` MiB where memory is."""

    name: str
    role: str
    scale: str
    measure: str
    ratio: float
    goal: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    bare_sql_p50_ms: float | None = None
    floor_p50_ms: float | None = None
    rate: float | None = None
    size: float | None = None

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= self.goal

    def to_json(self) -> dict[str, object]:
        """The form of the results file."""
        return {
            "name": self.name,
            "role": self.role,
            "scale": self.scale,
            "p50_ms": _rounded(self.p50_ms),
            "p95_ms": _rounded(self.p95_ms),
            "bare_sql_p50_ms": _rounded(self.bare_sql_p50_ms),
            "floor_p50_ms": _rounded(self.floor_p50_ms),
            "measure": self.measure,
            "ratio": round(self.ratio, 3),
            "goal": self.goal,
            "met": self.met,
            **({"rate_per_s": round(self.rate, 1)} if self.rate is not None else {}),
            **({"size_mib": round(self.size, 1)} if self.size is not None else {}),
        }


def write_results(results: list[Result], path: Path = RESULTS) -> None:
    """Writes the file; its directory is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps([one.to_json() for one in results], option=orjson.OPT_INDENT_2))


def print_table(results: list[Result], console: Console) -> None:
    """Prints all results and how many goals are met."""
    table = Table(title="Liaoran, measured", header_style="bold")
    for heading in ("case", "role", "scale"):
        table.add_column(heading)
    for heading in ("p50 ms", "p95 ms", "bare SQL", "floor", "ratio", "goal", ""):
        table.add_column(heading, justify="right")
    table.add_column("measured as")
    for one in results:
        table.add_row(
            one.name,
            one.role,
            one.scale,
            _shown(one.p50_ms),
            _shown(one.p95_ms),
            _shown(one.bare_sql_p50_ms),
            _shown(one.floor_p50_ms),
            f"{one.ratio:.2f}",
            f"{one.goal:g}",
            "[green]met[/]" if one.met else "[red]missed[/]",
            _explained(one),
        )
    console.print(table)
    met = sum(one.met for one in results)
    console.print(f"{met} of {len(results)} goals met; details in {RESULTS}")


def _explained(one: Result) -> str:
    if one.rate is not None:
        return f"{one.measure}; {one.rate:,.0f}/s"
    return f"{one.measure}; {one.size:.0f} MiB" if one.size is not None else one.measure


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"
