"""A finish event ends the broadcast that it belongs to, whenever and however often it comes."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from campaigns import services
from campaigns.models import FIGURES, Broadcast, Campaign, SendResult
from campaigns.states import BroadcastStatus, Status
from tests.locks import waiting
from tests.simulator_control import wait_for
from tests.wechat.pushes import COUNTS, finish
from wxcore.wechat import messages

pytestmark = pytest.mark.django_db

MSG_ID = 3162228393


@pytest.fixture
def submitted(campaign: Campaign) -> Broadcast:
    """A broadcast that WeChat has accepted."""
    Campaign.objects.update(status=Status.SENDING)
    return accepted(campaign, position=1, msg_id=MSG_ID)


def accepted(campaign: Campaign, **fields: object) -> Broadcast:
    now = timezone.now()
    status = {"status": BroadcastStatus.SUBMITTED, "submitted_at": now, "due_at": now}
    return Broadcast.objects.create(account=campaign.account, campaign=campaign, **status | fields)


def report(broadcast: Broadcast, *fields: str, status: str = "send success") -> Broadcast:
    push = messages.parse(finish(*fields, status=status))
    services.record_result(broadcast.account, push, now=timezone.now())
    return Broadcast.objects.get(pk=broadcast.pk)


def figures(broadcast: Broadcast) -> list[int | None]:
    return [getattr(broadcast, name) for name in FIGURES]


def test_success_finishes_broadcast_and_campaign(submitted: Broadcast) -> None:
    done = report(submitted, COUNTS)

    assert (done.status, done.due_at, done.result_status) == (BroadcastStatus.FINISHED, None, "send success")
    assert figures(done) == [100, 80, 75, 5]
    assert done.campaign.status == Status.FINISHED


def test_numbers_that_are_absent_stay_unknown(submitted: Broadcast) -> None:
    assert figures(report(submitted, "<TotalCount>100</TotalCount>")) == [100, None, None, None]


def test_both_spellings_are_success(submitted: Broadcast) -> None:
    assert report(submitted, status="sendsuccess").status == BroadcastStatus.FINISHED


@pytest.mark.parametrize(
    ("status", "en", "zh"),
    [
        ("err(10001)", "advertising", "广告"),
        ("err(20002)", "pornography", "色情"),
        ("err(30003)", "reprint", "转载"),
        ("err(40002)", "30 minutes", "30 分钟"),
        ("err(77777)", "77777", "77777"),
        ("send fail", "send fail", "send fail"),
    ],
)
def test_a_rejection_fails_with_its_meaning(submitted: Broadcast, status: str, en: str, zh: str) -> None:
    failed = report(submitted, COUNTS, status=status)

    assert (failed.status, failed.error_code, failed.result_status) == ("failed", "result_rejected", status)
    for language, words in (("en", en), ("zh-hans", zh)):
        with override(language):
            assert words in failed.error_message
    assert (failed.campaign.status, failed.campaign.error_code) == (Status.FAILED, "result_rejected")


@pytest.mark.parametrize("status", ["", "send maybe"])
def test_a_status_that_nobody_knows_is_unknown(submitted: Broadcast, status: str) -> None:
    unknown = report(submitted, COUNTS, status=status)

    assert (unknown.status, unknown.error_code) == (BroadcastStatus.UNKNOWN, "outcome_unknown")
    assert figures(unknown) == [100, 80, 75, 5]
    assert unknown.campaign.status == Status.SENDING


def test_the_first_report_counts(submitted: Broadcast) -> None:
    first = report(submitted, COUNTS)

    again = report(submitted, "<TotalCount>1</TotalCount>", status="send fail")

    assert (again.status, again.finished_at, figures(again)) == (first.status, first.finished_at, [100, 80, 75, 5])
    assert SendResult.objects.count() == 1


def test_a_report_waits_for_its_broadcast(submitted: Broadcast) -> None:
    Broadcast.objects.update(msg_id=None, status=BroadcastStatus.SUBMITTING)
    assert report(submitted, COUNTS).status == BroadcastStatus.SUBMITTING
    Broadcast.objects.update(msg_id=MSG_ID, status=BroadcastStatus.SUBMITTED)

    assert services.match_results(now=timezone.now()) == 1

    submitted.refresh_from_db()
    assert (submitted.status, figures(submitted)) == (BroadcastStatus.FINISHED, [100, 80, 75, 5])


def test_a_report_that_nobody_waits_for_is_kept_and_no_longer_looked_at(submitted: Broadcast) -> None:
    now = timezone.now()
    Broadcast.objects.update(msg_id=None)
    report(submitted, COUNTS)
    Broadcast.objects.update(msg_id=MSG_ID)

    assert services.match_results(now=now + dt.timedelta(days=4)) == 0

    assert SendResult.objects.get().broadcast is None


def test_a_job_of_another_account_is_another_job(submitted: Broadcast, other_account) -> None:
    push = messages.parse(finish(COUNTS))

    services.record_result(other_account, push, now=timezone.now())

    submitted.refresh_from_db()
    assert submitted.status == BroadcastStatus.SUBMITTED


def test_a_report_ends_doubt(submitted: Broadcast) -> None:
    Broadcast.objects.update(status=BroadcastStatus.UNKNOWN, error_code="outcome_unknown")

    done = report(submitted, COUNTS)

    assert (done.status, done.error_code) == (BroadcastStatus.FINISHED, "")


def test_a_late_report_adds_the_figures_to_what_has_ended(submitted: Broadcast) -> None:
    ended = timezone.now() - dt.timedelta(hours=1)
    Broadcast.objects.update(status=BroadcastStatus.FINISHED, finished_at=ended, due_at=None)

    done = report(submitted, COUNTS)

    assert (done.finished_at, figures(done)) == (ended, [100, 80, 75, 5])


def test_a_campaign_goes_on_while_one_broadcast_is_open(submitted: Broadcast) -> None:
    accepted(submitted.campaign, position=2, msg_id=1)

    assert report(submitted, COUNTS).campaign.status == Status.SENDING


def test_a_campaign_of_which_something_was_sent_has_not_failed(submitted: Broadcast) -> None:
    accepted(submitted.campaign, position=2, msg_id=1, status=BroadcastStatus.FAILED)

    assert report(submitted, COUNTS).campaign.status == Status.FINISHED


def test_the_campaign_adds_up_its_broadcasts(submitted: Broadcast) -> None:
    accepted(submitted.campaign, position=2, msg_id=1, sent_count=25)
    report(submitted, COUNTS)

    campaign = Campaign.objects.with_figures().get()
    assert (campaign.total_count, campaign.sent_count) == (100, 100)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write at the same time")
def test_a_report_that_meets_the_answer_of_mass_get_adds_the_figures(submitted: Broadcast) -> None:
    def report_in_another_worker() -> None:
        try:
            report(submitted, COUNTS)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Broadcast.objects.update(status=BroadcastStatus.FINISHED)
            reported = pool.submit(report_in_another_worker)
            wait_for(waiting)
        reported.result(30)

    assert figures(Broadcast.objects.get()) == [100, 80, 75, 5]
