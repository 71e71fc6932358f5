"""Shipped definitions as data. Packs import the kernel only; ``schema``, ``process`` and ``access`` install them."""

from __future__ import annotations

import copy

from liaoran.packs import base, sales
from liaoran.packs.definition import Definition, text

PACKS: tuple[str, ...] = ("sales", "none")
"""The packs that an organisation may start from."""


def load_pack(key: str) -> Definition:
    """``{"key", "label", "objects": [...], "processes": [...], "roles": [...], "document_types": [...]}`` in the
    definition JSON form.

    ``sales`` is the shipped CRM; ``none`` holds people, departments and roles only. The result is the caller's own
    copy. Objects come in an order in which plain links mostly point backwards, yet formulas, roll-ups and some links
    point forwards, so they are installed after all plain Fields. Raises KeyError for an unknown pack.
    """
    if key not in PACKS:
        raise KeyError(key)
    shipped: Definition = {"key": key, "roles": base.ROLES}
    if key == "none":
        shipped |= {"label": text(("空白", "Empty")), "objects": base.OBJECTS, "processes": [], "document_types": []}
    else:
        shipped |= {
            "label": text(("销售", "Sales")),
            "objects": [*base.OBJECTS, *sales.OBJECTS],
            "processes": sales.PROCESSES,
            "document_types": sales.DOCUMENT_TYPES,
        }
    return copy.deepcopy(shipped)
