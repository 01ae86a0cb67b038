"""What we write goes out once, in order, within the window; what became of it stands on the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from callbacks import answering, composing, conversations, tasks
from callbacks.models import Conversation, Message, MessageStatus
from campaigns.models import RemoteMedia
from tests.callbacks.conversations.conftest import Receive
from tests.campaigns.builders import make_asset
from tests.conftest import APPID
from tests.simulator_control import Control
from tests.wechat import files
from wxcore import failures
from wxcore.models import OfficialAccount
from wxcore.wechat.customer_service import SEND

pytestmark = pytest.mark.django_db

Write = Callable[..., Message]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def talk(wechat_account: OfficialAccount, receive: Receive, control: Control) -> Conversation:
    """Somebody at the simulator who has just written, as we know it too."""
    control.followers(APPID, 1)
    [openid] = control.openids(APPID)
    control.message(APPID, openid, "在吗")
    receive("text", "<Content>在吗</Content>")
    Conversation.objects.update(openid=openid)
    return Conversation.objects.get()


@pytest.fixture
def write(talk: Conversation, admin_user: User) -> Write:
    """`write("您好")` queues a text as a person would."""

    def write(text: str = "您好", kind: str = "text", **given: Any) -> Message:
        composed = composing.compose(kind, {"text": text, **given}, given.pop("asset", None))
        return answering.write(Conversation.objects.get(), composed, by=admin_user, now=timezone.now())

    return write


def attempt(message: Message) -> Message:
    """This will send a message whose turn has come, and be what it has become."""
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    row = answering.due(now=timezone.now()).get(pk=message.pk)
    assert answering.send(row, now=timezone.now())
    return Message.objects.get(pk=message.pk)


def seen(control: Control) -> list[dict[str, Any]]:
    return [line for line in control.chat(control.openids(APPID)[0]) if line["kind"] == "service"]


def test_it_arrives_and_is_taken_from_the_window(write: Write, control: Control) -> None:
    sent = attempt(write("您好"))

    assert (sent.status, sent.due_at, sent.error_code) == (MessageStatus.SENT, None, "")
    assert [line["text"] for line in seen(control)] == ["您好"]
    assert Conversation.objects.get().talk_left == 4


def test_the_short_window_is_used_first(write: Write, receive: Receive, talk: Conversation) -> None:
    Conversation.objects.update(action_until=timezone.now() + dt.timedelta(minutes=1), action_left=3)

    attempt(write())

    assert Conversation.objects.values_list("action_left", "talk_left").get() == (2, 5)


def test_a_person_who_answers_ends_the_waiting(write: Write, talk: Conversation) -> None:
    assert talk.waiting_since is not None

    write()

    assert Conversation.objects.values_list("waiting_since", "unread").get() == (None, 0)


def test_a_rule_that_answers_does_not(talk: Conversation, account: OfficialAccount) -> None:
    conversations.queue(account, talk.openid, kind="text", text="稍后回复您", now=timezone.now())

    assert Conversation.objects.get().waiting_since is not None


def test_the_same_key_is_the_same_message(talk: Conversation, account: OfficialAccount) -> None:
    for _ in range(2):
        conversations.queue(account, talk.openid, kind="text", text="您好", dedup_key="answer|1", now=timezone.now())

    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize("kind", ["image", "voice", "video"])
def test_a_file_is_uploaded_first(write: Write, account: OfficialAccount, control: Control, kind: str) -> None:
    content = {"image": files.jpeg, "voice": files.amr, "video": files.mp4}[kind]()
    asset = make_asset(account, kind, "素材", content=content)

    assert attempt(write(kind=kind, asset=asset)).status == MessageStatus.SENT

    assert seen(control)[0]["msgtype"] == kind
    assert RemoteMedia.objects.get().asset == asset


def test_cards_carry_a_picture_of_the_library(write: Write, account: OfficialAccount, control: Control) -> None:
    cover = make_asset(account, "image", "封面", content=files.jpeg())

    attempt(write(kind="news", title="上新", url="https://example.com/new", asset=cover))
    attempt(write(kind="miniprogrampage", title="小店", appid="wx1111111111111111", path="pages/a", asset=cover))

    assert [line["msgtype"] for line in seen(control)] == ["news", "miniprogrampage"]
    assert "http" in str(seen(control)[0])


def test_a_file_that_wechat_has_lost_is_uploaded_again(
    write: Write, account: OfficialAccount, control: Control
) -> None:
    asset = make_asset(account, "image", "图", content=files.jpeg())
    attempt(write(kind="image", asset=asset))
    control.forget(APPID, RemoteMedia.objects.get().media_id)

    second = attempt(write(kind="image", asset=asset))
    assert (second.status, second.error_code) == (MessageStatus.PENDING, "wechat_invalid_media_id")

    assert attempt(second).status == MessageStatus.SENT
    assert len(seen(control)) == 2


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"errcode": -1, "when": "after"}])
def test_a_lost_answer_is_a_doubt_and_never_repeated(write: Write, control: Control, fault: dict[str, Any]) -> None:
    control.fault(SEND, **fault)

    doubtful = attempt(write())

    assert (doubtful.status, doubtful.due_at) == (MessageStatus.UNKNOWN, None)
    assert doubtful.error_fix
    tasks.answer()
    assert len(seen(control)) == (0 if fault == {"drop": "before"} else 1)


def test_a_worker_that_died_on_the_way_leaves_a_doubt(write: Write, control: Control) -> None:
    message = write()
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SUBMITTING)

    assert attempt(message).status == MessageStatus.UNKNOWN

    assert seen(control) == []


def test_a_person_says_that_it_arrived(write: Write, control: Control) -> None:
    control.fault(SEND, drop="after")
    doubtful = attempt(write())

    answering.confirm_arrival(doubtful)

    assert Message.objects.values_list("status", "error_code").get(pk=doubtful.pk) == (MessageStatus.SENT, "")
    with pytest.raises(answering.AlreadyDecided):
        answering.confirm_arrival(doubtful)


def test_a_person_sends_it_again(write: Write, control: Control) -> None:
    control.fault(SEND, drop="before")
    doubtful = attempt(write())

    answering.send_again(doubtful, now=timezone.now())

    assert attempt(doubtful).status == MessageStatus.SENT
    assert len(seen(control)) == 1
    with pytest.raises(answering.AlreadyDecided):
        answering.send_again(doubtful, now=timezone.now())


@pytest.mark.parametrize(("errcode", "code"), [(45015, "wechat_window_closed"), (45047, "wechat_window_used_up")])
def test_what_wechat_says_of_the_window_counts(write: Write, control: Control, errcode: int, code: str) -> None:
    control.fault(SEND, errcode=errcode)

    failed = attempt(write())

    assert (failed.status, failed.error_code) == (MessageStatus.FAILED, code)
    assert failed.error_message
    assert failed.error_fix
    with pytest.raises((answering.NoWindow, answering.NothingLeft)):
        write()


def test_who_switched_messages_off_is_named(write: Write, talk: Conversation, control: Control) -> None:
    control.refuse(APPID, talk.openid)

    assert attempt(write()).error_code == "wechat_messages_refused"


def test_what_surely_did_not_go_out_is_tried_again(write: Write, control: Control) -> None:
    control.fault(SEND, errcode=45011)

    waiting = attempt(write())

    assert (waiting.status, waiting.error_code) == (MessageStatus.PENDING, "wechat_too_fast")
    assert attempt(waiting).status == MessageStatus.SENT
    assert len(seen(control)) == 1


def test_after_the_calls_of_the_day_it_waits_for_tomorrow(write: Write, control: Control) -> None:
    control.fault(SEND, errcode=45009)

    waiting = attempt(write())

    assert (waiting.status, waiting.error_code) == (MessageStatus.PENDING, "wechat_quota_used_up")
    assert waiting.due_at is not None
    assert waiting.due_at > timezone.now()


def test_not_if_the_window_is_closed_by_then(write: Write, control: Control) -> None:
    message = write()
    Conversation.objects.update(talk_until=timezone.now() + dt.timedelta(seconds=20))
    control.fault(SEND, errcode=45009)

    assert attempt(message).status == MessageStatus.FAILED


def test_nobody_writes_into_a_closed_window(write: Write, talk: Conversation) -> None:
    Conversation.objects.update(talk_until=timezone.now())

    with pytest.raises(answering.NoWindow):
        write()


def test_what_is_on_its_way_counts_as_sent(write: Write) -> None:
    for _ in range(5):
        write()

    with pytest.raises(answering.NothingLeft):
        write()


def test_messages_of_one_follower_go_out_in_their_order(write: Write, control: Control) -> None:
    first, second = write("一"), write("二")
    later = timezone.now() + dt.timedelta(minutes=1)
    Message.objects.filter(pk=first.pk).update(due_at=later)

    tasks.answer()
    assert seen(control) == []
    assert not answering.send(second, now=timezone.now())

    Message.objects.filter(pk=first.pk).update(due_at=timezone.now())
    tasks.answer()
    assert [line["text"] for line in seen(control)] == ["一", "二"]


def test_an_account_that_is_switched_off_sends_nothing(write: Write, account: OfficialAccount) -> None:
    message = write()
    OfficialAccount.objects.update(is_active=False)

    tasks.answer()
    assert Message.objects.get(pk=message.pk).status == MessageStatus.PENDING
    with pytest.raises(answering.AccountInactive):
        write()


def test_a_file_that_is_gone_is_named(write: Write, account: OfficialAccount) -> None:
    asset = make_asset(account, "image", "图", content=files.jpeg())
    message = write(kind="image", asset=asset)
    asset.delete()

    failed = attempt(message)

    assert (failed.status, failed.error_code) == (MessageStatus.FAILED, "empty_message")
    assert failures.columns(composing.EmptyMessage())["error_texts"] == failed.error_texts
