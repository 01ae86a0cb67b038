"""A worker that is killed between the post and the record: it is posted again, with the same ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler

import pytest
from django.conf import settings as configured
from django.utils import timezone

from tests import receiver as receivers
from tests.e2e import databases
from tests.receiver import Receiver
from tests.wxcore.webhooks.conftest import told
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import delivering

WORKER = """
import django
django.setup()
from wxcore.webhooks import delivering
delivering.run()
"""


@pytest.mark.django_db(transaction=True)
def test_it_arrives_again_with_the_same_id(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    def kill(handler: BaseHTTPRequestHandler) -> None:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(10)
        receivers.status(200)(handler)

    receiver.answers["/hook"] = kill
    told(account)
    variables = os.environ | {
        "DATABASE_URL": databases.url(),
        "DJANGO_SETTINGS_MODULE": "wxcore.settings",
        "WEBHOOK_ALLOW_PRIVATE": "1",
        "ENCRYPTION_KEYS": ",".join(configured.ENCRYPTION_KEYS),
        "SECRET_KEY": configured.SECRET_KEY,
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=variables, cwd=configured.BASE_DIR)
    worker.wait(30)
    deadline = time.monotonic() + 10
    while not receiver.posts and time.monotonic() < deadline:
        time.sleep(0.05)

    left = WebhookDelivery.objects.get()
    assert (worker.returncode, left.status, len(receiver.posts)) == (-signal.SIGKILL, "delivering", 1)
    assert delivering.run() == 0, "its lease still runs"

    receiver.answers.clear()
    WebhookDelivery.objects.update(due_at=timezone.now())
    delivering.run()

    first, second = receiver.posts
    assert first.json == second.json
    assert WebhookDelivery.objects.get().status == "delivered"
