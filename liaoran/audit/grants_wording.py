"""What a change of a role's grants comes to, in words: one line for each right that is another one now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from liaoran.kernel.text import Text

_EVERY = "*"
_EVERY_OBJECT = Text("所有对象", "all objects")
_LEFT_OUT = Text("与所有对象相同", "as all objects")
_UNSET = Text("无", "none")
_VERBS: Mapping[str, Text] = {
    "read": Text("查看", "see"),
    "create": Text("新建", "create"),
    "edit": Text("修改", "change"),
    "delete": Text("删除", "delete"),
    "transfer": Text("转移", "hand over"),
    "share": Text("共享", "share"),
    "export": Text("导出", "export"),
    "import": Text("导入", "import"),
    "bulk": Text("批量修改", "change in bulk"),
}
_WORDS: Mapping[str, Text] = {
    "none": _UNSET,
    "own": Text("自己的", "own"),
    "reports": Text("自己和下属的", "own and reports'"),
    "department": Text("本部门", "department"),
    "below": Text("本部门及下级", "department and below"),
    "all": Text("全部", "all"),
    "open": Text("正常", "as it is"),
    "readonly": Text("只读", "read only"),
    "masked": Text("脱敏", "masked"),
    "hidden": Text("隐藏", "hidden"),
    "True": Text("可以", "yes"),
    "False": Text("不可以", "no"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """How keys are called by whoever knows: Objects, their Fields, roles."""

    objects: Mapping[str, Text] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    roles: Mapping[str, Text] = field(default_factory=dict)


Line = tuple[str, Text, Text, Text]
"""A right that changed: its place, what it is called, what held before and what holds after."""


def changed_rights(before: Any, after: Any, named: Named) -> Iterator[Line]:
    """The rights in which two grants of a role differ, all Objects together first."""
    former, latter = _entries(before), _entries(after)
    for key in sorted({*former, *latter}, key=lambda one: (one != _EVERY, one)):
        label = _EVERY_OBJECT if key == _EVERY else named.objects.get(key, Text(key))
        one, other = former.get(key, {}), latter.get(key, {})
        nothing = _UNSET if key == _EVERY else _LEFT_OUT
        for verb, word in _VERBS.items():
            if one.get(verb) != other.get(verb):
                yield (
                    f"{key}.{verb}",
                    _of(label, word),
                    _reach(one.get(verb), nothing),
                    _reach(other.get(verb), nothing),
                )
        yield from _changed_fields(key, label, one.get("fields") or {}, other.get("fields") or {}, named)


def _changed_fields(
    key: str, label: Text, before: Mapping[str, Any], after: Mapping[str, Any], named: Named
) -> Iterator[Line]:
    for one in sorted({*before, *after}):
        former, latter = before.get(one, "open"), after.get(one, "open")
        if former != latter:
            name = named.fields.get((key, one), Text(one))
            yield f"{key}.fields.{one}", _of(label, name), _word(former), _word(latter)


def _entries(grants: Any) -> Mapping[str, Any]:
    """Each Object's entry; none where the grants cannot be read."""
    entries = grants.get("objects") if isinstance(grants, Mapping) else None
    return (
        {key: one for key, one in entries.items() if isinstance(one, Mapping)} if isinstance(entries, Mapping) else {}
    )


def _of(label: Text, part: Text) -> Text:
    return Text("{label}·{part}", "{label}: {part}").fill(label=label, part=part)


def _reach(scope: Any, nothing: Text) -> Text:
    """A verb's scope in words; alternatives are joined."""
    if scope is None:
        return nothing
    ways = scope if isinstance(scope, list) else [scope]
    words = [_way(one) for one in ways]
    return Text("，或".join(one.read("zh") for one in words), ", or ".join(one.read("en") for one in words))


def _way(one: Any) -> Text:
    if not isinstance(one, Mapping):
        return _word(one)
    reach = _word(one.get("reach"))
    return Text("{reach}（满足条件的）", "{reach}, under a condition").fill(reach=reach) if one.get("where") else reach


def _word(value: Any) -> Text:
    return _WORDS.get(str(value), Text(str(value)))
