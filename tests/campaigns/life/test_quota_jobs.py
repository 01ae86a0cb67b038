"""The jobs that WeChat counts: one a day for a subscription account, four a month to everybody for a service one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from campaigns import quota, services
from campaigns.models import Audience, Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower, Tag
from tests.campaigns.life.conftest import at_once
from wxcore.clock import SHANGHAI
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NEW_YEAR = dt.datetime(2027, 1, 1, tzinfo=SHANGHAI)


@pytest.fixture
def ready(campaign: Campaign, make_followers: Callable[..., list[Follower]], tag: Tag) -> Campaign:
    make_followers(4, tag=tag)
    return campaign


@pytest.fixture
def subscription(ready: Campaign) -> Campaign:
    OfficialAccount.objects.update(kind=Kind.SUBSCRIPTION)
    ready.refresh_from_db()
    return ready


def copy(campaign: Campaign, **fields: object) -> Campaign:
    other = services.duplicate(campaign, name="另一个", by=None)
    Campaign.objects.filter(pk=other.pk).update(**fields)
    return Campaign.objects.get(pk=other.pk)


def sent(campaign: Campaign, at: dt.datetime, status: str = BroadcastStatus.FINISHED) -> Campaign:
    """Another one that WeChat was asked for at that time."""
    other = copy(campaign, status=Status.FINISHED)
    attempt = {"status": status, "first_attempt_at": at}
    Broadcast.objects.create(account=campaign.account, campaign=other, position=1, **attempt)
    return other


def schedule(campaign: Campaign, at: dt.datetime) -> None:
    services.schedule(Campaign.objects.get(pk=campaign.pk), at=at, by=None, now=at)


@pytest.mark.parametrize("status", quota.TAKEN)
def test_a_subscription_account_has_one_job_a_day(subscription: Campaign, status: str) -> None:
    other = sent(subscription, NEW_YEAR, status)

    with pytest.raises(quota.JobsUsedUp) as caught:
        schedule(subscription, NEW_YEAR + DAY - HOUR)

    assert other.name in str(caught.value.message)
    assert "2027-01-01" in str(caught.value.message)
    assert Campaign.objects.get(pk=subscription.pk).status == Status.DRAFT


@pytest.mark.parametrize("at", [NEW_YEAR - dt.timedelta(seconds=1), NEW_YEAR + DAY])
def test_the_day_is_that_of_shanghai(subscription: Campaign, at: dt.datetime) -> None:
    sent(subscription, NEW_YEAR)

    schedule(subscription, at)


@pytest.mark.parametrize("status", [BroadcastStatus.FAILED, BroadcastStatus.CANCELLED])
def test_what_was_not_taken_leaves_the_day_free(subscription: Campaign, status: str) -> None:
    sent(subscription, NEW_YEAR, status)

    schedule(subscription, NEW_YEAR)


def test_what_is_planned_has_the_day(subscription: Campaign) -> None:
    schedule(copy(subscription), NEW_YEAR + HOUR)

    with pytest.raises(quota.JobsUsedUp):
        schedule(subscription, NEW_YEAR + 2 * HOUR)

    schedule(subscription, NEW_YEAR + DAY)


def test_what_was_moved_to_another_day_is_in_its_way_there(subscription: Campaign) -> None:
    other = copy(subscription)
    schedule(other, NEW_YEAR)
    schedule(subscription, NEW_YEAR + DAY)

    with pytest.raises(quota.JobsUsedUp):
        services.reschedule(subscription, at=NEW_YEAR + HOUR, by=None, now=NEW_YEAR - HOUR)

    services.reschedule(subscription, at=NEW_YEAR + DAY + HOUR, by=None, now=NEW_YEAR - HOUR)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"status": Status.SENDING}, NEW_YEAR),
        ({"status": Status.PAUSED, "resume_at": NEW_YEAR + DAY}, NEW_YEAR + DAY),
    ],
    ids=["its turn has not come", "it waits for tomorrow's quota"],
)
def test_what_has_started_and_not_gone_out_has_its_day(
    subscription: Campaign, fields: dict[str, object], day: dt.datetime
) -> None:
    other = copy(subscription, started_at=NEW_YEAR, **fields)
    Broadcast.objects.create(account=other.account, campaign=other, position=1, due_at=NEW_YEAR)

    with pytest.raises(quota.JobsUsedUp):
        schedule(subscription, day + HOUR)

    assert quota.jobs(subscription, at=day).planned == 1


def test_another_account_has_days_of_its_own(subscription: Campaign, other_account: OfficialAccount) -> None:
    other = sent(subscription, NEW_YEAR)
    Campaign.objects.filter(pk=other.pk).update(account=other_account)

    schedule(subscription, NEW_YEAR)


def test_a_service_account_has_four_to_everybody_a_month(ready: Campaign) -> None:
    for number in range(3):
        sent(ready, NEW_YEAR + number * DAY)
    schedule(copy(ready), NEW_YEAR + 9 * DAY)
    assert quota.jobs(ready, at=NEW_YEAR) == quota.Jobs(4, 3, 1)

    with pytest.raises(quota.JobsToAllUsedUp):
        schedule(ready, NEW_YEAR + 30 * DAY)

    schedule(ready, NEW_YEAR + 31 * DAY)


def test_a_tag_is_not_everybody(ready: Campaign, tag: Tag) -> None:
    for number in range(4):
        sent(ready, NEW_YEAR + number * HOUR)
    Campaign.objects.filter(pk=ready.pk).update(audience=Audience.TAG, tag=tag)

    schedule(ready, NEW_YEAR)

    assert quota.jobs(Campaign.objects.get(pk=ready.pk), at=NEW_YEAR).left is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_plan_for_one_day_at_once_one_does(subscription: Campaign) -> None:
    other, at = copy(subscription), timezone.now() + HOUR

    def plan(campaign: Campaign) -> Callable[[], object]:
        def deed() -> bool:
            try:
                services.schedule(Campaign.objects.get(pk=campaign.pk), at=at, by=None)
            except quota.JobsUsedUp:
                return False
            return True

        return deed

    assert sorted(at_once(plan(subscription), plan(other))) == [False, True]
