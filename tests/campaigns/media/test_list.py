"""The library shows what there is, what WeChat has of it and where it is used, at a fixed cost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Article, Campaign, Draft, MediaAsset, RemoteMedia, Target
from tests.campaigns.media import files
from tests.campaigns.media.conftest import LIST, keep
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def shown(client: Client, **query: Any) -> str:
    return client.get(LIST, query).content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'class="q-media-name" href="[^"]+" title="([^"]+)"', html)


def badges(client: Client) -> str:
    return shown(client).partition("q-media-badges")[2].partition("</p>")[0]


def test_the_newest_file_comes_first(admin_client: Client, picture: MediaAsset) -> None:
    keep(picture.account, files.mp3(), "早安.mp3")

    assert names(shown(admin_client)) == ["早安.mp3", "红.jpg"]


def test_it_is_filtered_and_searched(admin_client: Client, picture: MediaAsset, other_account: OfficialAccount) -> None:
    keep(picture.account, files.mp3(), "早安.mp3")
    keep(other_account, files.picture(), "别的.jpg")

    assert names(shown(admin_client, kind__exact="voice")) == ["早安.mp3"]
    assert names(shown(admin_client, account=other_account.pk)) == ["别的.jpg"]
    assert names(shown(admin_client, q="红")) == ["红.jpg"]
    assert names(shown(admin_client, q="没有")) == []


def test_it_costs_the_same_for_any_number_of_files(
    admin_client: Client, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    assets = MediaAsset.objects.bulk_create(
        MediaAsset(account=account, kind="image", name=f"{number}.jpg", sha256=f"{number:064}", file="x.jpg")
        for number in range(60)
    )
    draft = Draft.objects.create(account=account)
    for number, asset in enumerate(assets):
        RemoteMedia.objects.create(asset=asset, target=Target.PERMANENT, media_id=str(number))
        Campaign.objects.create(account=account, name="x", media=asset)
        Article.objects.create(draft=draft, position=number, cover=asset)

    with django_assert_max_num_queries(16):
        html = shown(admin_client)

    assert len(names(html)) == 24
    assert html.count("永久素材") == 24


@pytest.mark.parametrize(
    ("copy", "words"),
    [
        ({"target": Target.PERMANENT, "media_id": "m"}, "永久素材"),
        ({"target": Target.TEMPORARY, "media_id": "m", "expires_at": dt.timedelta(days=2)}, "临时素材"),
        ({"target": Target.TEMPORARY, "media_id": "m", "expires_at": -dt.timedelta(days=2)}, "已过期"),
        ({"target": Target.ARTICLE, "url": "http://mmbiz.qpic.cn/x"}, "图文内图片"),
        ({"target": Target.PERMANENT}, "上传未成功"),
        ({"target": Target.PERMANENT, "lease_until": dt.timedelta(minutes=1)}, "上传中"),
    ],
    ids=["permanent", "temporary", "expired", "article", "failed", "under way"],
)
def test_a_card_says_what_wechat_has(
    admin_client: Client, picture: MediaAsset, copy: dict[str, Any], words: str
) -> None:
    now = timezone.now()
    columns = {name: now + value if isinstance(value, dt.timedelta) else value for name, value in copy.items()}
    RemoteMedia.objects.create(asset=picture, **columns)

    assert words in badges(admin_client)


def test_a_card_says_how_often_it_is_used(admin_client: Client, picture: MediaAsset) -> None:
    assert "尚未使用" in badges(admin_client)

    for name in "ab":
        Campaign.objects.create(account=picture.account, name=name, media=picture)

    assert "已使用 2 次" in badges(admin_client)


def test_an_empty_library_says_what_to_do(admin_client: Client, account: OfficialAccount) -> None:
    html = shown(admin_client)

    assert "素材库还是空的" in html
    assert "q-drop-zone" in html


def test_without_an_account_there_is_no_upload_zone(admin_client: Client) -> None:
    html = shown(admin_client)

    assert "q-drop-zone" not in html
    assert "请先添加公众号" in html


def test_the_pages_show_what_a_file_is(admin_client: Client, picture: MediaAsset) -> None:
    voice = keep(picture.account, files.mp3(7), "早安.mp3")
    video = keep(picture.account, files.mp4(12), "片.mp4")

    assert f'<img src="{picture.file_url}"' in admin_client.get(picture.get_absolute_url()).content.decode()
    assert "<audio controls" in admin_client.get(voice.get_absolute_url()).content.decode()
    html = admin_client.get(video.get_absolute_url()).content.decode()
    assert "<video controls" in html
    assert "0:12" in html


def test_the_page_links_to_where_it_is_used(admin_client: Client, picture: MediaAsset) -> None:
    campaign = Campaign.objects.create(account=picture.account, name="新品", media=picture)
    draft = Draft.objects.create(account=picture.account)
    Article.objects.create(draft=draft, position=1, title="文章", body=f'<img src="{picture.file_url}">')

    html = admin_client.get(picture.get_absolute_url()).content.decode()

    assert f'href="{campaign.get_absolute_url()}"' in html
    assert f'href="{draft.get_absolute_url()}"' in html


def test_name_and_description_can_be_changed_and_nothing_else(admin_client: Client, picture: MediaAsset) -> None:
    admin_client.post(picture.get_absolute_url(), {"name": "新名字", "description": "说明", "kind": "video"})

    picture.refresh_from_db()
    assert (picture.name, picture.description, picture.kind) == ("新名字", "说明", "image")


def test_a_file_that_is_only_at_wechat_is_shown(admin_client: Client, account: OfficialAccount) -> None:
    asset = MediaAsset.objects.create(account=account, kind="image", name="旧图")
    RemoteMedia.objects.create(asset=asset, target=Target.PERMANENT, media_id="m")

    assert "旧图" in shown(admin_client)
    assert "仅存于微信" in admin_client.get(asset.get_absolute_url()).content.decode()


def test_who_may_not_see_the_library_sees_nothing(client_with: Callable[..., Client], picture: MediaAsset) -> None:
    assert client_with().get(LIST).status_code == 403
    assert "q-drop-zone" not in client_with("view_mediaasset").get(LIST).content.decode()
