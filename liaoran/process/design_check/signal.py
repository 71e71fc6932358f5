"""What a signal of the stage-design check has to say. Each is one instance in a file of the folder ``signals``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from liaoran.kernel.text import Text
from liaoran.process.design_check.findings import Finding
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.thresholds import Limits, Threshold


class Signal(ABC):
    """One question asked of a Process. ``about`` says in one sentence what it finds, ``order`` where it stands."""

    key: ClassVar[str]
    label: ClassVar[Text]
    about: ClassVar[Text]
    order: ClassVar[int]
    thresholds: ClassVar[tuple[Threshold, ...]] = ()

    @abstractmethod
    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """What is found; nothing where all is well or there is too little to say."""
