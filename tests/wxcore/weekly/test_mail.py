"""The mail of the week: on Monday at nine where the account is at home, once to each, in their language."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group

from campaigns.models import Broadcast, Campaign
from followers.models import FollowerDay
from tests.people import member
from tests.wxcore.weekly.conftest import MONDAY, NINE, Mailbox, reader
from wxcore.models import Membership, OfficialAccount, WeeklyMail
from wxcore.weekly import mailing

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def only() -> WeeklyMail:
    return WeeklyMail.objects.get()


def parts(mailbox: Mailbox, number: int = 0) -> tuple[str, str]:
    mail = mailbox.mails[number]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


@pytest.fixture
def busy_week(account: OfficialAccount) -> None:
    for number in range(1, 15):
        FollowerDay.objects.create(
            account=account, day=MONDAY - dt.timedelta(days=number), new=100 if number <= 7 else 60, left=10,
            total=5000 - number,
        )  # fmt: skip
    campaign = Campaign.objects.create(
        account=account, name="双十一<b>大促</b>", status="finished", finished_at=NINE - dt.timedelta(days=3)
    )
    Broadcast.objects.create(
        account=account, campaign=campaign, position=1, status="finished", recipient_count=5000, total_count=5000,
        filter_count=4900, sent_count=4850, error_count=50,
    )  # fmt: skip


def test_it_comes_on_monday_at_nine_and_once(account: OfficialAccount, mailbox: Mailbox) -> None:
    user = reader(account)

    assert mailing.tick(now=NINE - SECOND) == 0
    assert mailing.tick(now=NINE) == 1
    assert mailing.tick(now=NINE + dt.timedelta(hours=1)) == 0
    assert mailbox.to == [user.email]
    assert (only().status, only().week, only().attempts) == ("sent", MONDAY - dt.timedelta(days=7), 1)
    assert mailing.tick(now=NINE + dt.timedelta(days=7)) == 1


def test_it_says_what_happened(account: OfficialAccount, mailbox: Mailbox, busy_week: None, settings: Any) -> None:
    settings.SITE_URL = "https://qunfa.example"
    reader(account)
    mailing.tick(now=NINE)

    text, html = parts(mailbox)
    assert str(mailbox.mails[0]["Subject"]).strip() == "测试服务号 周报：11月9日 至 11月15日"
    assert mailbox.mails[0]["Auto-Submitted"] == "auto-generated"
    for said in ("700", "+280", "630", "4,850", "97.0%", "净增"):
        assert said in text
        assert said in html
    assert "双十一<b>大促</b>" in text
    assert "双十一&lt;b&gt;大促&lt;/b&gt;" in html
    assert f"https://qunfa.example/admin/wxcore/officialaccount/{account.pk}/weekly" in text


def test_it_loads_nothing_and_has_its_styles_in_line(
    account: OfficialAccount, mailbox: Mailbox, busy_week: None
) -> None:
    reader(account)
    mailing.tick(now=NINE)
    _text, html = parts(mailbox)

    assert not re.search(r"<img|<link|<script|@import|url\(", html)
    assert 'style="' in html
    assert "prefers-color-scheme: dark" in html


def test_everybody_reads_their_own_language(account: OfficialAccount, mailbox: Mailbox) -> None:
    reader(account, "analyst", language="en")
    reader(account, "editor")
    mailing.tick(now=NINE)

    subjects = {str(mail["To"]): str(mail["Subject"]) for mail in mailbox.mails}
    assert subjects["analyst@example.com"].endswith("the week from November 9 to November 15")
    assert "周报" in subjects["editor@example.com"]


def test_each_account_has_its_own_nine_o_clock(account: OfficialAccount, mailbox: Mailbox) -> None:
    account.time_zone = "America/New_York"
    account.save()
    reader(account)

    assert mailing.tick(now=NINE) == 0
    assert mailing.tick(now=dt.datetime(2026, 11, 16, 14, 0, tzinfo=dt.UTC)) == 1


def test_it_is_nine_on_the_wall_before_and_after_clocks_change(account: OfficialAccount, mailbox: Mailbox) -> None:
    account.time_zone = "Europe/Berlin"
    account.save()
    reader(account)
    for at in ("2026-10-19T07:00+00:00", "2026-10-26T08:00+00:00"):
        moment = dt.datetime.fromisoformat(at)
        assert mailing.tick(now=moment - SECOND) == 0
        assert mailing.tick(now=moment) == 1


def test_two_roles_are_one_person(account: OfficialAccount, mailbox: Mailbox) -> None:
    user = reader(account)
    editor = Group.objects.get(name="editor")
    Membership.objects.create(account=account, user=user, role=editor, weekly_report=True)
    mailing.tick(now=NINE)

    assert len(mailbox.mails) == 1


def test_who_did_not_subscribe_was_switched_off_or_left_gets_none(account: OfficialAccount, mailbox: Mailbox) -> None:
    member(account, "editor")
    gone = reader(account)
    gone.is_active = False
    gone.save()
    mailing.tick(now=NINE)

    assert mailbox.mails == []


def test_a_server_that_is_down_is_tried_again(account: OfficialAccount, settings: Any, mailbox: Mailbox) -> None:
    reader(account)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    assert mailing.tick(now=NINE) == 0
    assert (only().status, only().error_code) == ("pending", "mail_failed")

    settings.EMAIL_PORT = port
    assert mailing.tick(now=NINE + dt.timedelta(seconds=10)) == 0
    assert mailing.tick(now=NINE + dt.timedelta(seconds=300)) == 1
    assert (only().status, only().error_code) == ("sent", "")


def test_a_server_that_refuses_is_asked_for_some_hours(account: OfficialAccount, mailbox: Mailbox) -> None:
    reader(account)
    mailbox.answer = "550 no such mailbox"
    at = NINE
    for wait in (0, *mailing.DELAYS):
        at += dt.timedelta(seconds=wait)
        mailing.tick(now=at)

    assert (only().status, only().attempts) == ("failed", 4)
    assert "550" in only().error_message


def test_a_worker_that_died_while_sending_is_not_repeated(account: OfficialAccount, mailbox: Mailbox) -> None:
    reader(account)
    mailing.plan(now=NINE)
    WeeklyMail.objects.update(status="sending", due_at=NINE)
    mailing.tick(now=NINE + SECOND)

    assert mailbox.mails == []
    assert (only().status, only().error_code) == ("failed", "mail_interrupted")


def test_without_an_address_it_says_so(account: OfficialAccount, mailbox: Mailbox) -> None:
    user = reader(account)
    user.email = ""
    user.save()
    mailing.tick(now=NINE)

    assert (only().status, only().error_code) == ("failed", "no_mail_address")


def test_nobody_gets_last_week_s_report_on_tuesday(account: OfficialAccount, mailbox: Mailbox) -> None:
    reader(account)

    assert mailing.tick(now=NINE + dt.timedelta(hours=25)) == 0
    assert not WeeklyMail.objects.exists()


def test_a_name_with_a_line_break_forges_no_header(account: OfficialAccount, mailbox: Mailbox) -> None:
    OfficialAccount.objects.update(name="号\r\nBcc: victim@example.com")
    reader(account)
    mailing.tick(now=NINE)

    assert mailbox.to == ["analyst@example.com"]
    assert mailbox.mails[0]["Bcc"] is None
