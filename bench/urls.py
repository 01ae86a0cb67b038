"""The product's addresses, and beside them views of the same use: the least that storing costs, and wechatpy."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bench.jobs.account import AES_KEY, SAFE_APPID, TOKEN
from callbacks.models import Callback
from followers.api.followers import FollowerSerializer
from followers.models import Follower
from wxcore.urls import urlpatterns as product


@csrf_exempt
def insert(request: HttpRequest, account: int) -> HttpResponse:
    """This will insert one row of the same table, whatever was posted."""
    now = timezone.now()
    Callback.objects.create(
        account_id=account,
        dedup_key=str(uuid.uuid4()),
        openid="o",
        msg_type="event",
        event="bench",
        body=request.body.decode(),
        pushed_at=now,
        received_at=now,
        due_at=now,
    )
    return HttpResponse("success", content_type="text/plain; charset=utf-8")


@csrf_exempt
def by_wechatpy(request: HttpRequest, account: int) -> HttpResponse:
    """This will verify, decrypt and parse with wechatpy, and insert the same row as the product."""
    query, body = request.GET, request.body.decode()
    if query.get("encrypt_type") == "aes":
        crypto = WeChatCrypto(TOKEN, AES_KEY, SAFE_APPID)
        body = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    else:
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    message, now = parse_message(body), timezone.now()
    Callback.objects.create(
        account_id=account,
        dedup_key=f"message|{message.id}",
        openid=message.source,
        msg_type=message.type,
        event="",
        body=body,
        pushed_at=dt.datetime.fromtimestamp(message.time, dt.UTC),
        received_at=now,
        due_at=now,
    )
    return HttpResponse("success", content_type="text/plain; charset=utf-8")


class BarePages(CursorPagination):
    ordering = "-pk"


class BareList(ListAPIView):
    """The same rows and the same serializer, in nothing but Django REST framework."""

    queryset = Follower.objects.prefetch_related("tags")
    serializer_class = FollowerSerializer
    pagination_class = BarePages
    authentication_classes: list[type] = []
    permission_classes: list[type] = []
    filter_backends: list[type] = []
    throttle_classes: list[type] = []


urlpatterns = [
    *product,
    path("bench/bare-list/", BareList.as_view()),
    path("bench/bare/<int:account>/", insert),
    path("bench/wechatpy/<int:account>/", by_wechatpy),
]
