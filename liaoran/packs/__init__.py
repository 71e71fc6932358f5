"""Shipped definitions as data. Packs import the kernel only; ``schema``, ``process`` and ``access`` install them."""

from __future__ import annotations

import copy

from liaoran.packs import base, sales
from liaoran.packs.definition import Definition, text

PACKS: tuple[str, ...] = ("sales", "none")
"""The packs that an organisation may start from."""


def load_pack(key: str) -> Definition:
    """``{"key", "label", "objects": [...], "processes": [...], "roles": [...]}`` in the definition JSON form.

    ``sales`` is the shipped CRM; ``none`` holds people, departments and roles only. The result is the caller's own
    copy. Objects come in an order in which plain links mostly point backwards, yet formulas, roll-ups and some links
    point forwards, so they are installed after all plain Fields. Raises KeyError for an unknown pack.
    """
    if key not in PACKS:
        raise KeyError(key)
    if key == "none":
        label = text(("空白", "Empty"))
        objects, processes = base.OBJECTS, []
    else:
        label = text(("销售", "Sales"))
        objects, processes = [*base.OBJECTS, *sales.OBJECTS], sales.PROCESSES
    return copy.deepcopy({"key": key, "label": label, "objects": objects, "processes": processes, "roles": base.ROLES})
