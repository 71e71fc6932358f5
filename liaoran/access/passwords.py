"""Passwords: argon2id hashes, and one check that takes as long for an unknown login as for a known one."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two passes, as OWASP has it for one lane. At most two at once, so that a burst of sign-ins cannot take
# the memory of the process.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = 2
_NOBODY = _HASHER.hash(secrets.token_hex(16))
_slots = asyncio.Semaphore(_AT_ONCE)


def normal_password(password: str) -> str:
    """The form in which passwords are hashed and judged: the same signs typed on another keyboard are the same."""
    return unicodedata.normalize("NFKC", password)


async def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    async with _slots:
        return await asyncio.to_thread(_HASHER.hash, normal_password(password))


async def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. None costs the same time and never matches."""
    async with _slots:
        return await asyncio.to_thread(_matches, password_hash, password)


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        _HASHER.verify(password_hash or _NOBODY, normal_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
