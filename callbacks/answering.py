"""One customer-service message: check the window, claim it, upload what it carries, send it, record what became of it.

WeChat offers nothing by which it would recognise a repetition. So a message is sent again by itself only when it surely
did not go out; one whose answer is lost, or whose worker died while it was on its way, is `unknown`, and a person says
whether it arrived.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbacks import composing, conversations, windows
from callbacks.models import Conversation, Message, MessageStatus
from campaigns import uploading
from wxcore import accounts, failures
from wxcore.clock import next_quota_day
from wxcore.errors import Conflict, OperatorError, Retry
from wxcore.wechat import customer_service
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidMediaId, WeChatError, WindowClosed, WindowUsedUp

logger = logging.getLogger(__name__)

OPEN = (MessageStatus.PENDING, MessageStatus.SUBMITTING)
# Seconds until the next try of what surely did not go out, by the number of attempts made; then a person decides.
DELAYS = (2, 10, 30, 60)


class NoWindow(OperatorError):
    code = "window_closed"
    message = _("The time in which WeChat lets us write to this follower is over.")
    fix = _("Wait until they write, or tap a menu button. A mass message reaches them meanwhile.")


class NothingLeft(OperatorError):
    code = "window_used_up"
    message = _("All messages that WeChat allows after the follower's last deed are used.")
    fix = _("Wait until they write again: each message of theirs allows five more.")


class AccountInactive(OperatorError):
    code = "account_inactive"
    message = _("The official account is switched off.")
    fix = _("Switch it on, on its page, and try again.")


class AnswerLost(OperatorError):
    code = "answer_lost"
    message = _("The message was on its way when the worker stopped: whether it arrived, nobody knows.")
    fix = _("Look at the chat in WeChat's console, or ask the follower. Then say that it arrived, or send it again.")


class AlreadyDecided(Conflict):
    code = "already_decided"
    message = _("The message is not in doubt any more.")
    fix = _("Look at what became of it.")


def write(conversation: Conversation, composed: composing.Composed, *, by: User, now: dt.datetime) -> Message:
    """This will queue what a person wrote. Raises NoWindow, NothingLeft, AccountInactive.

    Messages that are still on their way count as sent, so that six quick ones are not one too many.
    """
    check(conversation, now=now)
    return conversations.queue(
        conversation.account,
        conversation.openid,
        kind=composed.kind,
        text=composed.text,
        content=composed.content,
        asset=composed.asset,
        by=by,
        now=now,
    )


def check(conversation: Conversation, *, now: dt.datetime) -> None:
    """This will refuse what WeChat would refuse by our records. Raises NoWindow, NothingLeft, AccountInactive."""
    if not conversation.account.is_active:
        raise AccountInactive
    if windows.of(conversation).state(now) in (windows.State.CLOSED, windows.State.NEVER):
        raise NoWindow
    if left(conversation, now=now) <= 0:
        raise NothingLeft


def left(conversation: Conversation, *, now: dt.datetime) -> int:
    """This will be how many messages may still be written, those on their way taken off."""
    under_way = conversation.messages.filter(status__in=OPEN).count()
    return max(0, windows.of(conversation).left(now) - under_way)


def confirm_arrival(message: Message) -> None:
    """This will take a message in doubt for sent. Raises AlreadyDecided."""
    doubtful = Message.objects.filter(pk=message.pk, status=MessageStatus.UNKNOWN)
    if not doubtful.update(status=MessageStatus.SENT, **failures.columns(None)):
        raise AlreadyDecided


def send_again(message: Message, *, now: dt.datetime) -> None:
    """This will queue a message in doubt, or one that failed. Raises AlreadyDecided and what `check` raises."""
    check(message.conversation, now=now)
    again = Message.objects.filter(pk=message.pk, status__in=[MessageStatus.UNKNOWN, MessageStatus.FAILED])
    if not again.update(status=MessageStatus.PENDING, due_at=now, attempts=0, **failures.columns(None)):
        raise AlreadyDecided


def due(*, now: dt.datetime) -> QuerySet[Message]:
    """This will be the messages whose turn it is: those of one conversation go out in their order."""
    rows = Message.objects.filter(status__in=OPEN, due_at__lte=now, conversation__account__is_active=True)
    return rows.exclude(_has_earlier()).select_related("conversation__account", "asset__account").order_by("due_at")


def send(message: Message, *, now: dt.datetime) -> bool:
    """This will send `message` and record what WeChat says. Answers False if another worker has it."""
    if message.status == MessageStatus.SUBMITTING:
        return message.due_at <= now and _end(message, MessageStatus.UNKNOWN, AnswerLost(), now)
    if not _hold(message, now):
        return False
    conversation = message.conversation
    try:
        with accounts.connect(conversation.account) as wechat:
            ready = _ready(wechat, message, now)
            if not _claim(message):
                return False
            wechat.customer_service.send(conversation.openid, ready)
    except OperatorError as error:
        _record_failure(message, error, timezone.now())
    else:
        _end(message, MessageStatus.SENT, None, timezone.now())
    return True


def _has_earlier() -> Exists:
    same = Message.objects.filter(conversation=OuterRef("conversation"), status__in=OPEN, due_at__isnull=False)
    return Exists(same.filter(pk__lt=OuterRef("pk")))


def _hold(message: Message, now: dt.datetime) -> bool:
    """Long enough for an upload. A worker that dies here has sent nothing, and the next one begins anew."""
    lease = timezone.now() + dt.timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)
    free = Message.objects.filter(pk=message.pk, status=MessageStatus.PENDING, due_at__lte=now)
    held = free.exclude(_has_earlier()).update(due_at=lease, attempts=F("attempts") + 1)
    message.due_at, message.attempts = lease, message.attempts + 1
    return bool(held)


def _claim(message: Message) -> bool:
    """From here on a worker that dies leaves a doubt."""
    lease = timezone.now() + dt.timedelta(seconds=settings.BROADCAST_LEASE_SECONDS)
    held = Message.objects.filter(pk=message.pk, status=MessageStatus.PENDING, due_at=message.due_at)
    claimed = held.update(status=MessageStatus.SUBMITTING, due_at=lease)
    message.due_at = lease
    return bool(claimed)


def _ready(wechat: WeChat, message: Message, now: dt.datetime) -> customer_service.Message:
    """This will be the message as the client sends it, with its file at WeChat. Raises FileMissing and the like."""
    content, asset = message.content, message.asset
    if message.kind == "text":
        return customer_service.Text(message.text)
    if message.kind == "news":
        card = (content.get("articles") or [{}])[0]
        picture = uploading.article_url(wechat, asset, now=now) if asset else card.get("picurl", "")
        words = {name: card.get(name, "") for name in ("title", "url", "description")}
        return customer_service.News(**words, picture=picture)
    if asset is None:
        raise composing.EmptyMessage
    words = {name: content.get(name, "") for name in ("title", "description")}
    if message.kind == "music":
        thumb = uploading.thumb(wechat, asset, now=now)
        addresses = content.get("musicurl", ""), content.get("hqmusicurl", "")
        return customer_service.Music(*addresses, thumb_media_id=thumb, **words)
    media_id = uploading.media_id(wechat, asset, now=now)
    match message.kind:
        case "image":
            return customer_service.Image(media_id)
        case "voice":
            return customer_service.Voice(media_id)
        case "video":
            return customer_service.Video(media_id, **words)
        case "miniprogrampage":
            page = words["title"], content.get("appid", ""), content.get("pagepath", "")
            return customer_service.MiniProgramPage(*page, thumb_media_id=media_id)
    raise composing.UnknownKind


def _record_failure(message: Message, error: OperatorError, now: dt.datetime) -> None:
    """This will decide between trying again, failing and a doubt.

    1. It may have gone out: unknown, and never again by itself.
    2. WeChat does not know the file any more: upload it anew, for a while.
    3. The calls of the day are used up: tomorrow, if the window is open then.
    4. Trying again helps: later, for a while.
    5. Refused: failed. What WeChat says of the window counts more than what we thought.
    """
    until = message.conversation.talk_until
    tomorrow = next_quota_day(now)
    tries_left = message.attempts <= len(DELAYS)
    if isinstance(error, WeChatError) and error.maybe_carried_out and error.call == customer_service.SEND:
        _end(message, MessageStatus.UNKNOWN, error, now)
    elif isinstance(error, InvalidMediaId) and message.asset is not None and tries_left:
        uploading.forget([message.asset])
        _try_later(message, error, now)
    elif error.retry == Retry.TOMORROW and until is not None and until > tomorrow:
        _try_later(message, error, tomorrow)
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and not _shuts(error) and tries_left:
        _try_later(message, error, now + dt.timedelta(seconds=DELAYS[message.attempts - 1]))
    else:
        _end(message, MessageStatus.FAILED, error, now)


def _shuts(error: OperatorError | None) -> bool:
    return isinstance(error, (WindowClosed, WindowUsedUp))


def _try_later(message: Message, error: OperatorError, due_at: dt.datetime) -> None:
    logger.warning("Message %s, attempt %s: %s", message.pk, message.attempts, error)
    _ours(message).update(status=MessageStatus.PENDING, due_at=due_at, **failures.columns(error))


@transaction.atomic
def _end(message: Message, status: MessageStatus, error: OperatorError | None, now: dt.datetime) -> bool:
    if error is not None:
        logger.error("Message %s is %s: %s", message.pk, status, error)
    if not _ours(message).update(status=status, due_at=None, **failures.columns(error)):
        return False
    theirs = Conversation.objects.filter(pk=message.conversation_id)
    if isinstance(error, WindowClosed):
        theirs.update(talk_until=now, action_until=now)
    elif isinstance(error, WindowUsedUp):
        theirs.update(talk_left=0, action_left=0)
    elif status != MessageStatus.FAILED:
        _take(theirs, now)
    return True


def _take(conversation: QuerySet[Conversation], now: dt.datetime) -> None:
    """One message less: of the short window while it lives, then of the long one."""
    if not conversation.filter(action_until__gt=now, action_left__gt=0).update(action_left=F("action_left") - 1):
        conversation.filter(talk_until__gt=now, talk_left__gt=0).update(talk_left=F("talk_left") - 1)


def _ours(message: Message) -> QuerySet[Message]:
    """The row, as long as our lease is the one that stands on it."""
    return Message.objects.filter(pk=message.pk, status__in=OPEN, due_at=message.due_at)
