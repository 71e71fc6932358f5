"""Verifying: walks the whole chain and names every entry and every link that is not what was sealed.

What it proves: each entry from the last checkpoint on is word for word what was sealed under its number, in this order,
with none taken out and none put in between, by an installation that holds the key. Somebody who can write to the
database but has not the key cannot make it say so otherwise, with two exceptions: entries that were not sealed yet
(milliseconds), and the end of the chain, which can be cut off together with the head of that moment. For the second,
the head is in the log of the process at every sealing; given to ``verify``, it has to be found in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from liaoran.audit.chain import (
    GENESIS,
    checkpoint_purpose,
    digest_of,
    link_hash,
    redaction_purpose,
    seal_purpose,
)
from liaoran.audit.tables import (
    audit_chain,
    audit_checkpoints,
    audit_head,
    audit_log,
    audit_pending,
    audit_redactions,
)
from liaoran.infra.errors import Unavailable
from liaoran.infra.secrets import Secrets
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text

MOST_GAPS = 1000
"""Most missing links in a row that are named one by one."""
What = Literal["changed", "removed", "added", "moved", "gap", "seal", "end", "checkpoint", "redaction", "head"]
_WORDS: Mapping[What, Text] = {
    "changed": Text("第 {number} 条（{entry}）的内容与封存时不同", "entry {number} ({entry}) is not what was sealed"),
    "removed": Text("第 {number} 条（{entry}）已从日志中消失", "entry {number} ({entry}) is gone from the log"),
    "added": Text(
        "日志中有一条（{entry}）不在链上：被加入，或它的链节被移除",
        "entry {entry} of the log is not in the chain: it was put in, or its link was taken out",
    ),
    "moved": Text("第 {number} 条（{entry}）的链节被修改或移动", "link {number} (entry {entry}) was changed or moved"),
    "gap": Text("链上缺少第 {number} 条", "link {number} is missing from the chain"),
    "seal": Text(
        "第 {number} 条的封印不符：上一个有效封印之后的内容被重写，或所用密钥不在此处",
        "the seal of link {number} does not fit: what follows the last good seal was rewritten, or its key is not here",
    ),
    "end": Text("链的末尾（第 {number} 条）没有封印", "the end of the chain (link {number}) carries no seal"),
    "checkpoint": Text("检查点 {number} 不是本系统写入的", "checkpoint {number} was not made by this installation"),
    "redaction": Text(
        "对条目 {entry} 的数据移除记录不是本系统写入的",
        "the redaction of entry {entry} was not made by this installation",
    ),
    "head": Text(
        "链应当到达第 {number} 条（给定的链头），但它不在链上：末尾被截掉或被重写",
        "the chain should reach link {number} as the head says, but does not: its end was cut off or rewritten",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed. ``number`` is that of the link, ``entry`` the id of the entry, where they
    are known."""

    what: What
    number: int | None = None
    entry: UUID | None = None

    @property
    def message(self) -> Text:
        """The finding in words."""
        return _WORDS[self.what].fill(number=self.number, entry=str(self.entry))


@dataclass(slots=True)
class Verification:
    """What ``verify`` found. ``entries`` were looked at, ``waiting`` are not sealed yet, ``head`` is the last link as
    ``NUMBER:HASH``."""

    entries: int = 0
    waiting: int = 0
    head: str = ""
    since: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.findings

    def name(self, what: What, number: int | None = None, entry: UUID | None = None) -> None:
        """Adds a finding."""
        self.findings.append(Finding(what, number, entry))


async def verify(tx: Transaction, secrets: Secrets, head: str | None = None) -> Verification:
    """Looks at the whole log; ``tx`` should see one moment only. ``head`` is an earlier ``NUMBER:HASH`` that has to be
    part of the chain still. Raises Unavailable where there is no secret key at all."""
    secrets.prepare()
    found = Verification()
    walk = _Walk(tx, secrets, found)
    await walk.read_accounts()
    async for links in tx.stream(_CHAIN):
        for link in links:
            walk.step(link)
    await walk.end(head)
    return found


class _Walk:
    """The walk along the chain: where it is, and what accounts for what is gone."""

    def __init__(self, tx: Transaction, secrets: Secrets, found: Verification) -> None:
        self._tx = tx
        self._secrets = secrets
        self._found = found
        self._number, self._hash = 0, GENESIS
        self._sealed = True
        self._redactions: dict[UUID, list[Mapping[str, Any]]] = {}
        self._hashes: dict[int, bytes] = {}

    async def read_accounts(self) -> None:
        """Checkpoints, from the last of which the walk begins, and redactions."""
        for one in await self._tx.fetch_all(_CHECKPOINTS):
            purpose = checkpoint_purpose(one["number"], one["entries"])
            if not self._opens(one["seal"], one["hash"], purpose):
                self._found.name("checkpoint", one["number"])
                continue
            self._number, self._hash = one["number"], bytes(one["hash"])
            self._hashes[self._number] = self._hash
        self._found.since = self._number
        for one in await self._tx.fetch_all(_REDACTIONS):
            content = bytes(one["before"]) + bytes(one["after"])
            if self._opens(one["seal"], content, redaction_purpose(one["entry"])):
                self._redactions.setdefault(one["entry"], []).append(one)
            else:
                self._found.name("redaction", entry=one["entry"])

    def step(self, link: Mapping[str, Any]) -> None:
        """Looks at the next link and its entry."""
        number, entry = link["number"], link["entry"]
        if number <= self._number:
            self._found.name("moved", number, entry)
            return
        for missing in range(self._number + 1, min(number, self._number + 1 + MOST_GAPS)):
            self._found.name("gap", missing)
        due = link_hash(self._hash, number, entry, bytes(link["digest"]), link["sealed_at"])
        # Where links are missing, what this one was bound to is not known any more; its seal still tells.
        if number == self._number + 1 and due != bytes(link["hash"]):
            self._found.name("moved", number, entry)
        if link["id"] is None:
            self._found.name("removed", number, entry)
        elif not self._is_what_was_sealed(link):
            self._found.name("changed", number, entry)
        self._sealed = link["seal"] is not None
        if link["seal"] is not None and not self._opens(link["seal"], link["hash"], seal_purpose(number)):
            self._found.name("seal", number, entry)
        self._number, self._hash = number, bytes(link["hash"])
        self._found.entries += 1

    async def end(self, given: str | None) -> None:
        """What shows only when all links are known."""
        if not self._sealed:
            self._found.name("end", self._number)
        self._found.head = f"{self._number}:{self._hash.hex()}"
        kept = await self._tx.fetch_one(_HEAD)
        if kept is None or (kept["number"], bytes(kept["hash"])) != (self._number, self._hash):
            self._found.name("head", kept["number"] if kept else None)
        if given is not None:
            await self._find_head(given)
        for one in await self._tx.fetch_all(_LOOSE):
            self._found.name("added" if one["in_log"] else "removed", None, one["entry"])
        self._found.waiting = int(await self._tx.fetch_value(_WAITING) or 0)

    async def _find_head(self, given: str) -> None:
        number, _, text = given.partition(":")
        known = self._hashes.get(int(number)) or await self._tx.fetch_value(_HASH_OF, {"which": int(number)})
        # What went before the last checkpoint is proved by nothing but the checkpoint itself.
        if (known is None and int(number) > self._found.since) or (known is not None and bytes(known).hex() != text):
            self._found.name("head", int(number))

    def _is_what_was_sealed(self, link: Mapping[str, Any]) -> bool:
        digest, now = bytes(link["digest"]), digest_of(link)
        for one in self._redactions.get(link["entry"], ()) if digest != now else ():
            if bytes(one["before"]) == digest:
                digest = bytes(one["after"])
        return digest == now

    def _opens(self, sealed: Any, content: Any, purpose: str) -> bool:
        try:
            return self._secrets.open_sealed(bytes(sealed), purpose) == bytes(content)
        except Unavailable:
            return False


def read_head(text: str) -> bool:
    """Whether the text has the form of a head, ``NUMBER:HASH``."""
    number, _, hashed = text.partition(":")
    return number.isdecimal() and len(hashed) == 64 and set(hashed) <= set("0123456789abcdef")


def in_words(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain JSON."""
    return [{"what": one.what, "number": one.number, "entry": one.entry} for one in findings]


_LINK = [audit_chain.c[name] for name in ("number", "entry", "digest", "sealed_at", "hash", "seal")]
_CHAIN = Statement(
    sa.select(*_LINK, audit_log)
    .select_from(audit_chain.outerjoin(audit_log, audit_log.c.id == audit_chain.c.entry))
    .order_by(audit_chain.c.number)
)
_CHECKPOINTS = Statement(sa.select(audit_checkpoints).order_by(audit_checkpoints.c.number))
_REDACTIONS = Statement(sa.select(audit_redactions).order_by(audit_redactions.c.at, audit_redactions.c.id))
_HEAD = Statement(sa.select(audit_head.c.number, audit_head.c.hash))
_HASH_OF = Statement(
    sa.select(audit_chain.c.hash).where(audit_chain.c.number == sa.bindparam("which", type_=sa.BigInteger))
)
_WAITING = Statement(sa.select(sa.func.count()).select_from(audit_pending))
_LOOSE = Statement(
    sa.select(audit_log.c.id.label("entry"), sa.true().label("in_log"))
    .where(
        ~sa.exists(sa.select(audit_chain.c.number).where(audit_chain.c.entry == audit_log.c.id)),
        ~sa.exists(sa.select(audit_pending.c.entry).where(audit_pending.c.entry == audit_log.c.id)),
    )
    .union_all(
        sa.select(audit_pending.c.entry, sa.false()).where(
            ~sa.exists(sa.select(audit_log.c.id).where(audit_log.c.id == audit_pending.c.entry))
        )
    )
)
