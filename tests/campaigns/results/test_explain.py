"""Our own records say whom WeChat must have filtered: who had four messages this month, and who has left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from campaigns import results, services, tasks
from campaigns.models import Broadcast, Campaign, Recipient
from followers.models import Follower
from tests.campaigns.results.conftest import MakeBroadcast
from wxcore.models import Kind

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


def received(campaign: Campaign, followers: list[Follower], at: dt.datetime, status: str = "finished") -> None:
    """One earlier campaign to these followers."""
    earlier = services.duplicate(campaign, name="早先", by=None)
    broadcast = Broadcast.objects.create(
        account=campaign.account,
        campaign=earlier,
        position=1,
        status=status,
        first_attempt_at=at,
        exhausted_count=0,
        left_count=0,
    )
    Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=follower) for follower in followers)


@pytest.fixture
def people(make_followers: MakeFollowers) -> list[Follower]:
    return make_followers(6)


@pytest.fixture
def finished(add: MakeBroadcast, people: list[Follower]) -> Broadcast:
    """A broadcast to six followers that has ended, in the middle of a month."""
    noon = dt.datetime(2026, 11, 15, 4, tzinfo=dt.UTC)
    broadcast = add("finished", 6, exhausted_count=None, left_count=None, first_attempt_at=noon)
    Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=follower) for follower in people)
    return broadcast


def explained(broadcast: Broadcast, now: dt.datetime) -> tuple[int | None, int | None]:
    results.explain(broadcast, now=now)
    broadcast.refresh_from_db()
    return broadcast.exhausted_count, broadcast.left_count


def test_who_had_four_this_month_is_counted(
    campaign: Campaign, finished: Broadcast, people: list[Follower], now: dt.datetime
) -> None:
    day = finished.first_attempt_at
    for number in range(4):
        received(campaign, people[:2] if number else people[:3], day - dt.timedelta(days=number + 1))

    assert explained(finished, now) == (2, 0)


def test_what_was_never_sent_came_later_or_in_another_month_does_not_count(
    campaign: Campaign, finished: Broadcast, people: list[Follower], now: dt.datetime
) -> None:
    day = finished.first_attempt_at
    for number in range(3):
        received(campaign, people, day - dt.timedelta(days=number + 1))
    received(campaign, people, day - dt.timedelta(days=1), status="failed")
    received(campaign, people, day + dt.timedelta(hours=1))
    received(campaign, people, day - dt.timedelta(days=20))

    assert explained(finished, now) == (0, 0)


def test_a_subscription_account_has_no_such_limit(
    campaign: Campaign, finished: Broadcast, people: list[Follower], now: dt.datetime
) -> None:
    for number in range(5):
        received(campaign, people, finished.first_attempt_at - dt.timedelta(days=number + 1))
    campaign.account.kind = Kind.SUBSCRIPTION
    campaign.account.save()
    finished.refresh_from_db()

    assert explained(finished, now) == (0, 0)


def test_who_left_while_it_was_sent_is_counted(finished: Broadcast, people: list[Follower], now: dt.datetime) -> None:
    started, ended = now - dt.timedelta(hours=1), now
    Campaign.objects.update(started_at=started)
    Broadcast.objects.update(finished_at=ended)
    finished.refresh_from_db()
    for follower, at in zip(
        people, (started, ended, started - dt.timedelta(days=1), ended + dt.timedelta(1)), strict=False
    ):
        Follower.objects.filter(pk=follower.pk).update(subscribed=False, unsubscribed_at=at)

    assert explained(finished, now) == (0, 2)


def test_the_task_asks_once(finished: Broadcast) -> None:
    assert list(results.unexplained()) == [finished]

    tasks.explain()

    assert not results.unexplained().exists()
    finished.refresh_from_db()
    assert (finished.exhausted_count, finished.left_count) == (0, 0)


def test_what_is_not_finished_is_not_asked_about(add: MakeBroadcast) -> None:
    for status in ("pending", "submitted", "failed", "unknown", "cancelled"):
        add(status, 1)

    assert not results.unexplained().exists()
