"""Rules, and pushes as WeChat sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from callbacks import replying, rules
from callbacks.models import ReplyRule
from campaigns.models import MediaAsset
from wxcore.models import OfficialAccount
from wxcore.wechat import messages

Make = Callable[..., ReplyRule]


@pytest.fixture(autouse=True)
def _no_remembered_rules() -> Iterator[None]:
    replying.forget_rules()
    yield
    replying.forget_rules()


@pytest.fixture
def make_rule(account: OfficialAccount) -> Make:
    """`make_rule(words="价格", text="…")`: a saved rule, by keyword with a text unless told otherwise."""

    def make(**fields: Any) -> ReplyRule:
        given: dict[str, Any] = {"account": account, "trigger": "keyword", "kind": "text"}
        if fields.get("trigger", "keyword") == "keyword":
            given |= {"words": "价格", "match": "contains"}
        if fields.get("kind", "text") == "text":
            given["text"] = "答"
        rule = ReplyRule(**(given | fields))
        rules.save(rule)
        replying.forget_rules()
        return rule

    return make


@pytest.fixture
def other_account(account: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.create(
        name="另一个", slug="other", appid="wx9999999999999999", secret="s", token="t12"
    )


@pytest.fixture
def picture(account: OfficialAccount) -> MediaAsset:
    return MediaAsset.objects.create(
        account=account, kind="image", name="海报", mime="image/png", size=100, sha256="1" * 64
    )


def push(**fields: object) -> messages.Push:
    """This will be a push of the type that the fields make it; `event` makes it one."""
    given: dict[str, object] = {
        "ToUserName": "gh_1",
        "FromUserName": "oU1",
        "CreateTime": 1721357413,
        "MsgType": "event" if "Event" in fields else "text",
        "MsgId": 1 if "Event" not in fields else "",
    } | fields
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in given.items())
    return messages.parse(f"<xml>{inner}</xml>".encode())


def text(content: str) -> messages.Push:
    return push(Content=content)
