from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import User

from tests.people import member
from wxcore.models import Membership, OfficialAccount

# A Monday, and 09:00 of it in Shanghai.
MONDAY = dt.date(2026, 11, 16)
NINE = dt.datetime(2026, 11, 16, 1, 0, tzinfo=dt.UTC)


class Mailbox:
    """What a mail server on this machine took; `answer` is what it says to a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.to: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's word
        if self.answer.startswith("250"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.mails.append(found)
            self.to += envelope.rcpt_tos
        return self.answer


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """Django's own SMTP backend speaks to a real server."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield box
    controller.stop()


def reader(account: OfficialAccount, role: str = "analyst", *, language: str = "zh-hans", email: str = "") -> User:
    """This will be somebody who subscribed."""
    user = member(account, role)
    user.email = email or f"{role}@example.com"
    user.save()
    Membership.objects.filter(user=user).update(weekly_report=True, weekly_language=language)
    return user
