"""Whoever sends to everybody through a door types how many that are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from campaigns import services
from campaigns.models import Audience, Campaign, Door
from campaigns.states import Status
from followers.models import Follower, Tag

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


@pytest.mark.parametrize("door", [Door.ADMIN, Door.API])
@pytest.mark.parametrize("typed", [None, 0, 1, 4, 6, 50])
def test_another_number_stops_it(
    campaign: Campaign, make_followers: MakeFollowers, now: dt.datetime, door: Door, typed: int | None
) -> None:
    make_followers(5)

    with pytest.raises(services.HeadCountDiffers) as caught:
        services.send(campaign, by=None, now=now, heads=typed, door=door)

    assert "5" in str(caught.value.message)
    assert Campaign.objects.get().status == Status.DRAFT


@pytest.mark.parametrize(("real", "typed"), [(5, 5), (50, 46), (200, 210), (2_000, 1_980)])
def test_who_came_or_went_meanwhile_does_not(
    campaign: Campaign, make_followers: MakeFollowers, now: dt.datetime, real: int, typed: int
) -> None:
    make_followers(real)

    services.send(campaign, by=None, now=now, heads=typed, door=Door.ADMIN)

    assert campaign.status == Status.SCHEDULED


@pytest.mark.parametrize(("real", "typed"), [(50, 44), (200, 211), (2_000, 1_979)])
def test_more_than_that_does(
    campaign: Campaign, make_followers: MakeFollowers, now: dt.datetime, real: int, typed: int
) -> None:
    make_followers(real)

    with pytest.raises(services.HeadCountDiffers):
        services.send(campaign, by=None, now=now, heads=typed, door=Door.ADMIN)


def test_a_tag_needs_none(campaign: Campaign, make_followers: MakeFollowers, tag: Tag, now: dt.datetime) -> None:
    make_followers(3, tag=tag)
    campaign.audience, campaign.tag = Audience.TAG, tag
    campaign.save()

    services.send(campaign, by=None, now=now, door=Door.ADMIN)

    assert campaign.status == Status.SCHEDULED
