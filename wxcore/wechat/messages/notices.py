"""Subscription notices (订阅通知): who agreed to them, and what became of each.

https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/intro.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from wxcore.wechat.messages.containers import Container, Odd
from wxcore.wechat.messages.push import Kind, Push


class Consent(NamedTuple):
    """What a follower chose for a template."""

    template_id: str
    accepted: bool


class SentNotice(NamedTuple):
    """What became of one notice. `error_code` is 0 when it arrived, None when WeChat's is no number."""

    template_id: str
    msg_id: str
    error_code: int | None
    error_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePopup(Push):
    """A follower answered the question whether they want notices."""

    items: tuple[Consent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChange(Push):
    """A follower changed in the settings which notices they want."""

    items: tuple[Consent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent(Push):
    """Notices were delivered, or not."""

    items: tuple[SentNotice, ...]


def entries(root: Container, name: str) -> list[Container]:
    """This will be the entries of List in the container of that name, or at the top, as JSON has it."""
    return (root.child(name) or root).items("List")


def _consents(root: Container, name: str) -> dict[str, Any]:
    found = tuple(
        Consent(template_id, item.text("SubscribeStatusString").lower() == "accept")
        for item in entries(root, name)
        if (template_id := item.text("TemplateId"))
    )
    if not found:
        raise Odd(name)
    return {"items": found}


def _popup(root: Container) -> dict[str, Any]:
    return _consents(root, "SubscribeMsgPopupEvent")


def _change(root: Container) -> dict[str, Any]:
    return _consents(root, "SubscribeMsgChangeEvent")


def _sent(root: Container) -> dict[str, Any]:
    found = tuple(
        SentNotice(item.text("TemplateId"), msg_id, item.number("ErrorCode"), item.text("ErrorStatus"))
        for item in entries(root, "SubscribeMsgSentEvent")
        if (msg_id := item.text("MsgID"))
    )
    if not found:
        raise Odd("SubscribeMsgSentEvent")
    return {"items": found}


NOTICE_EVENTS = (
    Kind("subscribe_msg_popup_event", NoticePopup, _popup),
    Kind("subscribe_msg_change_event", NoticeChange, _change),
    Kind("subscribe_msg_sent_event", NoticeSent, _sent),
)
