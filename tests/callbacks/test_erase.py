"""Who leaves, or takes back what they let us know, is erased everywhere, in whatever order the pushes are processed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbacks import services, tasks
from callbacks.models import Callback, Conversation, Message, NoticeConsent, NoticeResult
from callbacks.states import CallbackStatus
from followers.models import Follower
from tests.callbacks.pushing import process, pushed
from tests.callbacks.sender import Sender
from tests.wechat.pushes import TIME, event, finish, message
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

START = 1711931950
SAID = message("<Content>my number is 555</Content>", "<MsgId>7</MsgId>")
WHERE = event("LOCATION", "<Latitude>23.1</Latitude>", "<Longitude>113.3</Longitude>", "<Precision>65</Precision>")
SENT = event("TEMPLATESENDJOBFINISH", "<MsgID>200163836</MsgID>", "<Status>success</Status>")
WANTS = event(
    "subscribe_msg_popup_event",
    "<SubscribeMsgPopupEvent><List><TemplateId>T1</TemplateId>"
    "<SubscribeStatusString>accept</SubscribeStatusString></List></SubscribeMsgPopupEvent>",
)


def later(body: bytes, seconds: int) -> bytes:
    return body.replace(TIME.encode(), f"<CreateTime>{START + seconds}</CreateTime>".encode())


LEAVES = later(event("unsubscribe"), 60)


@pytest.fixture
def somebody(wechat: Sender, account: OfficialAccount) -> Follower:
    """Follows, wrote, told where they are, got a notice and wants more of them."""
    for body in (later(event("subscribe"), -60), SAID, WHERE, SENT, WANTS):
        assert pushed(wechat, body).status == CallbackStatus.PROCESSED
    follower = Follower.objects.get()
    assert (follower.latitude, follower.longitude) == (23.1, 113.3)
    assert Message.objects.filter(text="my number is 555").exists()
    return follower


def test_who_leaves_leaves_nothing_but_an_openid(wechat: Sender, somebody: Follower) -> None:
    row = pushed(wechat, LEAVES)

    somebody.refresh_from_db()
    assert (somebody.subscribed, somebody.latitude, somebody.last_interaction_at) == (False, None, None)
    for model in (Conversation, Message, NoticeResult, NoticeConsent):
        assert not model.objects.exists()
    assert set(Callback.objects.exclude(pk=row.pk).values_list("body", flat=True)) == {""}


@pytest.mark.django_db(transaction=True)
def test_the_keys_of_erased_pushes_still_know_their_repetitions(wechat: Sender, somebody: Follower) -> None:
    pushed(wechat, LEAVES)
    number = Callback.objects.count()

    wechat.post(SAID)

    assert Callback.objects.count() == number


def test_what_is_processed_after_they_left_leaves_nothing_either(wechat: Sender, somebody: Follower) -> None:
    late = (later(message("<Content>late</Content>", "<MsgId>8</MsgId>"), 30), later(WHERE, 30), later(WANTS, 30))
    for body in late:
        wechat.post(body)
    waiting = list(Callback.objects.filter(status=CallbackStatus.STORED))
    pushed(wechat, LEAVES)

    rows = [process(row) for row in waiting]

    assert [(row.status, row.body) for row in rows] == [(CallbackStatus.PROCESSED, "")] * 3
    assert not Message.objects.exists()
    assert not NoticeConsent.objects.exists()


def test_a_late_subscribe_does_not_bring_them_back(wechat: Sender, account: OfficialAccount) -> None:
    pushed(wechat, LEAVES)

    row = pushed(wechat, event("subscribe", "<EventKey>qrscene_spring</EventKey>", "<Ticket>T</Ticket>"))

    assert row.body == ""
    assert not Conversation.objects.exists()
    assert Follower.objects.values_list("subscribed", "qr_scene_str").get() == (False, "")


def test_what_they_say_after_coming_back_is_kept(wechat: Sender, somebody: Follower) -> None:
    pushed(wechat, LEAVES)
    pushed(wechat, later(event("subscribe"), 120))

    row = pushed(wechat, later(message("<Content>hello again</Content>", "<MsgId>9</MsgId>"), 180))

    assert row.body != ""
    assert Message.objects.filter(text="hello again").exists()


def test_a_late_leaving_keeps_what_came_after_it(wechat: Sender, somebody: Follower) -> None:
    wechat.post(LEAVES)
    leaving = Callback.objects.latest("pk")
    pushed(wechat, later(event("subscribe"), 120))
    pushed(wechat, later(message("<Content>hello again</Content>", "<MsgId>9</MsgId>"), 180))

    process(leaving)

    assert Follower.objects.get().subscribed
    assert Message.objects.filter(text="hello again").exists()
    said = Callback.objects.filter(msg_type="text").order_by("pk").values_list("body", flat=True)
    assert [bool(body) for body in said] == [False, True]


def test_the_account_s_own_pushes_stay(wechat: Sender, somebody: Follower) -> None:
    row = pushed(wechat, finish())  # from an administrator who follows too

    pushed(wechat, LEAVES)

    assert Callback.objects.get(pk=row.pk).body == finish().decode()


def test_another_account_s_pushes_stay(wechat: Sender, somebody: Follower, other_account: OfficialAccount) -> None:
    now = timezone.now()
    columns = {"account": other_account, "openid": "oU1", "msg_type": "text", "pushed_at": now, "received_at": now}
    row = Callback.objects.create(**columns, dedup_key="x", body="theirs", status=CallbackStatus.PROCESSED)

    pushed(wechat, LEAVES)

    assert Callback.objects.get(pk=row.pk).body == "theirs"


def test_an_erased_push_is_not_processed_again(wechat: Sender, somebody: Follower) -> None:
    pushed(wechat, LEAVES)
    tasks.tick()

    services.process_again(Callback.objects.filter(msg_type="text"), now=timezone.now())

    assert Callback.objects.get(msg_type="text").status == CallbackStatus.PROCESSED


# The openid of the event counts, not its sender.
ABOUT = ("<OpenID>oU1</OpenID>", "<AppID>wxa</AppID>", "<RevokeInfo>301</RevokeInfo>")


def by_the_program(name: str) -> bytes:
    return later(event(name, *ABOUT), 60).replace(b"<![CDATA[oU1]]>", b"<![CDATA[oProgram]]>")


def test_who_takes_back_their_data_is_forgotten_and_follows_on(wechat: Sender, somebody: Follower) -> None:
    Follower.objects.update(unionid="u", remark="老王")

    pushed(wechat, by_the_program("user_authorization_revoke"))

    somebody.refresh_from_db()
    assert (somebody.subscribed, somebody.unionid, somebody.remark, somebody.latitude) == (True, "", "", None)
    assert not Message.objects.exists()
    assert Callback.objects.get(msg_type="text").body == ""


def test_who_closes_their_wechat_is_gone(wechat: Sender, somebody: Follower) -> None:
    pushed(wechat, by_the_program("user_authorization_cancellation"))

    somebody.refresh_from_db()
    assert (somebody.subscribed, somebody.subscribe_time) == (False, None)
    assert not Conversation.objects.exists()


def test_what_somebody_changed_is_no_longer_claimed(wechat: Sender, somebody: Follower) -> None:
    Follower.objects.update(unionid="u", sex=1, city="广州")

    pushed(wechat, by_the_program("user_info_modified"))

    somebody.refresh_from_db()
    assert (somebody.unionid, somebody.sex, somebody.city) == ("u", 0, "")
