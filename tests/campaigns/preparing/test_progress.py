"""While a message is being prepared, its page says how far that is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import uploading
from campaigns.models import Broadcast, MsgType
from tests.campaigns.preparing.conftest import MakePicture, attempt
from wxcore import accounts

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_counts_the_files_that_are_there(
    send: Callable[..., Broadcast], picture: MakePicture, admin_client: Client
) -> None:
    images = [picture(1), picture(2), picture(3)]
    broadcast = send(msgtype=MsgType.IMAGE, images=images)
    url = f"/admin/campaigns/campaign/{broadcast.campaign_id}/change/"
    assert "0 / 3 个文件已上传到微信" in admin_client.get(url).content.decode()

    with accounts.connect(broadcast.account) as wechat:
        uploading.media_id(wechat, images[1], now=timezone.now())
    assert "1 / 3 个文件已上传到微信" in admin_client.get(url).content.decode()

    attempt(broadcast)
    assert "个文件已上传到微信" not in admin_client.get(url).content.decode()
