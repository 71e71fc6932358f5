"""Recovery codes: ten codes, shown once and good once each, for whoever lost the app and the passkeys."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.passwords import hash_password, password_matches
from liaoran.access.tables import recovery_codes
from liaoran.infra.transaction import Transaction
from liaoran.kernel.ids import new_id

COUNT = 10
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and letters without those that look alike: 32 of them, so 12 are 60 bits."""
_GROUPS, _GROUP = 3, 4


async def make_recovery_codes(tx: Transaction, person: UUID) -> list[str]:
    """Makes new codes in place of all former ones and returns them; only their hashes are kept."""
    codes = [_new_code() for _ in range(COUNT)]
    now = datetime.now(UTC)
    rows = [
        {"id": new_id(), "person": person, "code_hash": await hash_password(_plain(code)), "made_at": now}
        for code in codes
    ]
    await remove_recovery_codes(tx, person)
    await tx.execute(_INSERT, rows)
    return codes


async def use_recovery_code(tx: Transaction, person: UUID, code: str) -> bool:
    """Whether it is one of the person's codes that was not used before; from then on it is."""
    plain = _plain(code)
    if len(plain) != _GROUPS * _GROUP:
        return False
    for row in await tx.fetch_all(_UNUSED, {"person_id": person}):
        if await password_matches(row["code_hash"], plain):
            return await tx.execute(_USE, {"code": row["id"], "now": datetime.now(UTC)}) > 0
    return False


async def remove_recovery_codes(tx: Transaction, person: UUID) -> None:
    """Forgets all codes of the person."""
    await tx.execute(sa.delete(recovery_codes).where(recovery_codes.c.person == person))


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


_INSERT = sa.insert(recovery_codes).values(
    id=sa.bindparam("id"),
    person=sa.bindparam("person"),
    code_hash=sa.bindparam("code_hash"),
    made_at=sa.bindparam("made_at"),
)
_UNUSED = (
    sa.select(recovery_codes.c.id, recovery_codes.c.code_hash)
    .where(recovery_codes.c.person == sa.bindparam("person_id"), recovery_codes.c.used_at.is_(None))
    .order_by(recovery_codes.c.id)
)
_USE = (
    sa.update(recovery_codes)
    .where(recovery_codes.c.id == sa.bindparam("code"), recovery_codes.c.used_at.is_(None))
    .values(used_at=sa.bindparam("now"))
)
