"""The facts of an entry in words: what each part is called, and what stood there before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.audit.grants_wording import Named, changed_rights
from liaoran.kernel.text import Text

NOTHING = Text("（空）", "(empty)")
_CODES: Mapping[str, Text] = {
    "audit": Text("审计与数据外流", "audit and data leaving"),
    "password": Text("密码", "password"),
    "second_step": Text("第二步验证", "second step"),
    "single_sign_on": Text("单点登录", "single sign-on"),
    "totp": Text("验证器应用", "authenticator app"),
    "passkey": Text("通行密钥", "passkey"),
    "recovery_code": Text("恢复码", "recovery code"),
    "link": Text("一次性链接", "one-time link"),
    "all": Text("全部", "all"),
    "read": Text("查看", "see"),
    "write": Text("修改", "change"),
    "edit": Text("修改", "edit"),
    "admin": Text("管理", "administer"),
    "form": Text("表单", "form"),
    "inline": Text("行内编辑", "inline edit"),
    "board": Text("看板", "board"),
    "bulk": Text("批量", "bulk"),
    "api": Text("接口", "API"),
    "undo": Text("撤销", "undo"),
    "merge": Text("合并", "merge"),
    "import": Text("导入", "import"),
    "added": Text("新增", "added"),
    "changed": Text("修改", "changed"),
    "removed": Text("删除", "removed"),
}
"""Words for values that are codes, in the parts that hold codes."""
_CODED = frozenset({"area", "door", "level", "scopes", "verbs", "way", "what"})
_ROLES = frozenset({"roles", "second_factor_roles", "replaced_by"})
"""The parts that hold keys of roles."""
_NOTHING_NAMED = Named()
_YES, _NO = Text("是", "yes"), Text("否", "no")
_PARTS: Mapping[str, Text] = {
    "action": Text("操作编号", "Action"),
    "active": Text("启用", "Active"),
    "address": Text("来源地址", "Address"),
    "agent": Text("浏览器", "Browser"),
    "approve_exports_above": Text("导出超过多少行需要审批", "Exports above this number of rows need approval"),
    "approval": Text("审批", "Approval"),
    "area": Text("范围", "Area"),
    "choices": Text("选项", "Choices"),
    "color": Text("颜色", "Colour"),
    "count": Text("数量", "Number"),
    "created": Text("新建", "Created"),
    "days": Text("有效天数", "Days"),
    "default": Text("默认值", "Default"),
    "departments": Text("部门", "Departments"),
    "disabled": Text("已停用", "Disabled"),
    "document_types": Text("文件类型", "Document types"),
    "door": Text("入口", "Door"),
    "ends_at": Text("截止时间", "Ends at"),
    "field": Text("字段", "Field"),
    "fields": Text("字段", "Fields"),
    "export": Text("导出编号", "Export"),
    "file": Text("文件", "File"),
    "files": Text("文件数", "Files"),
    "filter": Text("筛选条件", "Filter"),
    "from": Text("来自", "From"),
    "hidden": Text("隐藏", "Hidden"),
    "id": Text("编号", "Id"),
    "issuer": Text("签发方", "Issuer"),
    "kept": Text("未能交接", "Kept"),
    "format": Text("格式", "Format"),
    "grants": Text("权限", "Grants"),
    "help": Text("说明", "Help"),
    "keep_days": Text("审计日志保留天数", "Days the audit log is kept"),
    "key": Text("代号", "Key"),
    "known": Text("账号存在", "The login exists"),
    "label": Text("名称", "Label"),
    "label_plural": Text("复数名称", "Plural label"),
    "layouts": Text("布局", "Layouts"),
    "level": Text("级别", "Level"),
    "login": Text("登录名", "Login"),
    "name": Text("名称", "Name"),
    "number": Text("序号", "Number"),
    "object": Text("对象", "Object"),
    "objects": Text("对象", "Objects"),
    "options": Text("选项设置", "Options"),
    "parts": Text("改动", "Changes"),
    "password_length": Text("密码最短长度", "Least length of passwords"),
    "people": Text("人员", "People"),
    "personal": Text("个人数据", "Personal data"),
    "position": Text("位置", "Position"),
    "processes": Text("流程", "Processes"),
    "readonly": Text("只读", "Read only"),
    "reason": Text("原因", "Reason"),
    "records": Text("记录", "Records"),
    "rejected": Text("拒绝", "Rejected"),
    "replaced_by": Text("由其代替", "Replaced by"),
    "required": Text("必填", "Required"),
    "retired": Text("已停用", "Retired"),
    "role": Text("担任", "Part"),
    "roles": Text("角色", "Roles"),
    "scopes": Text("范围", "Scopes"),
    "search": Text("搜索词", "Search words"),
    "second_factor": Text("第二验证方式", "Second factor"),
    "second_factor_roles": Text("必须使用第二验证方式的角色", "Roles that need a second factor"),
    "service": Text("服务令牌", "Service token"),
    "since": Text("自", "Since"),
    "strong": Text("视为强验证", "Counts as strong"),
    "synonyms": Text("同义词", "Synonyms"),
    "starts_at": Text("开始时间", "Starts at"),
    "to": Text("给", "To"),
    "type": Text("类型", "Type"),
    "unique": Text("唯一", "Unique"),
    "until": Text("截至", "Until"),
    "updated": Text("更新", "Updated"),
    "verbs": Text("操作", "Verbs"),
    "version": Text("版本", "Version"),
    "watermark_exports": Text("导出文件加水印", "Watermark in exported files"),
    "watermark_pages": Text("页面加水印", "Watermark on pages"),
    "way": Text("方式", "Way"),
    "what": Text("内容", "What"),
    "where": Text("条件", "Condition"),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One line about an entry: a part with its ``value``, or with what stood there ``before`` and ``after``."""

    part: str
    label: Text
    value: Text | None = None
    before: Text | None = None
    after: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """As the pages get it; texts are ``{zh, en}``."""
        sides = {"value": self.value, "before": self.before, "after": self.after}
        return {
            "part": self.part,
            "label": self.label.to_json(),
            **{side: None if text is None else text.to_json() for side, text in sides.items()},
        }

    @property
    def sentence(self) -> Text:
        """The line as one text."""
        if self.value is not None:
            return Text("{label}：{value}", "{label}: {value}").fill(label=self.label, value=self.value)
        words = Text("{label}：{before} → {after}", "{label}: {before} → {after}")
        return words.fill(label=self.label, before=self.before or NOTHING, after=self.after or NOTHING)


def details_of(facts: Mapping[str, Any], named: Named = _NOTHING_NAMED) -> Iterator[Detail]:
    """The lines of an entry: first its plain facts, then what changed. ``named`` says how keys are called."""
    for part, value in facts.items():
        if part != "changes" and value not in (None, "", [], {}):
            yield Detail(part, part_label(part), value=_said(part, value, named))
    changes = facts.get("changes")
    if isinstance(changes, Mapping):
        for part, sides in changes.items():
            before, after = sides if isinstance(sides, list) and len(sides) == 2 else (None, sides)
            if part == "grants":
                for place, label, former, latter in changed_rights(before, after, named):
                    yield Detail(place, label, before=former, after=latter)
            else:
                former, latter = _said(part, before, named), _said(part, after, named)
                yield Detail(part, part_label(part), before=former, after=latter)


def _said(part: str, value: Any, named: Named) -> Text:
    """A value in words, by what kind of keys its part holds."""
    if part in _ROLES and value:
        return _joined(
            [named.roles.get(str(one), Text(str(one))) for one in (value if isinstance(value, list) else [value])]
        )
    return in_words(value, coded=part in _CODED)


def part_label(part: str) -> Text:
    """What a part is called; its own name where there are no words for it."""
    return _PARTS.get(part, Text(part))


def in_words(value: Any, *, coded: bool = False) -> Text:
    """Any plain value as a text; a ``coded`` one by the words for its code, where there are any."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Mapping):
        if set(value) <= {"zh", "en"}:
            return Text.from_json(value)
        return _joined([_pair(part_label(str(key)), in_words(one)) for key, one in value.items()])
    if isinstance(value, list):
        return _joined([in_words(one, coded=coded) for one in value])
    return _CODES.get(value, Text(value)) if coded and isinstance(value, str) else Text(str(value))


def _pair(label: Text, value: Text) -> Text:
    return Text(f"{label.read('zh')}：{value.read('zh')}", f"{label.read('en')}: {value.read('en')}")


def _joined(parts: list[Text]) -> Text:
    return Text("；".join(one.read("zh") for one in parts), "; ".join(one.read("en") for one in parts))
