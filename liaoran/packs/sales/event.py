"""Event 日程: a meeting, a demo, a visit, with a beginning and an end."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.related import related

EVENT: Definition = {
    "key": "event",
    "label": text(("日程", "Event")),
    "label_plural": text(("日程", "Events")),
    "icon": "calendar",
    "group": "activity",
    "order": 120,
    "name_field": "subject",
    "activity": {"at": ["starts_at"], "by": "owner", "shows": ["kind", "location"], "text": "minutes"},
    "synonyms": words("会议 | 日历 | 拜访计划 | Events | Meeting | Appointment | Calendar"),
    "fields": [
        field(
            "subject",
            "text",
            ("日程主题", "Subject"),
            required=True,
            synonyms="主题 | 标题 | 会议主题 | Title | Event Title | Meeting Name",
        ),
        field(
            "kind",
            "choice",
            ("类型", "Kind"),
            default="meeting",
            synonyms="日程类型 | 会议类型 | Type | Event Type",
            choices=[
                choice("meeting", "会议", "Meeting", "blue"),
                choice("visit", "拜访", "Visit", "cyan"),
                choice("demo", "演示", "Demonstration", "purple"),
                choice("review", "评审", "Review", "gold"),
                choice("training", "培训", "Training", "green"),
                choice("other", "其他", "Other", "gray"),
            ],
        ),
        field(
            "starts_at",
            "instant",
            ("开始时间", "Starts"),
            indexed=True,
            required=True,
            synonyms="预计开始时间 | Start | Start Time | Start DateTime | From",
        ),
        field("ends_at", "instant", ("结束时间", "Ends"), synonyms="End | End Time | End DateTime | To"),
        field("all_day", "boolean", ("全天", "All day"), default=False, synonyms="全天日程 | All Day Event"),
        field(
            "location",
            "text",
            ("地点", "Place"),
            pinyin=False,
            max_length=300,
            synonyms="会议地点 | 地址 | Location | Venue",
        ),
        *owned(("组织者", "Organiser"), synonyms="负责人 | Event Owner | Host | Organizer"),
        *related(),
        field("minutes", "long_text", ("会议纪要", "Minutes"), synonyms="纪要 | 会议记录 | 结论 | Meeting Notes"),
        field("notes", "long_text", ("说明", "Notes"), synonyms="备注 | 议程 | 描述 | Description | Agenda"),
    ],
    "layouts": layouts(
        columns="subject kind starts_at ends_at location owner opportunity",
        header="kind starts_at ends_at location owner",
        sort=(("starts_at", "desc"),),
        sections=[
            section(
                "basics", ("基本信息", "Basics"), "subject kind starts_at ends_at all_day location owner department"
            ),
            section("about", ("关联", "About"), "opportunity account contact lead"),
            section("content", ("内容", "Content"), "notes minutes"),
        ],
    ),
}
