"""At the edge of each limit ours and WeChat's say the same: what passes here is taken there, and the next is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from campaigns import bodies, library, limits, uploading
from campaigns.models import MediaAsset, RemoteMedia, Target
from tests.campaigns.media import files
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.models import OfficialAccount
from wxcore.wechat.drafts import DraftArticle
from wxcore.wechat.errors import WeChatError

pytestmark = pytest.mark.django_db
KB = 1024


def uploaded(account: OfficialAccount, asset: MediaAsset, control: Control) -> str:
    """This will upload a file as a message needs it, and be as what."""
    with accounts.connect(account) as wechat:
        uploading.media_id(wechat, asset, now=timezone.now())
    return RemoteMedia.objects.get(asset=asset).target


@pytest.mark.parametrize(
    ("media_limits", "content", "target"),
    [
        ("current", files.picture(pad_to=10 * files.MB), Target.TEMPORARY),
        ("current", files.picture("BMP"), Target.PERMANENT),
        ("current", files.wav(1, rate=2 * files.MB - 44), Target.PERMANENT),
        ("current", files.mp4(pad_to=10 * files.MB), Target.TEMPORARY),
        ("current", files.mp3(60), Target.TEMPORARY),
        ("old", files.picture(pad_to=128 * KB), Target.TEMPORARY),
        ("old", files.mp4(pad_to=1 * files.MB), Target.TEMPORARY),
        ("old", files.mp3(1).ljust(256 * KB, b"\0"), Target.TEMPORARY),
        ("old", files.mp3(1).ljust(256 * KB + 1, b"\0"), Target.PERMANENT),
        ("old", files.wav(1, rate=5 * files.MB - 44), Target.PERMANENT),
    ],
    ids=[
        "image",
        "bmp",
        "wav",
        "video",
        "a minute",
        "old image",
        "old video",
        "old voice",
        "old larger voice",
        "old wav",
    ],
)
def test_wechat_takes_what_the_library_takes(
    wechat_account: OfficialAccount, control: Control, media_limits: str, content: bytes, target: Target
) -> None:
    control.account(APPID, media_limits=media_limits)
    wechat_account.media_limits = media_limits
    wechat_account.save()

    asset = library.store_bytes(wechat_account, content).asset

    assert uploaded(wechat_account, asset, control) == target


@pytest.mark.parametrize(
    "body",
    [
        *(
            "",
            " ",
            "<p></p>",
            "<p>&nbsp;</p>",
            "<p><br></p>",
            "<p>\u3000</p>",
            "<hr>",
            "<table><tr><td></td></tr></table>",
        ),
        *(
            "<p>a</p>",
            "字" * (limits.CONTENT_CHARS - 1),
            "字" * limits.CONTENT_CHARS,
            '<img src="https://mmbiz.qpic.cn/a/0">',
        ),
        *("<p>" + "字" * (limits.CONTENT_CHARS - 8) + "</p>", "<p>" + "字" * (limits.CONTENT_CHARS - 7) + "</p>"),
    ],
)
def test_a_body_that_we_refuse_is_one_that_wechat_refuses(wechat_account: OfficialAccount, body: str) -> None:
    cover = library.store_bytes(wechat_account, files.picture()).asset
    with accounts.connect(wechat_account) as wechat:
        article: dict[str, Any] = {"title": "标题", "content": body}
        article["thumb_media_id"] = uploading.permanent(wechat, cover, now=timezone.now())
        try:
            wechat.drafts.add([DraftArticle(**article)])
            is_taken = True
        except WeChatError:
            is_taken = False

    assert (bodies.check(body) == []) == is_taken
