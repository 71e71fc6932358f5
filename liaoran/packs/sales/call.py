"""Call 电话: one telephone call, made or received."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.related import related

CALL: Definition = {
    "key": "call",
    "label": text(("通话", "Call")),
    "label_plural": text(("通话", "Calls")),
    "icon": "phone",
    "group": "activity",
    "order": 130,
    "name_field": "subject",
    "activity": {"at": ["called_at"], "by": "owner", "shows": ["direction", "outcome"], "text": "content"},
    "synonyms": words("电话 | 通话记录 | 电话记录 | Calls | Phone Call | Call Log"),
    "fields": [
        field(
            "subject",
            "text",
            ("通话主题", "Subject"),
            required=True,
            synonyms="主题 | 标题 | 通话目的 | Title | Call Subject",
        ),
        field(
            "direction",
            "choice",
            ("呼叫方向", "Direction"),
            default="outbound",
            synonyms="方向 | 呼入呼出 | Call Type",
            choices=[
                choice("outbound", "呼出", "Outbound", "blue"),
                choice("inbound", "呼入", "Inbound", "green"),
            ],
        ),
        field(
            "outcome",
            "choice",
            ("通话结果", "Outcome"),
            synonyms="结果 | 接通情况 | Call Result | Disposition",
            choices=[
                choice("connected", "已接通", "Connected", "green"),
                choice("no_answer", "无人接听", "No answer", "orange"),
                choice("busy", "占线", "Busy", "orange"),
                choice("wrong_number", "号码有误", "Wrong number", "red"),
                choice("call_back", "约定回电", "Call back agreed", "gold"),
            ],
        ),
        field(
            "called_at",
            "instant",
            ("通话时间", "Called at"),
            indexed=True,
            required=True,
            synonyms="呼叫时间 | 开始时间 | Call Start Time | Start Time | Date",
        ),
        field(
            "duration_seconds",
            "number",
            ("通话时长（秒）", "Duration (seconds)"),
            scale=0,
            synonyms="时长 | 通话时长 | Call Duration (in seconds) | Duration",
        ),
        field("number", "phone", ("号码", "Number"), synonyms="电话号码 | 手机 | Phone Number | To Number"),
        *owned(("通话人", "Caller"), synonyms="负责人 | Call Owner"),
        *related(),
        field(
            "content",
            "long_text",
            ("通话内容", "Content"),
            synonyms="内容 | 备注 | 沟通内容 | Description | Call Notes",
        ),
    ],
    "layouts": layouts(
        columns="subject direction outcome called_at duration_seconds owner account opportunity",
        header="direction outcome called_at owner",
        sort=(("called_at", "desc"),),
        sections=[
            section(
                "basics",
                ("基本信息", "Basics"),
                "subject direction outcome called_at duration_seconds number owner department",
            ),
            section("about", ("关联", "About"), "opportunity account contact lead"),
            section("content", ("内容", "Content"), "content"),
        ],
    ),
}
