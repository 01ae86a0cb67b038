"""Each finding that needs nobody else, and what it looks like when there is nothing to find."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from campaigns import services
from campaigns.models import Audience, Campaign, MediaAsset, MsgType, RemoteMedia, Target
from campaigns.preflight import Level
from followers.models import Tag
from tests.campaigns.builders import make_asset
from tests.campaigns.preflight.conftest import look, write, wrong
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db


def test_a_good_text_passes(campaign: Campaign, now: dt.datetime) -> None:
    assert list(look(campaign, now)) == ["account", "text_length", "audience"]
    assert wrong(campaign, now) == {}


@pytest.mark.parametrize(
    ("length", "found"),
    [
        (280, {}),
        (281, {"text_long": ("warning", 45002)}),
        (600, {"text_long": ("warning", 45002)}),
        (601, {"text_too_long": ("error", 45002)}),
        (0, {"empty_text": ("error", None)}),
    ],
)
def test_a_long_text(campaign: Campaign, now: dt.datetime, length: int, found: dict[str, Any]) -> None:
    Campaign.objects.update(text="群" * length)

    assert wrong(campaign, now) == found


def test_an_account_without_the_right(campaign: Campaign, now: dt.datetime) -> None:
    OfficialAccount.objects.update(kind=Kind.SUBSCRIPTION, is_verified=False)

    assert wrong(campaign, now) == {"no_right": ("error", 48001)}


def test_nobody_to_send_to(campaign: Campaign, tag: Tag, now: dt.datetime) -> None:
    Campaign.objects.update(audience=Audience.TAG, tag=tag)
    Tag.objects.update(vanished_at=now)

    assert wrong(campaign, now) == {"tag_vanished": ("error", None)}


def test_good_articles_pass(articles: Campaign, now: dt.datetime) -> None:
    assert wrong(articles, now) == {}
    assert {"fields", "pictures", "formatting", "reprint"} <= set(look(articles, now))


@pytest.mark.parametrize(
    ("fields", "code", "wechat_code"),
    [
        ({"cover": None}, "field_empty", 40007),
        ({"title": ""}, "field_empty", 45003),
        ({"body": ""}, "empty_body", 45166),
        ({"title": "长" * 33}, "field_too_long", 45003),
        ({"author": "长" * 17}, "field_too_long", 45110),
        ({"digest": "长" * 129}, "field_too_long", 45004),
        ({"source_url": "https://x.cn/" + "a" * 1100}, "field_too_long", 41039),
        ({"source_url": "javascript:alert(1)"}, "wrong_link", 41039),
        ({"body": "<p>" + "长" * 20_000 + "</p>"}, "body_too_long", 45166),
    ],
)
def test_an_article_that_wechat_would_refuse(
    articles: Campaign, now: dt.datetime, fields: dict[str, Any], code: str, wechat_code: int
) -> None:
    write(articles, **fields)

    found = look(articles, now)[code]
    assert (found.level, found.wechat_code) == (Level.ERROR, wechat_code)
    assert "2" in found.subject
    assert found.url.endswith("#article-2")
    assert code in [problem.code for problem in services.problems(Campaign.objects.get())]


@pytest.mark.parametrize("fields", [{"title": "长" * 32}, {"author": "长" * 16}, {"digest": "长" * 128}])
def test_an_article_at_its_limits_passes(articles: Campaign, now: dt.datetime, fields: dict[str, str]) -> None:
    write(articles, **fields)

    assert wrong(articles, now) == {}


def test_pictures_on_other_sites(articles: Campaign, now: dt.datetime) -> None:
    write(articles, body='<p>看<img src="https://pictures.example.com/a.jpg"></p>')

    found = look(articles, now)["foreign_pictures"]
    assert (found.level, found.action) == (Level.WARNING, "bring_pictures")
    assert "pictures.example.com" in found.message


def test_pictures_at_wechat_are_at_home(articles: Campaign, now: dt.datetime) -> None:
    write(articles, body='<p>看<img src="https://mmbiz.qpic.cn/mmbiz/a/0"></p>')

    assert wrong(articles, now) == {}


def test_a_picture_of_another_account(articles: Campaign, other_account: OfficialAccount, now: dt.datetime) -> None:
    foreign = make_asset(other_account, "image", "别人的.jpg")
    write(articles, body=f'<p>看<img src="{foreign.file_url}"></p>')

    assert wrong(articles, now) == {"pictures_lost": ("error", None)}


def test_links_that_wechat_drops(articles: Campaign, now: dt.datetime) -> None:
    write(
        articles, body='<p><a href="https://shop.example.com/">买</a><a href="https://mp.weixin.qq.com/s/a">看</a></p>'
    )

    assert wrong(articles, now) == {"links_dropped": ("warning", None)}
    assert "1" in look(articles, now)["links_dropped"].message


def test_a_reprint_would_be_stopped(articles: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(send_ignore_reprint=False)

    assert wrong(articles, now) == {"reprint_stops": ("warning", 30003)}


def test_a_draft_that_was_changed_after_scheduling(articles: Campaign, now: dt.datetime) -> None:
    services.schedule(articles, at=now + dt.timedelta(days=1), by=None)
    assert wrong(articles, now) == {}

    write(articles, title="改过的标题")

    assert wrong(articles, now) == {"draft_changed": ("warning", None)}


def test_a_picture_that_is_not_at_wechat_yet(campaign: Campaign, picture: MediaAsset, now: dt.datetime) -> None:
    found = look(campaign, now)["not_uploaded"]

    assert (found.level, found.action) == (Level.OK, "upload_media")


@pytest.mark.parametrize(("hours", "code"), [(48, "uploaded"), (1, "not_uploaded"), (-1, "not_uploaded")])
def test_a_copy_at_wechat_expires(
    campaign: Campaign, picture: MediaAsset, now: dt.datetime, hours: int, code: str
) -> None:
    expires = now + dt.timedelta(hours=hours)
    RemoteMedia.objects.create(asset=picture, target=Target.TEMPORARY, media_id="m", expires_at=expires)

    assert code in look(campaign, now)


def test_a_file_that_is_nowhere(campaign: Campaign, picture: MediaAsset, now: dt.datetime) -> None:
    MediaAsset.objects.update(file="")

    assert wrong(campaign, now) == {"file_missing": ("error", 40007)}


@pytest.mark.parametrize(
    ("megabytes", "found"),
    [
        (2, {}),
        (3, {"picture_large": ("warning", 40006)}),
        (11, {"picture_large": ("warning", 40006), "file_too_big": ("error", 40006)}),
    ],
)
def test_a_large_picture(
    campaign: Campaign, picture: MediaAsset, now: dt.datetime, megabytes: int, found: dict[str, Any]
) -> None:
    MediaAsset.objects.update(size=megabytes * 1024 * 1024)

    assert wrong(campaign, now) == found


@pytest.mark.parametrize(("seconds", "found"), [(60.0, {}), (60.5, {"file_too_long": ("error", 45007)})])
def test_a_long_voice(campaign: Campaign, now: dt.datetime, seconds: float, found: dict[str, Any]) -> None:
    voice = make_asset(campaign.account, "voice", "a.mp3", seconds=seconds)
    Campaign.objects.update(msgtype=MsgType.VOICE, media=voice)

    assert wrong(campaign, now) == found


@pytest.mark.parametrize("mime", ["audio/mpeg", "audio/amr", "audio/wav", "audio/x-ms-wma"])
def test_a_format_that_wechat_takes(campaign: Campaign, now: dt.datetime, mime: str) -> None:
    voice = make_asset(campaign.account, "voice", "a", mime=mime)
    Campaign.objects.update(msgtype=MsgType.VOICE, media=voice)

    assert wrong(campaign, now) == {}


def test_a_format_that_it_does_not_take_unless_it_has_it_already(campaign: Campaign, now: dt.datetime) -> None:
    voice = make_asset(campaign.account, "voice", "a.ogg", mime="audio/ogg")
    Campaign.objects.update(msgtype=MsgType.VOICE, media=voice)
    assert wrong(campaign, now) == {"wrong_format": ("error", 40005)}

    RemoteMedia.objects.create(asset=voice, target=Target.PERMANENT, media_id="m")

    assert wrong(campaign, now) == {}


def test_the_account_s_stricter_limits(campaign: Campaign, picture: MediaAsset, now: dt.datetime) -> None:
    OfficialAccount.objects.update(media_limits="old")
    MediaAsset.objects.update(size=128 * 1024 + 1)

    assert wrong(campaign, now) == {"file_too_big": ("error", 40006)}


def test_a_card_is_refused_today(campaign: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(msgtype=MsgType.WXCARD, card_id="pCard")

    assert wrong(campaign, now) == {"card_refused": ("warning", 45113)}
