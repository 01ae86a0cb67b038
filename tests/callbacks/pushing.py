"""What the tests of handlers do again and again: push, process, look at the row."""

from __future__ import annotations

from django.utils import timezone

from callbacks import services
from callbacks.models import Callback
from tests.callbacks.sender import Sender


def process(row: Callback) -> Callback:
    """This will process a callback as if its time had come, and be what it has become."""
    Callback.objects.filter(pk=row.pk).update(due_at=timezone.now())
    assert services.process(Callback.objects.select_related("account").get(pk=row.pk), now=timezone.now())
    return Callback.objects.get(pk=row.pk)


def pushed(wechat: Sender, body: bytes) -> Callback:
    """This will push, process, and be the row."""
    assert wechat.post(body).status_code == 200
    return process(Callback.objects.latest("pk"))
