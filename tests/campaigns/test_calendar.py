"""The calendar shows what goes out when, on the wall of each account, and moves it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Audience, Campaign, CampaignEvent, Verb
from campaigns.services import ScheduleMissed
from campaigns.states import Status
from followers.models import Segment, Tag
from tests.people import permit
from wxcore import failures
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

BASE = "/admin/campaigns/campaign/calendar/"
SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday of the month after next: always to come.
DAY = (timezone.now().date().replace(day=1) + dt.timedelta(days=62)).replace(day=1)
EVENING = dt.datetime.combine(DAY, dt.time(20), SHANGHAI)

Plan = Callable[..., Campaign]


@pytest.fixture
def plan(account: OfficialAccount) -> Plan:
    def plan(at: dt.datetime = EVENING, **fields: Any) -> Campaign:
        given = {"account": account, "name": "周年庆", "text": "x", "status": Status.SCHEDULED, "tag": None} | fields
        return Campaign.objects.create(scheduled_at=at, **given)

    return plan


def feed(client: Client, start: dt.date = DAY, days: int = 42, **query: Any) -> list[dict[str, Any]]:
    query |= {"start": start.isoformat(), "end": (start + dt.timedelta(days=days)).isoformat()}
    return client.get(f"{BASE}events/", query).json()["events"]


def drop(client: Client, campaign: Campaign, at: str, seen: str | None = None) -> Any:
    data = {"at": at, "seen": seen or campaign.scheduled_at.isoformat()}
    url = f"/admin/campaigns/campaign/{campaign.pk}/drop/"
    return client.post(url, json.dumps(data), content_type="application/json")


def wall(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def test_the_page_opens_in_both_languages(admin_client: Client, plan: Plan) -> None:
    assert "发送日历" in admin_client.get(BASE).content.decode()
    admin_client.cookies["django_language"] = "en"
    assert "Calendar" in admin_client.get(BASE).content.decode()


def test_the_sidebar_marks_the_calendar_alone(admin_client: Client) -> None:
    groups = admin_client.get(BASE).context["sidebar_navigation"]

    assert [item["title"] for group in groups for item in group["items"] if item["active"]] == ["发送日历"]


def test_a_campaign_stands_at_the_time_on_its_account_s_wall(admin_client: Client, plan: Plan) -> None:
    OfficialAccount.objects.update(time_zone="Europe/London")
    plan()

    (event,) = feed(admin_client)

    there = EVENING.astimezone(ZoneInfo("Europe/London"))
    assert (event["start"], event["title"], event["editable"]) == (wall(there), "周年庆", True)
    assert "Europe/London" in event["zone"]


def test_every_status_with_a_time_is_shown_and_only_scheduled_ones_move(admin_client: Client, plan: Plan) -> None:
    shown = [Status.SENDING, Status.PAUSED, Status.FINISHED, Status.FAILED, Status.CANCELLED, Status.RECALLED]
    for status in shown:
        plan(status=status)

    events = feed(admin_client)

    assert {event["kind"] for event in events} == set(shown)
    assert not any(event["editable"] for event in events)


def test_days_outside_are_left_out_on_every_wall(admin_client: Client, plan: Plan) -> None:
    midnight = dt.datetime.combine(DAY, dt.time(), SHANGHAI)
    plan(midnight - dt.timedelta(minutes=1), name="前一天")
    plan(midnight, name="当天")
    plan(midnight + dt.timedelta(days=1), name="后一天")

    assert [event["title"] for event in feed(admin_client, days=1)] == ["当天"]


def test_one_account_alone(
    admin_client: Client, plan: Plan, account: OfficialAccount, other_account: OfficialAccount
) -> None:
    plan()
    plan(account=other_account, name="别的")

    assert [event["title"] for event in feed(admin_client, account=other_account.pk)] == ["别的"]
    assert len(feed(admin_client)) == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", ""),
        ("2026-11-01", ""),
        ("2026-11-01", "2026-11-01"),
        ("2026-11-30", "2026-11-01"),
        ("2026-01-01", "2026-03-05"),
        ("2026-02-30", "2026-03-01"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-01", "9999-12-31"),
        ("x" * 5000, "2026-11-01"),
    ],
)
def test_a_range_that_is_none_or_too_long_is_refused(admin_client: Client, start: str, end: str) -> None:
    answer = admin_client.get(f"{BASE}events/", {"start": start, "end": end})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_range")


def test_more_than_it_shows_is_said(admin_client: Client, account: OfficialAccount) -> None:
    Campaign.objects.bulk_create(
        Campaign(account=account, name=f"{n}", status=Status.FINISHED, scheduled_at=EVENING) for n in range(501)
    )
    query = {"start": DAY.isoformat(), "end": (DAY + dt.timedelta(days=7)).isoformat()}

    answer = admin_client.get(f"{BASE}events/", query).json()

    assert (len(answer["events"]), answer["more"]) == (500, True)


def test_the_feed_asks_no_more_for_200_campaigns_than_for_one(
    admin_client: Client, plan: Plan, other_account: OfficialAccount, account: OfficialAccount
) -> None:
    tags = Tag.objects.bulk_create(Tag(account=account, tag_id=100 + n, name=f"{n}") for n in range(20))
    segments = [Segment.objects.create(account=account, name=f"{n}", conditions={}) for n in range(20)]
    plan(audience=Audience.SEGMENT, segment=segments[0])
    with CaptureQueriesContext(connection) as one:
        assert len(feed(admin_client)) == 1
    for n in range(199):
        to_whom = {"audience": Audience.TAG, "tag": tags[n % 20]}
        if n % 2:
            to_whom = {"audience": Audience.SEGMENT, "segment": segments[n % 20]}
        plan(**{"account": account if n % 3 else other_account, "name": f"{n}"} | to_whom)

    with CaptureQueriesContext(connection) as many:
        assert len(feed(admin_client)) == 200

    assert len(many) == len(one) <= 8


def test_who_may_not_see_campaigns_sees_no_calendar(client: Client, staff_user: User, plan: Plan) -> None:
    client.force_login(staff_user)

    assert client.get(BASE).status_code == 403
    assert client.get(f"{BASE}events/").status_code == 403
    assert client.get(f"{BASE}day/").status_code == 403


def test_who_may_only_look_moves_nothing(client: Client, staff_user: User, plan: Plan) -> None:
    permit(staff_user, "view_campaign")
    client.force_login(staff_user)
    campaign = plan()

    assert [event["editable"] for event in feed(client)] == [False]
    assert drop(client, campaign, wall(EVENING + dt.timedelta(days=1))).status_code == 403
    assert client.post(f"/admin/campaigns/campaign/{campaign.pk}/move/").status_code == 403
    campaign.refresh_from_db()
    assert campaign.scheduled_at == EVENING


def test_other_people_s_accounts_do_not_exist(
    client: Client, staff_user: User, plan: Plan, account: OfficialAccount, other_account: OfficialAccount
) -> None:
    permit(staff_user, "view_campaign", "send_campaign", on=other_account)
    client.force_login(staff_user)
    theirs = plan()
    ready = plan(None, name="他们的", status=Status.APPROVED, **failures.columns(ScheduleMissed(when="昨天")))
    plan(account=other_account, name="我们的")
    later = wall(EVENING + dt.timedelta(days=1))

    assert [event["title"] for event in feed(client)] == ["我们的"]
    assert feed(client, account=account.pk) == []
    assert "他们的" not in client.get(BASE).content.decode()
    assert str(ready) not in client.get(f"{BASE}day/", {"at": DAY.isoformat()}).content.decode()
    assert drop(client, theirs, later).status_code == 404
    assert client.get(f"/admin/campaigns/campaign/{theirs.pk}/timing/", {"at": later}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.scheduled_at == EVENING


def test_a_dropped_campaign_moves_and_stays_approved(admin_client: Client, plan: Plan, admin_user: User) -> None:
    campaign = plan()
    later = EVENING + dt.timedelta(days=2, minutes=30)

    answer = drop(admin_client, campaign, wall(later))

    campaign.refresh_from_db()
    assert (answer.status_code, answer.json()["event"]["start"]) == (200, wall(later))
    assert (campaign.scheduled_at, campaign.status) == (later, Status.SCHEDULED)
    line = CampaignEvent.objects.get(campaign=campaign)
    assert (line.verb, line.by, line.door) == (Verb.RESCHEDULED, admin_user, "admin")


def test_of_two_who_move_it_at_once_the_second_is_told(admin_client: Client, plan: Plan) -> None:
    campaign = plan()
    drop(admin_client, campaign, wall(EVENING + dt.timedelta(days=1)))

    answer = drop(admin_client, campaign, wall(EVENING + dt.timedelta(days=2)))

    assert (answer.status_code, answer.json()["code"]) == (409, "moved_meanwhile")
    campaign.refresh_from_db()
    assert campaign.scheduled_at == EVENING + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2020-01-01T20:00", "time_has_passed"),
        ("2199-01-01T20:00", "too_far_ahead"),
        ("gestern", "not_a_time"),
        ("", "not_a_time"),
        ("9999-12-31T23:59", "too_far_ahead"),
        ("0001-01-01T00:00", "not_a_time"),
    ],
)
def test_an_impossible_time_is_refused(admin_client: Client, plan: Plan, at: str, code: str) -> None:
    campaign = plan()

    answer = drop(admin_client, campaign, at)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("status", [Status.SENDING, Status.PAUSED, Status.FINISHED, Status.APPROVED])
def test_what_is_not_scheduled_does_not_move(admin_client: Client, plan: Plan, status: str) -> None:
    campaign = plan(status=status)

    answer = drop(admin_client, campaign, wall(EVENING + dt.timedelta(days=1)))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now")


def test_what_is_due_does_not_move(admin_client: Client, plan: Plan) -> None:
    campaign = plan(timezone.now() - dt.timedelta(seconds=5))

    answer = drop(admin_client, campaign, wall(EVENING))

    assert (answer.status_code, answer.json()["code"]) == (409, "already_starting")
    assert not any(event["editable"] for event in feed(admin_client, timezone.localdate()))


def test_what_missed_its_time_is_named_above(admin_client: Client, plan: Plan) -> None:
    plan(None, name="错过的", status=Status.APPROVED, **failures.columns(ScheduleMissed(when="昨天")))
    plan(None, name="已审核", status=Status.APPROVED)

    html = admin_client.get(BASE).content.decode()

    assert ("错过的" in html, "已审核" in html) == (True, False)


def test_a_day_offers_what_is_approved_and_a_new_campaign(admin_client: Client, plan: Plan) -> None:
    ready = plan(None, name="已审核", status=Status.APPROVED)

    html = admin_client.get(f"{BASE}day/", {"at": DAY.isoformat()}).content.decode()

    assert f"/{ready.pk}/schedule/?at={DAY.isoformat()}T20:00" in html
    assert f"add/?at={DAY.isoformat()}T20:00" in html


def test_a_day_that_is_none_is_refused(admin_client: Client) -> None:
    for at in ("", "2026-02-30", "x" * 3000, "<script>"):
        answer = admin_client.get(f"{BASE}day/", {"at": at})
        # As JSON: what was asked for is named in it, and must not become a page.
        assert (answer.status_code, answer.json()["code"]) == (400, "not_a_time")


def test_times_are_those_of_the_account_on_every_page(admin_client: Client, plan: Plan) -> None:
    OfficialAccount.objects.update(time_zone="America/New_York")
    campaign = plan()
    there = EVENING.astimezone(ZoneInfo("America/New_York"))

    for page in ("/admin/", "/admin/campaigns/campaign/", f"/admin/campaigns/campaign/{campaign.pk}/change/"):
        html = admin_client.get(page).content.decode()
        assert (f"{there:%H:%M}" in html, "America/New_York" in html, "20:00" in html) == (True, True, False), page


def test_a_campaign_that_was_begun_on_a_day_goes_on_to_its_schedule(
    admin_client: Client, account: OfficialAccount
) -> None:
    at = f"{DAY.isoformat()}T20:00"
    form = {"account": account.pk, "name": "新的", "msgtype": "text", "text": "你好", "audience": "all"}

    answer = admin_client.post(f"/admin/campaigns/campaign/add/?at={at}", form)
    assert answer.url.endswith(f"/schedule/?{urlencode({'at': at})}")

    OfficialAccount.objects.update(allow_self_approval=False)
    answer = admin_client.post(f"/admin/campaigns/campaign/add/?at={at}", form, follow=True)
    assert "审核通过后即可排期" in answer.content.decode()
