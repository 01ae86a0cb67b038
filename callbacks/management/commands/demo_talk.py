"""`manage.py demo_talk`: what followers of the demo account write, on simulated phones, and what staff answered."""

from __future__ import annotations

import time
from typing import Any

import requests
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from callbacks import answering, composing, conversations
from callbacks.models import Conversation
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# Of one follower each. Some of it the demo's reply rules answer by themselves.
SAID: tuple[tuple[str, ...], ...] = (
    ("请问双十二的满减可以和会员折扣叠加吗？",),
    ("你好", "上周买的毛衣想换一个尺码，吊牌还在"),
    ("营业时间",),
    ("会员",),
    ("昨天直播间抽奖的名单在哪里看呀？",),
)
ANSWER = "可以的～满减与会员折扣可以叠加，结算时自动计算，以实付金额为准。"
PATIENCE_SECONDS = 20.0


class Command(BaseCommand):
    help = "Let followers of the demo account write, through the running simulator. Once: what exists is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--simulator", required=True, help="its URL")

    def handle(self, *args: Any, simulator: str, **options: Any) -> None:
        account = OfficialAccount.objects.filter(slug="demo").first()
        if account is None or Conversation.objects.filter(account=account).exists():
            return
        try:
            openids = _speak(account, simulator)
        except requests.RequestException as error:
            self.stderr.write(f"Nobody could write: {error}")
            return
        asked, known = _wait_for(account, openids[0]), _wait_for(account, openids[2])
        try:
            if asked is not None:
                _answer(asked)
        except OperatorError as error:
            self.stderr.write(str(error))  # the conversation waits like any other
        if known is not None:
            conversations.mark_done(Conversation.objects.filter(pk=known.pk))


def _speak(account: OfficialAccount, simulator: str) -> list[str]:
    given: dict[str, str | int] = {"appid": account.appid, "limit": len(SAID)}
    found = requests.get(f"{simulator}/_sim/followers", params=given, timeout=30)
    found.raise_for_status()
    openids = [follower["openid"] for follower in found.json()["followers"]]
    for openid, texts in zip(openids, SAID, strict=False):
        for text in texts:
            said = {"appid": account.appid, "openid": openid, "content": text}
            requests.post(f"{simulator}/_sim/messages", json=said, timeout=30).raise_for_status()
    return openids


def _wait_for(account: OfficialAccount, openid: str) -> Conversation | None:
    """WeChat pushes what was written, and a worker makes a conversation of it; None if that takes too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = Conversation.objects.filter(account=account, openid=openid, last_message_at__isnull=False).first()
        if found is not None:
            return found
        time.sleep(0.2)
    return None


def _answer(conversation: Conversation) -> None:
    staff = User.objects.filter(username="operator", is_active=True).first()
    composed = composing.compose("text", {"text": ANSWER}, None)
    if staff is not None and staff.has_perm(conversations.ANSWER, conversation):
        conversations.assign(conversation, to=staff)
        answering.write(conversation, composed, by=staff, now=timezone.now())
