"""WeChat's callback: verify, store, answer. Everything else happens in a worker."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from callbacks import inbox, tasks
from wxcore.celery import nudge
from wxcore.errors import OperatorError

logger = logging.getLogger(__name__)

STATUS = {inbox.UnknownAccount: 404, inbox.WrongSignature: 403, inbox.MissingParameter: 400, inbox.Unreadable: 400}
# For what is wrong on our side, such as a secret that cannot be decrypted: WeChat repeats the push.
OURS = 500


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """This will answer WeChat's URL check (GET) and its pushes (POST).

    A failing database is left to answer 500, so that WeChat repeats the push.
    https://developers.weixin.qq.com/doc/service/guide/dev/push/
    """
    try:
        box = inbox.mailbox(slug)
        query = request.GET.dict()
        if request.method == "GET":
            inbox.verify(box, query)
            return _plain(query.get("echostr", ""))
        body = _body(request)
        if body is None:
            return _refused(slug, "too_large", 413)
        stored = inbox.store(box, *inbox.read(box, query, body), now=timezone.now())
    except OperatorError as error:
        return _refused(slug, error.code, STATUS.get(type(error), OURS))
    if stored:
        nudge(tasks.tick)
    return _plain("success")


def _body(request: HttpRequest) -> bytes | None:
    announced = request.META.get("CONTENT_LENGTH", "")
    if announced.isdecimal() and int(announced) > settings.CALLBACK_MAX_BYTES:
        return None
    try:
        body = request.read(settings.CALLBACK_MAX_BYTES + 1)
    except RequestDataTooBig:
        return None
    return body if len(body) <= settings.CALLBACK_MAX_BYTES else None


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _refused(slug: str, code: str, status: int) -> HttpResponse:
    logger.warning("Refused a callback for %.50r: %s", slug, code)
    return HttpResponse(code, status=status, content_type="text/plain; charset=utf-8")
