"""Searching over all Objects at once: two characters, a name in pinyin initials, a word that is rare."""

from __future__ import annotations

SEARCHES = (
    ("search, two characters", "精密"),
    ("search, pinyin initials", "ccjm"),
    ("search, a whole name", "澄川精密机械"),
)
