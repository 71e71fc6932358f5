"""The stand that a run measures on."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True, slots=True)
class Stand:
    """``connection`` runs the bare SQL; ``port`` is Liaoran's, ``floor_port`` that of the floor server; ``seconds`` is
    the time per case, role and side."""

    connection: psycopg.Connection[tuple[object, ...]]
    port: int
    floor_port: int
    seconds: float
