"""What holds for the sign-in of the whole organisation: the length of passwords, and whose sign-in takes two factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.access.actors import raise_access_version
from liaoran.access.password_policy import MINIMUM_LENGTH
from liaoran.access.tables import roles, sign_in_settings
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text

LONGEST_MINIMUM = 64
"""The most that may be asked of the length of a password."""


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """``password_length`` is the least number of characters of new passwords; whoever has one of
    ``second_factor_roles`` signs in with two factors."""

    password_length: int
    second_factor_roles: tuple[str, ...]


async def read_sign_in_settings(tx: Transaction) -> SignInSettings:
    """What holds now."""
    row = await tx.fetch_one(_READ)
    return SignInSettings(row["password_length"], tuple(row["second_factor_roles"])) if row else _DEFAULT


async def change_sign_in_settings(
    tx: Transaction, *, password_length: int | None = None, second_factor_roles: Sequence[str] | None = None
) -> SignInSettings:
    """Sets what is given; the rest stays. Holds from the next request on: who has to, sets up a second factor first.

    Raises Refused for a length outside 8 to 64 and for an unknown role.
    """
    values: dict[str, Any] = {}
    if password_length is not None:
        if not MINIMUM_LENGTH <= password_length <= LONGEST_MINIMUM:
            message = Text("密码最短长度应为 {least} 到 {most}", "the least length of passwords is {least} to {most}")
            message = message.fill(least=MINIMUM_LENGTH, most=LONGEST_MINIMUM)
            raise Refused(message, problems=[Problem("out_of_range", message, "password_length")])
        values["password_length"] = password_length
    if second_factor_roles is not None:
        known = set(await tx.fetch_column(_ROLES))
        for key in second_factor_roles:
            if key not in known:
                message = Text("没有名为“{role}”的角色", "there is no role “{role}”").fill(role=key)
                problem = Problem("unknown_role", message, "second_factor_roles")
                raise Refused(message, code="unknown_role", problems=[problem])
        values["second_factor_roles"] = list(dict.fromkeys(second_factor_roles))
    if values:
        await tx.execute(sa.update(sign_in_settings).values(**values))
        await raise_access_version(tx)
    return await read_sign_in_settings(tx)


_DEFAULT = SignInSettings(MINIMUM_LENGTH, ())
_READ = sa.select(sign_in_settings.c.password_length, sign_in_settings.c.second_factor_roles)
_ROLES = sa.select(roles.c.key)
