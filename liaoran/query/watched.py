"""Watched binds: whether what was bound depends on who asks, or when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Watched(Mapping[str, Any]):
    """The actor's binds, noting whether somebody has looked."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params
        self.asked = False

    def __getitem__(self, key: str) -> Any:
        self.asked = True
        return self._params[key]

    def __iter__(self) -> Iterator[str]:
        self.asked = True
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)
