"""The pages that ask when: a time on the account's wall, and what speaks against it before it is confirmed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaigns import services, times
from campaigns.models import Audience, Campaign
from campaigns.states import Status
from followers.models import Follower, Tag
from tests.people import logged_in, permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

BASE = "/admin/campaigns/campaign"
LONDON = ZoneInfo("Europe/London")
NOON = (timezone.now() + dt.timedelta(days=5)).astimezone(LONDON).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def approved(
    campaign: Campaign, account: OfficialAccount, tag: Tag, make_followers: Callable[..., list[Follower]]
) -> Campaign:
    """To a tag, of an account in London."""
    make_followers(3, tag=tag)
    OfficialAccount.objects.update(time_zone=LONDON.key)
    Campaign.objects.update(audience=Audience.TAG, tag=tag)
    campaign.refresh_from_db()
    services.submit(campaign, by=None, now=timezone.now())
    services.approve(campaign, by=None, now=timezone.now())
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def scheduled(approved: Campaign) -> Campaign:
    services.schedule(approved, at=NOON, by=None, now=timezone.now())
    approved.refresh_from_db()
    return approved


@pytest.fixture
def neighbour(account: OfficialAccount) -> Campaign:
    at = NOON + dt.timedelta(minutes=30)
    return Campaign.objects.create(account=account, name="会员日", text="x", status="scheduled", scheduled_at=at)


def wall(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def hidden(html: str) -> dict[str, Any]:
    """What the page would post besides the time."""
    pairs = re.findall(r'<input type="hidden" name="(known|seen)" value="([^"]*)"', html)
    return {name: [value for key, value in pairs if key == name] for name in ("known", "seen")}


def post(client: Client, campaign: Campaign, page: str, at: str, **seen: Any) -> Any:
    return client.post(f"{BASE}/{campaign.pk}/{page}/", {"at": at} | seen)


def test_the_calendar_s_day_is_filled_in(admin_client: Client, approved: Campaign) -> None:
    html = admin_client.get(f"{BASE}/{approved.pk}/schedule/", {"at": wall(NOON)}).content.decode()

    assert f'value="{wall(NOON)}"' in html
    assert "Europe/London (UTC" in html


def test_an_approved_campaign_is_scheduled_on_the_wall_of_its_account(admin_client: Client, approved: Campaign) -> None:
    page = hidden(admin_client.get(f"{BASE}/{approved.pk}/schedule/").content.decode())

    post(admin_client, approved, "schedule", wall(NOON), seen=page["seen"])

    approved.refresh_from_db()
    assert (approved.status, approved.scheduled_at) == (Status.SCHEDULED, NOON)


def test_what_speaks_against_a_time_is_shown_first_and_accepted_then(
    admin_client: Client, scheduled: Campaign, neighbour: Campaign
) -> None:
    html = post(admin_client, scheduled, "move", wall(NOON + dt.timedelta(hours=1)), seen=NOON.isoformat()).content
    scheduled.refresh_from_db()
    assert ("会员日" in html.decode(), scheduled.scheduled_at) == (True, NOON)

    again = hidden(html.decode())
    answer = post(admin_client, scheduled, "move", wall(NOON + dt.timedelta(hours=1)), **again)

    scheduled.refresh_from_db()
    assert (answer.status_code, scheduled.scheduled_at) == (302, NOON + dt.timedelta(hours=1))


def test_the_move_of_somebody_faster_is_not_undone(admin_client: Client, scheduled: Campaign) -> None:
    services.reschedule(scheduled, at=NOON + dt.timedelta(days=1), by=None, now=timezone.now())

    post(admin_client, scheduled, "move", wall(NOON + dt.timedelta(days=2)), seen=NOON.isoformat())

    scheduled.refresh_from_db()
    assert scheduled.scheduled_at == NOON + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2020-01-01T12:00", "已"),
        ("2199-01-01T12:00", "一年"),
        ("2027-03-28T01:30", "夏令时"),
        ("", "必填"),
        ("morgen", "有效"),
        ("x" * 100_000, "有效"),
    ],
)
def test_an_impossible_time_is_an_error_beside_the_field(
    admin_client: Client, scheduled: Campaign, at: str, words: str
) -> None:
    answer = post(admin_client, scheduled, "move", at, seen=NOON.isoformat())

    assert answer.status_code == 200
    assert words in " ".join(answer.context["form"].errors["at"])
    scheduled.refresh_from_db()
    assert scheduled.scheduled_at == NOON


@pytest.mark.parametrize("at", ["", "morgen", "2020-01-01T12:00", "2027-03-28T01:30"])
def test_the_live_answer_names_what_is_impossible(admin_client: Client, scheduled: Campaign, at: str) -> None:
    html = admin_client.get(f"{BASE}/{scheduled.pk}/timing/", {"at": at}).content.decode()

    assert "q-note-error" in html


def test_what_has_started_cannot_be_moved(admin_client: Client, scheduled: Campaign) -> None:
    Campaign.objects.update(status=Status.SENDING)

    answer = admin_client.get(f"{BASE}/{scheduled.pk}/move/", follow=True)

    assert answer.redirect_chain
    assert "发送中" in answer.content.decode()


def test_without_the_right_to_send_there_is_no_move(staff_user: User, scheduled: Campaign) -> None:
    permit(staff_user, "view_campaign", "change_campaign")
    client = logged_in(staff_user)

    assert post(client, scheduled, "move", wall(NOON + dt.timedelta(days=1))).status_code == 403
    assert f"{scheduled.pk}/move/" not in client.get(f"{BASE}/{scheduled.pk}/change/").content.decode()


def test_usual_times_are_those_of_the_account() -> None:
    friday = dt.datetime(2026, 11, 20, 19, 50, tzinfo=ZoneInfo("Asia/Shanghai"))

    walls = [choice.wall for choice in times.choices(ZoneInfo("Asia/Shanghai"), now=friday)]
    there = [choice.wall for choice in times.choices(LONDON, now=friday)]

    # Tonight is nearly over in Shanghai, and Saturday is tomorrow; in London it is noon.
    assert walls == ["2026-11-21T08:00", "2026-11-21T20:00", "2026-11-23T08:00", "2026-11-28T10:00"]
    assert there[0] == "2026-11-20T20:00"
