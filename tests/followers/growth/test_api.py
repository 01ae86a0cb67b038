"""GET /api/v1/statistics/growth/"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from followers.models import FollowerDay
from tests.people import member
from wxcore.models import OfficialAccount

GROWTH = "/api/v1/statistics/growth/"
FIRST = dt.date(2026, 11, 1)


@pytest.fixture
def days(account: OfficialAccount, other_account: OfficialAccount) -> None:
    for number in range(5):
        day = FIRST + dt.timedelta(days=number)
        FollowerDay.objects.create(account=account, day=day, new=10, left=3, total=100 + number, source="wechat")
        FollowerDay.objects.create(account=other_account, day=day, new=1, left=2, total=50)


def test_the_days_of_all_accounts_are_summed(api: APIClient, days: None) -> None:
    told = api.get(GROWTH, {"since": "2026-11-02", "until": "2026-11-03"}).json()
    assert told["days"] == [
        {"day": "2026-11-02", "new": 11, "left": 5, "net": 6, "total": 151, "source": "mirror"},
        {"day": "2026-11-03", "new": 11, "left": 5, "net": 6, "total": 152, "source": "mirror"},
    ]


def test_one_account_may_be_asked_for(api: APIClient, account: OfficialAccount, days: None) -> None:
    told = api.get(GROWTH, {"account": account.pk, "since": "2026-11-05", "until": "2026-11-05"}).json()
    assert told["days"] == [{"day": "2026-11-05", "new": 10, "left": 3, "net": 7, "total": 104, "source": "wechat"}]


def test_a_member_sees_their_accounts_only(
    account: OfficialAccount, other_account: OfficialAccount, days: None
) -> None:
    client = APIClient()
    client.force_login(member(account, "analyst"))
    told = client.get(GROWTH, {"since": "2026-11-05", "until": "2026-11-05"}).json()
    assert [day["total"] for day in told["days"]] == [104]
    refused = client.get(GROWTH, {"account": other_account.pk})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["account"])
    assert APIClient().get(GROWTH).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "soon"}, "since"),
        ({"until": "2026-13-01"}, "until"),
        ({"until": "0001-01-05"}, "until"),
        ({"since": "2026-11-03", "until": "2026-11-02"}, "since"),
        ({"since": "2020-01-01", "until": "2026-11-02"}, "since"),
        ({"account": "x"}, "account"),
        ({"account": "99999999999999999999999"}, "account"),
    ],
)
def test_nonsense_names_its_field(api: APIClient, db: None, query: dict[str, Any], field: str) -> None:
    answer = api.get(GROWTH, query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_without_a_question_it_is_thirty_days(api: APIClient, db: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        assert api.get(GROWTH, {"account": ""}).json() == {"days": []}
