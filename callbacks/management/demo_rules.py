"""What the demo account answers by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from callbacks import rules
from callbacks.models import Match, ReplyKind, ReplyRule, Trigger
from wxcore.models import OfficialAccount

RULES: tuple[dict[str, Any], ...] = (
    {
        "name": "关注欢迎语",
        "trigger": Trigger.SUBSCRIBE,
        "text": "欢迎关注！\n回复“营业时间”“会员”了解详情，回复“人工”转接客服～",
    },
    {
        "name": "门店活动码",
        "trigger": Trigger.SCENE,
        "words": "spring2024",
        "kind": ReplyKind.NEWS,
        "articles": [
            {
                "title": "扫码礼：到店领取新人礼包",
                "description": "凭本页到任意门店领取，数量有限。",
                "picture": "",
                "url": "https://example.com/gift",
            }
        ],
    },
    {
        "name": "营业时间",
        "trigger": Trigger.KEYWORD,
        "match": Match.CONTAINS,
        "words": "营业时间\n几点开门\n几点关门",
        "text": "门店营业时间：每天 10:00–22:00，节假日不休息。",
    },
    {
        "name": "会员权益",
        "trigger": Trigger.KEYWORD,
        "match": Match.CONTAINS,
        "words": "会员\nVIP",
        "kind": ReplyKind.NEWS,
        "articles": [
            {
                "title": "会员权益一览",
                "description": "积分、生日礼、专属折扣，一次看懂。",
                "picture": "",
                "url": "https://example.com/vip",
            }
        ],
    },
    {
        "name": "人工客服",
        "trigger": Trigger.KEYWORD,
        "match": Match.EQUALS,
        "words": "人工\n客服",
        "kind": ReplyKind.TRANSFER,
    },
    {
        "name": "菜单：今日优惠",
        "trigger": Trigger.MENU,
        "words": "today",
        "text": "今日全场满 300 减 60，会员折上 9 折。",
    },
    {
        "name": "菜单：在线客服",
        "trigger": Trigger.MENU,
        "words": "service",
        "kind": ReplyKind.TRANSFER,
    },
    {
        "name": "菜单：扫码查真伪",
        "trigger": Trigger.MENU,
        "words": "genuine",
        "text": "已收到您扫描的防伪码，正品可享积分双倍。",
    },
    {
        "name": "夜间留言",
        "trigger": Trigger.DEFAULT,
        "from_time": dt.time(22),
        "until_time": dt.time(9),
        "text": "夜深了，客服明早 9:00 上班，您的留言我们会第一时间回复。",
    },
)


def create(account: OfficialAccount) -> None:
    """This will make the rules, in the order in which they are asked."""
    for fields in RULES:
        rules.save(ReplyRule(account=account, **({"kind": ReplyKind.TEXT} | fields)))
