"""Task 任务: something one person has to do by a day."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words
from liaoran.packs.sales.choices import PRIORITIES
from liaoran.packs.sales.related import related

TASK: Definition = {
    "key": "task",
    "label": text(("任务", "Task")),
    "label_plural": text(("任务", "Tasks")),
    "icon": "check-square",
    "group": "activity",
    "order": 110,
    "name_field": "subject",
    "task_form": {
        "subject": "subject",
        "person": "owner",
        "due": "due_on",
        "help": "notes",
        "must": "must",
        "output": "output",
        "origin": "origin",
        "status": "status",
        "open": "open",
        "done": "done",
        "cancelled": "cancelled",
    },
    "activity": {"at": ["done_at", "due_on"], "by": "owner", "shows": ["status", "priority"], "text": "result"},
    "synonyms": words("待办 | 待办事项 | 工作任务 | Tasks | To-do | Action Item"),
    "fields": [
        field(
            "subject",
            "text",
            ("任务主题", "Subject"),
            required=True,
            help=("以动词开头，如“发送报价单给王经理”", "Start with a verb: “Send the quote to Ms Wang”"),
            synonyms="主题 | 任务 | 任务名称 | 标题 | Task | Task Name | Title | Activity - Subject",
        ),
        *owned(("执行人", "Assignee"), synonyms="负责人 | Task Owner | Assignee"),
        field(
            "due_on",
            "date",
            ("截止日期", "Due on"),
            indexed=True,
            synonyms="截止时间 | 到期日 | 计划完成时间 | Due Date | Deadline | Activity - Due date",
        ),
        field(
            "status",
            "choice",
            ("状态", "Status"),
            default="open",
            synonyms="任务状态 | 完成情况 | Task Status",
            choices=[
                choice("open", "待办", "To do", "blue"),
                choice("in_progress", "进行中", "In progress", "cyan"),
                choice("waiting", "等待对方", "Waiting", "gold"),
                choice("done", "已完成", "Done", "green"),
                choice("cancelled", "已取消", "Cancelled", "gray"),
            ],
        ),
        field(
            "priority",
            "choice",
            ("优先级", "Priority"),
            default="normal",
            choices=PRIORITIES,
            synonyms="紧急程度 | Urgency",
        ),
        field(
            "must",
            "boolean",
            ("必做", "Must"),
            help=(
                "没有完成就不能离开所在阶段（阶段这样要求时）",
                "Where a stage says so, it cannot be left before this is done",
            ),
            readonly=True,
        ),
        field(
            "output",
            "text",
            ("应有产出", "Expected output"),
            pinyin=False,
            help=(
                "做完应当留下什么：文件、字段或一句结论",
                "What it should leave behind: a file, a field, a conclusion",
            ),
            synonyms="产出要求 | 交付物 | Deliverable",
        ),
        field("origin", "text", ("来源动作", "Made for"), pinyin=False, search=False, readonly=True, hidden=True),
        field(
            "done_at",
            "instant",
            ("完成时间", "Done at"),
            synonyms="实际完成时间 | Completed Date | Closed Time | Completed At",
        ),
        *related(),
        field(
            "result",
            "long_text",
            ("完成结果", "Result"),
            help=("做成了什么、留下了什么：文件、结论或约定", "What came of it: a file, a conclusion, an appointment"),
            synonyms="结果 | 产出 | Outcome",
        ),
        field("notes", "long_text", ("说明", "Notes"), synonyms="备注 | 描述 | 任务描述 | Description | Remark"),
    ],
    "layouts": layouts(
        columns="subject must due_on status priority owner opportunity account",
        header="due_on status priority owner opportunity",
        sort=(("due_on", "asc"),),
        sections=[
            section(
                "basics", ("基本信息", "Basics"), "subject owner department due_on priority status done_at must output"
            ),
            section("about", ("关联", "About"), "opportunity account contact lead"),
            section("content", ("内容", "Content"), "notes result"),
        ],
    ),
}
