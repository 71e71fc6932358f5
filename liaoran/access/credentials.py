"""Tokens of sessions, of programs, of one-time links and of what was begun, as text: which organisation, then 256
random bits. Only their SHA-256 is ever stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Literal

TokenKind = Literal["session", "api", "link", "ticket"]
_SLUG = "[a-z0-9][a-z0-9_-]{0,62}"
_FORMS: dict[TokenKind, tuple[str, re.Pattern[str]]] = {
    "session": ("{slug}.{secret}", re.compile(rf"({_SLUG})\.([0-9a-f]{{64}})")),
    "api": ("liaoran_{slug}_{secret}", re.compile(rf"liaoran_({_SLUG})_([0-9a-f]{{64}})")),
    "link": ("link_{slug}_{secret}", re.compile(rf"link_({_SLUG})_([0-9a-f]{{64}})")),
    "ticket": ("ticket_{slug}_{secret}", re.compile(rf"ticket_({_SLUG})_([0-9a-f]{{64}})")),
}


def new_token(kind: TokenKind, slug: str) -> str:
    """A fresh token for the organisation ``slug``."""
    return _FORMS[kind][0].format(slug=slug, secret=secrets.token_hex(32))


def organisation_of(kind: TokenKind, token: str) -> str | None:
    """The organisation that a token names, or None for what is no token at all."""
    match = _FORMS[kind][1].fullmatch(token)
    return match[1] if match else None


def token_hash(token: str) -> bytes:
    """What the database keeps. A fast hash is enough: 256 random bits cannot be tried out."""
    return hashlib.sha256(token.encode()).digest()


def csrf_of(token: str) -> str:
    """The CSRF token of a session: bound to it, and of no use for finding the session token."""
    return hmac.new(token.encode(), b"liaoran csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    """Whether the request carries the CSRF token of its own session; compared in constant time."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode())
