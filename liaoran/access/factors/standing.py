"""Which second factors a person has, must have, and may be rid of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.factors.passkeys import list_passkeys, remove_passkey
from liaoran.access.factors.recovery import make_recovery_codes, remove_recovery_codes
from liaoran.access.factors.totp import remove_totp
from liaoran.access.sessions import close_sessions_of, needs_second_factor
from liaoran.access.tables import passkeys, recovery_codes, totp_factors
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Factors:
    """``totp_since`` is None without an app; ``codes_left`` counts the recovery codes that are still good; ``required``
    says that a role of the person asks for a second factor."""

    totp_since: datetime | None
    passkeys: list[dict[str, Any]]
    codes_left: int
    required: bool

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all."""
        return self.totp_since is not None or bool(self.passkeys)


async def factors_of(tx: Transaction, person: UUID) -> Factors:
    """What the person has."""
    row = await tx.fetch_one(_STANDING, {"person_id": person}) or {}
    return Factors(row["totp_since"], await list_passkeys(tx, person), row["codes"], row["required"])


async def second_ways(tx: Transaction, person: UUID) -> tuple[str, ...]:
    """By what the person can take the second step: ``totp``, ``passkey``, ``recovery``; empty for who has no second
    factor."""
    row = await tx.fetch_one(_STANDING, {"person_id": person}) or {}
    ways = [way for way, there in (("totp", row["totp_since"]), ("passkey", row["passkeys"])) if there]
    return (*ways, "recovery") if ways and row["codes"] else tuple(ways)


async def first_recovery_codes(tx: Transaction, person: UUID) -> list[str]:
    """Recovery codes for who has none yet, to be shown with the first factor; else an empty list."""
    row = await tx.fetch_one(_STANDING, {"person_id": person}) or {}
    return [] if row["codes"] else await make_recovery_codes(tx, person)


async def drop_totp(tx: Transaction, person: UUID) -> None:
    """Forgets the person's app. Raises Refused where it is the last factor and a role asks for one."""
    if await remove_totp(tx, person):
        await _settle(tx, person)


async def drop_passkey(tx: Transaction, person: UUID, passkey: UUID) -> None:
    """Forgets a passkey. Raises NotFound, and Refused as ``drop_totp`` does."""
    await remove_passkey(tx, person, passkey)
    await _settle(tx, person)


async def forget_factors(tx: Transaction, person: UUID) -> None:
    """For administrators: forgets all second factors of somebody who lost them, and ends their sessions."""
    await remove_totp(tx, person)
    await tx.execute(sa.delete(passkeys).where(passkeys.c.person == person))
    await remove_recovery_codes(tx, person)
    await close_sessions_of(tx, person)


async def _settle(tx: Transaction, person: UUID) -> None:
    found = await factors_of(tx, person)
    if found.any:
        return
    if found.required:
        message = Text(
            "您的角色要求双重验证，请先设置另一种，再移除这一种",
            "your role asks for a second factor; set up another one before removing this one",
        )
        raise Refused(message, code="second_factor_required")
    await remove_recovery_codes(tx, person)


_PERSON: sa.BindParameter[Any] = sa.bindparam("person_id", type_=sa.Uuid())
_STANDING = sa.select(
    sa.select(totp_factors.c.made_at).where(totp_factors.c.person == _PERSON).scalar_subquery().label("totp_since"),
    sa.select(sa.func.count()).where(passkeys.c.person == _PERSON).scalar_subquery().label("passkeys"),
    sa.select(sa.func.count())
    .where(recovery_codes.c.person == _PERSON, recovery_codes.c.used_at.is_(None))
    .scalar_subquery()
    .label("codes"),
    needs_second_factor(_PERSON).label("required"),
)
