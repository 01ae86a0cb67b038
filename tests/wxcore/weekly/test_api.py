"""The weekly report in the API: the same figures as on the page, for the same people."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from tests.people import member
from tests.wxcore.weekly.conftest import Mailbox
from tests.wxcore.weekly.test_page import finished, week_of
from wxcore import apitokens, failures
from wxcore.models import Membership, OfficialAccount, WeeklyMail
from wxcore.weekly import mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(account: OfficialAccount) -> User:
    user = member(account, "analyst")
    user.email = "analyst@example.com"
    user.save()
    return user


@pytest.fixture
def client(analyst: User) -> APIClient:
    client = APIClient()
    client.force_login(analyst)
    return client


@pytest.fixture
def address(account: OfficialAccount) -> str:
    return f"/api/v1/accounts/{account.pk}/weekly/"


def section(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in told["sections"] if one["name"] == name)


def test_it_tells_the_figures_of_the_last_week(client: APIClient, address: str, account: OfficialAccount) -> None:
    finished(account, 2)
    told = client.get(address).json()

    week = week_of(account)
    assert (told["week"], told["newest"], told["is_running"]) == (str(week), str(week.after), False)
    figures = section(told, "campaigns")["figures"]
    assert [(one["value"], one["before"], one["change"], one["trend"]) for one in figures[:3]] == [
        (2, 0, "+2", "good"), (200, 0, "+200", "good"), (160, 0, "+160", "good")
    ]  # fmt: skip
    row = section(told, "campaigns")["table"]["rows"][0]
    assert row[0]["text"].startswith("任务")
    assert row[1] == {"text": "100", "url": "", "is_number": True}


def test_another_week_is_another_report(client: APIClient, address: str, account: OfficialAccount) -> None:
    finished(account, 1)
    week = week_of(account)
    older, running = (client.get(address, {"week": str(one)}).json() for one in (week.before, week.after))

    assert section(older, "campaigns")["figures"][0]["value"] == 0
    assert section(older, "campaigns")["empty"]
    assert (running["is_running"], section(running, "campaigns")["figures"][0]["before"]) == (True, 1)


@pytest.mark.parametrize("week", ["x", "2026-W99", "1999-W52", "2099-W01", "2026-11-09"])
def test_what_is_no_week_says_what_is(client: APIClient, address: str, account: OfficialAccount, week: str) -> None:
    answer = client.get(address, {"week": week})

    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (
        400, "no_such_week", {"week": "wrong"}
    )  # fmt: skip
    assert str(week_of(account).after) in answer.json()["fix"]


def test_it_shows_campaigns_in_a_constant_number_of_queries(
    client: APIClient, address: str, account: OfficialAccount
) -> None:
    counts = []
    for number in (1, 12):
        finished(account, number)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_role_without_campaigns_reads_no_campaigns(client: APIClient, address: str, analyst: User) -> None:
    role = Membership.objects.get(user=analyst).role
    role.permissions.remove(*role.permissions.filter(codename="view_campaign"))

    assert {"followers", "attention"} <= {one["name"] for one in client.get(address).json()["sections"]}
    assert "campaigns" not in {one["name"] for one in client.get(address).json()["sections"]}


def test_somebody_subscribes_and_stops(client: APIClient, address: str, analyst: User) -> None:
    client.cookies["django_language"] = "en"
    assert client.post(f"{address}subscribe/").status_code == 204
    mine = Membership.objects.get(user=analyst)
    assert (mine.weekly_report, mine.weekly_language) == (True, "en")
    assert client.get(address).json()["is_subscribed"]

    assert client.post(f"{address}unsubscribe/").status_code == 204
    assert not client.get(address).json()["is_subscribed"]


def test_it_is_mailed_at_once(client: APIClient, address: str, mailbox: Mailbox) -> None:
    assert client.post(f"{address}send/").status_code == 204

    assert mailbox.to == ["analyst@example.com"]


@pytest.mark.parametrize("verb", ["send", "subscribe"])
def test_without_a_mail_address_it_says_what_to_do(client: APIClient, address: str, analyst: User, verb: str) -> None:
    User.objects.filter(pk=analyst.pk).update(email="")

    assert client.post(f"{address}{verb}/").json()["code"] == "no_mail_address"


def test_who_is_no_member_cannot_subscribe(api: APIClient, address: str, admin_user: User) -> None:
    User.objects.filter(pk=admin_user.pk).update(email="boss@example.com")

    assert not api.get(address).json()["is_member"]
    assert api.post(f"{address}subscribe/").json()["code"] == "no_member"


def test_a_mail_that_did_not_arrive_is_told(
    client: APIClient, address: str, account: OfficialAccount, analyst: User
) -> None:
    monday = week_of(account).monday
    WeeklyMail.objects.create(account=account, user=analyst, week=monday, language="en", status="failed",
                              **failures.columns(mailing.MailFailed(reason="550")))  # fmt: skip

    problem = client.get(address).json()["problem"]
    assert (problem["week"], problem["status"], problem["error_code"]) == (str(monday), "failed", "mail_failed")


def test_a_token_that_only_reads_subscribes_nobody(address: str, analyst: User) -> None:
    _token, secret = apitokens.issue(analyst, name="r", scopes=["read"], now=timezone.now())
    program = APIClient(headers={"Authorization": f"Token {secret}"})

    assert program.get(address).status_code == 200
    assert program.post(f"{address}subscribe/").json()["code"] == "scope_missing"


def test_another_account_s_report_does_not_exist(address: str) -> None:
    other = OfficialAccount.objects.create(name="别家号", slug="o", appid="wxother0000000001", secret="s", token="t")
    client = APIClient()
    client.force_login(member(other, "administrator"))

    assert [client.get(address).status_code, client.post(f"{address}send/").status_code] == [404, 404]
