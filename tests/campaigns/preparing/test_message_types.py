"""Every type of message, from the file to the follower."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable

import pytest

from campaigns import library
from campaigns.models import Broadcast, MediaAsset, MsgType, RemoteMedia, Target
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.preparing.conftest import MakeDraft, MakePicture, attempt, received
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import ArticleEndpoint, OfficialAccount

# Uploads of one message run in threads, which see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[..., Broadcast]
WAYS = (ArticleEndpoint.DRAFT, ArticleEndpoint.UPLOADNEWS)


def submitted(broadcast: Broadcast) -> Broadcast:
    done = attempt(broadcast)
    assert (done.status, done.error_message) == (BroadcastStatus.SUBMITTED, "")
    return done


def test_text_is_sent_as_it_was_confirmed(send: Send, control: Control) -> None:
    submitted(send(text='你好 <a href="https://example.com">看这里</a> 🎉'))

    assert received(control)["text"] == '你好 <a href="https://example.com">看这里</a> 🎉'


@pytest.mark.parametrize("number", [1, 3, 20])
def test_pictures_arrive_in_their_order(send: Send, picture: MakePicture, control: Control, number: int) -> None:
    images = [picture(one) for one in range(number, 0, -1)]

    broadcast = submitted(send(msgtype=MsgType.IMAGE, images=images, title="相册", description="今日推荐"))

    ids = [RemoteMedia.objects.get(asset=image, target=Target.TEMPORARY).media_id for image in images]
    assert broadcast.message["images"]["media_ids"] == ids
    assert broadcast.message["images"]["recommend"] == "今日推荐"
    assert len(received(control)["images"]) == number


def test_one_picture_goes_the_older_way_where_the_account_wants_it(
    send: Send, picture: MakePicture, wechat_account: OfficialAccount, control: Control
) -> None:
    OfficialAccount.objects.update(article_endpoint=ArticleEndpoint.UPLOADNEWS)

    broadcast = submitted(send(msgtype=MsgType.IMAGE, images=[picture(1)]))

    assert set(broadcast.message) == {"msgtype", "image"}
    assert len(received(control)["images"]) == 1


def test_a_voice_arrives(send: Send, voice: MediaAsset, control: Control) -> None:
    submitted(send(msgtype=MsgType.VOICE, media=voice))

    assert received(control)["msgtype"] == "voice"


def test_a_voice_that_wechat_takes_as_permanent_material_only_is_sent_all_the_same(
    send: Send, wechat_account: OfficialAccount, control: Control
) -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    voice = library.store_bytes(wechat_account, out.getvalue(), name="问候.wav").asset
    broadcast = send(msgtype=MsgType.VOICE, media=voice)
    control.fault("/cgi-bin/material/add_material", drop="after")

    attempt(broadcast)
    submitted(broadcast)

    assert received(control)["msgtype"] == "voice"
    assert len(control.get("/media", appid=APPID)["media"]) == 1


def test_a_video_arrives_with_title_and_description(send: Send, video: MediaAsset, control: Control) -> None:
    submitted(send(msgtype=MsgType.MPVIDEO, media=video, title="新品", description="三分钟看完"))

    message = received(control)
    assert message["msgtype"] == "mpvideo"
    assert (message["video"]["title"], message["video"]["description"]) == ("新品", "三分钟看完")


@pytest.mark.parametrize("way", WAYS)
def test_articles_arrive_with_their_pictures(
    send: Send, make_draft: MakeDraft, wechat_account: OfficialAccount, control: Control, way: str
) -> None:
    OfficialAccount.objects.update(article_endpoint=way)

    submitted(send(msgtype=MsgType.MPNEWS, draft=make_draft(3, pictures=2)))

    articles = received(control)["articles"]
    assert [article["title"] for article in articles] == ["第1篇", "第2篇", "第3篇"]
    for article in articles:
        assert article["content"].count("<img") == 2
        assert article["content"].count(f'src="{control.url}/mmbiz_') == 2


def test_what_was_confirmed_is_sent_and_not_what_was_edited_afterwards(
    send: Send, make_draft: MakeDraft, control: Control
) -> None:
    draft = make_draft()
    broadcast = send(msgtype=MsgType.MPNEWS, draft=draft)
    draft.articles.update(title="改过的标题")

    submitted(broadcast)

    assert received(control)["articles"][0]["title"] == "第1篇"


def test_a_card_is_refused_by_wechat_with_the_reason(send: Send) -> None:
    failed = attempt(send(msgtype=MsgType.WXCARD, card_id="pCard"))

    assert failed.status == failed.campaign.status == "failed"
    assert "45113" in failed.error_message
    assert failed.error_fix


def test_a_card_arrives_where_wechat_still_takes_cards(send: Send, control: Control) -> None:
    control.account(APPID, cards=True)

    submitted(send(msgtype=MsgType.WXCARD, card_id="pCard"))

    assert received(control)["card"] == {"card_id": "pCard"}


def test_several_calls_of_one_campaign_have_a_draft_each(send: Send, make_draft: MakeDraft) -> None:
    first = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    second = Broadcast.objects.create(account=first.account, campaign=first.campaign, position=2, due_at=first.due_at)

    one, other = submitted(first), submitted(second)

    assert one.message["mpnews"] != other.message["mpnews"]
    assert one.remote_draft.media_id != other.remote_draft.media_id


def test_a_campaign_whose_file_is_gone_fails_with_the_reason(send: Send, voice: MediaAsset, control: Control) -> None:
    broadcast = send(msgtype=MsgType.VOICE, media=voice)
    voice.file.storage.delete(voice.file.name)

    failed = attempt(broadcast)

    assert (failed.status, failed.error_code) == (BroadcastStatus.FAILED, "file_missing")
    failed.campaign.refresh_from_db()
    assert failed.campaign.status == Status.FAILED
    assert control.jobs() == []
