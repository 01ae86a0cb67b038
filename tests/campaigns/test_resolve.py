"""A person ends what nobody else can know."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import services
from campaigns.models import Broadcast
from campaigns.states import BroadcastStatus, NotAllowedNow, Status
from tests.campaigns.conftest import SENDALL, attempt
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db


@pytest.fixture
def unknown(started: Broadcast, control: Control) -> Broadcast:
    control.fault(SENDALL, errcode=45065)
    return attempt(started)


def test_it_was_sent(unknown: Broadcast) -> None:
    services.resolve(unknown, was_sent=True, now=timezone.now())

    done = Broadcast.objects.get()
    assert (done.status, done.error_code) == (BroadcastStatus.FINISHED, "")
    assert done.campaign.status == Status.FINISHED


def test_it_was_not_sent(unknown: Broadcast) -> None:
    services.resolve(unknown, was_sent=False, now=timezone.now())

    done = Broadcast.objects.get()
    assert (done.status, done.campaign.status) == (BroadcastStatus.FAILED, Status.FAILED)
    assert done.campaign.error_code == "outcome_unknown"


@pytest.mark.parametrize("status", [status for status in BroadcastStatus if status != BroadcastStatus.UNKNOWN])
def test_what_is_known_cannot_be_resolved(unknown: Broadcast, status: BroadcastStatus) -> None:
    Broadcast.objects.update(status=status)
    unknown.refresh_from_db()

    with pytest.raises(NotAllowedNow):
        services.resolve(unknown, was_sent=True, now=timezone.now())


def test_only_the_first_of_two_people_decides(unknown: Broadcast) -> None:
    other = Broadcast.objects.get()
    services.resolve(unknown, was_sent=True, now=timezone.now())

    with pytest.raises(NotAllowedNow):
        services.resolve(other, was_sent=False, now=timezone.now())


def page_of(broadcast: Broadcast, verb: str) -> str:
    return f"/admin/campaigns/broadcast/{broadcast.pk}/{verb}/"


def test_the_page_asks_while_nobody_knows(unknown: Broadcast, admin_client: Client) -> None:
    html = admin_client.get(page_of(unknown, "was-sent")).content.decode()

    assert unknown.error_message in html
    assert 'type="submit"' in html.partition('<form method="post" class="q-confirm">')[2]


@pytest.mark.parametrize("verb", ["was-sent", "was-not-sent"])
def test_the_page_says_why_it_is_too_late(unknown: Broadcast, admin_client: Client, verb: str) -> None:
    services.resolve(unknown, was_sent=True, now=timezone.now())

    html = admin_client.get(page_of(unknown, verb)).content.decode()

    assert "不能执行此操作" in html
    assert "q-confirm" not in html


def test_a_page_leaves_out_what_says_nothing(unknown: Broadcast, admin_client: Client) -> None:
    error = unknown.error_message
    before = admin_client.get(page_of(unknown, "change")).content.decode()
    services.resolve(unknown, was_sent=True, now=timezone.now())
    after = admin_client.get(page_of(unknown, "change")).content.decode()

    assert error in before
    assert [words in after for words in (error, "可能已经发出", "下一步时间")] == [False, False, False]


def test_the_page_says_what_wechat_reported_in_words(unknown: Broadcast, admin_client: Client) -> None:
    Broadcast.objects.update(result_status="err(10001)")

    html = admin_client.get(page_of(unknown, "change")).content.decode()

    assert "未通过微信审核" in html
    assert "err(10001)" in html
