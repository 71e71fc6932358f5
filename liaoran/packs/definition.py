"""The words in which shipped definitions are written. Each function returns a part of the definition JSON that the
catalogue, the API and configuration packages share; see any file in ``packs/sales`` for how they read together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Definition = dict[str, Any]
Pair = tuple[str, str]
"""A text as (Chinese, English)."""


def text(pair: Pair) -> dict[str, str]:
    """``{"zh", "en"}`` from a (Chinese, English) pair."""
    return {"zh": pair[0], "en": pair[1]}


def words(listing: str) -> list[str]:
    """The entries of a ``|``-separated listing, in order: ``"客户 | Account Name"`` -> two synonyms."""
    return [word.strip() for word in listing.split("|") if word.strip()]


def choice(key: str, zh: str, en: str, color: str | None = None, synonyms: str = "") -> Definition:
    """One entry of a choice Field. ``color`` is a name of the pages' palette, never a colour value; ``synonyms`` are
    ``|``-separated words that imported files use for it."""
    entry: Definition = {"key": key, "label": text((zh, en))}
    if color is not None:
        entry["color"] = color
    if synonyms:
        entry["synonyms"] = words(synonyms)
    return entry


def field(
    key: str,
    kind: str,
    label: Pair,
    *,
    help: Pair | None = None,
    synonyms: str = "",
    choices: Sequence[Definition] = (),
    required: bool = False,
    unique: bool = False,
    readonly: bool = False,
    hidden: bool = False,
    personal: bool = False,
    indexed: bool = False,
    indexed_within: str | None = None,
    default: Any = None,
    **options: Any,
) -> Definition:
    """A Field: ``kind`` is the field type key, further keywords are that type's options.

    ``indexed`` is for Fields that long lists are sorted or narrowed down by; each index makes every write dearer.
    ``indexed_within`` names the Field that such lists are nearly always narrowed down by first.
    ``personal`` marks data about a person, which is told and erased on request.
    ``synonyms`` are ``|``-separated import headers that mean this Field beside its labels. ``default`` may be ``@me``
    on person Fields and ``@my_department`` on department Fields.
    """
    flags = {"required": required, "unique": unique, "readonly": readonly, "hidden": hidden, "indexed": indexed}
    flags["personal"] = personal
    entry: Definition = {"key": key, "type": kind, "label": text(label)}
    if help is not None:
        entry["help"] = text(help)
    entry.update({name: True for name, value in flags.items() if value})
    if indexed_within is not None:
        entry["indexed_within"] = indexed_within
    if default is not None:
        entry["default"] = default
    if synonyms:
        entry["synonyms"] = words(synonyms)
    if options:
        entry["options"] = options
    if choices:
        entry["choices"] = list(choices)
    return entry


def section(key: str, label: Pair, fields: str) -> Definition:
    """A form section over the blank-separated Field keys."""
    return {"key": key, "label": text(label), "fields": fields.split()}


def layouts(
    *,
    columns: str,
    header: str,
    sections: Sequence[Definition],
    sort: Sequence[tuple[str, str]] = (("updated_at", "desc"),),
    card: str = "",
    sums: str = "",
) -> Definition:
    """What the pages show first: list ``columns`` and ``sort``, ``header`` facts, form ``sections``, board ``card``
    lines and ``sums``. Field keys are blank-separated.
    """
    shown: Definition = {
        "list": {"columns": columns.split(), "sort": [{"field": key, "dir": direction} for key, direction in sort]},
        "header": header.split(),
        "form": {"sections": list(sections)},
    }
    if card or sums:
        shown["board"] = {"card": card.split(), "sums": sums.split()}
    return shown


def owned(owner_label: Pair = ("负责人", "Owner"), synonyms: str = "") -> list[Definition]:
    """The two Fields that row scopes go by: who is accountable, and in which department."""
    return [
        field(
            "owner",
            "person",
            owner_label,
            help=("对这条记录负责的唯一一个人", "The one person accountable for this record"),
            default="@me",
            synonyms="所有人 | 归属人 | 归属销售 | 所属销售 | 跟进人 | 销售 | 销售人员 | 销售代表 | 销售经理 | "
            "业务员 | 客户经理 | Owner | "
            "Assigned To | Sales Rep | Sales Agent | Salesperson" + (f" | {synonyms}" if synonyms else ""),
        ),
        field(
            "department",
            "department",
            ("所属部门", "Department"),
            help=("按部门查看和统计时归到这里", "Where the record counts when people look by department"),
            default="@my_department",
            synonyms="部门 | 事业部 | 所属事业部 | 团队 | Team | Sales Team | Business Unit | Regional Office",
        ),
    ]
