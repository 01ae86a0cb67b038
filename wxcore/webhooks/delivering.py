"""One delivery: claim it, post it, record the answer. Many of them: a few threads, and no receiver in another's way.

At least once: a worker that dies between the post and the record leaves a lease that runs out, and the next one posts
the same event ID again. Receivers tell repetitions by it.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from wxcore import failures, outside
from wxcore.errors import OperatorError
from wxcore.models import DeliveryStatus, Webhook, WebhookDelivery
from wxcore.models.webhook import OPEN
from wxcore.webhooks import addresses, emitting, services, signing
from wxcore.webhooks.errors import Answered, KeptFailing, NoAnswer, PrivateAddress, Redirected
from wxcore.webhooks.events import PING

logger = logging.getLogger(__name__)

# Seconds until the next try, by the number of tries made; about a day in all, then it has failed.
DELAYS = (10, 60, 300, 1800, 7200, 21600, 43200)
CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
# Longer than a post can take: who still holds it then is dead.
LEASE = dt.timedelta(seconds=60)
# A receiver that gave no answer at all is left alone for so long, however much waits for it.
REST = dt.timedelta(seconds=10)
# Of one receiver at the same time, over all workers.
AT_ONCE = 2
ROUND_SECONDS = 20.0
MOST_READ = 64 * 1024
KEPT = 2048


@dataclass(frozen=True, slots=True)
class Letter:
    """What is posted for one delivery; it needs no database."""

    delivery: WebhookDelivery
    url: str
    headers: dict[str, str]
    body: bytes
    policy: outside.Policy


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a post: the error is None when it was delivered."""

    error: OperatorError | None
    duration_ms: int
    status_code: int | None = None
    answer: str = ""


# What is on its way in this process; a round that ends leaves the slow ones to the next.
_under_way: dict[Future[Outcome], Letter] = {}
_round = Lock()
_pools: list[ThreadPoolExecutor] = []


def run(*, seconds: float = ROUND_SECONDS) -> int:
    """This will deliver what is due, until nothing is under way or the time is over, and count what was settled.

    Answers 0 if this process is at it already.
    """
    if not _round.acquire(blocking=False):
        return 0
    try:
        return _run(time.monotonic() + seconds)
    finally:
        _round.release()


def _run(until: float) -> int:
    settled = 0
    while time.monotonic() < until:
        _post_some()
        if not _under_way:
            break
        done, _rest = wait(_under_way, timeout=1.0, return_when=FIRST_COMPLETED)
        settled += _record_all(done)
    return settled


def _post_some() -> None:
    free = settings.WEBHOOK_THREADS - len(_under_way)
    if free <= 0:
        return
    busy = Counter(letter.delivery.webhook_id for letter in _under_way.values())
    for delivery in due(now=timezone.now())[: free * AT_ONCE]:
        if busy[delivery.webhook_id] >= AT_ONCE or free <= 0:
            continue
        letter = claim(delivery, now=timezone.now())
        if letter is not None:
            _under_way[_pool().submit(post, letter)] = letter
            busy[delivery.webhook_id] += 1
            free -= 1


def _record_all(done: Iterable[Future[Outcome]]) -> int:
    settled = 0
    for future in done:
        letter = _under_way.pop(future)
        settled += record(letter.delivery, future.result(), now=timezone.now())
    return settled


def _pool() -> ThreadPoolExecutor:
    if not _pools:
        _pools.append(ThreadPoolExecutor(settings.WEBHOOK_THREADS, thread_name_prefix="webhook"))
    return _pools[0]


def ping(webhook: Webhook, *, now: dt.datetime) -> WebhookDelivery:
    """This will post an event that tells nothing, once and at once, and answer what became of it.

    Also to a webhook that is off: whoever has mended a receiver wants to know before they switch it on.
    """
    said = {"webhook": webhook.pk, "name": webhook.name}
    body = emitting.payload(webhook.account_id, webhook.account.slug, PING, said, now=now)
    delivery = emitting.row(webhook.account_id, webhook.pk, body, now=now)
    delivery.webhook = webhook
    # Claimed from the beginning: no worker shall post it as well.
    delivery.status, delivery.due_at, delivery.attempts = DeliveryStatus.DELIVERING, now + LEASE, 1
    delivery.save()
    record(delivery, post(_letter(delivery, now)), now=timezone.now())
    delivery.refresh_from_db()
    return delivery


def due(*, now: dt.datetime) -> Iterable[WebhookDelivery]:
    """This will be what may be posted now, the longest due first; nothing of a receiver that has enough to do."""
    rows = WebhookDelivery.objects.filter(status__in=OPEN, due_at__lte=now, webhook__is_active=True)
    rested = Q(webhook__resting_until=None) | Q(webhook__resting_until__lte=now)
    held = WebhookDelivery.objects.filter(status=DeliveryStatus.DELIVERING, due_at__gt=now).order_by()
    busy = held.values("webhook").annotate(number=Count("pk")).filter(number__gte=AT_ONCE).values("webhook")
    return rows.filter(rested).exclude(webhook__in=busy).select_related("webhook").order_by("due_at", "pk")


def claim(delivery: WebhookDelivery, *, now: dt.datetime) -> Letter | None:
    """This will take the delivery for one lease. Answers None if another worker has it."""
    free = WebhookDelivery.objects.filter(pk=delivery.pk, status__in=OPEN, due_at=delivery.due_at)
    if not free.update(status=DeliveryStatus.DELIVERING, due_at=now + LEASE, attempts=F("attempts") + 1):
        return None
    delivery.status, delivery.due_at = DeliveryStatus.DELIVERING, now + LEASE
    delivery.attempts += 1
    return _letter(delivery, now)


def _letter(delivery: WebhookDelivery, now: dt.datetime) -> Letter:
    body = json.dumps(delivery.payload | {"sequence": delivery.pk}, ensure_ascii=False).encode()
    headers = signing.headers(delivery.webhook, delivery, body, now=now)
    return Letter(delivery, delivery.webhook.url, headers, body, addresses.policy())


def post(letter: Letter) -> Outcome:
    """This will post, and say what became of it. It touches no database: it runs in a thread of its own."""
    begun = time.monotonic()
    total = CONNECT_SECONDS + READ_SECONDS
    asked = outside.Request(
        "POST", letter.url, total, letter.headers, letter.body, silence=(CONNECT_SECONDS, READ_SECONDS)
    )
    status, answer, error = None, "", None
    try:
        with outside.answer(asked, letter.policy) as response:
            status = response.status_code
            answer = _beginning(response.raw.stream(8192, decode_content=False))
            error = _judged(status)
    except outside.Refused:
        error = PrivateAddress()
    except outside.Unreachable as failure:
        error = NoAnswer(reason=failure.reason)
    except Exception as failure:
        # A fault of ours must not end the round, nor leave the row without a word.
        logger.exception("Webhook delivery %s", letter.delivery.pk)
        error = NoAnswer(reason=type(failure).__name__)
    return Outcome(error, round(1000 * (time.monotonic() - begun)), status, answer)


def _beginning(chunks: Iterable[bytes]) -> str:
    """The rest of a long answer is not read; PostgreSQL keeps no NUL."""
    read = bytearray()
    for chunk in chunks:
        read += chunk
        if len(read) >= MOST_READ:
            break
    return bytes(read[:KEPT]).decode(errors="replace").replace("\0", "")


def _judged(status: int) -> OperatorError | None:
    if 200 <= status < 300:
        return None
    return (Redirected if 300 <= status < 400 else Answered)(status=status)


def record(delivery: WebhookDelivery, outcome: Outcome, *, now: dt.datetime) -> bool:
    """This will write down what became of the post, unless the lease ran out and another worker has the row."""
    seen = {"status_code": outcome.status_code, "duration_ms": outcome.duration_ms, "answer": outcome.answer}
    seen |= failures.columns(outcome.error)
    if outcome.error is None:
        seen |= {"status": DeliveryStatus.DELIVERED, "due_at": None, "delivered_at": now}
    elif delivery.attempts > len(DELAYS) or delivery.event == PING:
        seen |= {"status": DeliveryStatus.FAILED, "due_at": None}
    else:
        again = now + dt.timedelta(seconds=DELAYS[delivery.attempts - 1])
        seen |= {"status": DeliveryStatus.PENDING, "due_at": again}
    ours = WebhookDelivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.DELIVERING, due_at=delivery.due_at)
    with transaction.atomic():
        if not ours.update(**seen):
            return False
        _keep_health(delivery.webhook_id, outcome, now)
    return True


def _keep_health(webhook_id: int, outcome: Outcome, now: dt.datetime) -> None:
    hook = Webhook.objects.filter(pk=webhook_id)
    if outcome.error is None:
        hook.update(failing_since=None, resting_until=None, last_success_at=now)
        return
    silent = {"resting_until": now + REST} if isinstance(outcome.error, NoAnswer) else {}
    hook.update(failing_since=Coalesce("failing_since", now), **silent)
    days = settings.WEBHOOK_DISABLE_AFTER_DAYS
    dead = hook.filter(is_active=True, failing_since__lte=now - dt.timedelta(days=days)).first()
    if dead is not None:
        services.switch_off(dead, KeptFailing(days=days), now=now)
