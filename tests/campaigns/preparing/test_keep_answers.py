"""What WeChat answers is kept, or the send fails and says why: the same on every database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from campaigns import draftbox, importing
from campaigns.models import Broadcast, MediaAsset, MsgType, RemoteDraft, RemoteMedia
from campaigns.states import BroadcastStatus, ImportStatus, Status
from tests.campaigns.preparing.conftest import MakeDraft, MakePicture, attempt
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[..., Broadcast]


@pytest.fixture
def prepare(
    send: Send, picture: MakePicture, voice: MediaAsset, video: MediaAsset, make_draft: MakeDraft
) -> Callable[[str], Broadcast]:
    contents = {
        MsgType.IMAGE: lambda: {"images": [picture(1)]},
        MsgType.VOICE: lambda: {"media": voice},
        MsgType.MPVIDEO: lambda: {"media": video, "title": "新品"},
        MsgType.MPNEWS: lambda: {"draft": make_draft()},
    }
    return lambda msgtype: send(msgtype=msgtype, **contents[msgtype]())


@pytest.mark.parametrize("msgtype", [MsgType.IMAGE, MsgType.VOICE, MsgType.MPVIDEO, MsgType.MPNEWS])
def test_an_id_of_128_characters_is_kept(prepare: Callable[[str], Broadcast], control: Control, msgtype: str) -> None:
    control.account(APPID, media_id_length=128)

    assert attempt(prepare(msgtype)).status == BroadcastStatus.SUBMITTED

    kept = RemoteMedia.objects.exclude(media_id="").values_list("media_id", flat=True)
    assert {len(media_id) for media_id in kept} == {128}


@pytest.mark.parametrize("msgtype", [MsgType.IMAGE, MsgType.VOICE, MsgType.MPVIDEO, MsgType.MPNEWS])
def test_a_longer_one_stops_the_send_and_says_why(
    prepare: Callable[[str], Broadcast], control: Control, msgtype: str
) -> None:
    control.account(APPID, media_id_length=129)

    failed = attempt(prepare(msgtype))

    assert (failed.status, failed.error_code) == (BroadcastStatus.FAILED, "answer_too_long")
    assert "129" in failed.error_message
    assert failed.error_fix
    assert failed.campaign.status == Status.FAILED
    assert not RemoteMedia.objects.exclude(media_id="").exists()
    assert control.jobs() == []


def test_a_draft_with_a_longer_one_does_not_stay_in_the_box(
    send: Send, make_draft: MakeDraft, control: Control
) -> None:
    draft = make_draft()
    with accounts.connect(draft.account) as wechat:
        shown = draftbox.push(wechat, draft, now=timezone.now())
    control.account(APPID, media_id_length=129)

    failed = attempt(send(msgtype=MsgType.MPNEWS, draft=draft))
    assert (failed.error_code, failed.remote_draft.media_id) == ("answer_too_long", "")
    draftbox.sweep(now=timezone.now())

    assert [one["media_id"] for one in control.drafts(APPID)] == [shown.media_id]
    assert RemoteDraft.objects.get(broadcast=failed).gone_at is not None


@pytest.mark.parametrize(("length", "imported", "skipped"), [(128, 2, 0), (129, 0, 2)])
def test_an_import_leaves_out_what_it_cannot_keep(
    wechat_account: OfficialAccount, control: Control, length: int, imported: int, skipped: int
) -> None:
    control.account(APPID, media_id_length=length)
    control.library(APPID, images=1, drafts=1)

    row = importing.request(wechat_account, by=None, now=timezone.now())
    importing.run(row, now=timezone.now())

    row.refresh_from_db()
    assert (row.status, row.imported, row.skipped) == (ImportStatus.FINISHED, imported, skipped)
    assert ("129" in row.error_message) == bool(skipped)
    assert MediaAsset.objects.filter(name__startswith="图片").count() == bool(imported)
