"""What the dashboard asks costs the same however much there is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Conversation
from campaigns.models import ArticleStatistic, Broadcast, Campaign
from followers.models import FollowerDay, Sync
from wxcore.models import OfficialAccount

# As the scripts ask them.
REQUESTS = [
    "me/",
    "attention/",
    "stream/state/",
    "statistics/overview/",
    "statistics/campaigns/?limit=6",
    "statistics/growth/?since=2026-08-01&until=2026-10-29",
    "statistics/articles/?since=2026-08-01&until=2026-10-29",
    "conversations/?is_waiting=true&is_done=false&page_size=6&fields=id,account,openid,preview,waiting_since",
    "accounts/{account}/quota/",
]


def populate(number: int) -> OfficialAccount:
    """This will make an account with some of everything that the dashboard shows."""
    now = timezone.now()
    account = OfficialAccount.objects.create(
        name=f"号 {number}", slug=f"n{number}", appid=f"wxmany{number:011d}", secret="s", token="ttt"
    )
    for status in ("finished", "sending", "scheduled", "paused", "in_review"):
        is_over = status == "finished"
        campaign = Campaign.objects.create(
            account=account, name=status, text="x", status=status, scheduled_at=now, started_at=now,
            finished_at=now if is_over else None, msgtype="mpnews" if is_over else "text",
        )  # fmt: skip
        broadcast = Broadcast.objects.create(
            account=account, campaign=campaign, position=1, status="finished" if is_over else "submitted",
            recipient_count=9, first_attempt_at=now, submitted_at=now, msg_data_id=campaign.pk,
        )  # fmt: skip
        ArticleStatistic.objects.create(broadcast=broadcast, article=1, day=dt.date(2026, 10, 1), readers=5)
    FollowerDay.objects.create(account=account, day=dt.date(2026, 10, 1), new=1, left=1, total=1)
    Conversation.objects.create(account=account, openid="o", waiting_since=now, last_message_at=now)
    Sync.objects.create(account=account, status="running", due_at=now)
    return account


@pytest.mark.django_db
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.partition("?")[0])
def test_it_costs_the_same_with_one_account_and_with_many(request_: str) -> None:
    client = APIClient()
    client.force_login(User.objects.create_superuser("boss"))
    first = populate(0)

    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/api/v1/{request_.format(account=first.pk)}")
        assert answer.status_code == 200, answer.content
        return len(captured)

    before = cost()
    for number in range(1, 12):
        populate(number)

    assert cost() == before
