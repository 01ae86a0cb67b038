"""Idempotency-Key: whoever repeats a request whose answer was lost gets that answer, and nothing happens twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import string
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import rights
from wxcore.api.errors import StatusError
from wxcore.errors import Conflict
from wxcore.models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = dt.timedelta(hours=24)
# Longer than any request takes. A worker that dies leaves a key that may be used again after so long.
LEASE = dt.timedelta(seconds=120)
LONGEST_KEY = 200
_ALLOWED = frozenset(string.ascii_letters + string.digits + string.punctuation + " ")
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


class BadKey(StatusError):
    code = "bad_idempotency_key"
    message = _("An Idempotency-Key has 1 to 200 visible ASCII characters.")
    fix = _("Use a new UUID for each intent.")


class KeyReused(StatusError):
    status = 422
    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for another request.")
    fix = _("Use a new key for each intent, and the same one only to repeat exactly the same request.")


class UnderWay(Conflict):
    code = "request_under_way"
    message = _("The first request with this Idempotency-Key is still under way.")
    fix = _("Wait a moment, then repeat it with the same key.")


class Replay(Exception):
    """Not a failure: the answer is known already."""

    def __init__(self, kept: KeptAnswer) -> None:
        self.kept = kept


class IdempotentRequests:
    """Part of a view: a request that changes something and names a key is done once, and answered the same for a day.

    1. The key's row is written first: of two at once, one has it and the other is told to wait.
    2. The answer is kept when it has been rendered; a 5xx is not, so that it can be tried again.
    """

    kept: KeptAnswer | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get(HEADER)
        is_done = getattr(self, "action", None) is not None  # or else it is answered 405
        if key is not None and is_done and request.method not in SAFE_METHODS:
            self.kept = claim(caller=_caller(request), key=_checked(key), request=_hash(request), now=timezone.now())

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, Replay):
            return _replayed(error.kept)
        try:
            answer: Response = super().handle_exception(error)  # type: ignore[misc]
        except Exception:
            self._release()
            raise
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if self.kept is not None:
            if answer.status_code >= 500 or answer.streaming:
                self._release()
            else:
                answer.add_post_render_callback(self._keep)
        return answer

    def _keep(self, answer: HttpResponse) -> None:
        kept = self.kept
        if kept is None:
            return
        headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        kept.status, kept.headers, kept.body = answer.status_code, headers, answer.content.decode()
        # Only while it is ours: who was slower than the lease must not overwrite the answer of who took over.
        KeptAnswer.objects.filter(pk=kept.pk, holder=kept.holder, status=None).update(
            status=kept.status, headers=kept.headers, body=kept.body
        )

    def _release(self) -> None:
        if self.kept is not None:
            KeptAnswer.objects.filter(pk=self.kept.pk, holder=self.kept.holder, status=None).delete()
            self.kept = None


def claim(*, caller: str, key: str, request: str, now: dt.datetime) -> KeptAnswer:
    """This will be the row of a key that is ours now. Raises Replay, KeyReused, UnderWay."""
    new = KeptAnswer(
        caller=caller, key=key, request=request, holder=uuid.uuid4().hex,
        lease_until=now + LEASE, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    mine = KeptAnswer.objects.filter(caller=caller, key=key)
    mine.filter(expires_at__lte=now).delete()
    KeptAnswer.objects.bulk_create([new], ignore_conflicts=True)  # does not say whether it did
    found = mine.get()
    if found.holder == new.holder:
        return found
    if found.request != request:
        raise KeyReused(fields={HEADER: "reused"})
    if found.status is not None:
        raise Replay(found)
    free = Q(pk=found.pk, holder=found.holder, status=None, lease_until__lte=now)
    if not KeptAnswer.objects.filter(free).update(holder=new.holder, lease_until=new.lease_until):
        raise UnderWay(fields={HEADER: "under way"})
    found.holder = new.holder
    return found


def sweep(*, now: dt.datetime, batch: int = 1000) -> int:
    """This will delete answers that nobody may ask for any more, and say how many."""
    deleted = 0
    while ids := list(KeptAnswer.objects.filter(expires_at__lte=now).values_list("pk", flat=True)[:batch]):
        deleted += KeptAnswer.objects.filter(pk__in=ids).delete()[0]
    return deleted


def _replayed(kept: KeptAnswer) -> HttpResponse:
    answer = HttpResponse(kept.body, status=kept.status, headers=kept.headers | {REPLAYED: "true"})
    if "Content-Type" not in kept.headers:  # a 204 has none
        del answer.headers["Content-Type"]
    return answer


def _caller(request: Request) -> str:
    token = rights.token_of(request.user)
    return f"token:{token.pk}" if token is not None else f"user:{request.user.pk}"


def _checked(key: str) -> str:
    if not 0 < len(key) <= LONGEST_KEY or set(key) - _ALLOWED:
        raise BadKey(fields={HEADER: "malformed"})
    return key


def _hash(request: Request) -> str:
    """This will tell requests apart: by method, address and what was read of the body. Raises ParseError."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request.data):
        told.update(part)
    return told.hexdigest()


def _parts(data: Any) -> Iterator[bytes]:
    if not isinstance(data, QueryDict):
        yield json.dumps(data, sort_keys=True, default=str).encode()
        return
    for name, values in sorted(data.lists()):
        for value in values:
            said = _of_file(value) if isinstance(value, UploadedFile) else value
            yield json.dumps([name, said]).encode()


def _of_file(file: UploadedFile) -> list[str]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return [str(file.name), digest.hexdigest()]
