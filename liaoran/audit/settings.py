"""What an organisation has settled about its audit log and about data that leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.audit.noting import note
from liaoran.audit.tables import audit_settings
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

LEAST_DAYS = 180
"""Network logs have to be kept for six months in China (Cybersecurity Law, article 21), so nothing shorter is taken."""
_TOO_SHORT = Text(
    "审计日志至少要保留 {least} 天；填 0 表示一直保留",
    "the audit log is kept for at least {least} days; 0 keeps it for ever",
)
_NOT_POSITIVE = Text("行数应为 0 或正整数，留空表示不需要审批", "the number of rows is 0 or more; empty asks nobody")


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """``keep_days``: entries older than this go (0: never). ``approve_exports_above``: an export of more rows needs
    somebody's word (None: none does). Watermarks put name and time on pages and into exported files."""

    keep_days: int = 0
    approve_exports_above: int | None = None
    watermark_pages: bool = False
    watermark_exports: bool = False


async def read_settings(tx: Transaction) -> AuditSettings:
    """The settings of the organisation."""
    row = await tx.fetch_one(_READ)
    return AuditSettings(**row) if row else AuditSettings()


async def change_settings(tx: Transaction, actor: Actor, changes: Mapping[str, Any]) -> AuditSettings:
    """Sets the named parts and notes what changed. Raises Invalid for a time that is too short or a negative number."""
    before = asdict(await read_settings(tx))
    after = {**before, **changes}
    if after["keep_days"] and after["keep_days"] < LEAST_DAYS:
        raise Invalid(_TOO_SHORT.fill(least=LEAST_DAYS), code="kept_too_short", extra={"at": "keep_days"})
    if after["approve_exports_above"] is not None and after["approve_exports_above"] < 0:
        raise Invalid(_NOT_POSITIVE, code="invalid_number", extra={"at": "approve_exports_above"})
    differing = {part: [before[part], after[part]] for part in before if before[part] != after[part]}
    if differing:
        await tx.execute(_WRITE, after)
        note(tx, "settings.changed", actor, facts={"area": "audit", "changes": differing})
    return AuditSettings(**after)


_PARTS = list(AuditSettings.__dataclass_fields__)
_READ = Statement(sa.select(*(audit_settings.c[name] for name in _PARTS)))
_WRITE = Statement(sa.update(audit_settings), _PARTS)
