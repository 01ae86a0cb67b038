"""GET /api/v1/campaigns/{id}/statistics/"""

from __future__ import annotations

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from campaigns.models import Broadcast, Campaign
from tests.campaigns.statistics.conftest import TITLES, Morning, fetch, sent_on
from tests.conftest import APPID
from tests.people import member
from tests.simulator_control import Control
from wxcore.models import OfficialAccount


def address(campaign: Campaign) -> str:
    return f"/api/v1/campaigns/{campaign.pk}/statistics/"


def test_every_article_is_told_by_day(api: APIClient, sent: Broadcast, morning: Morning) -> None:
    fetch(morning(days=2))
    told = api.get(address(sent.campaign)).json()
    assert [article["title"] for article in told["articles"]] == list(TITLES)
    first = told["articles"][0]
    assert first["days"][0]["day"] == str(sent_on(sent))
    assert first["readers"] == first["days"][0]["readers"] + first["days"][1]["readers"]
    assert first["days"][0]["reads"] is None
    assert first["sources"]["messages"] > first["sources"]["moments"]
    assert (told["delayed"], told["unnamed_broadcasts"], told["error_code"]) == (False, 0, "")
    assert told["until"] == first["days"][1]["day"]
    assert told["next_at"]


def test_a_text_campaign_has_none(api: APIClient, campaign: Campaign) -> None:
    told = api.get(address(campaign)).json()
    assert (told["articles"], told["until"], told["next_at"]) == ([], None, None)


def test_trouble_is_told(api: APIClient, sent: Broadcast, morning: Morning, control: Control) -> None:
    control.account(APPID, statistics="none")
    fetch(morning())
    told = api.get(address(sent.campaign)).json()
    assert told["error_code"] == "no_statistics_right"
    assert "测试服务号" in told["error_message"]
    assert told["error_fix"]


def test_only_members_of_the_account_see_them(campaign: Campaign, other_account: OfficialAccount) -> None:
    assert as_(member(campaign.account, "analyst")).get(address(campaign)).status_code == 200
    assert as_(member(other_account, "administrator")).get(address(campaign)).status_code == 404
    assert APIClient().get(address(campaign)).status_code == 401


def as_(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client
