"""What would make a send fail is named before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from django.utils.translation import override

from campaigns import services
from campaigns.models import Audience, Campaign, ListedOpenid
from followers.models import Follower, Tag
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


@pytest.fixture(autouse=True)
def _two_followers(make_followers: MakeFollowers) -> None:
    make_followers(2)


def problems(campaign: Campaign) -> list[str]:
    return [problem.code for problem in services.problems(campaign)]


def change(account: OfficialAccount, **fields: object) -> None:
    for name, value in fields.items():
        setattr(account, name, value)
    account.save()


def test_nothing_is_wrong_with_a_good_campaign(campaign: Campaign) -> None:
    assert problems(campaign) == []


def test_an_account_that_is_switched_off(campaign: Campaign) -> None:
    change(campaign.account, is_active=False)

    assert problems(campaign) == ["account_inactive"]


@pytest.mark.parametrize(
    ("kind", "is_verified", "audience", "allowed"),
    [
        (Kind.SERVICE, True, Audience.ALL, True),
        (Kind.SERVICE, True, Audience.LIST, True),
        (Kind.SERVICE, False, Audience.ALL, False),
        (Kind.SERVICE, False, Audience.LIST, False),
        (Kind.SUBSCRIPTION, True, Audience.ALL, True),
        (Kind.SUBSCRIPTION, True, Audience.LIST, False),
        (Kind.SUBSCRIPTION, False, Audience.ALL, False),
        (Kind.TEST, False, Audience.ALL, False),
        (Kind.TEST, False, Audience.LIST, True),
    ],
)
def test_a_right_that_the_account_does_not_have(
    campaign: Campaign, kind: Kind, is_verified: bool, audience: Audience, allowed: bool
) -> None:
    change(campaign.account, kind=kind, is_verified=is_verified)
    campaign.audience = audience

    assert ("no_right" not in problems(campaign)) is allowed


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_an_empty_text(campaign: Campaign, text: str) -> None:
    campaign.text = text

    assert problems(campaign) == ["empty_text"]


@pytest.mark.parametrize(("length", "found"), [(1, []), (600, []), (601, ["text_too_long"])])
def test_a_text_is_measured_in_characters(campaign: Campaign, length: int, found: list[str]) -> None:
    campaign.text = "群" * length

    assert problems(campaign) == found


def test_nobody_to_send_to(campaign: Campaign) -> None:
    Follower.objects.update(subscribed=False)

    assert problems(campaign) == ["empty_audience"]


def test_followers_of_another_account_do_not_count(campaign: Campaign) -> None:
    other = OfficialAccount.objects.create(
        name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    Follower.objects.update(account=other)

    assert problems(campaign) == ["empty_audience"]


def test_a_tag_that_was_not_chosen_is_not_everybody(campaign: Campaign) -> None:
    campaign.audience = Audience.TAG

    assert problems(campaign) == ["tag_missing"]


def test_a_tag_that_is_gone_is_not_everybody(campaign: Campaign, tag: Tag) -> None:
    tag.vanished_at = timezone.now()
    campaign.audience, campaign.tag = Audience.TAG, tag

    assert problems(campaign) == ["tag_vanished"]


def test_a_tag_that_nobody_wears_is_not_everybody(campaign: Campaign, tag: Tag) -> None:
    campaign.audience, campaign.tag = Audience.TAG, tag

    assert problems(campaign) == ["empty_audience"]


def test_a_list_that_is_missing_is_not_everybody(campaign: Campaign) -> None:
    campaign.audience = Audience.LIST

    assert problems(campaign) == ["empty_audience"]


def test_an_audience_that_nobody_knows_is_not_everybody(campaign: Campaign) -> None:
    campaign.audience = "moon"

    assert problems(campaign) == ["empty_audience"]


@pytest.mark.parametrize(("heads", "found"), [(1, ["audience_of_one"]), (2, [])])
def test_wechat_takes_lists_of_two_or_more(campaign: Campaign, heads: int, found: list[str]) -> None:
    campaign.audience = Audience.LIST
    for follower in Follower.objects.all()[:heads]:
        ListedOpenid.objects.create(campaign=campaign, openid=follower.openid)

    assert problems(campaign) == found


def test_everything_at_once(campaign: Campaign) -> None:
    change(campaign.account, is_active=False, is_verified=False)
    campaign.text, campaign.audience = "", Audience.TAG

    assert problems(campaign) == ["account_inactive", "no_right", "empty_text", "tag_missing"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_says_what_to_do(campaign: Campaign, language: str) -> None:
    change(campaign.account, is_active=False, is_verified=False)
    campaign.text, campaign.audience = "", Audience.TAG

    with override(language):
        assert all(problem.message and problem.fix for problem in services.problems(campaign))


def test_check_raises_the_first_one(campaign: Campaign) -> None:
    change(campaign.account, is_active=False)
    campaign.text = ""

    with pytest.raises(services.AccountInactive):
        services.check(campaign)
