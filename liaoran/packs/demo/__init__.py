"""The demo organisation 演示: two years of a company that sells factory software, invented but believable.

``generator.generate`` makes the records; ``exchange`` loads them through the one write path. This module holds what
the sign-in page of a demo needs and no more.
"""

from __future__ import annotations

from liaoran.packs.demo.people import COLLEAGUES

DEMO_SLUG = "demo"
DEMO_TITLE = "演示"
DEMO_PASSWORD = "liaoran-demo"  # noqa: S105 - shown on the sign-in page of a demo
DEMO_LOGINS: tuple[str, ...] = tuple(one.login for one in COLLEAGUES)
"""Administrator first, then managers, salespeople and those who are consulted; all sign in with DEMO_PASSWORD."""
