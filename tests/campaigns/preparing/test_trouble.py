"""A lost answer, a crash, an id that WeChat forgot: the next attempt goes on, and nothing is there twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from campaigns import draftbox, preparing, previews, sending, uploading
from campaigns.models import Broadcast, Campaign, MediaAsset, MsgType, RemoteDraft, RemoteMedia, Target
from campaigns.remote import make_once
from campaigns.states import BroadcastStatus
from tests.campaigns.conftest import Mirror
from tests.campaigns.preparing.conftest import MakeDraft, MakePicture, attempt, received
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.models import OfficialAccount
from wxcore.wechat.errors import WeChatError

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[..., Broadcast]

UPLOAD = "/cgi-bin/media/upload"
VIDEO = "/cgi-bin/media/uploadvideo"
PICTURE = "/cgi-bin/media/uploadimg"
MATERIAL = "/cgi-bin/material/add_material"
DRAFT = "/cgi-bin/draft/add"
SENDALL = "/cgi-bin/message/mass/sendall"


def library(control: Control) -> list[dict[str, Any]]:
    return [item for item in control.get("/media", appid=APPID)["media"] if item["permanent"]]


def draft_box(control: Control) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = control.get("/drafts", appid=APPID)["drafts"]
    return found


def forget(control: Control, media_id: str) -> None:
    control.post("/media/forget", appid=APPID, media_id=media_id)


@pytest.mark.parametrize("path", [PICTURE, MATERIAL, DRAFT, SENDALL])
def test_an_answer_that_is_lost_leaves_nothing_twice(
    send: Send, make_draft: MakeDraft, control: Control, path: str
) -> None:
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft(2))
    control.fault(path, drop="after")

    assert attempt(broadcast).status == BroadcastStatus.PENDING
    assert attempt(broadcast).status == BroadcastStatus.SUBMITTED

    assert len(received(control)["articles"]) == 2
    names = [item["name"] for item in library(control)]
    assert len(names) == len(set(names)) == 2
    assert draft_box(control) == []
    assert len(control.jobs()) == 1


@pytest.mark.parametrize("path", [UPLOAD, VIDEO, SENDALL])
def test_a_video_whose_answer_is_lost_goes_out_once(send: Send, video: MediaAsset, control: Control, path: str) -> None:
    broadcast = send(msgtype=MsgType.MPVIDEO, media=video, title="新品")
    control.fault(path, drop="after")

    assert attempt(broadcast).status == BroadcastStatus.PENDING
    assert attempt(broadcast).status == BroadcastStatus.SUBMITTED

    assert received(control)["video"]["title"] == "新品"
    assert len(control.jobs()) == 1
    assert library(control) == []


def test_an_attempt_that_went_through_is_found_behind_other_material(
    send: Send, make_draft: MakeDraft, control: Control
) -> None:
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    control.fault(MATERIAL, drop="after")
    attempt(broadcast)
    control.post("/library", appid=APPID, images=45)

    assert attempt(broadcast).status == BroadcastStatus.SUBMITTED

    assert len([item for item in library(control) if item["name"].startswith("qunfa-")]) == 1


def test_another_draft_with_the_same_titles_is_not_taken_for_ours(
    send: Send, make_draft: MakeDraft, control: Control
) -> None:
    theirs = control.post("/drafts", appid=APPID, articles=[{"title": "第1篇", "author": "编辑部"}])["media_id"]
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    control.fault(DRAFT, drop="before")
    attempt(broadcast)

    attempt(broadcast)

    assert [draft["media_id"] for draft in draft_box(control)] == [theirs]


def test_a_draft_is_found_though_its_cover_was_uploaded_again_meanwhile(
    send: Send, make_draft: MakeDraft, control: Control
) -> None:
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    control.fault(DRAFT, drop="after")
    attempt(broadcast)
    (left,) = draft_box(control)
    forget(control, library(control)[0]["media_id"])
    other = make_draft()
    with accounts.connect(other.account) as wechat:
        pushed = draftbox.push(wechat, other, now=timezone.now())

    assert attempt(broadcast).status == BroadcastStatus.SUBMITTED

    assert Broadcast.objects.get().message["mpnews"]["media_id"] == left["media_id"]
    assert len(received(control)["articles"]) == 1
    assert [draft["media_id"] for draft in draft_box(control)] == [pushed.media_id]


def test_a_request_that_was_never_made_is_not_looked_for(send: Send, make_draft: MakeDraft, control: Control) -> None:
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    control.fault(DRAFT, drop="before")
    attempt(broadcast)
    RemoteDraft.objects.update(covers=[])  # the worker died between the announcement and the request

    assert attempt(broadcast).status == BroadcastStatus.SUBMITTED

    assert "/cgi-bin/draft/batchget" not in control.calls()["counts"]


def test_after_a_refusal_and_a_shorter_draft_a_crash_leaves_nothing_stuck(
    make_draft: MakeDraft, control: Control
) -> None:
    draft, now = make_draft(2), timezone.now()
    with accounts.connect(draft.account) as wechat:
        control.fault(DRAFT, errcode=45003)
        with pytest.raises(WeChatError):
            draftbox.push(wechat, draft, now=now)
        draft.articles.filter(position=2).delete()
        control.fault(DRAFT, drop="after")
        with pytest.raises(WeChatError):
            draftbox.push(wechat, draft, now=now)

        draftbox.push(wechat, draft, now=now)

    assert len(draft_box(control)) == 1


def test_what_wechat_forgot_is_uploaded_again_once(send: Send, voice: MediaAsset, control: Control) -> None:
    broadcast = send(msgtype=MsgType.VOICE, media=voice)
    control.fault(SENDALL, errcode=45011)
    prepared = attempt(broadcast)
    forget(control, prepared.message["voice"]["media_id"])

    assert attempt(broadcast).status == BroadcastStatus.PENDING
    healed = attempt(broadcast)

    assert (healed.status, healed.healed) == (BroadcastStatus.SUBMITTED, True)
    assert healed.message != prepared.message


def test_a_worker_that_still_holds_what_was_given_up_leaves_it_alone(
    send: Send, voice: MediaAsset, control: Control
) -> None:
    broadcast = send(msgtype=MsgType.VOICE, media=voice)
    control.fault(SENDALL, errcode=45011)
    slow = attempt(broadcast)
    control.fault(SENDALL, errcode=40007)
    attempt(broadcast)

    assert not sending.submit(slow, now=timezone.now())

    healed = attempt(broadcast)
    assert (healed.status, healed.healed, healed.uncertain) == (BroadcastStatus.SUBMITTED, True, False)
    assert len(control.jobs()) == 1


def test_a_second_time_it_fails_with_the_reason(send: Send, voice: MediaAsset, control: Control) -> None:
    broadcast = send(msgtype=MsgType.VOICE, media=voice)
    control.fault(SENDALL, errcode=40007, times=2)

    attempt(broadcast)
    failed = attempt(broadcast)

    assert (failed.status, failed.error_code) == (BroadcastStatus.FAILED, "wechat_invalid_media_id")


def test_a_draft_that_vanished_from_the_box_is_made_again(send: Send, make_draft: MakeDraft, control: Control) -> None:
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    control.fault(SENDALL, errcode=45011)
    attempt(broadcast)
    forget(control, draft_box(control)[0]["media_id"])

    attempt(broadcast)

    assert attempt(broadcast).status == BroadcastStatus.SUBMITTED


def test_a_temporary_upload_is_renewed_before_it_expires(voice: MediaAsset, control: Control) -> None:
    now = timezone.now()
    with accounts.connect(voice.account) as wechat:
        first = uploading.temporary(wechat, voice, now=now)
        assert uploading.temporary(wechat, voice, now=now + dt.timedelta(hours=65, minutes=59)) == first
        assert uploading.temporary(wechat, voice, now=now + dt.timedelta(hours=66, minutes=1)) != first


def test_a_file_is_uploaded_once_for_many_messages(picture: MakePicture, control: Control) -> None:
    now, asset = timezone.now(), picture(1)
    with accounts.connect(asset.account) as wechat:
        assert len({uploading.article_url(wechat, asset, now=now) for _ in range(3)}) == 1

    assert control.calls()["counts"][PICTURE] == 1


def test_the_same_picture_twice_in_one_message_is_uploaded_once(
    send: Send, picture: MakePicture, control: Control
) -> None:
    broadcast = attempt(send(msgtype=MsgType.IMAGE, images=[picture(1), picture(2), picture(1)]))

    first, second, third = broadcast.message["images"]["media_ids"]
    assert first == third != second
    assert control.calls()["counts"][UPLOAD] == 2


def test_a_refused_draft_is_removed_from_the_box(send: Send, make_draft: MakeDraft, control: Control) -> None:
    control.fault(SENDALL, errcode=45028)
    attempt(send(msgtype=MsgType.MPNEWS, draft=make_draft()))
    assert len(draft_box(control)) == 1

    draftbox.sweep(now=timezone.now())

    assert draft_box(control) == []
    assert RemoteDraft.objects.get().gone_at is not None


def test_a_draft_whose_answer_was_lost_is_removed_as_well(send: Send, make_draft: MakeDraft, control: Control) -> None:
    broadcast = send(msgtype=MsgType.MPNEWS, draft=make_draft())
    control.fault(DRAFT, drop="after")
    attempt(broadcast)
    Broadcast.objects.update(status=BroadcastStatus.FAILED)

    draftbox.sweep(now=timezone.now())

    assert draft_box(control) == []


def test_pushing_a_draft_again_updates_the_same_copy(make_draft: MakeDraft, control: Control) -> None:
    draft = make_draft(2)
    with accounts.connect(draft.account) as wechat:
        first = draftbox.push(wechat, draft, now=timezone.now())
        draft.articles.filter(position=2).update(title="改过")
        second = draftbox.push(wechat, draft, now=timezone.now())

    assert first.media_id == second.media_id
    (shown,) = draft_box(control)
    assert [article["title"] for article in shown["articles"]] == ["第1篇", "改过"]


def test_pushing_one_article_less_replaces_the_copy(make_draft: MakeDraft, control: Control) -> None:
    draft = make_draft(2)
    with accounts.connect(draft.account) as wechat:
        first = draftbox.push(wechat, draft, now=timezone.now())
        draft.articles.filter(position=2).delete()
        second = draftbox.push(wechat, draft, now=timezone.now())

    assert first.media_id != second.media_id
    assert [draft["media_id"] for draft in draft_box(control)] == [second.media_id]


def test_a_file_that_only_wechat_had_cannot_be_healed(send: Send, voice: MediaAsset, control: Control) -> None:
    RemoteMedia.objects.create(asset=voice, target=Target.PERMANENT, media_id="kept-by-wechat-only")
    MediaAsset.objects.filter(pk=voice.pk).update(file="")
    broadcast = send(msgtype=MsgType.VOICE, media=MediaAsset.objects.get(pk=voice.pk))

    attempt(broadcast)
    failed = attempt(broadcast)

    assert (failed.status, failed.error_code) == (BroadcastStatus.FAILED, "wechat_invalid_media_id")
    assert preparing.assets(failed.campaign) == [voice]


def test_an_account_that_cannot_be_reached_is_tried_again(
    send: Send, voice: MediaAsset, wechat_account: OfficialAccount
) -> None:
    broadcast = send(msgtype=MsgType.VOICE, media=voice)
    OfficialAccount.objects.update(api_base_url="http://127.0.0.1:9")

    waiting = attempt(broadcast)

    assert (waiting.status, waiting.attempts) == (BroadcastStatus.PENDING, 0)
    assert waiting.due_at > timezone.now()


def test_a_cover_that_was_deleted_at_wechat_is_uploaded_again(
    send: Send, make_draft: MakeDraft, wechat_account: OfficialAccount, control: Control
) -> None:
    draft = make_draft(2)
    with accounts.connect(wechat_account) as wechat:
        draftbox.push(wechat, draft, now=timezone.now())
    forget(control, library(control)[0]["media_id"])

    broadcast = attempt(send(msgtype=MsgType.MPNEWS, draft=draft))

    assert (broadcast.status, broadcast.healed) == (BroadcastStatus.SUBMITTED, False)
    assert len(received(control)["articles"]) == 2
    names = [item["name"] for item in library(control)]
    assert len(names) == len(set(names)) == 2


def test_a_video_that_wechat_forgot_is_uploaded_again_for_another_title(
    send: Send, video: MediaAsset, control: Control
) -> None:
    with accounts.connect(video.account) as wechat:
        forget(control, uploading.temporary(wechat, video, now=timezone.now()))

    assert attempt(send(msgtype=MsgType.MPVIDEO, media=video, title="新品")).status == BroadcastStatus.SUBMITTED


def test_what_another_worker_is_uploading_is_not_taken_from_it(voice: MediaAsset) -> None:
    now = timezone.now()
    with accounts.connect(voice.account) as wechat:
        uploading.temporary(wechat, voice, now=now - dt.timedelta(days=3))
        row = RemoteMedia.objects.get()

        def make() -> dict[str, Any]:
            uploading.forget([voice])
            return {"media_id": "new", "expires_at": now + uploading.LIFETIME}

        make_once(row, make, now=now)
        assert uploading.temporary(wechat, voice, now=now) == "new"


def test_permanent_material_that_was_not_lost_is_found_again(picture: MakePicture, control: Control) -> None:
    now, asset = timezone.now(), picture(1)
    with accounts.connect(asset.account) as wechat:
        first = uploading.permanent(wechat, asset, now=now)
        uploading.forget([asset])

        assert uploading.permanent(wechat, asset, now=now) == first

    assert len(library(control)) == 1


def test_a_preview_of_a_draft_that_was_deleted_in_the_console_arrives(
    make_draft: MakeDraft, mirror: Mirror, control: Control
) -> None:
    mirror(2)
    openid = control.openids(APPID)[0]
    draft = make_draft()
    with accounts.connect(draft.account) as wechat:
        forget(control, draftbox.push(wechat, draft, now=timezone.now()).media_id)

    previews.send(draft, openid=openid, by=None, now=timezone.now())

    assert len(control.chat(openid)) == len(draft_box(control)) == 1


def test_a_preview_of_what_wechat_forgot_arrives(
    campaign: Campaign, mirror: Mirror, voice: MediaAsset, control: Control
) -> None:
    mirror(2)
    openid = control.openids(APPID)[0]
    campaign.msgtype, campaign.media = MsgType.VOICE, voice
    with accounts.connect(voice.account) as wechat:
        forget(control, uploading.temporary(wechat, voice, now=timezone.now()))

    previews.send(campaign, openid=openid, by=None, now=timezone.now())

    assert [line["msgtype"] for line in control.chat(openid)] == ["voice"]
