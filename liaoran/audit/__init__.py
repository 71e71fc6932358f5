"""The audit log 审计日志: who did what that concerns access, configuration and data leaving; append-only, provable."""

from liaoran.audit.noting import note

__all__ = ["note"]
