"""Keys for what people only give a name: ASCII letters, digits and underscores, made of it and free."""

from __future__ import annotations

from collections.abc import Collection

from liaoran.kernel.text import Text
from liaoran.schema.pinyin import slug


def key_of(label: Text, taken: Collection[str], limit: int = 63) -> str:
    """A key of at most ``limit`` characters that none of the taken ones is: 客户级别 gives ``ke_hu_ji_bie``."""
    made = slug(label.en or label.zh)[: limit - 4].strip("_")
    return free_key(made if made[:1].isalpha() else f"f_{made}".rstrip("_"), taken)


def free_key(wanted: str, taken: Collection[str], joint: str = "_") -> str:
    """The wanted one, or with the first number behind it that makes it one nobody has."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}{joint}{number}"
    return found
