"""GET /api/v1/statistics/campaigns/ and /articles/"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import ArticleStatistic, Broadcast, Campaign, Revision, SendResult
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.builders import make_draft
from tests.people import member
from wxcore.clock import quota_day
from wxcore.models import OfficialAccount

CAMPAIGNS, ARTICLES = "/api/v1/statistics/campaigns/", "/api/v1/statistics/articles/"
URL = "https://mp.weixin.qq.com/s/one"


def ended(account: OfficialAccount, name: str, *, ago: int = 0, **figures: int) -> Broadcast:
    """This will be the only broadcast of a campaign of two articles that was sent `ago` days ago."""
    at = timezone.now() - dt.timedelta(days=ago)
    draft = make_draft(account, "一", "二")
    contents = [{"title": "一"}, {"title": "二"}]
    revision = Revision.objects.create(draft=draft, number=1, articles=contents, digest=name, created_at=at)
    campaign = Campaign.objects.create(
        account=account, name=name, status=Status.FINISHED, finished_at=at, draft=draft, revision=revision,
        msgtype="mpnews",
    )  # fmt: skip
    return Broadcast.objects.create(
        account=account, campaign=campaign, position=1, status=BroadcastStatus.FINISHED, submitted_at=at,
        first_attempt_at=at, finished_at=at, msg_data_id=Broadcast.objects.count() + 1, **figures,
    )  # fmt: skip


def read(broadcast: Broadcast, article: int, day: int, **figures: int) -> None:
    when = quota_day(broadcast.submitted_at) + dt.timedelta(days=day)
    ArticleStatistic.objects.create(broadcast=broadcast, article=article, day=when, **figures)


@pytest.fixture
def sent(account: OfficialAccount) -> Broadcast:
    broadcast = ended(
        account, "新品", ago=3, recipient_count=110, total_count=110, filter_count=100, sent_count=90, error_count=10
    )
    read(broadcast, 1, 0, readers=20, share_users=2, total_readers=20, total_share_users=2)
    read(broadcast, 1, 1, readers=5, share_users=1, total_readers=27, total_share_users=3)
    read(broadcast, 2, 0, readers=9, share_users=1)
    SendResult.objects.create(
        account=account, msg_id=5, broadcast=broadcast, succeeded=True, status="send success",
        received_at=timezone.now(),
        articles=[{"number": 1, "url": URL}, {"number": 2, "url": "javascript:alert(1)"}],
    )  # fmt: skip
    return broadcast


def test_the_last_campaigns_are_compared(api: APIClient, account: OfficialAccount, sent: Broadcast) -> None:
    ended(account, "早些", ago=9)
    (first, second) = api.get(CAMPAIGNS).json()["campaigns"]
    assert first["name"] == "新品"
    assert [first[name] for name in ("heads", "total", "filtered", "sent", "error")] == [110, 110, 10, 90, 10]
    assert (first["delivered_rate"], first["readers"], first["read_rate"], first["shares"]) == (0.8182, 27, 0.3, 4)
    assert [second[name] for name in ("total", "sent", "delivered_rate", "readers", "shares")] == [None] * 5


def test_the_limit_is_kept(api: APIClient, account: OfficialAccount) -> None:
    for number in range(4):
        ended(account, str(number), ago=number)
    assert [row["name"] for row in api.get(CAMPAIGNS, {"limit": 2}).json()["campaigns"]] == ["0", "1"]
    assert list(api.get(CAMPAIGNS, {"limit": 0}).json()["fields"]) == ["limit"]
    assert list(api.get(CAMPAIGNS, {"limit": 51}).json()["fields"]) == ["limit"]


def test_articles_are_told_by_day_and_the_most_read_first(api: APIClient, sent: Broadcast) -> None:
    told = api.get(ARTICLES).json()
    assert [(day["readers"], day["reads"], day["shares"]) for day in told["days"]] == [(29, None, 3), (5, None, 1)]
    (first, second) = told["top"]
    assert (first["title"], first["readers"], first["url"], first["read_rate"]) == ("一", 25, URL, 0.2778)
    assert (second["title"], second["number"], second["url"]) == ("二", 2, "")


def test_days_outside_are_left_out(api: APIClient, sent: Broadcast) -> None:
    day = str(quota_day(sent.submitted_at) + dt.timedelta(days=1))
    told = api.get(ARTICLES, {"since": day, "until": day}).json()
    assert [row["readers"] for row in told["days"]] == [5]
    assert [row["readers"] for row in told["top"]] == [5]


def test_other_accounts_are_left_out(sent: Broadcast, other_account: OfficialAccount) -> None:
    client = APIClient()
    client.force_login(member(other_account, "administrator"))
    assert client.get(CAMPAIGNS).json() == {"campaigns": []}
    assert client.get(ARTICLES).json() == {"days": [], "top": []}
    for address in (CAMPAIGNS, ARTICLES):
        assert list(client.get(address, {"account": sent.account_id}).json()["fields"]) == ["account"]
        assert APIClient().get(address).status_code == 401


@pytest.mark.parametrize("address", [CAMPAIGNS, ARTICLES])
def test_the_queries_do_not_grow(
    api: APIClient, account: OfficialAccount, sent: Broadcast, django_assert_max_num_queries: Any, address: str
) -> None:
    for number in range(8):
        read(ended(account, str(number), ago=number), 1, 0, readers=number)
    with django_assert_max_num_queries(8):
        api.get(address)
