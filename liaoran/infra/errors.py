"""Refusals that come from the machine rather than from the request."""

from __future__ import annotations

from liaoran.kernel.errors import LiaoranError


class Unavailable(LiaoranError):
    """The database cannot be reached, started or used, or it took too long; trying again later may help."""

    status = 503
    code = "unavailable"
