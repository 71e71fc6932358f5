"""Which Fields a writer may name: unknown, hidden, computed and read-only ones are refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liaoran.kernel.errors import Invalid, LiaoranError, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.records.changes import Create, Update
from liaoran.records.context import Batch, WriteContext

READ_ONLY = Text("“{field}”由系统填写，不能修改", "“{field}” is filled by the system and cannot be changed")
COMPUTED = Text("“{field}”由公式算出，不能填写", "“{field}” is computed and cannot be filled in")
NOT_YOURS = Text("您只能查看“{field}”，不能修改", "you may see “{field}” but not change it")

_Verdict = tuple[type[LiaoranError], Problem] | None


def admit_fields(batch: Batch) -> None:
    """Rejects changes that name a Field the actor cannot see (Invalid) or cannot write (Refused)."""
    verdicts: dict[str, _Verdict] = {}
    staying = {one.position for one in batch.candidates}
    for position, change in batch.changes:
        if position not in staying or not isinstance(change, Create | Update):
            continue
        found = _objections(batch.context, change.values, verdicts)
        if found:
            kind = Invalid if any(kind is Invalid for kind, _ in found) else Refused
            record = change.id if isinstance(change, Update) else None
            batch.reject(position, [problem for _, problem in found], kind, record=record)
            staying.discard(position)
    batch.candidates = [one for one in batch.candidates if one.position in staying]


def _objections(
    context: WriteContext, values: Mapping[str, Any], verdicts: dict[str, _Verdict]
) -> list[tuple[type[LiaoranError], Problem]]:
    for key in values:
        if key not in verdicts:
            verdicts[key] = _verdict(context, key)
    return [verdict for key in values if (verdict := verdicts[key]) is not None]


def _verdict(context: WriteContext, key: str) -> _Verdict:
    try:
        one = context.scope.field(context.object.key, key)
    except Invalid as unknown:
        return Invalid, Problem(unknown.code, unknown.message, field=key)
    if one.computed:
        return Refused, Problem("computed_field", COMPUTED.fill(field=one.label), field=key)
    if one.readonly and context.actor.kind != "system":
        return Refused, Problem("read_only_field", READ_ONLY.fill(field=one.label), field=key)
    if key not in context.stored_fields:
        return Refused, Problem("read_only_field", READ_ONLY.fill(field=one.label), field=key)
    if not context.scope.may_write_field(context.object.key, key):
        return Refused, Problem("field_not_writable", NOT_YOURS.fill(field=one.label), field=key)
    return None
