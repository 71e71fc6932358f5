"""Person 人员: a colleague. The sign-in name, password and roles belong to access and hang on the person's id."""

from __future__ import annotations

from liaoran.packs.base.elsewhere import ids_elsewhere
from liaoran.packs.definition import Definition, choice, field, layouts, section, text, words

PERSON: Definition = {
    "key": "person",
    "label": text(("人员", "Person")),
    "label_plural": text(("人员", "People")),
    "icon": "user",
    "group": "organisation",
    "order": 910,
    "name_field": "name",
    "synonyms": words("员工 | 用户 | 同事 | 销售团队 | User | Employee | Staff | Sales Rep | Sales Agent | Sales Team"),
    "fields": [
        field(
            "name",
            "text",
            ("姓名", "Name"),
            required=True,
            synonyms="员工姓名 | 用户名称 | 成员 | 销售 | Full Name | User Name | Employee Name | Sales Agent | "
            "Last Name",
        ),
        field(
            "employee_no",
            "text",
            ("工号", "Employee number"),
            pinyin=False,
            unique=True,
            max_length=40,
            synonyms="员工编号 | 人员编号 | Employee ID | User ID | Staff No",
        ),
        field("email", "email", ("邮箱", "E-mail"), synonyms="电子邮箱 | 邮件 | Email | Email Address"),
        field("mobile", "phone", ("手机", "Mobile"), synonyms="手机号 | 手机号码 | 联系电话 | Mobile Phone | Phone"),
        field(
            "department",
            "department",
            ("所属部门", "Department"),
            synonyms="部门 | 团队 | Team | Regional Office | Office",
        ),
        field(
            "manager",
            "person",
            ("直属上级", "Manager"),
            synonyms="上级 | 主管 | 经理 | 汇报对象 | Reports To | Supervisor",
        ),
        field("position", "text", ("职位", "Position"), synonyms="岗位 | 职务 | 角色 | Title | Job Title | Role"),
        field("joined_on", "date", ("入职日期", "Joined on"), synonyms="入职时间 | Hire Date | Start Date"),
        field(
            "status",
            "choice",
            ("在职状态", "Status"),
            default="active",
            synonyms="状态 | Employment Status | Active",
            choices=[
                choice("active", "在职", "Active", "green"),
                choice("on_leave", "休假", "On leave", "orange"),
                choice("left", "离职", "Left", "gray"),
            ],
        ),
        *ids_elsewhere(
            wecom="企业微信账号 | 企微账号 | 企业微信UserID | WeCom User ID",
            dingtalk="钉钉账号 | 钉钉UserID | DingTalk User ID",
            feishu="飞书账号 | 飞书UserID | 飞书OpenID | Lark User ID | Feishu User ID",
        ),
    ],
    "layouts": layouts(
        columns="name department position manager mobile email status",
        header="department position manager status",
        sort=(("name", "asc"),),
        sections=[
            section("basics", ("基本信息", "Basics"), "name employee_no position status joined_on"),
            section("organisation", ("组织关系", "Place in the organisation"), "department manager"),
            section("reach", ("联系方式", "How to reach"), "mobile email"),
            section("elsewhere", ("其他系统中的编号", "Ids in other systems"), "wecom_id dingtalk_id feishu_id"),
        ],
    ),
}
