"""A passed approval as evidence for the gates of a Process: a leaf ``evidence(approval)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.process.approvals.tables import approvals
from liaoran.process.evidence import ANY, SINCE, moment, read_since, read_value, since_choice
from liaoran.query.compilation import Row
from liaoran.query.display import literal
from liaoran.query.evidence import Evidence
from liaoran.query.operators.base import Reading
from liaoran.query.subjects import Subject


class ApprovalPassed(Evidence):
    """A passed approval of the record: ``{"approval": key, "since", "state"}``; no key means any approval."""

    key = "approval"
    label = Text("审批", "Approval")

    def read(self, raw: Any, subject: Subject) -> Reading:
        """Which approval, since when."""
        value = read_value(raw, subject, ("approval", "since", "state"))
        since, values = read_since(value, subject)
        key = value.get("approval")
        if key is not None and not isinstance(key, str):
            raise subject.refuse(Text("approval 应为审批的标识", "approval must be the key of an approval"), key)
        return Reading((*values, key), (since, True)) if key else Reading(tuple(values), (since, False))

    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """One has passed that fits."""
        since, named = cast("tuple[str, bool]", reading.form)
        fits = [
            approvals.c.object == sa.literal(row.object_key, sa.Text),
            approvals.c.record_id == row.column("id"),
            approvals.c.state == literal("passed"),
            approvals.c.finished_at >= moment(row, since, binds),
        ]
        if named:
            fits.append(approvals.c.approval == sa.bindparam(binds[-1], type_=sa.Text))
        return sa.exists(sa.select(sa.literal_column("1")).select_from(approvals).where(*fits)).correlate(row.source)

    def spoken(self, raw: Any, subject: Subject) -> Text:
        """``进入本阶段后的、已通过的“合同审批”``."""
        value = raw or {}
        since = SINCE.get(value.get("since") or ANY, Text(""))
        key = value.get("approval")
        if not key:
            return Text(f"{since.zh}已通过的审批", f"a passed approval{since.en}")
        owner = subject.rows.snapshot.objects.get(subject.path.object)
        known = {one.key: one.label for process in (owner.processes if owner else ()) for one in process.approvals}
        name = known.get(key, Text(key))
        return Text(f"{since.zh}已通过的“{name.zh}”", f"“{name.read('en')}” passed{since.en}")

    def parameters(self) -> Mapping[str, Any]:
        """Which approval, and since when."""
        return {
            "approval": {"label": Text("审批", "Approval").to_json(), "kind": "approval"},
            "since": since_choice(),
        }
