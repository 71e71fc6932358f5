"""Department 部门: the tree that row scopes and team figures go by."""

from __future__ import annotations

from liaoran.packs.base.elsewhere import ids_elsewhere
from liaoran.packs.definition import Definition, field, layouts, section, text, words

DEPARTMENT: Definition = {
    "key": "department",
    "label": text(("部门", "Department")),
    "label_plural": text(("部门", "Departments")),
    "icon": "apartment",
    "group": "organisation",
    "order": 920,
    "name_field": "name",
    "synonyms": words("组织 | 组织架构 | 团队 | 事业部 | Team | Sales Team | Business Unit | Territory"),
    "fields": [
        field(
            "name",
            "text",
            ("部门名称", "Name"),
            required=True,
            synonyms="部门 | 团队 | 团队名称 | 事业部 | Department Name | Team Name | Regional Office",
        ),
        field(
            "parent",
            "department",
            ("上级部门", "Parent department"),
            help=(
                "能看本部门及下级数据的人，也能看到这里的数据",
                "People who see their department and below also see what is here",
            ),
            synonyms="上级 | 父部门 | Parent | Parent Team",
        ),
        field(
            "head",
            "person",
            ("部门负责人", "Head"),
            synonyms="主管 | 部门主管 | 部门经理 | Manager | Team Lead",
        ),
        field("code", "text", ("部门编码", "Code"), pinyin=False, max_length=40, synonyms="部门编号 | Department Code"),
        field("notes", "long_text", ("备注", "Notes"), synonyms="说明 | Description | Remark"),
        *ids_elsewhere(
            wecom="企业微信部门ID | WeCom Department ID",
            dingtalk="钉钉部门ID | DingTalk Department ID",
            feishu="飞书部门ID | Lark Department ID | Feishu Department ID",
        ),
    ],
    "layouts": layouts(
        columns="name parent head code",
        header="parent head",
        sort=(("name", "asc"),),
        sections=[
            section("basics", ("基本信息", "Basics"), "name parent head code notes"),
            section("elsewhere", ("其他系统中的编号", "Ids in other systems"), "wecom_id dingtalk_id feishu_id"),
        ],
    ),
}
