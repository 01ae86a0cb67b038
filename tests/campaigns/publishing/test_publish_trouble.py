"""Whatever breaks while a draft is handed in: it is never handed in twice, and an honest word stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import publish_results, publishing
from campaigns.models import Draft, Publication, RemoteDraft
from campaigns.states import PublicationStatus
from tests.campaigns.publishing.conftest import ADD, LIST, SUBMIT, attempt, come_out, fresh, submits
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

InBackground = Callable[[Publication], Future[bool]]


@pytest.fixture
def in_background() -> Iterator[InBackground]:
    """`in_background(publication)` submits it in another worker."""
    with ThreadPoolExecutor(4) as pool:

        def submit(publication: Publication) -> bool:
            try:
                return publishing.submit(fresh(publication), now=timezone.now())
            finally:
                connection.close()

        yield lambda publication: pool.submit(submit, publication)


@pytest.fixture
def lost(publication: Publication, control: Control) -> Publication:
    """WeChat took it, and the answer was lost."""
    control.fault(SUBMIT, drop="after")
    return attempt(publication)


def test_a_lost_answer_is_looked_for_and_found(lost: Publication, control: Control) -> None:
    assert (lost.status, lost.publish_id, lost.error_code) == ("submitting", "", "wechat_no_answer")
    job = come_out(control)

    found = attempt(lost)

    assert (found.status, found.article_id, found.error_code) == ("published", job["article_id"], "")
    assert len(found.urls) == 2
    assert submits(control) == 1


def test_a_worker_that_died_with_the_answer_is_followed_by_a_search(publication: Publication, control: Control) -> None:
    attempt(publication)
    job = come_out(control)
    # As a kill -9 between request and stored answer leaves it, with a lease that runs out.
    Publication.objects.update(status=PublicationStatus.SUBMITTING, publish_id="", msg_data_id=None)

    assert attempt(publication).article_id == job["article_id"]

    assert submits(control) == 1


def test_a_worker_that_died_before_the_request_is_followed_by_one(publication: Publication, control: Control) -> None:
    Publication.objects.update(status=PublicationStatus.SUBMITTING, attempts=1)

    assert attempt(publication).status == PublicationStatus.SUBMITTED

    assert (submits(control), len(control.publications(APPID))) == (1, 1)


def test_a_worker_that_died_while_it_made_the_draft_leaves_one(publication: Publication, control: Control) -> None:
    control.fault(ADD, drop="after")
    assert attempt(publication).status == PublicationStatus.PENDING

    assert attempt(publication).status == PublicationStatus.SUBMITTED

    assert control.calls()["counts"][ADD] == 1


def test_while_wechat_checks_it_is_looked_for_again(lost: Publication, control: Control) -> None:
    control.fault(LIST, errcode=-1, times=9)

    again = attempt(lost)

    assert (again.status, again.error_code) == (PublicationStatus.SUBMITTING, "wechat_busy")
    assert again.due_at > timezone.now()


def test_what_is_not_found_becomes_unknown(publication: Publication, control: Control) -> None:
    control.publish_outcome(3)
    control.fault(SUBMIT, drop="after")
    attempt(publication)
    Publication.objects.update(tried_at=timezone.now() - publishing.SEARCH_PATIENCE)

    done = attempt(publication)

    # WeChat's failed publications stand in no list, and leave the draft where it was.
    assert (done.status, done.error_code, done.due_at) == (PublicationStatus.UNKNOWN, "still_in_draft_box", None)
    assert submits(control) == 1


def test_what_is_gone_and_not_found_becomes_unknown(publication: Publication, control: Control) -> None:
    control.publish_outcome(6)
    control.fault(SUBMIT, drop="after")
    attempt(publication)
    come_out(control)
    Publication.objects.update(tried_at=timezone.now() - publishing.SEARCH_PATIENCE)

    assert attempt(publication).error_code == "publication_unknown"


def test_trouble_while_searching_ends_in_unknown_and_never_in_a_second_request(
    lost: Publication, control: Control
) -> None:
    Publication.objects.update(tried_at=timezone.now() - publishing.SEARCH_PATIENCE)
    control.fault(LIST, errcode=48001, times=9)

    assert attempt(lost).status == PublicationStatus.UNKNOWN
    assert submits(control) == 1


def test_a_publication_of_somebody_else_is_not_taken_for_ours(lost: Publication, control: Control) -> None:
    job = come_out(control)
    other = Publication.objects.create(
        account=lost.account,
        draft=lost.draft,
        revision=lost.revision,
        status=PublicationStatus.PUBLISHED,
        article_id=job["article_id"],
        finished_at=timezone.now(),
    )

    again = attempt(lost)

    assert (again.status, again.article_id) == (PublicationStatus.SUBMITTING, "")
    assert other.article_id == job["article_id"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"errcode": 53503}, PublicationStatus.FAILED),
        ({"errcode": 48001}, PublicationStatus.FAILED),
        ({"errcode": 45009}, PublicationStatus.FAILED),
        ({"errcode": 45011, "times": 9}, PublicationStatus.PENDING),
        ({"errcode": -1, "times": 9}, PublicationStatus.SUBMITTING),
        ({"html": "<html>"}, PublicationStatus.SUBMITTING),
        ({"drop": "before"}, PublicationStatus.SUBMITTING),
    ],
)
def test_a_refusal_ends_it_and_doubt_is_looked_into(
    publication: Publication, control: Control, fault: dict[str, Any], status: str
) -> None:
    control.fault(SUBMIT, **fault)

    done = attempt(publication)

    assert done.status == status
    assert done.error_message
    assert (done.tried_at is None) == (status != PublicationStatus.SUBMITTING)
    assert (done.finished_at is None) == (status != PublicationStatus.FAILED)


def test_no_token_is_no_doubt(publication: Publication, control: Control) -> None:
    control.fault("/cgi-bin/stable_token", errcode=-1, times=9)

    done = attempt(publication)

    assert (done.status, done.tried_at) == (PublicationStatus.PENDING, None)


def test_what_cannot_be_handed_in_is_given_up_after_hours(publication: Publication, control: Control) -> None:
    Publication.objects.update(created_at=timezone.now() - publishing.PATIENCE)
    control.fault("/cgi-bin/stable_token", errcode=-1, times=9)

    assert attempt(publication).status == PublicationStatus.FAILED


def test_a_copy_that_was_deleted_in_the_console_is_made_again(
    publication: Publication, control: Control, draft: Draft
) -> None:
    control.fault(SUBMIT, errcode=45011, times=9)
    attempt(publication)
    control.clear_faults()
    control.forget(APPID, RemoteDraft.objects.get().media_id)

    attempt(publication)

    assert attempt(publication).status == PublicationStatus.SUBMITTED
    assert RemoteDraft.objects.filter(draft=draft, gone_at=None).count() == 1


def test_one_of_two_workers_hands_it_in(
    publication: Publication, control: Control, in_background: InBackground
) -> None:
    submitted = [in_background(publication) for _ in range(4)]

    assert sorted(future.result(30) for future in submitted) == [False, False, False, True]
    assert (submits(control), len(control.publications(APPID))) == (1, 1)


def test_a_late_answer_is_kept_although_another_worker_took_over(
    publication: Publication, control: Control, in_background: InBackground
) -> None:
    control.fault(SUBMIT, delay=1)
    late = in_background(publication)
    wait_for(lambda: fresh(publication).tried_at)

    taken_over = attempt(publication)  # its lease "ran out": it looks, and finds nothing yet
    assert taken_over.status == PublicationStatus.SUBMITTING
    assert late.result(30)

    done = fresh(publication)
    assert (done.status, bool(done.publish_id)) == (PublicationStatus.SUBMITTED, True)
    assert submits(control) == 1


def test_a_lease_that_runs_keeps_others_out(publication: Publication, control: Control) -> None:
    Publication.objects.update(
        status=PublicationStatus.SUBMITTING, due_at=timezone.now() + dt.timedelta(seconds=30), attempts=1
    )

    assert not publishing.submit(fresh(publication), now=timezone.now())


def test_a_person_decides_what_is_unknown(publication: Publication) -> None:
    Publication.objects.update(status=PublicationStatus.UNKNOWN)

    publish_results.resolve(fresh(publication), was_published=True, now=timezone.now())

    assert fresh(publication).status == PublicationStatus.PUBLISHED
    with pytest.raises(publish_results.NotAllowedNow):
        publish_results.resolve(fresh(publication), was_published=False, now=timezone.now())
