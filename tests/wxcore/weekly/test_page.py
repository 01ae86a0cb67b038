"""The weekly report as a page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callbacks.models import Conversation, Message
from campaigns.models import Broadcast, Campaign
from tests.people import logged_in, member
from tests.wxcore.weekly.conftest import Mailbox
from wxcore.models import Membership, OfficialAccount
from wxcore.weekly import report, weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(account: OfficialAccount) -> str:
    return reverse("admin:wxcore_officialaccount_weekly", args=[account.pk])


@pytest.fixture
def analyst(account: OfficialAccount) -> User:
    user = member(account, "analyst")
    user.email = "analyst@example.com"
    user.save()
    return user


def week_of(account: OfficialAccount) -> weeks.Week:
    return weeks.last(account.zone, timezone.now())


def finished(account: OfficialAccount, number: int) -> None:
    at = week_of(account).start + dt.timedelta(hours=1)
    for position in range(number):
        campaign = Campaign.objects.create(account=account, name=f"任务{position}", status="finished", finished_at=at)
        Broadcast.objects.create(
            account=account, campaign=campaign, position=1, status="finished", recipient_count=100, total_count=100,
            filter_count=90, sent_count=80, error_count=10,
        )  # fmt: skip


def test_an_empty_week_says_so(analyst: User, address: str) -> None:
    html = logged_in(analyst).get(address).content.decode()

    for said in ("本周没有统计数据", "本周没有完成的群发任务", "本周没有人来信"):
        assert said in html
    assert "data-print" in html


def test_it_shows_campaigns_in_a_constant_number_of_queries(
    analyst: User, address: str, account: OfficialAccount
) -> None:
    client = logged_in(analyst)
    counts = []
    for number in (1, 12):
        finished(account, number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            html = client.get(address).content.decode()
        counts.append(len(asked))

    assert "任务11" in html
    assert "另有 3 个" in html
    assert counts[0] == counts[1]


def test_waits_are_measured_from_the_first_message_to_a_person_s_answer(
    analyst: User, account: OfficialAccount
) -> None:
    week = week_of(account)
    for number, wait in enumerate((10, 20, 600)):
        asked = week.start + dt.timedelta(days=1)
        talk = Conversation.objects.create(account=account, openid=f"o{number}", last_message_at=asked)
        said: list[tuple[str, dt.timedelta, Any]] = [
            ("in", dt.timedelta(), None),
            ("out", dt.timedelta(seconds=1), None),  # a rule's answer is none of a person
            ("in", dt.timedelta(minutes=1), None),
            ("out", dt.timedelta(minutes=wait), analyst),
            ("out", dt.timedelta(minutes=wait + 500), analyst),
        ]
        for position, (direction, after, by) in enumerate(said):
            Message.objects.create(
                conversation=talk, direction=direction, kind="text", text="x", at=asked + after,
                dedup_key=f"{number}-{position}", created_by=by,
            )  # fmt: skip

    found = next(section for section in report.build(account, week, analyst).sections if section.title == "会话")
    assert [figure.shown for figure in found.figures] == ["6", "3", "3", "20 分钟"]


def test_weeks_lead_to_one_another(analyst: User, address: str, account: OfficialAccount) -> None:
    week = week_of(account)
    client = logged_in(analyst)

    assert f"?week={week.before}" in client.get(address).content.decode()
    running = client.get(f"{address}?week={week.after}").content.decode()
    assert "尚未结束" in running
    assert f"?week={week.after.after}" not in running


def test_somebody_subscribes_in_their_language_and_stops(analyst: User, address: str) -> None:
    client = logged_in(analyst)
    client.cookies["django_language"] = "en"
    client.post(address, {"do": "subscribe"})
    mine = Membership.objects.get(user=analyst)
    assert (mine.weekly_report, mine.weekly_language) == (True, "en")

    client.post(address, {"do": "unsubscribe"})
    mine.refresh_from_db()
    assert not mine.weekly_report


def test_send_it_to_me_now(analyst: User, address: str, mailbox: Mailbox) -> None:
    html = logged_in(analyst).post(address, {"do": "send"}, follow=True).content.decode()

    assert mailbox.to == ["analyst@example.com"]
    assert "周报已发送至 analyst@example.com" in html


@pytest.mark.parametrize("do", ["send", "subscribe"])
def test_without_an_address_it_says_what_to_do(analyst: User, address: str, mailbox: Mailbox, do: str) -> None:
    User.objects.filter(pk=analyst.pk).update(email="")
    html = logged_in(analyst).post(address, {"do": do}, follow=True).content.decode()

    assert "没有填写邮箱" in html
    assert mailbox.mails == []


def test_a_server_that_is_down_is_said(analyst: User, address: str, settings: Any, mailbox: Mailbox) -> None:
    settings.EMAIL_PORT = 9

    assert "邮件发送失败" in logged_in(analyst).post(address, {"do": "send"}, follow=True).content.decode()


def test_a_superuser_who_is_no_member_cannot_subscribe(admin_client: Client, admin_user: User, address: str) -> None:
    User.objects.filter(pk=admin_user.pk).update(email="boss@example.com")

    assert "您不是该公众号的成员" in admin_client.post(address, {"do": "subscribe"}, follow=True).content.decode()


def test_another_account_s_report_does_not_exist(address: str) -> None:
    other = OfficialAccount.objects.create(
        name="别家号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    client = logged_in(member(other, "administrator"))

    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "send"}).status_code == 404


def test_the_start_page_leads_there(analyst: User, address: str) -> None:
    assert address in logged_in(analyst).get(reverse("admin:index")).content.decode()
