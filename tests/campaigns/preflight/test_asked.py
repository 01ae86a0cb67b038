"""What WeChat and the sites of links are asked before a campaign goes out."""

from __future__ import annotations

import pytest

from campaigns import preflight
from campaigns.models import Campaign, MediaAsset, MsgType, RemoteMedia, Target
from campaigns.preflight import Level
from tests.campaigns.builders import make_asset
from tests.campaigns.preflight.conftest import ANYWHERE, link, write
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def test_wechat_lets_us_in(campaign: Campaign, wechat_account: OfficialAccount) -> None:
    assert [(one.level, one.code) for one in preflight.wechat(Campaign.objects.get())] == [
        (Level.OK, "access"),
        (Level.OK, "quota"),
    ]


def test_an_address_that_is_not_in_the_whitelist(
    campaign: Campaign, wechat_account: OfficialAccount, control: Control
) -> None:
    control.fault("/cgi-bin/stable_token", errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist")

    (found,) = preflight.wechat(Campaign.objects.get())

    assert (found.level, found.wechat_code) == (Level.ERROR, 40164)
    assert "203.0.113.9" in str(found.fix)


def test_credentials_that_wechat_refuses(campaign: Campaign, wechat_account: OfficialAccount) -> None:
    OfficialAccount.objects.update(secret="f" * 32)

    (found,) = preflight.wechat(Campaign.objects.get())

    assert found.level is Level.ERROR


def test_a_token_in_use_is_not_ended(campaign: Campaign, wechat_account: OfficialAccount, control: Control) -> None:
    OfficialAccount.objects.update(token_endpoint="token")

    for _number in range(3):
        preflight.wechat(Campaign.objects.get())

    assert control.calls()["counts"]["/cgi-bin/token"] == 1


def test_a_quota_that_wechat_does_not_tell(
    campaign: Campaign, wechat_account: OfficialAccount, control: Control
) -> None:
    control.fault("/cgi-bin/openapi/quota/get", errcode=76022, errmsg="no right")

    access, quota = preflight.wechat(Campaign.objects.get())

    assert (access.level, quota.level, quota.wechat_code) == (Level.OK, Level.WARNING, 76022)


def room(campaign: Campaign) -> list[tuple[str, str, int | None]]:
    found = preflight.wechat(Campaign.objects.get(pk=campaign.pk))
    return [(one.level.value, one.code, one.wechat_code) for one in found if one.code.startswith("library")]


@pytest.mark.parametrize(("media_limits", "most"), [("current", 100_000), ("old", 5000)])
def test_covers_need_room_in_wechats_library(
    articles: Campaign, wechat_account: OfficialAccount, control: Control, media_limits: str, most: int
) -> None:
    OfficialAccount.objects.update(media_limits=media_limits)
    control.account(APPID, library_held={"image": most - 11, "news": 10})
    assert room(articles) == [("ok", "library", None)]

    control.account(APPID, library_held={"image": most - 10, "news": 10})
    assert room(articles) == [("error", "library_full", 45034)]


@pytest.mark.parametrize("kind", ["voice", "video"])
def test_a_voice_or_video_that_only_the_library_takes_needs_room_there(
    campaign: Campaign, wechat_account: OfficialAccount, control: Control, kind: str
) -> None:
    asset = make_asset(wechat_account, kind, "一")
    MediaAsset.objects.filter(pk=asset.pk).update(mime="audio/wav")
    Campaign.objects.update(msgtype=MsgType.VOICE if kind == "voice" else MsgType.MPVIDEO, media=asset)
    control.account(APPID, library_held={kind: 999})
    assert room(campaign) == [("ok", "library", None)]

    control.account(APPID, library_held={kind: 1000})
    assert room(campaign) == [("error", "library_full", 45034)]


def test_what_is_in_the_library_already_needs_no_room(
    articles: Campaign, wechat_account: OfficialAccount, control: Control
) -> None:
    control.account(APPID, library_held={"image": 100_000})
    for asset in MediaAsset.objects.all():
        RemoteMedia.objects.create(asset=asset, target=Target.PERMANENT, media_id=f"m{asset.pk}")

    assert room(articles) == []
    assert "/cgi-bin/material/get_materialcount" not in control.calls()["counts"]


def test_a_library_that_is_not_told_is_no_reason_to_say_nothing_else(
    articles: Campaign, wechat_account: OfficialAccount, control: Control
) -> None:
    control.fault("/cgi-bin/material/get_materialcount", errcode=48001)

    found = [(one.level, one.wechat_code) for one in preflight.wechat(Campaign.objects.get())]

    assert found == [(Level.OK, None), (Level.WARNING, 48001), (Level.OK, None)]


def test_a_wechat_that_cannot_be_reached(campaign: Campaign) -> None:
    (found,) = preflight.wechat(campaign)

    assert (found.level, found.code) == (Level.ERROR, "wechat_connection_failed")


def test_links_that_answer_and_links_that_do_not(campaign: Campaign, site: str) -> None:
    found = preflight.links(link(campaign, f"{site}/", f"{site}/gone"), policy=ANYWHERE)

    assert [(one.level, one.code) for one in found] == [(Level.WARNING, "outside_unreachable"), (Level.OK, "links")]


def test_links_into_our_own_network_are_not_asked(campaign: Campaign, site: str) -> None:
    (found,) = preflight.links(link(campaign, f"{site}/"))

    assert (found.level, found.code) == (Level.WARNING, "outside_refused")


def test_a_link_that_does_not_answer_does_not_hold_up_the_page(
    campaign: Campaign, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight.outward, "SECONDS", 0.5)

    codes = [one.code for one in preflight.links(link(campaign, f"{site}/silent", f"{site}/"), policy=ANYWHERE)]

    assert codes[0] in ("link_slow", "outside_unreachable")
    assert codes[1:] == ["links"]


def test_no_more_than_twenty_links_are_asked(campaign: Campaign, site: str) -> None:
    urls = [f"{site}/{number}" for number in range(21)]

    found = preflight.links(link(campaign, *urls), policy=ANYWHERE)

    assert [one.code for one in found] == ["links", "links_left"]
    assert "20" in found[0].message


def test_links_of_articles(articles: Campaign, site: str) -> None:
    write(articles, source_url=f"{site}/gone", body=f'<p><a href="{site}/gone?a=1&amp;b=2">看</a></p>')

    found = preflight.links(articles, policy=ANYWHERE)

    assert [one.code for one in found] == ["outside_unreachable", "links"]
