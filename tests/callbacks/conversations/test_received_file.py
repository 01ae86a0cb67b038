"""What a follower sent is passed on from WeChat, harmless, to those who may see the conversation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from callbacks.models import Conversation, Message
from tests.callbacks.conversations.conftest import Receive
from tests.people import logged_in, member
from tests.simulator_control import Control
from tests.wechat import files
from wxcore import accounts
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(wechat_account: OfficialAccount) -> Client:
    return logged_in(member(wechat_account, "analyst"))


def address() -> str:
    talk, message = Conversation.objects.get(), Message.objects.get()
    return f"/admin/callbacks/conversation/{talk.pk}/messages/{message.pk}/file/"


def upload(account: OfficialAccount, kind: str, content: bytes, mime: str) -> str:
    with accounts.connect(account) as wechat:
        return wechat.media.upload(kind, f"a.{mime.rpartition('/')[2]}", content, mime).media_id


def test_a_picture_is_shown(client: Client, wechat_account: OfficialAccount, receive: Receive) -> None:
    content = files.jpeg()
    receive("image", f"<MediaId>{upload(wechat_account, 'image', content, 'image/jpeg')}</MediaId>")

    answer = client.get(address())

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", content)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_is_no_picture_is_saved_and_not_shown(
    client: Client, wechat_account: OfficialAccount, receive: Receive, control: Control
) -> None:
    receive("image", f"<MediaId>{upload(wechat_account, 'image', files.jpeg(), 'image/jpeg')}</MediaId>")
    control.fault("/cgi-bin/media/get", html="<script>alert(1)</script>")

    answer = client.get(address())

    assert answer.status_code == 502 or answer["Content-Disposition"].startswith("attachment")
    assert not answer["Content-Type"].startswith("text/html")


def test_what_wechat_no_longer_has_is_said(client: Client, receive: Receive) -> None:
    receive("voice", "<MediaId>gone</MediaId><Format>amr</Format>")

    answer = client.get(address())

    assert answer.status_code == 502
    assert "media_id" in answer.content.decode()


def test_a_text_has_no_file(client: Client, receive: Receive) -> None:
    receive("text", "<Content>你好</Content>")

    assert client.get(address()).status_code == 404


def through_the_api(account: OfficialAccount, number: int | None = None) -> Any:
    client = APIClient()
    client.force_login(member(account, "analyst", "frontend"))
    talk = Conversation.objects.get()
    return client.get(f"/api/v1/conversations/{talk.pk}/messages/{number or Message.objects.get().pk}/file/")


def test_the_api_passes_it_on_as_well(wechat_account: OfficialAccount, receive: Receive) -> None:
    content = files.jpeg()
    receive("image", f"<MediaId>{upload(wechat_account, 'image', content, 'image/jpeg')}</MediaId>")

    answer = through_the_api(wechat_account)

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", content)


def test_the_api_says_what_wechat_objects_to(wechat_account: OfficialAccount, receive: Receive) -> None:
    receive("voice", "<MediaId>gone</MediaId><Format>amr</Format>")

    answer = through_the_api(wechat_account)

    assert (answer.status_code, set(answer.json())) == (400, {"code", "message", "fix", "fields"})
    assert "media_id" in answer.json()["message"]


def test_another_message_has_no_file_here(wechat_account: OfficialAccount, receive: Receive) -> None:
    receive("text", "<Content>你好</Content>")

    assert through_the_api(wechat_account, 404_404).status_code == 404
