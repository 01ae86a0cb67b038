"""What speaks against a time is said before anybody confirms it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from campaigns import preflight
from campaigns.models import Audience, Campaign
from campaigns.states import Status
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
EVENING = dt.datetime(2026, 11, 25, 20, tzinfo=SHANGHAI)


def plan(account: OfficialAccount, at: dt.datetime, *, status: str = Status.SCHEDULED, **fields: object) -> Campaign:
    return Campaign.objects.create(account=account, name="周年庆", text="x", status=status, scheduled_at=at, **fields)


def codes(campaign: Campaign, at: dt.datetime, now: dt.datetime = NOW) -> list[str]:
    return [finding.code for finding in preflight.timing(campaign, at, now=now)]


def test_nothing_speaks_against_a_free_evening(campaign: Campaign) -> None:
    assert codes(campaign, EVENING) == []


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW, "time_has_passed"),
        (NOW - dt.timedelta(days=400), "time_has_passed"),
        (NOW + dt.timedelta(days=400), "too_far_ahead"),
    ],
)
def test_an_impossible_time_is_an_error(campaign: Campaign, at: dt.datetime, code: str) -> None:
    (finding,) = preflight.timing(campaign, at, now=NOW)

    assert (finding.code, finding.level, bool(finding.fix)) == (code, preflight.Level.ERROR, True)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(59, ["same_hour"]), (-60, ["same_hour"]), (61, ["same_day"]), (-61, ["same_day"]), (4 * 60, []), (-1440, [])],
)
def test_another_campaign_of_the_day_or_the_hour_is_named(
    campaign: Campaign, account: OfficialAccount, minutes: int, expected: list[str]
) -> None:
    plan(account, EVENING + dt.timedelta(minutes=minutes), audience=Audience.TAG)

    found = preflight.timing(campaign, EVENING, now=NOW)

    assert [finding.code for finding in found] == expected
    assert all("周年庆" in finding.message for finding in found)


def test_only_the_first_of_many_are_named(campaign: Campaign, account: OfficialAccount) -> None:
    for _ in range(5):
        plan(account, EVENING, audience=Audience.TAG)

    (finding,) = preflight.timing(campaign, EVENING, now=NOW)

    assert (finding.message.count("周年庆"), "…" in finding.message) == (3, True)


def test_what_will_not_go_out_and_what_is_moved_itself_do_not_count(
    campaign: Campaign, account: OfficialAccount
) -> None:
    for status in (Status.FAILED, Status.CANCELLED, Status.APPROVED):
        plan(account, EVENING, status=status)
    moved = plan(account, EVENING)

    assert codes(moved, EVENING + dt.timedelta(minutes=5)) == []


def test_another_account_is_no_neighbour(campaign: Campaign, other_account: OfficialAccount) -> None:
    plan(other_account, EVENING)

    assert codes(campaign, EVENING) == []


@pytest.mark.parametrize(("hour", "expected"), [(21, []), (22, ["night"]), (0, ["night"]), (6, ["night"]), (7, [])])
def test_the_night_is_that_of_the_account(campaign: Campaign, hour: int, expected: list[str]) -> None:
    account = campaign.account
    account.time_zone = "Europe/London"
    at = dt.datetime(2026, 11, 25, hour, tzinfo=account.zone)

    assert codes(campaign, at) == expected


def test_a_subscription_account_has_one_job_a_day(campaign: Campaign, account: OfficialAccount) -> None:
    OfficialAccount.objects.update(kind=Kind.SUBSCRIPTION)
    campaign.refresh_from_db()
    # Wednesday 20:00 and 23:30 in London are two days in Shanghai.
    london = ZoneInfo("Europe/London")
    plan(account, dt.datetime(2026, 11, 25, 10, tzinfo=london))

    assert codes(campaign, dt.datetime(2026, 11, 25, 12, tzinfo=london)) == ["jobs_used_up"]
    assert "jobs_used_up" not in codes(campaign, dt.datetime(2026, 11, 25, 17, tzinfo=london))


def test_a_service_account_has_four_to_everybody_a_month(campaign: Campaign, account: OfficialAccount) -> None:
    for day in (1, 8, 15, 22):
        plan(account, dt.datetime(2026, 12, day, 20, tzinfo=SHANGHAI))
    last = dt.datetime(2026, 12, 31, 20, tzinfo=SHANGHAI)

    assert codes(campaign, last) == ["jobs_to_all_used_up"]
    assert codes(campaign, last + dt.timedelta(days=1)) == []


def test_it_speaks_both_languages(campaign: Campaign) -> None:
    night = EVENING.replace(hour=23)

    with translation.override("en"):
        assert "at night" in preflight.timing(campaign, night, now=NOW)[0].message
    with translation.override("zh-hans"):
        assert "深夜" in preflight.timing(campaign, night, now=NOW)[0].message
