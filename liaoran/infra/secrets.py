"""Secrets at rest: what the database has to keep and nobody who reads it may learn, sealed with a key outside of it.

The keys come from ``LIAORAN_SECRET_KEY``, else from the file ``secret.key`` in the data directory, which the first start
makes. Both may hold several, parted by commas or white space: the first one seals, all of them open. So a key is
changed by putting a new one in front, and the old one goes when nothing is sealed with it any more.

A sealed value is one byte that tells the form, four that tell the key, twelve of nonce, and AES-256-GCM under a key that
HKDF derives for the purpose. A value that is moved to another purpose, or changed in a single bit, does not open.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liaoran.infra.errors import Unavailable
from liaoran.infra.settings import Settings
from liaoran.kernel.text import Text

KEY_FILE = "secret.key"
LEAST_KEY = 32
"""Characters of the shortest key that is taken."""
_log = structlog.get_logger(__name__)
_FORM = b"\x01"
_ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 4, 12, 16
_HEAD_BYTES = len(_FORM) + _ID_BYTES + _NONCE_BYTES
_PARTED = re.compile(r"[\s,]+")
_WRONG_KEY = Text(
    "密文所用的密钥不在 {source} 中；请放回原来的密钥（可放在新密钥之后，用逗号隔开）",
    "this was sealed with a key that {source} does not hold; put the former key back (behind the new one, after a comma)",
)
_DAMAGED = Text(
    "密文已损坏或不属于此处；请从备份恢复，或重新设置这项内容",
    "the sealed value is damaged or belongs elsewhere; restore it from a backup or set it again",
)
_NO_KEY = Text(
    "无法从 {source} 读取密钥：{reason}。请放回备份中的密钥文件，或设置 LIAORAN_SECRET_KEY",
    "no secret key can be read from {source}: {reason}. Put the file back from a backup or set LIAORAN_SECRET_KEY",
)
_SHORT_KEY = Text("密钥应至少 {least} 个字符", "a key has at least {least} characters")


class Secrets:
    """Seals and opens with the keys of one installation; ``Database.secrets`` holds the one of a process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def seal(self, plain: bytes | str, purpose: str) -> bytes:
        """``plain`` so that only a holder of the key can read it, 33 bytes longer; twice the same gives two values.

        ``purpose`` says what it is and whose, for example ``totp/<id of the person>``: it opens only under the same
        purpose, so nobody who can write to the database can put one person's secret in the place of another's.
        Raises Unavailable ``secret_key_missing`` where there is no usable key.
        """
        key = self._keys[0]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        content = plain.encode() if isinstance(plain, str) else plain
        return _FORM + _id_of(key) + nonce + _cipher(key, purpose).encrypt(nonce, content, None)

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What ``seal`` was given, as bytes.

        Raises Unavailable: ``secret_key_wrong`` where it was sealed with none of the keys at hand, ``secret_damaged``
        where it was changed or sealed for another purpose, ``secret_key_missing`` where there is no usable key.
        """
        value = bytes(sealed)
        if not value.startswith(_FORM) or len(value) < _HEAD_BYTES + _TAG_BYTES:
            raise Unavailable(_DAMAGED, code="secret_damaged")
        named = value[len(_FORM) : len(_FORM) + _ID_BYTES]
        nonce = value[len(_FORM) + _ID_BYTES : _HEAD_BYTES]
        known = [key for key in self._keys if _id_of(key) == named]
        if not known:
            raise Unavailable(_WRONG_KEY.fill(source=self._source), code="secret_key_wrong")
        for key in known:
            with suppress(InvalidTag):
                return _cipher(key, purpose).decrypt(nonce, value[_HEAD_BYTES:], None)
        raise Unavailable(_DAMAGED, code="secret_damaged")

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key has sealed it. Raises Unavailable ``secret_key_missing``."""
        return bytes(sealed).startswith(_FORM + _id_of(self._keys[0]))

    def prepare(self) -> None:
        """Reads the keys, and makes the key file where there is none. Raises Unavailable ``secret_key_missing``."""
        _ = self._keys

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        """The keys, newest first."""
        given = self._settings.secret_key
        try:
            text = given.get_secret_value() if given is not None else _read_or_make(self._file)
        except (OSError, UnicodeDecodeError) as error:
            raise self._no_key(getattr(error, "strerror", None) or str(error)) from error
        keys = tuple(one.encode() for one in _PARTED.split(text) if one)
        if not keys or any(len(one) < LEAST_KEY for one in keys):
            raise self._no_key(_SHORT_KEY.fill(least=LEAST_KEY))
        return keys

    def _no_key(self, reason: str | Text) -> Unavailable:
        return Unavailable(_NO_KEY.fill(source=self._source, reason=reason), code="secret_key_missing")

    @property
    def _file(self) -> Path:
        return self._settings.data_dir / KEY_FILE

    @property
    def _source(self) -> str:
        return "LIAORAN_SECRET_KEY" if self._settings.secret_key is not None else str(self._file)


def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derived(key, b"seal/" + purpose.encode(), 32))


def _id_of(key: bytes) -> bytes:
    return _derived(key, b"id", _ID_BYTES)


def _derived(key: bytes, use: bytes, length: int) -> bytes:
    # Keys are random, or at least long, texts: HKDF spreads them, no slow hash is needed.
    return HKDF(algorithm=SHA256(), length=length, salt=b"liaoran", info=use).derive(key)


def _read_or_make(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside its place and linked to it: of several processes at once one wins, and none reads half.
        # A temporary file is readable by its owner only.
        with NamedTemporaryFile(dir=path.parent, prefix=".secret-") as fresh:
            fresh.write(secrets.token_urlsafe(48).encode())
            fresh.flush()
            os.fsync(fresh.fileno())
            with suppress(FileExistsError):
                os.link(fresh.name, path)
    if path.stat().st_mode & 0o077:
        _log.warning("key_file_open_to_others", file=str(path), mend=f"chmod 600 {path}")
    return path.read_text(encoding="utf-8")
