"""A draft is published once, and what WeChat says of it is on record."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns import articles, drafts, publish_results, publishing
from campaigns.models import Draft, MediaAsset, Publication, RemoteDraft
from campaigns.services import AccountInactive
from campaigns.states import PublicationStatus
from tests.campaigns.publishing.conftest import GET, MakeDraft, ask, attempt, come_out, fresh, submits
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_a_row_before_anything_is_asked(publication: Publication, control: Control) -> None:
    assert (publication.status, publication.tried_at) == (PublicationStatus.PENDING, None)
    assert submits(control) == 0


def test_it_is_handed_in_and_comes_out(publication: Publication, control: Control) -> None:
    submitted = attempt(publication)
    assert submitted.status == PublicationStatus.SUBMITTED
    job = come_out(control)

    done = ask(submitted)

    assert (done.status, done.publish_id, done.article_id) == ("published", str(job["publish_id"]), job["article_id"])
    assert len(done.urls) == 2
    assert done.finished_at is not None
    assert job["titles"] == ["新品上市", "门店活动"]


def test_the_draft_leaves_the_box(publication: Publication, control: Control) -> None:
    submitted = attempt(publication)
    assert RemoteDraft.objects.get().gone_at is None
    come_out(control)

    ask(submitted)

    assert RemoteDraft.objects.get().gone_at is not None
    assert control.drafts(APPID) == []


def test_it_can_be_published_anew_afterwards(publication: Publication, control: Control, draft: Draft) -> None:
    submitted = attempt(publication)
    come_out(control)
    ask(submitted)

    again = publishing.publish(draft, by=None, now=timezone.now(), seen_version=None)

    assert attempt(again).status == PublicationStatus.SUBMITTED
    assert len(control.publications(APPID)) == 2


@pytest.mark.parametrize(
    ("said", "status", "failed"),
    [
        (2, PublicationStatus.ORIGINALITY_FAILED, [2]),
        (3, PublicationStatus.FAILED, []),
        (4, PublicationStatus.REJECTED, [2]),
        (5, PublicationStatus.DELETED, []),
        (6, PublicationStatus.BANNED, []),
    ],
)
def test_every_refusal_is_told(
    publication: Publication, control: Control, said: int, status: str, failed: list[int]
) -> None:
    control.publish_outcome(said, fail_idx=[2])
    submitted = attempt(publication)
    come_out(control)

    done = ask(submitted)

    assert (done.status, done.failed_articles) == (status, failed)
    assert done.due_at is None
    assert bool(done.error_message) == (status not in (PublicationStatus.DELETED, PublicationStatus.BANNED))


def test_what_is_still_checked_is_asked_for_ever_more_rarely(publication: Publication, control: Control) -> None:
    control.publish_outcome(1)
    submitted = attempt(publication)
    Publication.objects.update(tried_at=timezone.now() - 60 * publishing.FIRST_QUESTION)

    asked = ask(submitted)

    assert asked.status == PublicationStatus.SUBMITTED
    assert asked.due_at - timezone.now() > 59 * publishing.FIRST_QUESTION


def test_what_is_never_decided_becomes_unknown(publication: Publication, control: Control) -> None:
    control.publish_outcome(1)
    submitted = attempt(publication)
    Publication.objects.update(tried_at=timezone.now() - 2 * publishing.RESULT_PATIENCE)

    assert ask(submitted).status == PublicationStatus.UNKNOWN


def test_a_question_that_fails_is_asked_again(publication: Publication, control: Control) -> None:
    submitted = attempt(publication)
    control.fault(GET, errcode=-1, times=9)

    asked = ask(submitted)

    assert (asked.status, asked.due_at > timezone.now()) == (PublicationStatus.SUBMITTED, True)


def test_an_edit_after_the_confirmation_stops_it(publication: Publication, control: Control, draft: Draft) -> None:
    contents = articles.of(draft)
    contents[0]["title"] = "别的"
    drafts.save(draft, contents, seen_version=draft.version, by=None, automatic=False)

    done = attempt(publication)

    assert (done.status, done.error_code, submits(control)) == (PublicationStatus.FAILED, "draft_edited", 0)


def test_who_saw_another_version_publishes_nothing(draft: Draft) -> None:
    with pytest.raises(publish_results.DraftEdited):
        publishing.publish(draft, by=None, now=timezone.now(), seen_version=draft.version - 1)

    assert not Publication.objects.exists()


@pytest.mark.parametrize("status", publishing.OPEN)
def test_a_draft_is_published_once_at_a_time(publication: Publication, draft: Draft, status: str) -> None:
    Publication.objects.update(status=status)

    with pytest.raises(publish_results.AlreadyOpen):
        publishing.publish(draft, by=None, now=timezone.now(), seen_version=None)


def test_what_wechat_would_refuse_is_refused_before(make_draft: MakeDraft) -> None:
    draft = make_draft("一")
    MediaAsset.objects.all().delete()

    with pytest.raises(articles.FieldEmpty):
        publishing.publish(draft, by=None, now=timezone.now(), seen_version=None)


def test_an_account_that_is_switched_off_is_refused(draft: Draft) -> None:
    OfficialAccount.objects.update(is_active=False)

    with pytest.raises(AccountInactive):
        publishing.publish(Draft.objects.get(), by=None, now=timezone.now(), seen_version=None)


def test_a_person_who_asks_gets_the_answer_at_once(publication: Publication, control: Control) -> None:
    submitted = attempt(publication)
    come_out(control)

    assert publishing.look(submitted, now=timezone.now())

    assert fresh(publication).status == PublicationStatus.PUBLISHED
