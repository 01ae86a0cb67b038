"""Each row of the event table: posted in all three modes through the real web server, and then it does what it must."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from callbacks import tasks
from callbacks.models import Callback, Conversation, Message, NoticeConsent, NoticeResult
from callbacks.states import CallbackStatus
from campaigns.models import Draft, Publication, Revision, SendResult
from campaigns.states import PublicationStatus
from followers.models import Follower
from tests.callbacks.samples import JSON_SAMPLES, OPENID, SAMPLES, TIME, Sample
from tests.callbacks.sender import AES_KEY, Sender
from wxcore.models import MessageMode, OfficialAccount
from wxcore.wechat.messages import EVENT_KINDS, MESSAGE_KINDS, CardEvent

pytestmark = pytest.mark.django_db(transaction=True)

Effect = Callable[[OfficialAccount], None]
AT = dt.datetime.fromtimestamp(TIME, dt.UTC)
BEFORE = AT - dt.timedelta(days=300)
ENDS = dt.datetime.fromtimestamp(1900000000, dt.UTC)


@dataclass(frozen=True)
class Wire:
    """Django's test client in name only: what it posts goes over a real connection."""

    url: str

    def post(self, path: str, body: bytes, *, content_type: str, query_params: dict[str, str]) -> requests.Response:
        headers = {"Content-Type": content_type}
        return requests.post(self.url + path, data=body, params=query_params, headers=headers, timeout=30)


@pytest.fixture
def accounts(db: None) -> list[OfficialAccount]:
    """One in each mode, each with the same follower and a publication under way."""
    return [populated(mode) for mode in MessageMode.values]


def populated(mode: str) -> OfficialAccount:
    account = OfficialAccount.objects.create(
        name=mode,
        slug=mode,
        appid=f"wx{mode}00000001",
        secret="s",
        token=f"token{mode}",
        message_mode=mode,
        aes_key="" if mode == MessageMode.PLAINTEXT else AES_KEY,
        is_verified=False,
    )
    Follower.objects.create(
        account=account, openid=OPENID, unionid="u", city="广州", confirmed_at=BEFORE, subscribe_time=BEFORE
    )
    draft = Draft.objects.create(account=account, title="d")
    revision = Revision.objects.create(draft=draft, number=1, articles=[], digest="d", created_at=BEFORE)
    Publication.objects.create(
        account=account, draft=draft, revision=revision, status=PublicationStatus.SUBMITTED, publish_id="2247503051"
    )
    return account


def push(url: str, account: OfficialAccount, body: bytes) -> Any:
    sender = Sender(f"/wechat/{account.slug}/", account.token, appid=account.appid, client=Wire(url))
    if account.message_mode == MessageMode.PLAINTEXT:
        return sender.post(body)
    compatible = account.message_mode == MessageMode.COMPATIBLE
    return sender.post_encrypted(body, plain_fields=f"<FromUserName>{OPENID}</FromUserName>" if compatible else "")


def check(url: str, accounts: list[OfficialAccount], sample: Sample, effect: Effect) -> None:
    for account in accounts:
        answer = push(url, account, sample.body)
        assert (answer.status_code, answer.content) == (200, b"success")
    assert Callback.objects.count() == len(accounts)

    tasks.tick()

    for account in accounts:
        row = Callback.objects.get(account=account)
        assert (row.status, row.error_code) == (CallbackStatus.PROCESSED, "")
        assert row.body in (sample.body.decode(), "")
        account.refresh_from_db()
        effect(account)


def follower(account: OfficialAccount) -> Follower:
    return Follower.objects.get(account=account, openid=OPENID)


def said(kind: str, text: str, **content: Any) -> Effect:
    """It is in the conversation, and the follower did something."""

    def effect(account: OfficialAccount) -> None:
        message = Message.objects.get(conversation__account=account)
        assert (message.kind, message.text, message.at.replace(microsecond=0)) == (kind, text, AT)
        assert {name: message.content[name] for name in content} == content
        assert follower(account).last_interaction_at == AT

    return effect


def came(account: OfficialAccount) -> None:
    said("subscribe", "spring2024")(account)
    assert (follower(account).subscribed, follower(account).last_scene) == (True, "spring2024")


def left(account: OfficialAccount) -> None:
    assert (follower(account).subscribed, follower(account).unsubscribed_at) == (False, AT)
    assert follower(account).unionid == ""


def scanned(account: OfficialAccount) -> None:
    said("scan", "shop-3")(account)
    assert (follower(account).last_scene, follower(account).qr_scene_str) == ("shop-3", "")


def located(account: OfficialAccount) -> None:
    found = follower(account)
    assert (found.latitude, found.longitude, found.located_at) == (23.137466, 113.352425, AT)
    assert (found.last_interaction_at, Message.objects.count()) == (None, 0)


def in_session_with(kf_account: str) -> Effect:
    def effect(account: OfficialAccount) -> None:
        assert Conversation.objects.get(account=account).kf_account == kf_account
        assert follower(account).last_interaction_at is None

    return effect


def sent(account: OfficialAccount) -> None:
    result = SendResult.objects.get(account=account)
    assert (result.msg_id, result.total_count, result.sent_count) == (3162228393, 100, 75)


def published(account: OfficialAccount) -> None:
    publication = Publication.objects.get(account=account)
    assert (publication.status, publication.article_id) == (PublicationStatus.PUBLISHED, "ARTICLE_ID")


def template_refused(account: OfficialAccount) -> None:
    result = NoticeResult.objects.get(account=account)
    assert (result.kind, result.msg_id, result.openid) == ("template", "200163836", OPENID)
    assert (result.delivered, result.status) == (False, "failed:user block")


def notices_sent(account: OfficialAccount) -> None:
    found = NoticeResult.objects.filter(account=account, kind="subscription").order_by("template_id")
    assert list(found.values_list("template_id", "msg_id", "delivered", "status")) == [
        ("T-1", "1700827132819554304", True, "0 success"),
        ("T-2", "1700827132819554305", False, "43101 user refuse"),
    ]


def consents(**chosen: bool) -> Effect:
    def effect(account: OfficialAccount) -> None:
        found = NoticeConsent.objects.filter(account=account, openid=OPENID).values_list("template_id", "accepted")
        assert {template_id.replace("-", ""): accepted for template_id, accepted in found} == chosen

    return effect


def outdated(account: OfficialAccount) -> None:
    assert (follower(account).subscribed, follower(account).city, follower(account).unionid) == (True, "", "u")


def forgotten(account: OfficialAccount) -> None:
    assert (follower(account).subscribed, follower(account).city, follower(account).unionid) == (True, "", "")


def verified(is_verified: bool, until: dt.datetime | None) -> Effect:
    def effect(account: OfficialAccount) -> None:
        assert (account.is_verified, account.verified_until) == (is_verified, until)

    return effect


def nothing(account: OfficialAccount) -> None:
    assert (follower(account).last_interaction_at, Message.objects.count()) == (None, 0)


EFFECTS: dict[str, Effect] = {
    "text": said("text", "this is a test"),
    "image": said("image", "", media_id="m-image", pic_url="http://mmbiz.qpic.cn/a"),
    "voice": said("voice", "", media_id="m-voice", format="amr"),
    "video": said("video", "", media_id="m-video"),
    "shortvideo": said("shortvideo", "", media_id="m-short"),
    "location": said("location", "广州市天河区", latitude=23.134521, longitude=113.358803, scale=20),
    "link": said("link", "公众平台官网链接", url="https://mp.weixin.qq.com"),
    "file": said("file", "价目表.pdf", size=1024),
    "subscribe": came,
    "unsubscribe": left,
    "SCAN": scanned,
    "LOCATION": located,
    "CLICK": said("click", "HELP"),
    "VIEW": said("view", "https://example.com/page?type=1", menu_id="421351906"),
    "view_miniprogram": said("view_miniprogram", "pages/index/index"),
    "scancode_push": said("scancode_push", "SCAN", scan_result="https://e.cn"),
    "scancode_waitmsg": said("scancode_waitmsg", "SCAN", scan_result="https://e.cn"),
    "pic_sysphoto": said("pic_sysphoto", "PHOTOS", count=1),
    "pic_photo_or_album": said("pic_photo_or_album", "PHOTOS", count=1),
    "pic_weixin": said("pic_weixin", "PHOTOS", count=1),
    "location_select": said("location_select", "广州市海珠区", latitude=23.0, longitude=113.0),
    "user_enter_tempsession": said("user_enter_tempsession", "", session_from="wxapp"),
    "kf_create_session": in_session_with("anna@gh_1"),
    "kf_close_session": in_session_with(""),
    "kf_switch_session": in_session_with("bert@gh_1"),
    "MASSSENDJOBFINISH": sent,
    "PUBLISHJOBFINISH": published,
    "FREEPUBLISHJOBFINISH": published,
    "TEMPLATESENDJOBFINISH": template_refused,
    "subscribe_msg_popup_event": consents(T1=True, T2=False),
    "subscribe_msg_change_event": consents(T1=False),
    "subscribe_msg_sent_event": notices_sent,
    "user_info_modified": outdated,
    "user_authorization_revoke": forgotten,
    "user_authorization_cancellation": left,
    "qualification_verify_success": verified(True, ENDS),
    "qualification_verify_fail": verified(False, None),
    "naming_verify_success": verified(True, ENDS),
    "naming_verify_fail": verified(False, None),
    "annual_renew": verified(False, ENDS),
    "verify_expired": verified(False, ENDS),
} | dict.fromkeys((kind.name for kind in EVENT_KINDS.values() if kind.push is CardEvent), nothing)


def test_every_kind_that_we_know_has_a_sample_and_an_effect() -> None:
    known = {kind.name for kind in (*MESSAGE_KINDS.values(), *EVENT_KINDS.values())}

    assert set(SAMPLES) == known
    assert set(EFFECTS) == known


@pytest.mark.parametrize("name", SAMPLES)
def test_it_does_what_the_table_says_in_every_mode(
    live_server: Any, accounts: list[OfficialAccount], name: str
) -> None:
    check(live_server.url, accounts, SAMPLES[name], EFFECTS[name])


@pytest.mark.parametrize("name", JSON_SAMPLES)
def test_json_of_a_mini_program_does_the_same(live_server: Any, accounts: list[OfficialAccount], name: str) -> None:
    check(live_server.url, accounts, JSON_SAMPLES[name], EFFECTS[name])
