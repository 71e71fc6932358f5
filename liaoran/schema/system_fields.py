"""What every Object has of itself: the columns the engine writes, the Fields that show them, and reserved keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SYSTEM_COLUMNS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at")
WORDS_COLUMN = "search__words"

SYSTEM_FIELDS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "external_id",
        "type": "text",
        "label": {"zh": "外部编号", "en": "External id"},
        "help": {
            "zh": "记录在来源系统中的编号，导入时据此找到已有的记录",
            "en": "The record's id in the system it came from; imports find existing records by it",
        },
        "unique": True,
        "hidden": True,
        "options": {"pinyin": False},
    },
    {
        "key": "created_at",
        "type": "instant",
        "label": {"zh": "创建时间", "en": "Created at"},
        "readonly": True,
    },
    {
        "key": "created_by",
        "type": "person",
        "label": {"zh": "创建人", "en": "Created by"},
        "readonly": True,
    },
    {
        "key": "updated_at",
        "type": "instant",
        "label": {"zh": "修改时间", "en": "Updated at"},
        "readonly": True,
    },
    {
        "key": "updated_by",
        "type": "person",
        "label": {"zh": "修改人", "en": "Updated by"},
        "readonly": True,
    },
)

# System columns, PostgreSQL's own columns, columns of the versions table, and words that paths and Conditions use.
RESERVED_KEYS = frozenset(
    {
        *SYSTEM_COLUMNS,
        *(str(one["key"]) for one in SYSTEM_FIELDS),
        *("tableoid", "xmin", "xmax", "cmin", "cmax", "ctid", "oid"),
        *("valid_from", "valid_to", "search", "old", "new"),
    }
)


def owner_definition() -> dict[str, Any]:
    """The Field that row scopes go by: the one person who answers for the record."""
    return {"key": "owner", "type": "person", "label": {"zh": "负责人", "en": "Owner"}, "default": "@me"}


def department_definition() -> dict[str, Any]:
    """The Field that department scopes go by."""
    return {
        "key": "department",
        "type": "department",
        "label": {"zh": "所属部门", "en": "Department"},
        "default": "@my_department",
    }
