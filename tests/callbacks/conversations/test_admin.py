"""The inbox and the page of a conversation: who sees what, and what the buttons do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from callbacks.models import Conversation, Direction, Message, MessageStatus
from followers.models import Follower, Tag, Tagging
from tests.callbacks.conversations.conftest import OPENID, Receive
from tests.campaigns.builders import make_asset
from tests.people import logged_in, member, permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

LIST = "/admin/callbacks/conversation/"


@pytest.fixture
def client(account: OfficialAccount) -> Client:
    """Somebody who may answer."""
    return logged_in(member(account, "operator", "anna"))


@pytest.fixture
def reader(account: OfficialAccount) -> Client:
    """Somebody who may only read."""
    return logged_in(member(account, "analyst", "ben"))


def address(talk: Conversation, verb: str = "change") -> str:
    return f"{LIST}{talk.pk}/{verb}/"


def names(client: Client, query: str = "") -> list[str]:
    return [row.openid for row in client.get(f"{LIST}{query}").context["cl"].result_list]


def more(account: OfficialAccount, openid: str, **columns: Any) -> Conversation:
    return Conversation.objects.create(account=account, openid=openid, last_message_at=timezone.now(), **columns)


def test_the_boxes(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    more(account, "oMine", assignee=User.objects.get(username="anna"))
    more(account, "oDone", is_done=True)
    Conversation.objects.create(account=account, openid="oOnlyTapped")

    assert set(names(client)) == {OPENID, "oMine"}
    assert names(client, "?box=mine") == ["oMine"]
    assert names(client, "?box=unassigned") == [OPENID]
    assert names(client, "?box=done") == ["oDone"]


def test_the_newest_message_stands_first(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    more(account, "oNewer")
    Conversation.objects.filter(pk=talk.pk).update(last_message_at=timezone.now() - dt.timedelta(hours=1))

    assert names(client) == ["oNewer", OPENID]


def test_somebody_is_found_by_remark_and_openid(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    more(account, "oOther")
    Follower.objects.create(account=account, openid=OPENID, remark="王小姐", confirmed_at=timezone.now())

    assert names(client, "?q=王") == [OPENID]
    assert names(client, "?q=oOther") == ["oOther"]
    assert "王小姐" in client.get(LIST).content.decode()


def test_the_list_costs_the_same_with_many(
    client: Client, account: OfficialAccount, talk: Conversation, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        more(account, f"oMany{number}", unread=1)

    with django_assert_max_num_queries(16):
        client.get(LIST)


def test_the_page_shows_who_it_is_and_what_was_said(
    client: Client, account: OfficialAccount, talk: Conversation
) -> None:
    now = timezone.now()
    follower = Follower.objects.create(account=account, openid=OPENID, remark="王小姐", confirmed_at=now)
    tag = Tag.objects.create(account=account, tag_id=100, name="VIP")
    Tagging.objects.create(follower=follower, tag=tag, confirmed_at=now)

    html = client.get(address(talk)).content.decode()

    assert "什么时候上新？" in html
    assert "王小姐" in html
    assert "VIP" in html
    assert "还可发送 5 条" in html


def test_what_a_follower_writes_is_text_and_nothing_else(client: Client, receive: Receive) -> None:
    receive("text", "<Content><![CDATA[<script>alert(1)</script><a href='x'>y</a>]]></Content>")

    html = client.get(address(Conversation.objects.get())).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;a href" in html


def test_a_picture_from_elsewhere_is_not_asked_for(client: Client, receive: Receive) -> None:
    receive("image", "<PicUrl>https://evil.example/p.jpg</PicUrl><MediaId>M1</MediaId>")
    receive("image", "<PicUrl>https://mmbiz.qpic.cn/p.jpg</PicUrl><MediaId>M2</MediaId>")

    html = client.get(address(Conversation.objects.get())).content.decode()

    assert "evil.example" not in html
    assert "https://mmbiz.qpic.cn/p.jpg" in html


def test_an_answer_is_queued(client: Client, talk: Conversation) -> None:
    html = client.post(address(talk, "send"), {"kind": "text", "text-text": "下周一 😊"}).content.decode()

    message = Message.objects.get(direction=Direction.OUT)
    assert (message.text, message.status, message.created_by.username) == ("下周一 😊", MessageStatus.PENDING, "anna")
    assert "下周一" in html
    assert "还可发送 4 条" in html


def test_a_file_of_the_account_is_queued(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    asset = make_asset(account, "image", "图")

    client.post(address(talk, "send"), {"kind": "image", "image-asset": str(asset.pk)})

    assert Message.objects.get(direction=Direction.OUT).asset == asset


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "text", "text-text": " "}, "消息内容为空"),
        ({"kind": "text", "text-text": "字" * 683}, "2049"),
        ({"kind": "image"}, "消息内容为空"),
        ({"kind": "news", "news-title": "T"}, "链接"),
        ({"kind": "news", "news-title": "T", "news-url": "javascript:alert(1)"}, "链接无法打开"),
        ({"kind": "wxcard"}, "不支持"),
    ],
)
def test_a_refusal_says_why(client: Client, talk: Conversation, given: dict[str, str], code: str) -> None:
    assert code in client.post(address(talk, "send"), given).content.decode()

    assert not Message.objects.filter(direction=Direction.OUT).exists()


def test_a_closed_window_says_why(client: Client, talk: Conversation) -> None:
    Conversation.objects.update(talk_until=timezone.now())

    html = client.get(address(talk)).content.decode()
    assert "48 小时" in html
    assert "<fieldset" in html
    assert "disabled" in html.partition("<fieldset")[2].partition(">")[0]

    assert "已超过" in client.post(address(talk, "send"), {"kind": "text", "text-text": "晚了"}).content.decode()


def test_nothing_new_is_no_content(client: Client, talk: Conversation, receive: Receive) -> None:
    context = client.get(address(talk)).context
    asked = {"first": context["part"].first, "seen": context["seen"]}
    assert client.get(address(talk, "timeline"), asked).status_code == 204

    receive("text", "<Content>还在吗？</Content>")

    assert "还在吗？" in client.get(address(talk, "timeline"), asked).content.decode()


def test_earlier_messages_are_a_page_at_a_time(client: Client, receive: Receive) -> None:
    start = timezone.now() - dt.timedelta(hours=2)
    for number in range(70):
        receive("text", f"<Content>第{number}句</Content>", at=start + dt.timedelta(seconds=number))
    talk = Conversation.objects.get()

    part = client.get(address(talk)).context["part"]
    seen = [entry.text for entry in part.entries]
    while part.before:
        part = client.get(address(talk, "earlier"), {"before": part.before}).context["part"]
        seen = [entry.text for entry in part.entries] + seen

    assert seen == [f"第{number}句" for number in range(70)]


def test_looking_counts_as_read_for_who_can_answer(client: Client, reader: Client, talk: Conversation) -> None:
    assert reader.post(address(talk, "read")).status_code == 403
    assert Conversation.objects.get().unread == 1

    client.post(address(talk, "read"))

    assert Conversation.objects.get().unread == 0
    assert Conversation.objects.get().waiting_since is not None


def test_a_colleague_takes_over(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    colleague = member(account, "operator", "carl")

    client.post(address(talk, "assign"), {"to": colleague.pk})
    assert Conversation.objects.get().assignee == colleague

    client.post(address(talk, "assign"), {"to": ""})
    assert Conversation.objects.get().assignee is None


def test_nobody_from_elsewhere_takes_over(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="other", appid="wx00000000other", secret="s", token="t")

    for somebody in (member(other, "operator", "dora"), member(account, "analyst", "emil")):
        client.post(address(talk, "assign"), {"to": somebody.pk})
        assert Conversation.objects.get().assignee is None


def test_done_and_open_again(client: Client, talk: Conversation) -> None:
    client.post(address(talk, "done"))
    assert Conversation.objects.values_list("is_done", "unread", "waiting_since").get() == (True, 0, None)

    client.post(address(talk, "reopen"))
    assert not Conversation.objects.get().is_done


def test_many_are_done_at_once(client: Client, account: OfficialAccount, talk: Conversation) -> None:
    other = more(account, "oOther")

    client.post(LIST, {"action": "mark_selected_done", "_selected_action": [talk.pk, other.pk]})

    assert Conversation.objects.filter(is_done=True).count() == 2


@pytest.mark.parametrize("verb", ["send", "assign", "done", "reopen"])
def test_a_colleague_without_the_right_can_only_read(reader: Client, talk: Conversation, verb: str) -> None:
    html = reader.get(address(talk)).content.decode()
    assert "什么时候上新？" in html
    assert "q-composer" not in html

    assert reader.post(address(talk, verb), {"kind": "text", "text-text": "您好"}).status_code == 403
    assert Message.objects.count() == 1


def test_a_doubt_is_settled_by_a_person(client: Client, talk: Conversation) -> None:
    client.post(address(talk, "send"), {"kind": "text", "text-text": "您好"})
    Message.objects.filter(direction=Direction.OUT).update(status=MessageStatus.UNKNOWN, due_at=None)
    message = Message.objects.get(direction=Direction.OUT)
    assert "已送达" in client.get(address(talk)).content.decode()

    client.post(f"{LIST}{talk.pk}/messages/{message.pk}/again/")
    assert Message.objects.get(pk=message.pk).status == MessageStatus.PENDING

    Message.objects.filter(pk=message.pk).update(status=MessageStatus.UNKNOWN)
    client.post(f"{LIST}{talk.pk}/messages/{message.pk}/arrived/")
    assert Message.objects.get(pk=message.pk).status == MessageStatus.SENT


def test_a_message_of_another_conversation_is_not_there(
    client: Client, account: OfficialAccount, talk: Conversation
) -> None:
    other = more(account, "oOther")
    message = Message.objects.get()

    assert client.post(f"{LIST}{other.pk}/messages/{message.pk}/again/").status_code == 404
    assert client.get(f"{LIST}{other.pk}/messages/{message.pk}/file/").status_code == 404


def test_the_start_page_names_who_waits(client: Client, reader: Client, talk: Conversation) -> None:
    assert "什么时候上新？" in client.get("/admin/").content.decode()
    assert "什么时候上新？" not in reader.get("/admin/").content.decode()

    client.post(address(talk, "done"))

    assert "什么时候上新？" not in client.get("/admin/").content.decode()


def test_what_a_follower_tapped_is_a_line(client: Client, receive: Receive, talk: Conversation) -> None:
    receive("CLICK", "<EventKey>HELP</EventKey>")

    assert "点击了菜单" in client.get(address(talk)).content.decode()


def test_rights_are_asked_for_the_account(staff_user: User, talk: Conversation) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="other", appid="wx00000000other", secret="s", token="t")
    permit(staff_user, "view_conversation", "answer_conversation", on=other)

    assert logged_in(staff_user).get(address(talk)).status_code == 404
