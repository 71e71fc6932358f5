"""The shipped roles and what they may do: three that sell and run the system, three that take part in a sale without
owning it (pre-sales, legal, finance), and those that look after or at the whole (operations, executive, auditor).

``access.grants`` says what the words mean. The entry of an Object replaces single verbs of ``"*"``. On Objects without an
owner, what reaches less than all means everything for reading and nothing for editing.
"""

from __future__ import annotations

from liaoran.packs.definition import Definition, text

SEEN_BY_ALL: Definition = {"read": "all"}
"""Customers are read by everybody, so that nobody contacts one whom a colleague already works with."""

READ_ONLY: Definition = {
    "read": "all",
    "create": False,
    "edit": "none",
    "delete": "none",
    "transfer": "none",
    "share": "none",
    "import": False,
    "bulk": False,
}
MAINTAINED: Definition = {"read": "all", "create": True, "edit": "all", "delete": "all"}
OWN_ONLY: Definition = {"read": "own", "create": True, "edit": "own", "delete": "own"}
"""What somebody does or writes down for oneself: tasks, notes, meetings."""
CONSULTED: Definition = {
    "read": "own",
    "create": False,
    "edit": "none",
    "delete": "none",
    "export": "none",
    "transfer": "none",
    "share": "none",
    "import": False,
    "bulk": False,
}
LOOKED_AT: Definition = {**CONSULTED, "read": "all"}


def _consulted(**more: Definition) -> Definition:
    """The grants of somebody who is asked about a sale: sees the sales they are asked about, changes one only where the
    team of it says so, and keeps the own tasks."""
    return {
        "*": CONSULTED,
        "opportunity": {"read": "own", "edit": "own"},
        "account": SEEN_BY_ALL,
        "product": READ_ONLY,
        "person": READ_ONLY,
        "department": READ_ONLY,
        "task": OWN_ONLY,
        **more,
    }


ROLES: list[Definition] = [
    {
        "key": "administrator",
        "label": text(("管理员", "Administrator")),
        "objects": {
            "*": {
                "read": "all",
                "create": True,
                "edit": "all",
                "delete": "all",
                "export": "all",
                "transfer": "all",
                "share": "all",
                "import": True,
                "bulk": True,
            },
        },
    },
    {
        "key": "manager",
        "label": text(("经理", "Manager")),
        "objects": {
            "*": {
                "read": "below",
                "create": True,
                "edit": "below",
                "delete": "below",
                "export": "below",
                "transfer": "below",
                "share": "below",
                "import": True,
                "bulk": True,
            },
            "account": SEEN_BY_ALL,
            "contact": SEEN_BY_ALL,
            "product": MAINTAINED,
            "person": READ_ONLY,
            "department": READ_ONLY,
        },
    },
    {
        "key": "salesperson",
        "label": text(("销售", "Salesperson")),
        "objects": {
            "*": {
                "read": "own",
                "create": True,
                "edit": "own",
                "delete": "own",
                "export": "own",
                "transfer": "none",
                "share": "own",
                "import": False,
                "bulk": True,
            },
            "account": SEEN_BY_ALL,
            "contact": SEEN_BY_ALL,
            "product": READ_ONLY,
            "person": READ_ONLY,
            "department": READ_ONLY,
        },
    },
    {
        "key": "presales",
        "label": text(("售前", "Pre-sales")),
        "objects": _consulted(
            opportunity={"read": "all", "edit": "below"},
            opportunity_line={"read": "all"},
            opportunity_contact={"read": "all"},
            contact=SEEN_BY_ALL,
            event={**OWN_ONLY, "read": "all"},
            call={**OWN_ONLY, "read": "all"},
            follow_up={**OWN_ONLY, "read": "all"},
        ),
    },
    # Approvals only: a seat in an approval shares the sale with whoever decides (process.approvals.sight), and what goes
    # with a sale goes with it; there is no other sale that they see. Of customers they see the names they decide about,
    # not the people behind them.
    {"key": "legal", "label": text(("法务", "Legal")), "objects": _consulted()},
    {"key": "finance", "label": text(("财务", "Finance")), "objects": _consulted()},
    {
        "key": "operations",
        "label": text(("销售运营", "Sales operations")),
        "objects": {
            "*": {
                "read": "all",
                "create": True,
                "edit": "all",
                "delete": "own",
                "export": "all",
                "transfer": "all",
                "share": "all",
                "import": True,
                "bulk": True,
            },
            "product": MAINTAINED,
            "person": READ_ONLY,
            "department": READ_ONLY,
        },
    },
    {
        "key": "executive",
        "label": text(("高管", "Executive")),
        "objects": {"*": {**LOOKED_AT, "export": "all"}, "task": OWN_ONLY},
    },
    {"key": "auditor", "label": text(("审计员", "Auditor")), "objects": {"*": LOOKED_AT}},
]
