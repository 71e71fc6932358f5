"""Contact 联系人: a person at an account."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, owned, section, text, words

CONTACT: Definition = {
    "key": "contact",
    "label": text(("联系人", "Contact")),
    "label_plural": text(("联系人", "Contacts")),
    "icon": "contacts",
    "group": "sales",
    "order": 40,
    "name_field": "name",
    "synonyms": words("客户联系人 | 人脉 | Contacts | People | Contact Person"),
    "fields": [
        field(
            "name",
            "text",
            ("姓名", "Name"),
            personal=True,
            required=True,
            synonyms="联系人 | 联系人姓名 | 联系人名称 | 客户姓名 | Contact Name | Full Name | Last Name | "
            "Person - Name",
        ),
        field(
            "account",
            "link",
            ("所属客户", "Account"),
            target="account",
            synonyms="客户 | 客户名称 | 公司 | 公司名称 | Account Name | Company | Company Name | Organization | "
            "Account Id | Associated Company",
        ),
        field("title", "text", ("职务", "Job title"), personal=True, synonyms="职位 | 岗位 | 头衔 | Title | Position"),
        field("department_name", "text", ("所在部门", "Their department"), synonyms="部门 | 科室 | Department"),
        field(
            "attitude",
            "choice",
            ("对我方态度", "Attitude to us"),
            synonyms="态度 | 关系 | Relationship",
            choices=[
                choice("supporter", "支持", "Supporter", "green"),
                choice("neutral", "中立", "Neutral", "blue"),
                choice("opponent", "反对", "Opponent", "red"),
                choice("unknown", "未知", "Not known yet", "gray"),
            ],
        ),
        field(
            "mobile",
            "phone",
            ("手机", "Mobile"),
            personal=True,
            synonyms="手机号 | 手机号码 | 电话号码 | 联系人电话 | Mobile Phone | Cell | Person - Phone",
        ),
        field(
            "phone",
            "phone",
            ("座机", "Office phone"),
            personal=True,
            synonyms="电话 | 办公电话 | 固定电话 | Phone | Telephone | Work Phone",
        ),
        field(
            "email",
            "email",
            ("邮箱", "E-mail"),
            personal=True,
            synonyms="电子邮箱 | 邮件 | Email | Email Address | Person - Email (Work)",
        ),
        field(
            "wechat",
            "text",
            ("微信", "WeChat"),
            personal=True,
            pinyin=False,
            max_length=80,
            synonyms="微信号 | WeChat ID | Weixin",
        ),
        field(
            "qq",
            "text",
            ("QQ", "QQ"),
            personal=True,
            pinyin=False,
            max_length=20,
            hidden=True,
            synonyms="QQ号 | QQ号码",
        ),
        field(
            "birthday_on", "date", ("生日", "Birthday"), personal=True, synonyms="出生日期 | Date of Birth | Birthdate"
        ),
        *owned(synonyms="Contact Owner"),
        field(
            "address",
            "text",
            ("地址", "Address"),
            personal=True,
            pinyin=False,
            max_length=500,
            synonyms="通讯地址 | 联系地址 | Mailing Street",
        ),
        field(
            "notes",
            "long_text",
            ("备注", "Notes"),
            personal=True,
            synonyms="说明 | 描述 | Description | Remark | Comments",
        ),
    ],
    "layouts": layouts(
        columns="name account title mobile email owner updated_at",
        header="account title mobile attitude owner",
        sections=[
            section("basics", ("基本信息", "Basics"), "name account title department_name attitude owner department"),
            section("reach", ("联系方式", "How to reach"), "mobile phone email wechat qq address"),
            section("more", ("其他", "More"), "birthday_on notes"),
        ],
    ),
}
