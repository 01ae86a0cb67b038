"""At the start the audience is written down, in as many broadcasts as WeChat needs calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import audience
from campaigns.models import Audience, Broadcast, Campaign, ListedOpenid, Recipient
from followers.models import Follower, Tag

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


def to_list(campaign: Campaign, followers: list[Follower]) -> Campaign:
    campaign.audience = Audience.LIST
    campaign.save()
    audience.replace_list(campaign, [follower.openid for follower in followers])
    return campaign


@pytest.mark.parametrize(
    ("heads", "sizes"),
    [(2, [2]), (10_000, [10_000]), (10_001, [5_001, 5_000]), (20_001, [6_667, 6_667, 6_667])],
)
def test_a_list_is_dealt_out_evenly(
    campaign: Campaign, make_followers: MakeFollowers, heads: int, sizes: list[int]
) -> None:
    audience.freeze(to_list(campaign, make_followers(heads)))

    broadcasts = Broadcast.objects.order_by("position")
    assert [broadcast.recipient_count for broadcast in broadcasts] == sizes
    assert [broadcast.recipients.count() for broadcast in broadcasts] == sizes


def test_nobody_is_in_two_calls(campaign: Campaign, make_followers: MakeFollowers) -> None:
    audience.freeze(to_list(campaign, make_followers(10_001)))

    assert Recipient.objects.values("follower").distinct().count() == 10_001


def test_each_call_has_a_clientmsgid_that_wechat_takes(campaign: Campaign, make_followers: MakeFollowers) -> None:
    audience.freeze(to_list(campaign, make_followers(10_001)))

    ids = set(Broadcast.objects.values_list("clientmsgid", flat=True))
    assert [len(clientmsgid.encode()) for clientmsgid in ids] == [32, 32]


def test_everybody_is_one_call(campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(12_000)

    (broadcast,) = audience.freeze(campaign)

    assert (broadcast.recipient_count, broadcast.recipients.count()) == (12_000, 12_000)


def test_a_tag_is_its_present_followers(campaign: Campaign, make_followers: MakeFollowers, tag: Tag) -> None:
    make_followers(3)
    wearing = make_followers(2, tag=tag)
    make_followers(1, tag=tag, subscribed=False)
    campaign.audience, campaign.tag = Audience.TAG, tag

    (broadcast,) = audience.freeze(campaign)

    assert set(broadcast.recipients.values_list("follower", flat=True)) == {follower.pk for follower in wearing}


def test_who_left_is_not_in_a_list(campaign: Campaign, make_followers: MakeFollowers) -> None:
    following, gone = make_followers(2), make_followers(1, subscribed=False)

    (broadcast,) = audience.freeze(to_list(campaign, following + gone))

    assert set(broadcast.recipients.values_list("follower", flat=True)) == {follower.pk for follower in following}


def test_an_empty_audience_is_refused(campaign: Campaign) -> None:
    with pytest.raises(audience.EmptyAudience):
        audience.freeze(campaign)


def test_a_list_of_one_is_refused(campaign: Campaign, make_followers: MakeFollowers) -> None:
    with pytest.raises(audience.AudienceOfOne):
        audience.freeze(to_list(campaign, make_followers(1)))


def test_a_big_audience_costs_no_more_statements_than_a_small_one(
    campaign: Campaign, make_followers: MakeFollowers
) -> None:
    used = []
    for more in (10, 9_990):
        make_followers(more)
        Broadcast.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            audience.freeze(campaign)
        used.append(len(captured))

    assert Recipient.objects.count() == 10_000
    assert used[0] == used[1] <= 8


def test_the_list_of_another_campaign_is_not_used(campaign: Campaign, make_followers: MakeFollowers) -> None:
    other = Campaign.objects.create(account=campaign.account, name="另一个", audience=Audience.LIST)
    ListedOpenid.objects.create(campaign=other, openid=make_followers(3)[0].openid)
    campaign.audience = Audience.LIST

    with pytest.raises(audience.EmptyAudience):
        audience.freeze(campaign)
