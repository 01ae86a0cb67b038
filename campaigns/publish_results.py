"""What became of a publication: by event, by asking, by a person's word. And its end, when it is deleted at WeChat."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Publication, RemoteDraft
from campaigns.states import NotAllowedNow, PublicationStatus, try_transition
from wxcore import accounts, failures
from wxcore.errors import Conflict, OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.errors import ApiError, WeChatError
from wxcore.wechat.messages import PublishJobFinish

logger = logging.getLogger(__name__)

# publish_status of WeChat; 1 means "in progress".
PUBLISHED, ORIGINALITY_FAILED, FAILED, REJECTED, DELETED, BANNED = 0, 2, 3, 4, 5, 6
BAD_ARTICLE_ID = 53600
MAX_URLS = 8


class Result(Protocol):
    """What the event and the answer of freepublish/get have in common."""

    publish_id: str
    status: int
    article_id: str
    urls: tuple[str, ...]
    failed: tuple[int, ...]


class AlreadyOpen(Conflict):
    code = "publication_open"
    message = _("“%(draft)s” is being published already.")
    fix = _("Wait for the result under “Publications”.")
    retry = Retry.WAIT


class DraftEdited(Conflict):
    code = "draft_edited"
    message = _("“%(draft)s” was changed after you looked at it, so it was not published.")
    fix = _("Look at it again and confirm again.")


class OutcomeUnknown(OperatorError):
    code = "publication_unknown"
    message = _("Nobody knows whether WeChat published this draft. Last answer: %(answer)s")
    fix = _("Look under “Published” in WeChat's console before you decide; publishing again could publish it twice.")
    retry = Retry.WAIT


class StillInDraftBox(OperatorError):
    code = "still_in_draft_box"
    message = _("WeChat's answer was lost. The draft is still in the draft box and not in the list of publications.")
    fix = _("Very likely it was not published. Make sure in WeChat's console, then record it here.")
    retry = Retry.WAIT


class OriginalityFailed(OperatorError):
    code = "publication_originality"
    message = _("WeChat's originality check stopped the publication. Articles: %(numbers)s")
    fix = _("Write these articles anew or name their source, then publish again.")


class Refused(OperatorError):
    code = "publication_failed"
    message = _("WeChat could not publish the draft.")
    fix = _("Check it in WeChat's console, where the reason stands; then publish again.")


class ReviewRejected(OperatorError):
    code = "publication_rejected"
    message = _("WeChat's review rejected the publication. Articles: %(numbers)s")
    fix = _("Change what breaks WeChat's rules in these articles, then publish again.")


class JobNotKnownYet(OperatorError):
    code = "publication_not_known_yet"
    message = _("The result of a publication came before WeChat's answer to our request.")
    fix = _("It is processed again as soon as the answer is here; there is nothing to do.")
    retry = Retry.WAIT


STATUSES = {
    ORIGINALITY_FAILED: PublicationStatus.ORIGINALITY_FAILED,
    FAILED: PublicationStatus.FAILED,
    REJECTED: PublicationStatus.REJECTED,
    DELETED: PublicationStatus.DELETED,
    BANNED: PublicationStatus.BANNED,
}


def record(account: OfficialAccount, result: PublishJobFinish, *, now: dt.datetime) -> None:
    """This will give what WeChat reported to the publication that it is about. A repetition changes nothing.

    A job that nobody here asked for was published in WeChat's console, and is left alone. Raises JobNotKnownYet while
    a request of ours is without its answer: the job may be that one.
    """
    known = Q(publish_id=result.publish_id)
    if result.article_id:
        # Found in WeChat's list, which does not name the job.
        known |= Q(publish_id="", article_id=result.article_id)
    publication = Publication.objects.filter(known, account=account).select_for_update().first()
    if publication is None:
        waiting = Publication.objects.filter(account=account, publish_id="", status=PublicationStatus.SUBMITTING)
        if waiting.exclude(tried_at=None).exists():
            raise JobNotKnownYet
        logger.info("Publication job %s is not ours", result.publish_id)
        return
    if not publication.publish_id:
        Publication.objects.filter(pk=publication.pk).update(publish_id=result.publish_id)
        publication.publish_id = result.publish_id
    apply(publication, result, now=now)


def apply(publication: Publication, result: Result, *, now: dt.datetime) -> bool:
    """This will write down what WeChat says; False while it is not decided."""
    if result.status == PUBLISHED:
        return published(publication, article_id=result.article_id, urls=result.urls, now=now)
    status = STATUSES.get(result.status)
    if status is None:
        return False
    columns: dict[str, Any] = {"due_at": None, "failed_articles": list(result.failed), **_reason(result)}
    if status in (PublicationStatus.DELETED, PublicationStatus.BANNED):
        _leave_box(publication, now)
    moved = try_transition(publication, status, finished_at=publication.finished_at or now, **columns)
    return moved or publication.finished_at is not None


def published(publication: Publication, *, article_id: str, urls: Sequence[str], now: dt.datetime) -> bool:
    """This will record the success, and that the draft has left the draft box."""
    links = {"article_id": article_id, "urls": list(urls[:MAX_URLS])}
    with transaction.atomic():
        _leave_box(publication, now)
        if not try_transition(
            publication,
            PublicationStatus.PUBLISHED,
            due_at=None,
            finished_at=now,
            failed_articles=[],
            **links,
            **failures.columns(None),
        ):
            # A person said so before WeChat did, who knows the addresses.
            Publication.objects.filter(pk=publication.pk, status=PublicationStatus.PUBLISHED, article_id="").update(
                **links
            )
            publication.refresh_from_db()
    return publication.finished_at is not None


def resolve(publication: Publication, *, was_published: bool, now: dt.datetime) -> None:
    """This will end a publication whose outcome only a person can know. Raises NotAllowedNow unless it is unknown."""
    to = PublicationStatus.PUBLISHED if was_published else PublicationStatus.FAILED
    columns = failures.columns(None) if was_published else {}
    is_unknown = Q(status=PublicationStatus.UNKNOWN)
    if not try_transition(publication, to, where=is_unknown, finished_at=now, due_at=None, **columns):
        publication.refresh_from_db()
        raise NotAllowedNow(subject=str(publication.draft), status=publication.get_status_display())
    if was_published:
        _leave_box(publication, now)


def delete(publication: Publication, *, now: dt.datetime) -> None:
    """This will delete the published articles at WeChat, for good. Raises NotAllowedNow, WeChatError.

    After an answer that proves nothing WeChat is asked whether they are gone.
    """
    if publication.status != PublicationStatus.PUBLISHED or not publication.article_id:
        raise NotAllowedNow(subject=str(publication.draft), status=publication.get_status_display())
    with accounts.connect(publication.account) as wechat:
        try:
            wechat.publishing.delete(publication.article_id)
        except WeChatError as error:
            doubtful = error.maybe_carried_out or (isinstance(error, ApiError) and error.errcode == BAD_ARTICLE_ID)
            if not doubtful or not publication.publish_id:
                raise
            if wechat.publishing.get(publication.publish_id).status != DELETED:
                raise
    try_transition(publication, PublicationStatus.DELETED, **failures.columns(None))


def _leave_box(publication: Publication, now: dt.datetime) -> None:
    RemoteDraft.objects.filter(pk=publication.remote_id, gone_at=None).update(gone_at=now)


def _reason(result: Result) -> dict[str, Any]:
    numbers = ", ".join(str(number) for number in result.failed) or "–"
    errors: dict[int, OperatorError] = {
        ORIGINALITY_FAILED: OriginalityFailed(numbers=numbers),
        FAILED: Refused(),
        REJECTED: ReviewRejected(numbers=numbers),
    }
    return failures.columns(errors.get(result.status))
