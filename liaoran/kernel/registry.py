"""Registries filled by scanning a package folder: adding a registered thing is adding one file, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Anything with a stable key."""

    @property
    def key(self) -> str:
        """Unique within its registry; stored in the database, so never renamed."""
        ...


T = TypeVar("T", bound=Keyed)


class Registry(Mapping[str, T], Generic[T]):
    """The instances of ``kind`` found as module attributes in a package folder, by key, in sorted key order.

    A module whose name starts with ``_`` is not scanned. A duplicate key stops the start.
    """

    def __init__(self, package: ModuleType, kind: type[T]) -> None:
        self._entries: dict[str, T] = {}
        for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
            if module_info.name.startswith("_"):
                continue
            module = importlib.import_module(f"{package.__name__}.{module_info.name}")
            found = {id(value): value for value in vars(module).values() if isinstance(value, kind)}
            for entry in found.values():
                self._add(entry, module.__name__)
        self._entries = dict(sorted(self._entries.items()))

    def _add(self, entry: T, place: str) -> None:
        known = self._entries.get(entry.key)
        if known is entry:
            return
        if known is not None:
            raise RuntimeError(f"duplicate key {entry.key!r} in {place}")
        self._entries[entry.key] = entry

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
