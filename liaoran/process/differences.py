"""What two versions of a Process differ in, part by part, in words that stand in a summary before publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.process_json import process_to_json
from liaoran.schema.processes import Process

WORDS: Mapping[str, Text] = {
    "label": Text("名称", "Label"),
    "description": Text("说明", "Description"),
    "kind": Text("类型", "Kind"),
    "probability": Text("赢率", "Probability"),
    "forecast_category": Text("预测类别", "Forecast category"),
    "color": Text("颜色", "Colour"),
    "guidance": Text("指引", "Guidance"),
    "target_days": Text("目标天数", "Target days"),
    "maximum_days": Text("最长停留天数", "Longest stay"),
    "follow_up_days": Text("最长跟进间隔", "Longest time between follow-ups"),
    "goal": Text("目标", "Goal"),
    "accountable": Text("负责角色", "Accountable"),
    "inputs": Text("输入", "Inputs"),
    "outputs": Text("输出", "Outputs"),
    "required": Text("必填字段", "Required fields"),
    "entry": Text("进入条件", "Entry conditions"),
    "exit": Text("退出条件", "Exit conditions"),
    "actions": Text("动作模板", "Action template"),
    "on_leave": Text("离开时的任务", "Tasks at leaving"),
    "hand_over": Text("移交", "Hand-over"),
    "team": Text("参与人", "Taking part"),
    "approval": Text("审批", "Approval"),
    "who": Text("谁可以", "Who may"),
    "conditions": Text("条件", "Conditions"),
    "comment": Text("要求说明原因", "Reason asked"),
    "set": Text("自动设置", "Sets"),
    "from": Text("从", "From"),
    "to": Text("到", "To"),
    "steps": Text("步骤", "Steps"),
    "condition": Text("条件", "Condition"),
    "needs": Text("发起条件", "Needs"),
    "lock": Text("锁定记录", "Locks the record"),
    "on_passed": Text("通过后", "After passing"),
    "on_refused": Text("驳回后", "After refusal"),
    "minimum": Text("全程必填字段", "Minimum fields"),
    "comment_on": Text("需要说明原因的流转", "Moves that need a reason"),
    "forbid": Text("不允许的流转", "Moves that are not allowed"),
    "sum_field": Text("合计字段", "Amount field"),
    "derived": Text("自动维护的字段", "Derived fields"),
    "is_default": Text("默认流程", "Default"),
    "order": Text("顺序", "Order"),
}
_PART_WORDS: Mapping[str, Text] = {
    "process": Text("流程", "process"),
    "states": Text("阶段", "stage"),
    "transitions": Text("流转", "move"),
    "approvals": Text("审批", "approval"),
}
_KINDS: Mapping[str, Text] = {
    "added": Text("新增{part}“{label}”", "added the {part} “{label}”"),
    "removed": Text("移除{part}“{label}”", "removed the {part} “{label}”"),
    "changed": Text("修改{part}“{label}”", "changed the {part} “{label}”"),
}
_PARTS = ("states", "transitions", "approvals")
_OWN = ("label", "description", "minimum", "comment_on", "forbid", "sum_field", "derived", "is_default")


def differences(former: Process | None, later: Process) -> list[dict[str, Any]]:
    """``{part, kind: added|removed|changed, key, label, changes: [{what, label, old, new}]}``, states first. ``old`` and
    ``new`` are the parts of the definition as they are."""
    old = process_to_json(former) if former is not None else {}
    new = process_to_json(later)
    found: list[dict[str, Any]] = []
    changes = list(_changes({name: old.get(name) for name in _OWN}, {name: new.get(name) for name in _OWN}))
    if changes and former is not None:
        found.append(
            {"part": "process", "kind": "changed", "key": later.key, "label": new["label"], "changes": changes}
        )
    for part in _PARTS:
        found += _of_part(part, {one["key"]: one for one in old.get(part, ())}, {one["key"]: one for one in new[part]})
    order = _order(former, later)
    if order:
        found.append(
            {"part": "process", "kind": "changed", "key": later.key, "label": new["label"], "changes": [order]}
        )
    return found


def summary(former: Process | None, later: Process) -> list[dict[str, str]]:
    """The differences in one short sentence each, ``{zh, en}``."""
    return [_said(one).to_json() for one in differences(former, later)]


def _said(one: Mapping[str, Any]) -> Text:
    said = _KINDS[one["kind"]].fill(part=_PART_WORDS[one["part"]], label=Text.from_json(one["label"]))
    names = [Text.from_json(change["label"]) for change in one["changes"]]
    if not names:
        return said
    listed = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    return Text("{said}（{names}）", "{said} ({names})").fill(said=said, names=listed)


def _of_part(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key, one in new.items():
        known = old.get(key)
        changes = list(_changes(known, one)) if known is not None else []
        if known is None or changes:
            kind = "changed" if known is not None else "added"
            yield {"part": part, "kind": kind, "key": key, "label": one["label"], "changes": changes}
    for key, one in old.items():
        if key not in new:
            yield {"part": part, "kind": "removed", "key": key, "label": one["label"], "changes": []}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in new.items():
        if name not in ("key", "order") and old.get(name) != value:
            label = WORDS.get(name, Text(name)).to_json()
            yield {"what": name, "label": label, "old": old.get(name), "new": value}


def _order(former: Process | None, later: Process) -> dict[str, Any] | None:
    """Where states that both have stand in another order."""
    if former is None:
        return None
    old = [one.key for one in former.states if one.key in later.state_by_key]
    new = [one.key for one in later.states if one.key in former.state_by_key]
    return None if old == new else {"what": "order", "label": WORDS["order"].to_json(), "old": old, "new": new}
