"""The audit log 审计日志: who did what that concerns access, configuration and data leaving; append-only, provable."""

from liaoran.audit.noting import note, note_all

__all__ = ["note", "note_all"]
