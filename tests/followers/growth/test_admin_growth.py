"""The page “Growth”: a chart of the last thirty days, and the days as a list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followers.models import FollowerDay
from tests.people import logged_in, member
from wxcore.clock import quota_day
from wxcore.models import OfficialAccount

PAGE = "/admin/followers/followerday/"


@pytest.fixture
def days(account: OfficialAccount) -> None:
    today = quota_day(timezone.now())
    for ago in range(40):  # the newest row is the oldest day
        FollowerDay.objects.create(
            account=account, day=today - dt.timedelta(days=ago), new=10, left=ago % 3, total=500 - ago
        )


def test_the_days_stand_newest_first_under_a_chart(
    admin_client: Client, days: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        html = admin_client.get(PAGE).content.decode()
    assert html.count('class="is-new"') == 30
    assert "30 天新增 300 人，取关 " in html
    assert html.index(">500<") < html.index(">461<")


def test_without_days_it_says_what_will_come(admin_client: Client, db: None) -> None:
    html = admin_client.get(PAGE).content.decode()
    assert "每半小时统计" in html
    assert 'class="is-new"' not in html


def test_it_shows_one_s_own_accounts(days: None, other_account: OfficialAccount) -> None:
    html = logged_in(member(other_account, "analyst")).get(PAGE).content.decode()
    assert 'class="is-new"' not in html
