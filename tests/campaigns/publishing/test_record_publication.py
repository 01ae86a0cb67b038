"""WeChat's event about a publication: late, twice, too early, somebody else's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbacks import services
from callbacks.models import Callback
from callbacks.states import CallbackStatus
from campaigns.models import Publication
from campaigns.states import PublicationStatus
from tests.campaigns.publishing.conftest import MakeDraft, fresh
from tests.wechat.pushes import event
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

DETAIL = (
    "<article_detail><count>2</count>"
    "<item><idx>1</idx><article_url><![CDATA[https://mp.weixin.qq.com/s/a]]></article_url></item>"
    "<item><idx>2</idx><article_url><![CDATA[https://mp.weixin.qq.com/s/b]]></article_url></item></article_detail>"
)
URLS = ["https://mp.weixin.qq.com/s/a", "https://mp.weixin.qq.com/s/b"]


def pushed(account: OfficialAccount, publish_id: str, status: int = 0, more: str = "") -> Callback:
    """This will store an event as WeChat pushes it, process it, and be the row."""
    found = f"<article_id><![CDATA[ART]]></article_id>{DETAIL}" if status == 0 else more
    info = f"<publish_id>{publish_id}</publish_id><publish_status>{status}</publish_status>{found}"
    body = event("PUBLISHJOBFINISH", f"<PublishEventInfo>{info}</PublishEventInfo>")
    now = timezone.now()
    row = Callback.objects.create(
        account=account,
        dedup_key=f"{publish_id}-{status}-{Callback.objects.count()}",
        msg_type="event",
        event="publishjobfinish",
        body=body.decode(),
        pushed_at=now,
        received_at=now,
        due_at=now,
    )
    return processed(row)


def processed(row: Callback) -> Callback:
    Callback.objects.filter(pk=row.pk).update(due_at=timezone.now())
    assert services.process(Callback.objects.get(pk=row.pk), now=timezone.now())
    return Callback.objects.get(pk=row.pk)


@pytest.fixture
def submitted(publication: Publication) -> Publication:
    Publication.objects.update(status=PublicationStatus.SUBMITTED, publish_id="100", tried_at=timezone.now())
    return fresh(publication)


def test_the_event_ends_it(submitted: Publication) -> None:
    row = pushed(submitted.account, "100")

    done = fresh(submitted)
    assert row.status == CallbackStatus.PROCESSED
    assert (done.status, done.article_id, done.urls) == (PublicationStatus.PUBLISHED, "ART", URLS)


def test_a_refusal_names_the_articles(submitted: Publication) -> None:
    pushed(submitted.account, "100", 2, "<fail_idx>1</fail_idx><fail_idx>2</fail_idx>")

    done = fresh(submitted)
    assert (done.status, done.failed_articles) == (PublicationStatus.ORIGINALITY_FAILED, [1, 2])
    assert "1, 2" in done.error_message


def test_a_repetition_changes_nothing(submitted: Publication) -> None:
    pushed(submitted.account, "100")
    before = Publication.objects.values().get()

    assert pushed(submitted.account, "100").status == CallbackStatus.PROCESSED

    assert Publication.objects.values().get() == before


def test_success_is_not_undone_by_a_late_failure(submitted: Publication) -> None:
    pushed(submitted.account, "100")

    pushed(submitted.account, "100", 3)

    assert fresh(submitted).status == PublicationStatus.PUBLISHED


def test_what_was_published_may_be_banned_later(submitted: Publication) -> None:
    pushed(submitted.account, "100")

    pushed(submitted.account, "100", 6)

    assert fresh(submitted).status == PublicationStatus.BANNED


def test_an_event_that_overtakes_the_answer_waits_for_it(publication: Publication) -> None:
    Publication.objects.update(status=PublicationStatus.SUBMITTING, tried_at=timezone.now(), attempts=1)
    row = pushed(publication.account, "100")
    assert (row.status, row.error_code) == (CallbackStatus.STORED, "publication_not_known_yet")

    Publication.objects.update(status=PublicationStatus.SUBMITTED, publish_id="100")
    assert processed(row).status == CallbackStatus.PROCESSED

    assert fresh(publication).urls == URLS


def test_an_event_after_a_person_decided_brings_the_addresses(publication: Publication) -> None:
    Publication.objects.update(status=PublicationStatus.PUBLISHED, publish_id="100", finished_at=timezone.now())

    pushed(publication.account, "100")

    assert fresh(publication).urls == URLS


def test_an_event_after_the_search_found_it_names_the_job(publication: Publication) -> None:
    Publication.objects.update(status=PublicationStatus.PUBLISHED, article_id="ART", finished_at=timezone.now())

    pushed(publication.account, "100")

    assert fresh(publication).publish_id == "100"


def test_what_was_published_in_the_console_is_left_alone(publication: Publication) -> None:
    assert pushed(publication.account, "999").status == CallbackStatus.PROCESSED

    assert fresh(publication).status == PublicationStatus.PENDING


def test_another_accounts_job_with_the_same_number_is_not_ours(
    submitted: Publication, other_account: OfficialAccount, make_draft: MakeDraft
) -> None:
    pushed(other_account, "100")

    assert fresh(submitted).status == PublicationStatus.SUBMITTED


def test_unknown_is_settled_by_the_event(submitted: Publication) -> None:
    Publication.objects.update(status=PublicationStatus.UNKNOWN)

    pushed(submitted.account, "100")

    assert fresh(submitted).status == PublicationStatus.PUBLISHED


def test_a_status_that_nobody_documented_decides_nothing(submitted: Publication) -> None:
    assert pushed(submitted.account, "100", 42).status == CallbackStatus.PROCESSED

    assert fresh(submitted).status == PublicationStatus.SUBMITTED
