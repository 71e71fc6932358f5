"""Passwords: argon2id hashes, and one check that takes as long for an unknown login as for a known one."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 256

# 19 MiB and two passes, as OWASP has it for one lane. At most two at once, so that a burst of sign-ins cannot take
# the memory of the process.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = 2
_NOBODY = _HASHER.hash(secrets.token_hex(16))
_slots = asyncio.Semaphore(_AT_ONCE)


def check_password(password: str, login: str) -> None:
    """Raises Refused for a password that is too short, too long, or the login itself."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        message = Text("密码长度应为 {least} 到 {most} 个字符", "a password has {least} to {most} characters")
        raise _refused("password_length", message.fill(least=MINIMUM_LENGTH, most=MAXIMUM_LENGTH))
    if password.casefold() == login.casefold():
        raise _refused("password_is_login", Text("密码不能与登录名相同", "the password must differ from the login"))


async def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    async with _slots:
        return await asyncio.to_thread(_HASHER.hash, password)


async def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. None costs the same time and never matches."""
    async with _slots:
        return await asyncio.to_thread(_matches, password_hash, password)


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _refused(code: str, message: Text) -> Refused:
    return Refused(message, problems=[Problem(code, message, "password")])
