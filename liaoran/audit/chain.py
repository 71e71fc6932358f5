"""The hash chain: what binds an entry of the audit log to its content, to its place, and to all entries before it.

``digest`` is SHA-256 over the entry in a canonical form. A link's ``hash`` is SHA-256 over the hash of the link before,
its own number, the id and digest of its entry and the moment of sealing. So a changed entry shows in its digest, and a
link that is changed, taken out, put in or moved shows in its hash or in the numbers. Whoever can write to the database
could compute all hashes anew; that is why the last link of a batch carries a seal made with the installation's key,
which is not in the database (``infra.secrets``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

GENESIS = bytes(32)
"""What the first link is bound to."""
_PARTS = ("id", "at", "kind", "actor_kind", "actor_id", "person", "actor_label", "object", "record", "facts")


def digest_of(entry: Mapping[str, Any]) -> bytes:
    """The digest of an entry as it was read from ``audit_log``."""
    parts = [_plain(entry[name]) for name in _PARTS]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).digest()


def link_hash(before: bytes, number: int, entry: UUID, digest: bytes, sealed_at: datetime) -> bytes:
    """The hash of the link ``number`` that follows the one with the hash ``before``."""
    place = number.to_bytes(8, "big") + entry.bytes
    return hashlib.sha256(before + place + digest + _instant(sealed_at).encode()).digest()


def seal_purpose(number: int) -> str:
    """What the seal of a link is made for, so that it proves no other one."""
    return f"audit/{number}"


def checkpoint_purpose(number: int, entries: int) -> str:
    """What the seal of a checkpoint is made for."""
    return f"audit-checkpoint/{number}/{entries}"


def redaction_purpose(entry: UUID) -> str:
    """What the seal of a redaction is made for."""
    return f"audit-redaction/{entry}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value)
    return str(value) if isinstance(value, UUID) else value


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
