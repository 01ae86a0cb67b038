"""The start page leads through the first steps, then shows what goes on, at a constant cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callbacks.models import Callback
from campaigns.models import Broadcast, Campaign
from followers.models import Sync
from tests.people import permit
from wxcore.models import OfficialAccount

HOME = "/admin/"


def synced(account: OfficialAccount, total: int) -> Sync:
    now = timezone.now()
    return Sync.objects.create(account=account, status="finished", total=total, due_at=now, finished_at=now)


def test_an_empty_site_says_what_to_do_first(admin_client: Client) -> None:
    html = admin_client.get(HOME).content.decode()

    assert "开始使用" in html
    assert reverse("admin:wxcore_officialaccount_add") in html


def test_the_next_step_is_the_first_that_is_not_done(admin_client: Client, account: OfficialAccount) -> None:
    steps = admin_client.get(HOME).context["first_steps"]

    assert [step["done"] for step in steps] == [True, False, False]
    assert [step.get("is_next", False) for step in steps] == [False, True, False]


def test_the_steps_disappear_when_all_are_done(admin_client: Client, campaign: Campaign) -> None:
    synced(campaign.account, 5000)

    assert "first_steps" not in admin_client.get(HOME).context


def test_the_number_of_followers_is_the_last_sync_s(admin_client: Client, account: OfficialAccount) -> None:
    synced(account, 1_234_567)

    assert "1,234,567" in admin_client.get(HOME).content.decode()


def test_what_needs_a_person_stands_there(admin_client: Client, campaign: Campaign) -> None:
    now = timezone.now()
    Broadcast.objects.create(account=campaign.account, campaign=campaign, position=1, status="unknown")
    Callback.objects.create(
        account=campaign.account, dedup_key="k", msg_type="event", event="VIEW", body="<xml/>",
        pushed_at=now, received_at=now, status="failed",
    )  # fmt: skip

    html = admin_client.get(HOME).content.decode()
    assert "结果不明" in html
    assert "处理失败的推送" in html


def test_the_cost_does_not_grow(
    admin_client: Client,
    account: OfficialAccount,
    make_followers: Callable[..., Any],
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(12):
        Campaign.objects.create(account=account, name=f"{number}", text="x")
        synced(account, number)
    make_followers(50)

    with django_assert_max_num_queries(18) as queries:
        admin_client.get(HOME)
    assert not any("COUNT(" in query["sql"] and "followers_follower" in query["sql"] for query in queries)


def test_a_person_sees_only_what_they_may(staff_user: User, campaign: Campaign) -> None:
    client = Client()
    client.force_login(staff_user)
    assert campaign.name not in client.get(HOME).content.decode()

    permit(staff_user, "view_campaign")
    assert campaign.name in client.get(HOME).content.decode()


def test_the_sidebar_lists_only_what_they_may(staff_user: User, account: OfficialAccount) -> None:
    client = Client()
    client.force_login(staff_user)
    followers, callbacks = (
        reverse(f"admin:{name}_changelist") for name in ("followers_follower", "callbacks_callback")
    )
    permit(staff_user, "view_follower")

    html = client.get(HOME).content.decode()
    assert followers in html
    assert callbacks not in html


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "群发任务"), ("en", "Campaigns")])
def test_the_language_is_one_s_own_choice(admin_client: Client, language: str, word: str) -> None:
    admin_client.post("/i18n/setlang/", {"language": language, "next": HOME})

    assert word in admin_client.get(HOME).content.decode()


def test_the_login_page_offers_the_languages(client: Client, db: None) -> None:
    assert 'value="en"' in client.get("/admin/login/").content.decode()
