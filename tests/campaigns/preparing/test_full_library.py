"""WeChat's library of permanent material takes so many files and no more; what it refuses stops the send."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from campaigns import library
from campaigns.models import Broadcast, MsgType, RemoteMedia
from campaigns.states import BroadcastStatus
from tests.campaigns.media import files
from tests.campaigns.preparing.conftest import MakeDraft, attempt
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[..., Broadcast]


@pytest.mark.parametrize(("limits", "most"), [("current", 100_000), ("old", 5000)])
def test_the_last_place_takes_a_cover(
    send: Send, make_draft: MakeDraft, control: Control, limits: str, most: int
) -> None:
    control.account(APPID, media_limits=limits, library_held={"image": most - 1})

    assert attempt(send(msgtype=MsgType.MPNEWS, draft=make_draft())).status == BroadcastStatus.SUBMITTED


@pytest.mark.parametrize(("limits", "most"), [("current", 100_000), ("old", 5000)])
def test_a_full_library_stops_the_send_and_says_so(
    send: Send, make_draft: MakeDraft, control: Control, limits: str, most: int
) -> None:
    control.account(APPID, media_limits=limits, library_held={"image": most})

    failed = attempt(send(msgtype=MsgType.MPNEWS, draft=make_draft()))

    assert failed.status == BroadcastStatus.FAILED
    assert "45034" in failed.error_message
    assert failed.error_fix
    assert not RemoteMedia.objects.exclude(media_id="").exists()
    assert control.drafts(APPID) == control.jobs() == []


@pytest.mark.parametrize(("held", "status"), [(999, BroadcastStatus.SUBMITTED), (1000, BroadcastStatus.FAILED)])
def test_a_voice_that_only_the_library_takes_needs_one_of_a_thousand_places(
    send: Send, wechat_account: OfficialAccount, control: Control, held: int, status: str
) -> None:
    control.account(APPID, library_held={"voice": held})
    voice = library.store_bytes(wechat_account, files.wav(1)).asset

    assert attempt(send(msgtype=MsgType.VOICE, media=voice)).status == status
