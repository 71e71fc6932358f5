"""Text that a spreadsheet program would take for a formula, made harmless on the way out and itself again on the way in."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The full-width signs count as well: programs set to Chinese or Japanese read them as the others."""


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet program would take it for a formula, or where it
    looks like a text that was made harmless already."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unescaped(cell: str) -> str:
    """The text without blanks around it, and without the apostrophe of ``harmless``."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in FORMULA_STARTS else text
