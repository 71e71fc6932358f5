"""Why opportunities are won or lost: a fixed classification, so that reviews compare like with like. The free words
belong to ``reason_note``.
"""

from __future__ import annotations

from liaoran.packs.definition import choice

WIN_REASONS = [
    choice("fit", "方案最贴合需求", "Best fit to the need"),
    choice("price", "价格或性价比占优", "Better price or value"),
    choice("relationship", "客户信任与长期关系", "Trust and a long relationship"),
    choice("reputation", "品牌与同行案例", "Reputation and references"),
    choice("expertise", "专业能力打动客户", "Expertise convinced them"),
    choice("service", "服务与实施有保障", "Service and delivery capability"),
    choice("speed", "响应和交付更快", "Faster response or delivery"),
    choice("partner", "伙伴或渠道推动", "Pushed by a partner or channel"),
    choice("repeat", "老客户复购", "Repeat purchase"),
    choice("trial", "试用或验证效果好", "A trial or proof convinced them"),
    choice("other", "其他（请在说明中写明）", "Other (say what in the note)"),
]

LOSS_REASONS = [
    choice("price", "价格高于客户预期", "Price above what they would pay"),
    choice("budget", "预算取消或推迟", "Budget cut or postponed"),
    choice("competitor_fit", "竞品方案更贴合", "A competitor fitted better"),
    choice("competitor_relationship", "竞品客情更深", "A competitor was closer to them"),
    choice("function_gap", "功能或性能不满足", "Missing function or performance"),
    choice("delivery", "交付或实施时间不满足", "Could not deliver in time"),
    choice("terms", "商务或合同条款未谈拢", "No agreement on terms"),
    choice("trial", "试用或验证未达预期", "A trial or proof fell short"),
    choice("tender", "招标未中标", "The tender went to another"),
    choice("technical", "技术评审不可行", "Technically not feasible"),
    choice("need_changed", "需求变化或消失", "The need changed or vanished"),
    choice("no_decision", "客户搁置，没有决定", "No decision was taken"),
    choice("decision_maker", "未触达决策人", "Never reached the decision maker"),
    choice("slow_follow_up", "我方跟进不及时", "We followed up too slowly"),
    choice("lost_contact", "失去联系", "Lost contact"),
    choice("unqualified", "不是有效商机", "Was never a real opportunity"),
    choice("other", "其他（请在说明中写明）", "Other (say what in the note)"),
]
