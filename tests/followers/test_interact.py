"""When a follower last did something is remembered, and forgotten when they leave."""

from __future__ import annotations

import datetime as dt

import pytest

from followers import services
from followers.models import Follower
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

OPENID = "oSomebody0000000000000000000"
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def somebody(account: OfficialAccount) -> Follower:
    return Follower.objects.create(account=account, openid=OPENID, confirmed_at=NOON, subscribe_time=NOON - 9 * HOUR)


def last(follower: Follower) -> dt.datetime | None:
    follower.refresh_from_db()
    return follower.last_interaction_at


def test_it_is_remembered(somebody: Follower) -> None:
    assert services.interact(somebody.account, openid=OPENID, at=NOON)

    assert last(somebody) == NOON


def test_it_never_goes_backwards(somebody: Follower) -> None:
    services.interact(somebody.account, openid=OPENID, at=NOON)

    assert not services.interact(somebody.account, openid=OPENID, at=NOON - HOUR)

    assert last(somebody) == NOON


def test_who_leaves_is_forgotten(somebody: Follower) -> None:
    services.interact(somebody.account, openid=OPENID, at=NOON)
    services.unfollow(somebody.account, openid=OPENID, at=NOON + HOUR)

    assert not services.interact(somebody.account, openid=OPENID, at=NOON)

    assert last(somebody) is None


def test_a_stay_that_has_ended_does_not_count_for_the_next(somebody: Follower) -> None:
    services.unfollow(somebody.account, openid=OPENID, at=NOON)
    services.follow(somebody.account, openid=OPENID, at=NOON + HOUR)

    services.interact(somebody.account, openid=OPENID, at=NOON - HOUR)

    assert last(somebody) is None


def test_a_follower_of_another_account_is_left_alone(somebody: Follower, other_account: OfficialAccount) -> None:
    assert not services.interact(other_account, openid=OPENID, at=NOON)

    assert last(somebody) is None
