"""The calendar's twin in the API: what is planned between two moments, what speaks against a time, the move."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Campaign, CampaignEvent
from campaigns.states import Status
from tests.people import permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

URL = "/api/v1/campaigns/"


@pytest.fixture
def planned(campaign: Campaign) -> Campaign:
    at = (timezone.now() + dt.timedelta(days=3)).replace(hour=4, minute=0, second=0, microsecond=0)
    Campaign.objects.update(status=Status.SCHEDULED, scheduled_at=at)
    campaign.refresh_from_db()
    return campaign


def iso(at: dt.datetime) -> str:
    return at.isoformat()


def move(api: APIClient, campaign: Campaign, at: str, **body: Any) -> Any:
    return api.post(f"{URL}{campaign.pk}/reschedule/", {"at": at} | body, format="json")


def test_campaigns_between_two_moments(api: APIClient, planned: Campaign, account: OfficialAccount) -> None:
    Campaign.objects.create(account=account, name="草稿")
    at, hour = planned.scheduled_at, dt.timedelta(hours=1)

    def found(after: dt.datetime, before: dt.datetime) -> list[str]:
        rows = api.get(URL, {"scheduled_after": iso(after), "scheduled_before": iso(before)}).json()["results"]
        return [row["name"] for row in rows]

    assert found(at, at + hour) == ["新品"]
    assert found(at - hour, at) == found(at + hour, at + 2 * hour) == []


def test_a_moment_that_is_none_is_refused(api: APIClient, planned: Campaign) -> None:
    answer = api.get(URL, {"scheduled_after": "gestern"})

    assert (answer.status_code, answer.json()["fields"].keys()) == (400, {"scheduled_after"})


def test_what_speaks_against_a_time(api: APIClient, planned: Campaign, account: OfficialAccount) -> None:
    Campaign.objects.create(account=account, name="会员日", status="scheduled", scheduled_at=planned.scheduled_at)
    local = planned.scheduled_at.astimezone(account.zone)

    told = api.get(f"{URL}{planned.pk}/timing/", {"at": f"{local:%Y-%m-%dT%H:%M}"}).json()

    assert (told["is_possible"], [finding["code"] for finding in told["findings"]]) == (True, ["same_hour"])
    past = api.get(f"{URL}{planned.pk}/timing/", {"at": "2020-01-01T20:00"}).json()
    assert (past["is_possible"], past["findings"][0]["code"]) == (False, "time_has_passed")


def test_a_campaign_is_moved(api: APIClient, planned: Campaign) -> None:
    later = planned.scheduled_at + dt.timedelta(days=1)

    answer = move(api, planned, iso(later), seen=iso(planned.scheduled_at))

    assert (answer.status_code, dt.datetime.fromisoformat(answer.json()["scheduled_at"])) == (200, later)
    assert CampaignEvent.objects.get(campaign=planned).door == "api"
    stale = move(api, planned, iso(later), seen=iso(planned.scheduled_at))
    assert (stale.status_code, stale.json()["code"]) == (409, "moved_meanwhile")


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "invalid"), ({"at": ""}, "invalid"), ({"at": "soon"}, "not_a_time"), ({"at": [1]}, "invalid")],
)
def test_nonsense_is_refused(api: APIClient, planned: Campaign, body: dict[str, Any], code: str) -> None:
    answer = api.post(f"{URL}{planned.pk}/reschedule/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_it_needs_the_right_to_send(api: APIClient, staff_user: User, planned: Campaign) -> None:
    permit(staff_user, "view_campaign", "change_campaign")
    api.force_login(staff_user)

    assert move(api, planned, iso(planned.scheduled_at + dt.timedelta(days=1))).status_code == 403
    assert api.get(f"{URL}{planned.pk}/timing/", {"at": "2030-01-01T20:00"}).status_code == 200


def test_another_account_s_campaign_does_not_exist(
    api: APIClient, staff_user: User, planned: Campaign, other_account: OfficialAccount
) -> None:
    permit(staff_user, "view_campaign", "send_campaign", on=other_account)
    api.force_login(staff_user)

    assert move(api, planned, iso(planned.scheduled_at + dt.timedelta(days=1))).status_code == 404
    assert api.get(f"{URL}{planned.pk}/timing/", {"at": "2030-01-01T20:00"}).status_code == 404
