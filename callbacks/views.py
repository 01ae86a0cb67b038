"""WeChat's callback: verify, store, answer. Everything else happens in a worker."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from callbacks import inbox, tasks
from wxcore.celery import nudge
from wxcore.errors import OperatorError

logger = logging.getLogger(__name__)

STATUS = {
    inbox.UnknownAccount: 404,
    inbox.WrongSignature: 403,
    inbox.Undecryptable: 403,
    inbox.StaleTimestamp: 403,
    inbox.MissingParameter: 400,
    inbox.Unreadable: 400,
    inbox.TooLarge: 413,
}
TYPES = {False: "text/xml; charset=utf-8", True: "application/json"}
# For what is wrong on our side, such as a secret that cannot be decrypted: WeChat repeats the push.
OURS = 500


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """This will answer WeChat's URL check (GET) and its pushes (POST).

    A failing database is left to answer 500, so that WeChat repeats the push.
    https://developers.weixin.qq.com/doc/service/guide/dev/push/
    """
    now = timezone.now()
    try:
        box = inbox.mailbox(slug)
        query = _query(request)
        if request.method == "GET":
            inbox.verify(box, query, now=now)
            return _plain(query.get("echostr", ""))
        letter = inbox.read(box, query, _body(request), now=now)
        kept = inbox.keep(box, letter, now=now)
    except OperatorError as error:
        return _refused(slug, error)
    if kept.is_new:
        nudge(tasks.tick)
    reply = inbox.reply(box, letter, kept.answer, nonce=query["nonce"], now=now)
    return _plain("success") if reply is None else HttpResponse(reply, content_type=TYPES[letter.push.is_json])


def _query(request: HttpRequest) -> dict[str, str]:
    try:
        return request.GET.dict()
    except SuspiciousOperation:  # thousands of parameters
        raise inbox.Unreadable from None


def _body(request: HttpRequest) -> bytes:
    announced = request.META.get("CONTENT_LENGTH", "")
    if announced.isdecimal() and int(announced) > settings.CALLBACK_MAX_BYTES:
        raise inbox.TooLarge
    try:
        body = request.read(settings.CALLBACK_MAX_BYTES + 1)
    except UnreadablePostError:  # who posted it has hung up
        raise inbox.Unreadable from None
    if len(body) > settings.CALLBACK_MAX_BYTES:
        raise inbox.TooLarge
    return body


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _refused(slug: str, error: OperatorError) -> HttpResponse:
    logger.warning("Refused a callback for %.50r: %s", slug, error.code)
    # A stranger must not learn what exactly is wrong with a forgery.
    told = inbox.WrongSignature.code if isinstance(error, inbox.WrongSignature) else error.code
    return HttpResponse(told, status=STATUS.get(type(error), OURS), content_type="text/plain; charset=utf-8")
