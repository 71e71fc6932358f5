"""The three shipped roles and what they may do.

Scopes: ``own`` the actor's records, ``department`` those of the own department and all below (and the own ones),
``all`` every record, ``none``. The entry of an Object replaces single verbs of ``"*"``. On Objects without an owner,
``own`` and ``department`` mean everything for reading and nothing for editing.
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
    "import": False,
    "bulk": False,
}
MAINTAINED: Definition = {"read": "all", "create": True, "edit": "all", "delete": "all"}

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
                "read": "department",
                "create": True,
                "edit": "department",
                "delete": "department",
                "export": "department",
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
]
