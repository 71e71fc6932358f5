"""A change of grants is told right by right, never as the two settings side by side."""

from __future__ import annotations

from typing import Any

import pytest

from liaoran.audit.grants_wording import Named, changed_rights
from liaoran.audit.wording import details_of
from liaoran.kernel.text import Text

NAMED = Named(
    objects={"contact": Text("联系人", "Contact")},
    fields={("contact", "mobile"): Text("手机", "Mobile")},
    roles={"auditor": Text("审计员", "Auditor")},
)
BEFORE = {"objects": {"*": {"read": "own", "export": "own", "create": True}, "contact": {"read": "all"}}}
AFTER = {
    "objects": {
        "*": {"read": "own", "export": "none", "create": True, "import": True},
        "contact": {
            "read": [{"reach": "own"}, {"reach": "all", "where": {"field": "mobile", "op": "exists"}}],
            "fields": {"mobile": "masked"},
        },
    }
}


def test_only_what_differs_is_told_in_both_languages() -> None:
    lines = list(changed_rights(BEFORE, AFTER, NAMED))
    assert [(label.read("zh"), before.read("zh"), after.read("zh")) for _, label, before, after in lines] == [
        ("所有对象·导出", "自己的", "无"),
        ("所有对象·导入", "无", "可以"),
        ("联系人·查看", "全部", "自己的，或全部（满足条件的）"),
        ("联系人·手机", "正常", "脱敏"),
    ]
    assert [label.read("en") for _, label, _, _ in lines] == [
        "all objects: export",
        "all objects: import",
        "Contact: see",
        "Contact: Mobile",
    ]
    assert list(changed_rights(AFTER, AFTER, NAMED)) == []


@pytest.mark.parametrize("broken", [None, [], {}, {"objects": 3}, {"objects": {"contact": "all"}}])
def test_grants_that_cannot_be_read_are_as_none(broken: Any) -> None:
    assert list(changed_rights(broken, {"objects": {}}, NAMED)) == []


def test_roles_are_told_by_their_names() -> None:
    [line] = details_of({"changes": {"roles": [None, ["auditor", "unknown"]]}}, NAMED)
    assert line.sentence.read("zh") == "角色：（空） → 审计员；unknown"
