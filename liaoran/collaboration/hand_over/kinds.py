"""All kinds of things that a person holds beside records, in the order in which they are given on."""

from __future__ import annotations

from liaoran.collaboration.hand_over.beside import Kind
from liaoran.collaboration.hand_over.duties import Approvals, Processes, Rules
from liaoran.collaboration.hand_over.shares_held import Following, Shares

KINDS: tuple[Kind, ...] = (Approvals(), Shares(), Following(), Rules(), Processes())
"""Processes come last: with a new version of one the catalogue changes."""

KIND_OF_CHANGE = {change: kind for kind in KINDS for change in kind.changes}
