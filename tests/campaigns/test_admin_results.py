"""What became of a campaign is shown while it happens, explained, and decided where only a person can."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaigns import services
from campaigns.models import Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower
from tests.people import permit
from wxcore import failures

LIST = "/admin/campaigns/campaign/"


@pytest.fixture
def broadcast(campaign: Campaign, make_followers: Callable[..., list[Follower]], now: dt.datetime) -> Broadcast:
    """The only broadcast of a campaign that has started."""
    make_followers(3)
    services.schedule(campaign, at=now, by=None)
    services.start(campaign, now=now)
    return campaign.broadcasts.get()


def update(broadcast: Broadcast, **columns: Any) -> None:
    Broadcast.objects.filter(pk=broadcast.pk).update(**columns)


def change(broadcast: Broadcast) -> str:
    return f"{LIST}{broadcast.campaign_id}/change/"


def progress(broadcast: Broadcast, seen: str) -> str:
    return f"{LIST}{broadcast.campaign_id}/progress/?seen={seen}"


def resolve(broadcast: Broadcast, name: str) -> str:
    return f"/admin/campaigns/broadcast/{broadcast.pk}/{name}/"


def test_the_funnel_shows_every_step_in_per_cent_and_every_loss(admin_client: Client, broadcast: Broadcast) -> None:
    figures = {"total_count": 5000, "filter_count": 4000, "sent_count": 3990, "error_count": 10}
    update(broadcast, recipient_count=5000, status="finished", exhausted_count=600, left_count=0, **figures)
    services.settle(broadcast.campaign, now=timezone.now())

    html = admin_client.get(change(broadcast)).content.decode()

    for word in ("5,000", "4,000", "80.0%", "3,990", "79.8%", "−10", "微信实际尝试发送的人数", "−600", "−400"):
        assert word in html


def test_numbers_that_wechat_did_not_report_are_not_made_up(admin_client: Client, broadcast: Broadcast) -> None:
    update(broadcast, total_count=3, sent_count=3, status="finished")

    html = admin_client.get(change(broadcast)).content.decode()

    assert html.count("微信未返回") == 2


def test_the_page_asks_again_while_the_campaign_is_under_way(admin_client: Client, broadcast: Broadcast) -> None:
    assert "every 2s" in admin_client.get(change(broadcast)).content.decode()

    Campaign.objects.update(status=Status.FINISHED)
    assert "every 2s" not in admin_client.get(change(broadcast)).content.decode()


def test_the_page_is_shown_anew_when_the_status_has_changed(admin_client: Client, broadcast: Broadcast) -> None:
    assert "HX-Refresh" not in admin_client.get(progress(broadcast, "sending")).headers
    assert admin_client.get(progress(broadcast, "scheduled")).headers["HX-Refresh"] == "true"


def test_a_broadcast_that_waits_says_why_and_until_when(admin_client: Client, broadcast: Broadcast) -> None:
    at = timezone.now() + dt.timedelta(minutes=5)
    update(broadcast, due_at=at, attempts=2, **failures.columns(services.AccountInactive()))

    html = admin_client.get(progress(broadcast, "sending")).content.decode()

    assert "该公众号已停用" in html
    assert f"{timezone.localtime(at):%H:%M}" in html


@pytest.mark.parametrize(
    ("name", "status"), [("was-sent", BroadcastStatus.FINISHED), ("was-not-sent", BroadcastStatus.FAILED)]
)
def test_a_person_decides_what_nobody_knows(
    admin_client: Client, broadcast: Broadcast, name: str, status: BroadcastStatus
) -> None:
    update(
        broadcast,
        status=BroadcastStatus.UNKNOWN,
        due_at=None,
        **failures.columns(services.OutcomeUnknown(answer="45065")),
    )
    assert resolve(broadcast, name) in admin_client.get(change(broadcast)).content.decode()

    admin_client.get(resolve(broadcast, name))
    assert Broadcast.objects.get().status == BroadcastStatus.UNKNOWN

    admin_client.post(resolve(broadcast, name))
    assert Broadcast.objects.get().status == status


def test_the_second_decision_is_refused(admin_client: Client, broadcast: Broadcast) -> None:
    update(broadcast, status=BroadcastStatus.UNKNOWN, due_at=None)
    admin_client.post(resolve(broadcast, "was-sent"))

    response = admin_client.post(resolve(broadcast, "was-not-sent"), follow=True)

    assert "不能执行此操作" in " ".join(str(message) for message in response.context["messages"])
    assert Broadcast.objects.get().status == BroadcastStatus.FINISHED


def test_deciding_needs_the_permission_to_send(staff_user: User, broadcast: Broadcast) -> None:
    update(broadcast, status=BroadcastStatus.UNKNOWN, due_at=None)
    permit(staff_user, "view_campaign", "view_broadcast")
    client = Client()
    client.force_login(staff_user)

    assert client.post(resolve(broadcast, "was-sent")).status_code == 403
    assert resolve(broadcast, "was-sent") not in client.get(change(broadcast)).content.decode()


def test_who_may_only_look_sees_a_draft_without_a_form(staff_user: User, campaign: Campaign) -> None:
    permit(staff_user, "view_campaign")
    client = Client()
    client.force_login(staff_user)

    html = client.get(f"{LIST}{campaign.pk}/change/").content.decode()

    assert campaign.text in html
    assert 'name="text"' not in html


def test_the_list_costs_the_same_for_any_number_of_campaigns(
    admin_client: Client, broadcast: Broadcast, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        copy = services.duplicate(broadcast.campaign, name=f"{number}", by=None)
        Broadcast.objects.create(account=copy.account, campaign=copy, position=1, total_count=number)

    with django_assert_max_num_queries(8):
        html = admin_client.get(LIST).content.decode()

    assert "31" in html


def test_a_follower_s_page_says_what_they_received(admin_client: Client, broadcast: Broadcast) -> None:
    follower = Follower.objects.first()

    html = admin_client.get(f"/admin/followers/follower/{follower.pk}/change/").content.decode()

    assert broadcast.campaign.name in html
    assert change(broadcast) in html
