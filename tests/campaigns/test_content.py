"""What each message type needs, on both sides of each limit, and what counts as a change of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import content, services
from campaigns.models import Campaign, MsgType
from campaigns.states import Status
from followers.models import Follower
from tests.campaigns.builders import make_asset, make_draft
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def problems(campaign: Campaign) -> list[str]:
    return [problem.code for problem in content.problems(campaign)]


@pytest.mark.parametrize(
    ("msgtype", "found"),
    [
        (MsgType.TEXT, ["empty_text"]),
        (MsgType.MPNEWS, ["draft_missing"]),
        (MsgType.IMAGE, ["pictures_missing"]),
        (MsgType.VOICE, ["voice_missing"]),
        (MsgType.MPVIDEO, ["video_missing", "video_title_missing"]),
        (MsgType.WXCARD, ["card_missing"]),
    ],
)
def test_each_type_needs_its_own_content(campaign: Campaign, msgtype: MsgType, found: list[str]) -> None:
    campaign.msgtype, campaign.text = msgtype, ""

    assert problems(campaign) == found


@pytest.mark.parametrize(
    ("number", "found"), [(0, ["pictures_missing"]), (1, []), (20, []), (21, ["too_many_pictures"])]
)
def test_one_to_twenty_pictures(campaign: Campaign, number: int, found: list[str]) -> None:
    campaign.msgtype = MsgType.IMAGE
    assets = [make_asset(campaign.account, "image", f"{index}.jpg") for index in range(number)]
    content.replace_pictures(campaign, assets)

    assert problems(campaign) == found


@pytest.mark.parametrize(
    ("msgtype", "kind", "fields", "found"),
    [
        (MsgType.VOICE, "voice", {"size": 2 * 1024 * 1024}, []),
        (MsgType.VOICE, "voice", {"size": 2 * 1024 * 1024 + 1}, ["file_too_big"]),
        (MsgType.VOICE, "voice", {"seconds": 60.0}, []),
        (MsgType.VOICE, "voice", {"seconds": 60.01}, ["file_too_long"]),
        (MsgType.VOICE, "voice", {"mime": "audio/amr"}, []),
        (MsgType.VOICE, "voice", {"mime": "audio/x-ms-wma"}, []),
        (MsgType.VOICE, "voice", {"mime": "audio/ogg"}, ["wrong_format"]),
        (MsgType.VOICE, "video", {}, ["wrong_kind"]),
        (MsgType.MPVIDEO, "video", {"size": 10 * 1024 * 1024}, []),
        (MsgType.MPVIDEO, "video", {"size": 10 * 1024 * 1024 + 1}, ["file_too_big"]),
        (MsgType.MPVIDEO, "voice", {}, ["wrong_kind"]),
    ],
)
def test_a_file_that_wechat_would_refuse(
    campaign: Campaign, msgtype: MsgType, kind: str, fields: dict[str, Any], found: list[str]
) -> None:
    campaign.msgtype, campaign.title = msgtype, "标题"
    campaign.media = make_asset(campaign.account, kind, "a", **fields)

    assert problems(campaign) == found


def test_nothing_of_another_account(campaign: Campaign, other_account: OfficialAccount) -> None:
    campaign.draft, campaign.media = make_draft(other_account), make_asset(other_account, "voice", "a")

    for msgtype in (MsgType.MPNEWS, MsgType.VOICE):
        campaign.msgtype = msgtype
        assert problems(campaign) == ["of_another_account"]


@pytest.mark.parametrize(
    "change",
    [
        {"msgtype": "wxcard"},
        {"text": "别的"},
        {"send_ignore_reprint": True},
        {"title": "别的"},
        {"description": "别的"},
        {"need_open_comment": True},
        {"only_fans_can_comment": True},
        {"card_id": "p"},
    ],
)
def test_whatever_is_said_is_part_of_the_fingerprint(campaign: Campaign, change: dict[str, Any]) -> None:
    before = services.fingerprint(campaign)

    Campaign.objects.update(**change)

    assert services.fingerprint(Campaign.objects.get()) != before


def test_so_are_pictures_in_their_order(campaign: Campaign) -> None:
    one, two = (make_asset(campaign.account, "image", name) for name in ("1.jpg", "2.jpg"))
    marks = set()
    for chosen in ([one], [one, two], [two, one]):
        content.replace_pictures(campaign, chosen)
        marks.add(services.fingerprint(campaign))

    assert len(marks) == 3


def test_a_draft_edited_after_the_confirmation_page_is_not_sent(
    admin_client: Client, campaign: Campaign, make_followers: Any
) -> None:
    make_followers(2)
    draft = make_draft(campaign.account)
    Campaign.objects.update(msgtype=MsgType.MPNEWS, draft=draft)
    page = f"/admin/campaigns/campaign/{campaign.pk}/send/"
    button = admin_client.get(page).context["hidden"]

    draft.articles.update(title="something else")
    admin_client.post(page, button)

    assert Campaign.objects.get().status == Status.DRAFT


def test_an_article_that_is_not_ready_stops_the_send(campaign: Campaign, make_followers: Any) -> None:
    followers: list[Follower] = make_followers(2)
    assert followers
    campaign.msgtype, campaign.draft = MsgType.MPNEWS, make_draft(campaign.account, cover=None)
    campaign.save()

    assert [problem.code for problem in services.problems(campaign)] == ["field_empty"]


def test_a_duplicate_says_the_same(campaign: Campaign) -> None:
    account = campaign.account
    campaign.msgtype, campaign.title, campaign.need_open_comment = MsgType.IMAGE, "标题", True
    campaign.draft, campaign.media = make_draft(account), make_asset(account, "voice", "a")
    campaign.save()
    content.replace_pictures(campaign, [make_asset(account, "image", name) for name in ("2.jpg", "1.jpg")])

    copy = services.duplicate(campaign, name="副本", by=None)

    for name in content.COLUMNS:
        assert getattr(copy, name) == getattr(campaign, name)
    assert content.pictures(copy) == content.pictures(campaign)


def test_what_was_scheduled_is_not_judged_again(campaign: Campaign, make_followers: Any) -> None:
    make_followers(2)
    campaign.msgtype, campaign.draft = MsgType.MPNEWS, make_draft(campaign.account)
    campaign.save()
    services.schedule(campaign, at=timezone.now(), by=None)

    campaign.draft.articles.update(title="")

    assert list(services.problems(campaign)) == []
