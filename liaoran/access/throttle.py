"""Throttling of sign-in, by account and by address, counted in the database so that all processes share it.

An attempt is counted before its password is checked and forgiven when it was right, so that many attempts at once
cannot slip through together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.tables import sign_in_attempts
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import TooMany
from liaoran.kernel.text import Text

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100


async def count_attempt(tx: Transaction, login: str, address: str) -> None:
    """Counts one attempt of an account and an address (if it is known). Raises TooMany beyond the limit of either."""
    await _count(tx, {_account(login): PER_ACCOUNT, **_of_address(address)})


async def count_address(tx: Transaction, address: str) -> None:
    """Counts one attempt of an address (if it is known), where nobody has said yet who they are. Raises TooMany beyond
    its limit."""
    await _count(tx, _of_address(address))


def _of_address(address: str) -> dict[str, int]:
    return {f"address:{address}": PER_ADDRESS} if address else {}


async def _count(tx: Transaction, limits: Mapping[str, int]) -> None:
    now = datetime.now(UTC)
    await tx.execute(_FORGET_OLD, {"now": now})
    for key, limit in limits.items():
        row = await tx.fetch_one(_COUNT, {"key": key, "count": 1, "ends_at": now + WINDOW})
        if row is not None and row["count"] > limit:
            seconds = max(1, int((row["ends_at"] - now).total_seconds()))
            message = Text("尝试次数过多，请 {minutes} 分钟后再试", "too many attempts; try again in {minutes} minutes")
            raise TooMany(message.fill(minutes=-(-seconds // 60)), retry_after=seconds)


async def forgive_attempt(tx: Transaction, login: str, address: str) -> None:
    """Forgets the attempts of an account after a right password, and this one of the address."""
    await tx.execute(_FORGIVE_ACCOUNT, {"account": _account(login)})
    await forgive_address(tx, address)


async def forgive_address(tx: Transaction, address: str) -> None:
    """Forgets one attempt of the address, after one that was right."""
    await tx.execute(_FORGIVE_ADDRESS, {"address": f"address:{address}"})


def _account(login: str) -> str:
    # A login may be a password typed into the wrong field, so it is not kept as it is.
    return "account:" + hashlib.sha256(login.encode()).hexdigest()[:32]


_INSERT = pg.insert(sign_in_attempts)
_COUNT = _INSERT.on_conflict_do_update(
    index_elements=[sign_in_attempts.c.key], set_={"count": sign_in_attempts.c.count + 1}
).returning(sign_in_attempts.c.count, sign_in_attempts.c.ends_at)
_FORGET_OLD = sa.delete(sign_in_attempts).where(sign_in_attempts.c.ends_at < sa.bindparam("now"))
_FORGIVE_ACCOUNT = sa.delete(sign_in_attempts).where(sign_in_attempts.c.key == sa.bindparam("account"))
_FORGIVE_ADDRESS = (
    sa.update(sign_in_attempts)
    .where(sign_in_attempts.c.key == sa.bindparam("address"))
    .values(count=sa.func.greatest(sign_in_attempts.c.count - 1, 0))
)
