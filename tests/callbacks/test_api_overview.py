"""GET /api/v1/statistics/overview/"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Conversation
from campaigns.models import ArticleStatistic, Broadcast, Campaign
from campaigns.states import BroadcastStatus
from followers.models import FollowerDay
from tests.people import member
from wxcore.clock import quota_day
from wxcore.models import OfficialAccount

OVERVIEW = "/api/v1/statistics/overview/"


def populate(campaign: Campaign) -> None:
    account, now = campaign.account, timezone.now()
    today = quota_day(now)
    for ago in range(10):
        FollowerDay.objects.create(
            account=account, day=today - dt.timedelta(days=ago), new=5, left=1, total=100 - 4 * ago
        )
    broadcast = Broadcast.objects.create(
        account=account, campaign=campaign, position=1, status=BroadcastStatus.FINISHED, first_attempt_at=now,
        submitted_at=now, msg_data_id=1, recipient_count=100, sent_count=90,
    )  # fmt: skip
    ArticleStatistic.objects.create(broadcast=broadcast, article=1, day=today, readers=40, share_users=4)
    for number, done in enumerate((False, False, True)):
        Conversation.objects.create(
            account=account, openid=f"o{number}", last_message_at=now, waiting_since=now, is_done=done
        )


def test_the_figures_of_the_account(api: APIClient, campaign: Campaign, django_assert_max_num_queries: Any) -> None:
    populate(campaign)
    with django_assert_max_num_queries(9):
        told = api.get(OVERVIEW, {"account": campaign.account_id}).json()
    assert told["followers"] == {"total": 100, "net_7": 28, "net_30": 40}
    assert told["messages"] == {"sent": 100, "delivered": 90}
    assert told["articles"] == {"readers_7": 40, "readers_30": 40, "shares_7": 4, "shares_30": 4}
    assert told["open_conversations"] == 2


def test_before_anything_was_counted(api: APIClient, account: OfficialAccount) -> None:
    told = api.get(OVERVIEW).json()
    assert told["followers"] == {"total": None, "net_7": 0, "net_30": 0}
    assert told["open_conversations"] == 0


def test_other_accounts_are_left_out(campaign: Campaign) -> None:
    populate(campaign)
    other = OfficialAccount.objects.create(
        name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    client = APIClient()
    client.force_login(member(other, "administrator"))
    assert client.get(OVERVIEW).json()["open_conversations"] == 0
    assert client.get(OVERVIEW, {"account": campaign.account_id}).status_code == 400
    assert APIClient().get(OVERVIEW).status_code == 401
