"""The ids that people and departments have in the office platforms that an organisation may use."""

from __future__ import annotations

from liaoran.packs.definition import Definition, field

_MOST = 128


def ids_elsewhere(*, wecom: str, dingtalk: str, feishu: str) -> list[Definition]:
    """A unique text Field for each platform; the arguments are ``|``-separated import headers that mean it."""
    platforms = (
        ("wecom_id", ("企业微信 ID", "WeCom ID"), wecom),
        ("dingtalk_id", ("钉钉 ID", "DingTalk ID"), dingtalk),
        ("feishu_id", ("飞书 ID", "Feishu ID"), feishu),
    )
    return [
        field(key, "text", label, pinyin=False, search=False, unique=True, max_length=_MOST, synonyms=synonyms)
        for key, label, synonyms in platforms
    ]
