"""Nobody sends by accident, twice, without permission, or something else than they saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaigns import services
from campaigns.models import Campaign
from campaigns.states import Status
from followers.models import Follower
from tests.people import permit

MakeFollowers = Callable[..., list[Follower]]


@pytest.fixture
def ready(campaign: Campaign, make_followers: MakeFollowers) -> Campaign:
    make_followers(1234)
    return campaign


def page(campaign: Campaign, name: str) -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/{name}/"


def seen(client: Client, campaign: Campaign, name: str = "send") -> dict[str, str]:
    """What the button of the confirmation page posts, with the head count that a person types there."""
    return client.get(page(campaign, name)).context["hidden"] | {"heads": "1,234"}


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_page_repeats_who_gets_what(admin_client: Client, ready: Campaign) -> None:
    html = admin_client.get(page(ready, "send")).content.decode()

    for word in ("测试服务号", "全部粉丝", "1,234", "1 次", "你好，群发 👋", "立即群发给 1,234 位粉丝"):
        assert word in html


def test_looking_sends_nothing(admin_client: Client, ready: Campaign) -> None:
    for name in ("send", "schedule", "copy"):
        admin_client.get(page(ready, name))

    assert Campaign.objects.get().status == Status.DRAFT


def test_the_button_sends(admin_client: Client, admin_user: User, ready: Campaign) -> None:
    response = admin_client.post(page(ready, "send"), seen(admin_client, ready))

    ready.refresh_from_db()
    assert (ready.status, ready.sent_by, response.url) == (Status.SCHEDULED, admin_user, page(ready, "change"))


def test_a_campaign_that_begins_does_not_speak_of_later(admin_client: Client, ready: Campaign) -> None:
    admin_client.post(page(ready, "send"), seen(admin_client, ready))

    html = admin_client.get(page(ready, "progress")).content.decode()

    assert "几秒内开始发送" in html
    assert "锁定发送对象" not in html


def test_a_missed_time_is_shown(admin_client: Client, ready: Campaign) -> None:
    missed = timezone.now() - dt.timedelta(minutes=5)
    Campaign.objects.filter(pk=ready.pk).update(status=Status.SCHEDULED, scheduled_at=missed)

    html = admin_client.get(page(ready, "progress")).content.decode()
    assert "分钟前" in html
    assert "几秒内开始发送" not in html


def test_the_history_says_who_did_it(admin_client: Client, admin_user: User, ready: Campaign) -> None:
    admin_client.post(page(ready, "send"), seen(admin_client, ready))

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (admin_user, str(ready.pk))
    assert entry.get_change_message() in admin_client.get(page(ready, "history")).content.decode()


def test_a_second_press_is_refused_kindly(admin_client: Client, ready: Campaign) -> None:
    button = seen(admin_client, ready)
    admin_client.post(page(ready, "send"), button)
    first = Campaign.objects.get().scheduled_at

    response = admin_client.post(page(ready, "send"), button, follow=True)

    assert "不能执行此操作" in said(response)
    assert Campaign.objects.get().scheduled_at == first


@pytest.mark.parametrize("name", ["text", "audience"])
def test_what_was_changed_meanwhile_is_not_sent(admin_client: Client, ready: Campaign, name: str) -> None:
    button = seen(admin_client, ready)
    Campaign.objects.update(**{name: "list" if name == "audience" else "别的正文"})

    response = admin_client.post(page(ready, "send"), button, follow=True)

    assert "修改过" in said(response)
    assert Campaign.objects.get().status == Status.DRAFT


def test_another_head_count_is_asked_for_again(admin_client: Client, ready: Campaign) -> None:
    for name, when in (("send", {}), ("schedule", {"at": "2027-01-05T15:00"})):
        button = seen(admin_client, ready, name) | when | {"heads": "123"}

        response = admin_client.post(page(ready, name), button)

        assert response.context["form"].errors.keys() == {"heads"}
        assert "1,234" in response.content.decode()
    assert Campaign.objects.get().status == Status.DRAFT


def test_problems_stand_in_the_place_of_the_button(admin_client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(text="")

    response = admin_client.get(page(campaign, "send"))

    assert [problem.code for problem in response.context["problems"]] == ["empty_text", "empty_audience"]
    assert "q-confirm" not in response.content.decode()


def test_a_post_around_the_page_is_checked_too(admin_client: Client, campaign: Campaign) -> None:
    response = admin_client.post(page(campaign, "send"), {"heads": "2"}, follow=True)

    assert "没有任何人能收到" in said(response)
    assert Campaign.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("name", ["send", "schedule", "unschedule"])
def test_sending_needs_its_own_permission(staff_user: User, ready: Campaign, name: str) -> None:
    editing = ["view_campaign", "add_campaign", "change_campaign", "delete_campaign"]
    permit(staff_user, *editing)
    client = Client()
    client.force_login(staff_user)

    assert client.post(page(ready, name)).status_code == 403
    assert page(ready, name) not in client.get(page(ready, "change")).content.decode()
    assert Campaign.objects.get().status == Status.DRAFT


def test_a_forged_request_is_refused(admin_user: User, ready: Campaign) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert client.post(page(ready, "send")).status_code == 403


def test_a_campaign_is_scheduled_in_its_account_s_time(admin_client: Client, ready: Campaign) -> None:
    at = timezone.now().astimezone(ready.account.zone).replace(hour=12) + dt.timedelta(days=1)

    admin_client.post(page(ready, "schedule"), seen(admin_client, ready) | {"at": f"{at:%Y-%m-%dT%H:%M}"})

    ready.refresh_from_db()
    assert ready.status == Status.SCHEDULED
    assert ready.scheduled_at == at.replace(second=0, microsecond=0)


def test_a_moment_that_has_passed_is_refused(admin_client: Client, ready: Campaign) -> None:
    response = admin_client.post(page(ready, "schedule"), {"at": "2020-01-01T08:00", "heads": "1234"})

    assert response.context["form"].errors.keys() == {"at"}
    assert Campaign.objects.get().status == Status.DRAFT


def test_a_scheduled_campaign_is_taken_back(admin_client: Client, ready: Campaign) -> None:
    services.schedule(ready, at=timezone.now() + dt.timedelta(days=1), by=None)

    admin_client.get(page(ready, "unschedule"))
    assert Campaign.objects.get().status == Status.SCHEDULED

    admin_client.post(page(ready, "unschedule"))
    assert Campaign.objects.get().status == Status.APPROVED


def test_a_copy_is_a_new_draft(admin_client: Client, admin_user: User, ready: Campaign) -> None:
    response = admin_client.post(page(ready, "copy"))

    copy = Campaign.objects.exclude(pk=ready.pk).get()
    assert (copy.name, copy.text, copy.created_by) == ("新品（副本）", ready.text, admin_user)
    assert response.url == page(copy, "change")
