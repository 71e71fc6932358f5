"""Follow-up 跟进记录: what was said or done, and what comes next."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.related import related

FOLLOW_UP: Definition = {
    "key": "follow_up",
    "label": text(("跟进记录", "Follow-up")),
    "label_plural": text(("跟进记录", "Follow-ups")),
    "icon": "message",
    "group": "activity",
    "order": 140,
    "name_field": "subject",
    "activity": {"at": ["happened_at"], "by": "owner", "shows": ["method", "next_plan"], "text": "content"},
    "synonyms": words("跟进 | 销售记录 | 沟通记录 | 拜访记录 | Follow-ups | Notes | Activity | Engagement"),
    "fields": [
        field(
            "subject",
            "text",
            ("要点", "Key point"),
            required=True,
            help=(
                "一句话结论，如“预算 80 万已确认，下周二演示”",
                "The conclusion in one sentence: “Budget of 800,000 confirmed, demo on Tuesday”",
            ),
            synonyms="主题 | 标题 | 跟进主题 | Subject | Title | Summary",
        ),
        field(
            "method",
            "choice",
            ("跟进方式", "By"),
            default="phone",
            synonyms="方式 | 沟通方式 | 联系方式 | Activity Type | Type | Method",
            choices=[
                choice("phone", "电话", "Telephone", "blue"),
                choice("visit", "上门拜访", "Visit", "cyan"),
                choice("wechat", "微信", "WeChat", "green"),
                choice("email", "邮件", "E-mail", "purple"),
                choice("online_meeting", "线上会议", "Online meeting", "geekblue"),
                choice("event", "活动现场", "At an event", "gold"),
                choice("other", "其他", "Other", "gray"),
            ],
        ),
        field(
            "happened_at",
            "instant",
            ("跟进时间", "When"),
            indexed=True,
            required=True,
            synonyms="时间 | 沟通时间 | 最近沟通时间 | 最后跟进时间 | Date | Activity Date | Created Time",
        ),
        field(
            "content",
            "long_text",
            ("跟进内容", "What was said"),
            required=True,
            help=(
                "写清谁说了什么、定了什么；只写“已联系”对接手的人没有用",
                "Who said what, what was agreed; “contacted” alone helps nobody who takes over",
            ),
            synonyms="内容 | 沟通内容 | 跟进记录 | 记录 | 详情 | Description | Note - Content | Notes | Comments",
        ),
        field(
            "next_plan",
            "text",
            ("下一步计划", "Next step"),
            pinyin=False,
            max_length=500,
            synonyms="下一步 | 后续计划 | 下一步动作 | Next Step | Next Action",
        ),
        field(
            "next_follow_up_at",
            "instant",
            ("下次跟进时间", "Next follow-up"),
            synonyms="下次联系时间 | 下次沟通时间 | Next Contact | Next Activity Date",
        ),
        *owned(("跟进人", "By whom"), synonyms="负责人 | 记录人 | Activity Owner"),
        *related(),
    ],
    "layouts": layouts(
        columns="happened_at subject method opportunity account owner next_plan",
        header="method happened_at owner opportunity",
        sort=(("happened_at", "desc"),),
        sections=[
            section("basics", ("基本信息", "Basics"), "subject method happened_at owner department"),
            section("content", ("内容", "Content"), "content next_plan next_follow_up_at"),
            section("about", ("关联", "About"), "opportunity account contact lead"),
        ],
    ),
}
