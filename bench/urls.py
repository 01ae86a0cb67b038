"""The product's addresses, and a view that does the least that storing something could cost."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from callbacks.models import Callback
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


urlpatterns = [*product, path("bench/<int:account>/", insert)]
