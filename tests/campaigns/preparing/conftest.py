"""Campaigns with something to upload, and the account's side of it at the simulator."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.utils import timezone
from PIL import Image

from campaigns import drafts, library, sending
from campaigns.models import Broadcast, Campaign, CampaignImage, Draft, MassCalls, MediaAsset, MsgType
from tests.campaigns.conftest import Mirror, start
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount
from wxcore.simulator import samples

MakePicture = Callable[..., MediaAsset]
MakeDraft = Callable[..., Draft]


def jpeg(colour: int, size: tuple[int, int] = (90, 60)) -> bytes:
    """This will be a small picture, another one for another number."""
    out = io.BytesIO()
    Image.new("RGB", size, (colour * 12 % 256, colour // 21 * 12 % 256, 90)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def picture(wechat_account: OfficialAccount) -> MakePicture:
    """`picture(3)` is the third picture of the library."""
    return lambda number: library.store_bytes(wechat_account, jpeg(number), name=f"图{number}.jpg").asset


@pytest.fixture
def voice(wechat_account: OfficialAccount) -> MediaAsset:
    return library.store_bytes(wechat_account, samples.voice(1), name="问候.amr").asset


@pytest.fixture
def video(wechat_account: OfficialAccount) -> MediaAsset:
    return library.store_bytes(wechat_account, samples.video(1), name="新品.mp4").asset


@pytest.fixture
def make_draft(wechat_account: OfficialAccount, picture: MakePicture) -> MakeDraft:
    """`make_draft(3, pictures=2)`: three articles with covers, each with two pictures of the library."""

    def make(articles: int = 1, *, pictures: int = 1) -> Draft:
        contents = [
            {
                "title": f"第{number}篇",
                "author": "编辑部",
                "digest": f"摘要{number}",
                "body": f"<p>正文{number}</p>"
                + "".join(f'<p><img src="{picture(100 * number + one).file_url}"></p>' for one in range(pictures)),
                "cover": picture(number).pk,
                "source_url": "",
                "need_open_comment": False,
                "only_fans_can_comment": False,
            }
            for number in range(1, articles + 1)
        ]
        return drafts.create(wechat_account, None, contents)

    return make


@pytest.fixture
def send(campaign: Campaign, mirror: Mirror) -> Callable[..., Broadcast]:
    """`send(msgtype=..., media=...)` makes the campaign carry that, starts it, and is its broadcast."""

    def send(*, images: list[MediaAsset] = (), **content: object) -> Broadcast:
        mirror(3)
        for name, value in content.items():
            setattr(campaign, name, value)
        campaign.save()
        CampaignImage.objects.bulk_create(
            CampaignImage(campaign=campaign, asset=asset, position=number) for number, asset in enumerate(images, 1)
        )
        return start(campaign)

    return send


def attempt(broadcast: Broadcast) -> Broadcast:
    """This will try as the tick would: an attempt that only finds out that it is not ready counts as well."""
    Broadcast.objects.filter(pk=broadcast.pk).update(due_at=timezone.now(), slot_at=None)
    MassCalls.objects.update(next_at=timezone.now())
    sending.submit(Broadcast.objects.get(pk=broadcast.pk), now=timezone.now())
    return Broadcast.objects.get(pk=broadcast.pk)


def received(control: Control) -> dict:
    """The first message that the first follower received, once it is delivered."""
    (job,) = control.jobs(APPID)
    control.delivered(job["msg_id"])
    return control.received(control.openids(APPID)[0])[0]


__all__ = ["MsgType", "attempt", "jpeg", "received"]
