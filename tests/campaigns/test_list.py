"""A campaign's list of openids: what it holds, and what will become of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from campaigns import audience
from campaigns.audience import ListReport
from campaigns.models import Audience, Campaign, ListedOpenid
from followers.models import Follower

pytestmark = pytest.mark.django_db

STRANGERS = ["oStranger" + "0" * 18 + str(number) for number in range(3)]


@pytest.fixture
def listed(campaign: Campaign, make_followers: Callable[..., list[Follower]]) -> Campaign:
    """A campaign to a list of four who follow, two who left, and three whom nobody knows."""
    known = make_followers(4) + make_followers(2, subscribed=False)
    campaign.audience = Audience.LIST
    campaign.save()
    audience.replace_list(campaign, [follower.openid for follower in known] + STRANGERS)
    return campaign


def test_the_report_accounts_for_every_line(listed: Campaign) -> None:
    assert audience.report(listed) == ListReport(listed=9, following=4, left=2, unknown=3)


def test_only_who_follows_is_counted(listed: Campaign) -> None:
    assert audience.count(listed) == 4


def test_who_does_not_follow_can_be_shown(listed: Campaign) -> None:
    left = list(Follower.objects.filter(subscribed=False).values_list("openid", flat=True))

    assert audience.unknown_openids(listed, 4) == left + STRANGERS[:2]


def test_a_new_list_replaces_the_old_one(listed: Campaign) -> None:
    audience.replace_list(listed, STRANGERS)

    assert list(listed.listed_openids.values_list("openid", flat=True)) == STRANGERS


def test_a_list_of_another_campaign_is_left_alone(listed: Campaign) -> None:
    other = Campaign.objects.create(account=listed.account, name="另一个")

    audience.replace_list(other, STRANGERS[:1])

    assert ListedOpenid.objects.filter(campaign=listed).count() == 9
