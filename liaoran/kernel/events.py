"""Event 事件: an immutable fact of one committed change. History, undo, timeline and time travel are readings of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from liaoran.kernel.ids import new_id


class EventKind(StrEnum):
    """What happened to the record. ``FILE`` is about a file of it, ``APPROVAL`` about an approval, ``SHARING`` about whom
    it is shared with; the Fields stayed as they were."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    RESTORED = "restored"
    MERGED = "merged"
    FILE = "file"
    APPROVAL = "approval"
    SHARING = "sharing"


class Door(StrEnum):
    """Through which door a write came. Kept with the Event; never decides what is allowed."""

    FORM = "form"
    INLINE = "inline"
    BOARD = "board"
    BULK = "bulk"
    IMPORT = "import"
    API = "api"
    RULE = "rule"
    MERGE = "merge"
    UNDO = "undo"
    DEMO = "demo"
    PROCESS = "process"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a write happens: the door, the action that groups what one gesture did (the unit of undo), and, for
    history, the moment it took place (``at`` is None for "now"; only the history import and the demo set it)."""

    door: Door
    action: UUID = field(default_factory=new_id)
    at: datetime | None = None
    note: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
