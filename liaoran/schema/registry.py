"""All field types by key, found by scanning the folder ``field_types``."""

from __future__ import annotations

from liaoran.kernel.registry import Registry
from liaoran.schema import field_types
from liaoran.schema.field_types.base import FieldType
from liaoran.schema.snapshot import Field

FIELD_TYPES: Registry[FieldType] = Registry(field_types, FieldType)  # type: ignore[type-abstract]


def type_of(field: Field) -> FieldType:
    """The type of a Field of the catalogue."""
    return FIELD_TYPES[field.type]
