"""One publication: claim it, hand the draft in, learn what became of it. Publishing tells no follower (发布).

Never twice: WeChat gives no way to repeat freepublish/submit safely, so it is announced on the row first, and an
announcement without an answer is never repeated. It is looked for in WeChat's list of publications; what is not found
there for an hour is `unknown`, and a person decides.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from campaigns import draftbox, drafts
from campaigns.models import Draft, Publication, RemoteDraft
from campaigns.publish_results import AlreadyOpen, DraftEdited, OutcomeUnknown, StillInDraftBox, apply, published
from campaigns.services import AccountInactive
from campaigns.states import PublicationStatus, try_transition
from wxcore import accounts, failures
from wxcore.errors import OperatorError, Retry
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidMediaId, WeChatError
from wxcore.wechat.publishing import PublishedItem, PublishJob

logger = logging.getLogger(__name__)

SUBMIT = "/cgi-bin/freepublish/submit"
UNDER_WAY = (PublicationStatus.PENDING, PublicationStatus.SUBMITTING, PublicationStatus.SUBMITTED)
OPEN = (*UNDER_WAY, PublicationStatus.UNKNOWN)
# A draft that surely was not handed in is given up after this long.
PATIENCE = dt.timedelta(hours=2)
# So long we look for a publication whose answer was lost, and for the result of one that was accepted.
SEARCH_PATIENCE = dt.timedelta(hours=1)
RESULT_PATIENCE = dt.timedelta(days=3)
# WeChat takes a hundred questions a day: the first comes soon, each next one after twice the time.
FIRST_QUESTION = dt.timedelta(seconds=10)
# Seconds until the next try when the last one surely did not hand it in, by the number of attempts made.
DELAYS = (5, 30, 60, 120, 300)
CLOCKS = dt.timedelta(minutes=10)
PAGE = 20


def publish(draft: Draft, *, by: AbstractBaseUser | None, now: dt.datetime, seen_version: int | None) -> Publication:
    """This will queue the draft's present content for publication; a worker hands it in at its next tick.

    Raises DraftEdited if it is no longer the version that was looked at, AlreadyOpen, AccountInactive, and the first of
    what WeChat would refuse.
    """
    if not draft.account.is_active:
        raise AccountInactive
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if seen_version is not None and locked.version != seen_version:
            raise DraftEdited(draft=str(locked))
        if Publication.objects.filter(draft=locked, status__in=OPEN).exists():
            raise AlreadyOpen(draft=str(locked))
        for problem in drafts.problems(locked):
            raise problem.error
        return Publication.objects.create(
            account=locked.account, draft=locked, revision=drafts.freeze(locked), due_at=now, created_by=by
        )


def submit(publication: Publication, *, now: dt.datetime) -> bool:
    """This will hand the draft in, or look for it if that may have happened. Answers False if another worker has it."""
    lease = now + dt.timedelta(seconds=settings.BROADCAST_LEASE_SECONDS)
    if not try_transition(
        publication,
        PublicationStatus.SUBMITTING,
        where=Q(due_at__lte=now),
        attempts=F("attempts") + 1,
        due_at=lease,
    ):
        return False
    # Whatever happens while it is looked for, it is not handed in again.
    step, fail = (_hand_in, _record_failure) if publication.tried_at is None else (_search, _search_later)
    try:
        with accounts.connect(publication.account) as wechat:
            step(wechat, publication, timezone.now())
    except OperatorError as error:
        logger.warning("Publication %s, attempt %s: %s", publication.pk, publication.attempts, error)
        fail(publication, error, timezone.now())
    return True


def ask(publication: Publication, *, now: dt.datetime) -> None:
    """This will ask freepublish/get what became of a publication whose event has not come."""
    due_at = _next_question(publication, now)
    claimed = Publication.objects.filter(
        pk=publication.pk, status=PublicationStatus.SUBMITTED, due_at=publication.due_at
    )
    if not claimed.update(due_at=due_at):
        return
    answer = ""
    try:
        with accounts.connect(publication.account) as wechat:
            result = wechat.publishing.get(publication.publish_id)
        if apply(publication, result, now=now):
            return
        answer = f"publish_status {result.status}"
    except OperatorError as error:
        logger.warning("No result for publication %s: %s", publication.pk, error)
        answer = error.message
    if publication.tried_at and now - publication.tried_at > RESULT_PATIENCE:
        _become_unknown(publication, OutcomeUnknown(answer=answer))


def look(publication: Publication, *, now: dt.datetime) -> bool:
    """This will ask WeChat at once, for a person who waits; and say whether it is known by now. Raises WeChatError."""
    if publication.publish_id:
        with accounts.connect(publication.account) as wechat:
            return apply(publication, wechat.publishing.get(publication.publish_id), now=now)
    if publication.status == PublicationStatus.UNKNOWN:
        with accounts.connect(publication.account) as wechat:
            found = _find(wechat, publication)
        return found is not None and _take_found(publication, found, now)
    return publication.status not in OPEN


def _hand_in(wechat: WeChat, publication: Publication, now: dt.datetime) -> None:
    """This will bring the draft into the draft box and submit it from there."""
    before = draftbox.shown(publication.draft)
    remote = draftbox.push(wechat, publication.draft, now=now)
    if remote.revision_id != publication.revision_id:
        raise DraftEdited(draft=str(publication.draft))
    if not _hold(publication, remote=remote, tried_at=timezone.now()):
        return
    try:
        job = wechat.publishing.submit(remote.media_id)
    except InvalidMediaId:
        if before is None or before.media_id != remote.media_id:
            raise
        # The copy that people see was deleted in the console: the next push makes another one.
        RemoteDraft.objects.filter(pk=remote.pk).update(gone_at=now)
        _try_later(publication, now)
        return
    _record_job(publication, job, timezone.now())


def _hold(publication: Publication, **columns: Any) -> bool:
    """This will write the row only while it is in the attempt that we know."""
    ours = Publication.objects.filter(
        pk=publication.pk, status=PublicationStatus.SUBMITTING, attempts=publication.attempts
    )
    held = bool(ours.update(**columns))
    publication.refresh_from_db()
    return held


def _record_job(publication: Publication, job: PublishJob, now: dt.datetime) -> None:
    """This will store the job's number; also after our lease, for nobody needs to look for the job any more."""
    try_transition(
        publication,
        PublicationStatus.SUBMITTED,
        where=Q(publish_id=""),
        publish_id=job.publish_id,
        msg_data_id=job.msg_data_id,
        due_at=now + FIRST_QUESTION,
        **failures.columns(None),
    )


def _record_failure(publication: Publication, error: OperatorError, now: dt.datetime) -> None:
    """This will decide between looking for it, trying again and failing.

    1. WeChat may have taken it: never again, it is looked for.
    2. It surely did not, and trying again helps: later, for a while.
    3. It refused for good: failed.
    """
    if isinstance(error, WeChatError) and error.maybe_carried_out and error.call == SUBMIT:
        _search_later(publication, error, now)
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and now - publication.created_at < PATIENCE:
        _try_later(publication, now, **failures.columns(error))
    else:
        try_transition(
            publication,
            PublicationStatus.FAILED,
            where=Q(attempts=publication.attempts),
            tried_at=None,
            due_at=None,
            finished_at=now,
            **failures.columns(error),
        )


def _try_later(publication: Publication, now: dt.datetime, **columns: Any) -> None:
    delay = DELAYS[min(publication.attempts, len(DELAYS)) - 1]
    try_transition(
        publication,
        PublicationStatus.PENDING,
        where=Q(attempts=publication.attempts),
        tried_at=None,
        due_at=now + dt.timedelta(seconds=delay),
        **columns,
    )


def _search(wechat: WeChat, publication: Publication, now: dt.datetime) -> None:
    """This will look for a publication whose request was made, and whose answer nobody stored."""
    found = _find(wechat, publication)
    if found is not None:
        _take_found(publication, found, now)
        return
    if now - publication.tried_at < SEARCH_PATIENCE:
        _hold(publication, due_at=_next_question(publication, now))
        return
    _become_unknown(publication, StillInDraftBox() if _in_box(wechat, publication) else OutcomeUnknown(answer="–"))


def _search_later(publication: Publication, error: OperatorError, now: dt.datetime) -> None:
    if now - publication.tried_at < SEARCH_PATIENCE:
        _hold(publication, due_at=_next_question(publication, now), **failures.columns(error))
    else:
        _become_unknown(publication, OutcomeUnknown(answer=error.message))


def _find(wechat: WeChat, publication: Publication) -> PublishedItem | None:
    """This will look through the newest publications: ours by the title and link of every article, and nobody else's.

    The same articles published twice within minutes cannot be told apart; then neither is taken.
    """
    since = (publication.tried_at or publication.created_at) - CLOCKS
    wanted = [(article["title"], article["source_url"]) for article in publication.revision.articles]
    listed = wechat.publishing.list(count=PAGE).items
    of_others = Publication.objects.filter(
        account=publication.account, article_id__in=[item.article_id for item in listed]
    )
    taken = set(of_others.exclude(pk=publication.pk).values_list("article_id", flat=True))
    matching = [
        item
        for item in listed
        if item.article_id not in taken
        and item.update_time >= since.timestamp()
        and [(article.title, article.content_source_url) for article in item.articles] == wanted
    ]
    return matching[0] if len(matching) == 1 else None


def _take_found(publication: Publication, found: PublishedItem, now: dt.datetime) -> bool:
    urls = [article.url for article in found.articles]
    return published(publication, article_id=found.article_id, urls=urls, now=now)


def _in_box(wechat: WeChat, publication: Publication) -> bool:
    if publication.remote is None:
        return False
    try:
        wechat.drafts.get(publication.remote.media_id)
    except InvalidMediaId:
        return False
    return True


def _next_question(publication: Publication, now: dt.datetime) -> dt.datetime:
    asked_for = now - (publication.tried_at or publication.created_at)
    return now + max(FIRST_QUESTION, asked_for)


def _become_unknown(publication: Publication, error: OperatorError) -> None:
    logger.error("Publication %s is unknown: %s", publication.pk, error)
    try_transition(
        publication,
        PublicationStatus.UNKNOWN,
        where=Q(attempts=publication.attempts),
        due_at=None,
        **failures.columns(error),
    )
