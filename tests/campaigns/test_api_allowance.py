"""GET /api/v1/accounts/{id}/quota/"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns import allowance
from campaigns.models import Broadcast, Campaign, MassCalls, MonthReceived, Recipient
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower
from tests.people import member
from wxcore.clock import quota_day
from wxcore.models import Kind, OfficialAccount

MakeFollowers = Callable[..., list[Follower]]


def address(account: OfficialAccount) -> str:
    return f"/api/v1/accounts/{account.pk}/quota/"


@pytest.fixture
def sent(campaign: Campaign, make_followers: MakeFollowers) -> Broadcast:
    """Went out to two of five followers just now."""
    broadcast = Broadcast.objects.create(
        account=campaign.account,
        campaign=campaign,
        position=1,
        status=BroadcastStatus.FINISHED,
        first_attempt_at=timezone.now(),
    )
    people = make_followers(5)
    Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=follower) for follower in people[:2])
    return broadcast


def test_a_service_account_has_jobs_to_all_and_messages(api: APIClient, sent: Broadcast) -> None:
    now, account = timezone.now(), sent.account
    MassCalls.objects.create(account=account, day=quota_day(now), sendall=3, send=7, next_at=now)
    assert allowance.count(account, now=now)
    told = api.get(address(account)).json()
    assert told["jobs"] is None
    assert told["jobs_to_all"] == {"limit": 4, "used": 1, "planned": 0, "left": 3}
    assert told["calls"] == {"limit": 100, "made": 7, "left": 93, "sendall": 3, "send": 7}
    assert (told["per_follower"]["limit"], told["per_follower"]["histogram"]) == (4, [3, 2, 0, 0, 0])
    assert told["day"].startswith(told["month"])


def test_a_subscription_account_has_jobs_of_the_day(api: APIClient, sent: Broadcast) -> None:
    account = sent.account
    account.kind = Kind.SUBSCRIPTION
    account.save()
    Campaign.objects.create(account=account, name="b", status=Status.SCHEDULED, scheduled_at=timezone.now())
    told = api.get(address(account)).json()
    assert told["jobs"] == {"limit": 1, "used": 1, "planned": 1, "left": 0}
    assert (told["jobs_to_all"], told["per_follower"]) == (None, None)


def test_nothing_is_counted_on_a_page_view(api: APIClient, sent: Broadcast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        told = api.get(address(sent.account)).json()
    assert told["per_follower"] == {"limit": 4, "histogram": None, "counted_at": None}


def test_it_is_counted_anew_only_after_something_went_out(sent: Broadcast) -> None:
    now, account = timezone.now(), sent.account
    assert allowance.count(account, now=now)
    assert not allowance.count(account, now=now + dt.timedelta(minutes=1))
    assert allowance.count(account, now=now + dt.timedelta(minutes=3))
    assert not allowance.count(account, now=now + dt.timedelta(minutes=6))
    assert allowance.count(account, now=now + dt.timedelta(minutes=64))


def test_who_has_left_is_not_counted(sent: Broadcast) -> None:
    Follower.objects.filter(received__broadcast=sent).update(subscribed=False)
    allowance.count(sent.account, now=timezone.now())
    assert MonthReceived.objects.get().histogram == [3, 0, 0, 0, 0]


def test_last_month_s_count_is_not_shown(api: APIClient, sent: Broadcast) -> None:
    allowance.count(sent.account, now=timezone.now())
    MonthReceived.objects.update(month="2020-01-01")
    assert api.get(address(sent.account)).json()["per_follower"]["histogram"] is None


def test_another_account_does_not_exist(account: OfficialAccount, other_account: OfficialAccount) -> None:
    client = APIClient()
    client.force_login(member(other_account, "administrator"))
    assert client.get(address(account)).status_code == 404
    assert client.get(address(other_account)).status_code == 200
    assert client.get("/api/v1/accounts/99999999999999999999999/quota/").status_code == 404
