"""An A/B test: each follower gets one variant, or none; never two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from campaigns import audience, services
from campaigns.models import ArticleStatistic, Audience, Broadcast, Campaign, CampaignEvent, Split, Verb
from campaigns.states import NotAllowedNow
from followers.models import Follower
from tests.campaigns.conftest import Mirror, attempt, start
from tests.simulator_control import Control
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


def heads(variant: Campaign) -> set[int]:
    return set(audience.followers(variant).values_list("pk", flat=True))


def test_nobody_is_in_two_variants_and_everybody_in_one(campaign: Campaign, make_followers: MakeFollowers) -> None:
    everybody = {follower.pk for follower in make_followers(1000)}

    first, second, third = (heads(variant) for variant in services.split(campaign, shares=[50, 30, 20], by=None))

    assert first | second | third == everybody
    assert len(first) + len(second) + len(third) == len(everybody)
    assert 400 < len(first) < 600
    assert 200 < len(second) < 400
    assert 100 < len(third) < 300


def test_what_is_left_of_the_shares_receives_nothing(campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(1000)

    variants = services.split(campaign, shares=[10, 10], by=None)

    assert 100 < sum(audience.count(variant) for variant in variants) < 300


def test_two_tests_draw_independently(campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(1000)
    copy = services.duplicate(campaign, name="again", by=None)

    once, again = (services.split(each, shares=[50, 50], by=None)[0] for each in (campaign, copy))

    assert 100 < len(heads(once) & heads(again)) < 400


@pytest.mark.parametrize("factor", [1, 2**31 - 2])
def test_the_largest_numbers_fit_the_database(campaign: Campaign, make_followers: MakeFollowers, factor: int) -> None:
    make_followers(10)
    Follower.objects.filter(pk=Follower.objects.first().pk).update(id=2**62)
    variants = services.split(campaign, shares=[50, 50], by=None)
    Split.objects.update(factor=factor, offset=2**31 - 2)

    assert sum(len(heads(Campaign.objects.get(pk=variant.pk))) for variant in variants) == 10


def test_the_variants_are_drafts_that_can_differ(campaign: Campaign, admin_user: User) -> None:
    first, second = services.split(campaign, shares=[50, 50], by=admin_user)

    assert (first.pk, first.name, second.name) == (campaign.pk, "新品 (A)", "新品 (B)")
    assert (second.text, second.status, second.created_by) == (campaign.text, "draft", admin_user)
    assert CampaignEvent.objects.filter(verb=Verb.SPLIT, by=admin_user).count() == 2


def test_each_variant_reaches_its_share_and_nobody_else(campaign: Campaign, mirror: Mirror, control: Control) -> None:
    mirror(60)
    first, second = services.split(campaign, shares=[50, 50], by=None)
    Campaign.objects.filter(pk=second.pk).update(text="B")

    reached = []
    for variant in (first, Campaign.objects.get(pk=second.pk)):
        broadcast = attempt(start(variant))
        reached.append(set(control.recipients(broadcast.msg_id)))

    assert not reached[0] & reached[1]
    assert reached[0] | reached[1] == set(Follower.objects.values_list("openid", flat=True))
    assert Broadcast.objects.count() == 2


def test_the_share_is_part_of_what_is_approved(campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(40)
    before = services.fingerprint(campaign)

    first, second = services.split(campaign, shares=[50, 50], by=None)

    assert len({before, services.fingerprint(first), services.fingerprint(second)}) == 3


@pytest.mark.parametrize("shares", [[], [100], [50, 60], [0, 50], [20] * 6])
def test_impossible_shares_are_refused(campaign: Campaign, shares: list[int]) -> None:
    with pytest.raises(services.WrongShares):
        services.split(campaign, shares=shares, by=None)

    assert (Campaign.objects.count(), Split.objects.count()) == (1, 0)


def test_a_variant_is_not_split_again(campaign: Campaign) -> None:
    first, _second = services.split(campaign, shares=[50, 50], by=None)

    with pytest.raises(services.AlreadySplit):
        services.split(first, shares=[50, 50], by=None)


def test_an_account_that_may_not_name_its_followers_cannot_split(campaign: Campaign) -> None:
    OfficialAccount.objects.update(kind=Kind.SUBSCRIPTION)
    campaign.refresh_from_db()

    with pytest.raises(services.NoRight):
        services.split(campaign, shares=[50, 50], by=None)


def test_what_is_scheduled_is_not_split(campaign: Campaign, make_followers: MakeFollowers, now: dt.datetime) -> None:
    make_followers(2)
    services.send(campaign, by=None, now=now)

    with pytest.raises(NotAllowedNow):
        services.split(campaign, shares=[50, 50], by=None)


def test_a_copy_of_a_variant_goes_to_the_whole_audience(campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(100)
    first, _second = services.split(campaign, shares=[50, 50], by=None)

    copy = services.duplicate(first, name="copy", by=None)

    assert (copy.split, copy.share, audience.count(copy)) == (None, 100, 100)


def test_whoever_copies_a_variant_is_told_so(admin_client: Client, campaign: Campaign) -> None:
    services.split(campaign, shares=[50, 50], by=None)

    html = admin_client.get(f"/admin/campaigns/campaign/{campaign.pk}/copy/").content.decode()

    assert "不属于 A/B 测试" in html
    assert "50%" not in html


def test_in_the_admin(admin_client: Client, campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(10)
    page = f"/admin/campaigns/campaign/{campaign.pk}/"

    assert "A/B 测试" in admin_client.get(page + "change/").content.decode()
    assert admin_client.post(page + "split/", {"shares": "half half"}).context["form"].errors.keys() == {"shares"}
    response = admin_client.post(page + "split/", {"shares": "60%, 40"}, follow=True)

    assert [row.share for row in response.context["variants"]] == [60, 40]
    assert "A · 60%" in response.content.decode()


def test_the_reads_of_the_variants_stand_side_by_side(
    admin_client: Client, campaign: Campaign, make_followers: MakeFollowers, now: dt.datetime
) -> None:
    make_followers(20)
    first, second = services.split(campaign, shares=[50, 50], by=None)
    for variant, reads in ((first, 30), (second, 7)):
        broadcast = start(variant)
        for day in (1, 2):
            ArticleStatistic.objects.create(
                broadcast=broadcast, article=1, day=dt.date(2026, 11, day), reads=reads, shares=1
            )

    response = admin_client.get(f"/admin/campaigns/campaign/{campaign.pk}/change/")

    assert [row.read for row in response.context["variants"]] == [
        {"reads": 60, "shares": 2},
        {"reads": 14, "shares": 2},
    ]


def test_in_the_api(api: APIClient, campaign: Campaign) -> None:
    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/split/", {"shares": [60, 40]}, format="json")

    assert [(row["variant"], row["share"], row["audience"]) for row in answer.json()] == [
        ("A", 60, Audience.ALL),
        ("B", 40, Audience.ALL),
    ]
    assert len(api.get(f"/api/v1/campaigns/?split={answer.json()[0]['split']}").json()["results"]) == 2
