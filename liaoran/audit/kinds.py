"""The kinds of entries: each with its words. What is noted under a kind that is not here stops the program's tests.

Facts are plain JSON. Where something changed they hold ``{"changes": {part: [before, after]}}``; where something was
counted ``count``; a reason somebody gave is ``reason``; what people called a thing is ``label``. A value of a record
never goes into facts (the record keeps it, and it has to be possible to erase it there).
"""

from __future__ import annotations

from collections.abc import Mapping

from liaoran.kernel.text import Text

GROUPS: Mapping[str, Text] = {
    "sign_in": Text("登录", "Sign-in"),
    "access": Text("权限", "Permissions"),
    "sharing": Text("共享与交接", "Sharing and hand-over"),
    "configuration": Text("配置", "Configuration"),
    "data": Text("数据", "Data"),
    "privacy": Text("隐私", "Privacy"),
    "audit": Text("审计", "Audit"),
}

_BY_GROUP: Mapping[str, Mapping[str, Text]] = {
    "sign_in": {
        "sign_in.succeeded": Text("登录成功", "signed in"),
        "sign_in.refused": Text("登录被拒绝", "sign-in refused"),
        "sign_in.throttled": Text("登录尝试过多", "too many sign-in attempts"),
        "session.ended": Text("退出登录", "session ended"),
        "sessions.ended": Text("结束了全部登录", "all sessions ended"),
        "password.changed": Text("修改了密码", "password changed"),
        "factor.added": Text("添加了第二验证方式", "second factor added"),
        "factor.removed": Text("移除了第二验证方式", "second factor removed"),
        "recovery_codes.made": Text("生成了恢复码", "recovery codes made"),
        "recovery_code.used": Text("使用了恢复码", "recovery code used"),
        "invitation.made": Text("发出了邀请", "invitation made"),
        "invitation.used": Text("接受了邀请", "invitation used"),
        "reset.made": Text("生成了重置密码链接", "password reset link made"),
        "reset.used": Text("使用了重置密码链接", "password reset link used"),
        "token.made": Text("创建了令牌", "token made"),
        "token.ended": Text("撤销了令牌", "token revoked"),
    },
    "access": {
        "login.changed": Text("修改了登录账号", "login changed"),
        "person.roles": Text("修改了人员的角色", "roles of a person changed"),
        "role.made": Text("新建了角色", "role made"),
        "role.changed": Text("修改了角色", "role changed"),
        "role.removed": Text("删除了角色", "role removed"),
        "policy.made": Text("新建了限制规则", "restriction made"),
        "policy.changed": Text("修改了限制规则", "restriction changed"),
        "policy.removed": Text("删除了限制规则", "restriction removed"),
        "sharing_rule.made": Text("新建了共享规则", "sharing rule made"),
        "sharing_rule.changed": Text("修改了共享规则", "sharing rule changed"),
        "sharing_rule.removed": Text("删除了共享规则", "sharing rule removed"),
        "single_sign_on.changed": Text("修改了单点登录", "single sign-on changed"),
    },
    "sharing": {
        "share.given": Text("共享了记录", "record shared"),
        "share.changed": Text("修改了共享", "share changed"),
        "share.ended": Text("取消了共享", "share ended"),
        "hand_over.done": Text("完成了交接", "handed over"),
        "hand_over.undone": Text("撤销了交接", "hand-over undone"),
    },
    "configuration": {
        "object.changed": Text("修改了对象", "object changed"),
        "field.changed": Text("修改了字段", "field changed"),
        "process.published": Text("发布了流程", "process published"),
        "process.changed": Text("修改了流程", "process changed"),
        "document_type.changed": Text("修改了文档类型", "document type changed"),
        "pack.updated": Text("新版本带来了新的预置内容", "a newer version brought shipped definitions"),
        "secrets.resealed": Text("用新密钥重新密封了密文", "secrets sealed anew with a new key"),
        "settings.changed": Text("修改了设置", "settings changed"),
    },
    "data": {
        "export.made": Text("导出了数据", "data exported"),
        "export.asked": Text("申请导出", "export asked for"),
        "export.approved": Text("批准了导出", "export approved"),
        "export.refused": Text("拒绝了导出", "export refused"),
        "records.imported": Text("导入了数据", "data imported"),
        "records.deleted": Text("删除了记录", "records deleted"),
        "records.restored": Text("从回收站恢复了记录", "records brought back"),
        "records.purged": Text("彻底删除了记录", "records deleted for good"),
        "records.merged": Text("合并了记录", "records merged"),
        "value.revealed": Text("查看了脱敏内容", "masked value opened"),
    },
    "privacy": {
        "person_data.reported": Text("导出了某人的全部数据", "all data held about somebody reported"),
        "person_data.erased": Text("清除了个人数据", "personal data erased"),
    },
    "audit": {
        "audit.exported": Text("导出了审计日志", "audit log exported"),
        "audit.pruned": Text("清理了过期的审计日志", "old audit log entries removed"),
        "audit.redacted": Text("从审计日志中移除了个人数据", "personal data taken out of the audit log"),
    },
}

KINDS: Mapping[str, Text] = {kind: label for kinds in _BY_GROUP.values() for kind, label in kinds.items()}
GROUP_OF: Mapping[str, str] = {kind: group for group, kinds in _BY_GROUP.items() for kind in kinds}
