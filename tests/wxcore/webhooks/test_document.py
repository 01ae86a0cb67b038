"""docs/webhooks.md says what is so: its events, and its two examples, which are run on a real delivery."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation

from tests.receiver import Post, Receiver
from tests.wxcore.webhooks.conftest import told
from wxcore.models import OfficialAccount, Webhook
from wxcore.webhooks import delivering, services
from wxcore.webhooks.events import EVENTS

pytestmark = pytest.mark.django_db

TEXT = (settings.BASE_DIR / "docs" / "webhooks.md").read_text()
# What a compiler would take away.
TYPES = re.compile(r": (string|boolean|Buffer|Record<string, string>)(?=[,) ])")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def delivered(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> Post:
    """Signed with two secrets; the hook knows the new one."""
    services.rotate(hook, now=timezone.now())
    told(account)
    delivering.run()
    hook.refresh_from_db()
    return receiver.posts[0]


def test_the_table_of_events_is_complete() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.*?) \| (.*?) \|$", TEXT, re.MULTILINE)
    with translation.override("en"):
        expected = [
            (event.name, str(event.description), ", ".join(f"`{key}`" for key in event.example))
            for event in EVENTS.values()
        ]
    assert rows == expected


def test_the_body_in_the_document_is_a_body(delivered: Post) -> None:
    shown = json.loads(block("json"))

    assert shown.keys() == delivered.json.keys()
    assert shown["data"] == EVENTS["campaign.finished"].example


def test_the_python_example_verifies(hook: Webhook, delivered: Post) -> None:
    space: dict[str, Any] = {}
    exec(block("python"), space)  # noqa: S102 - our own document
    verify = space["is_from_qunfa"]

    assert verify(hook.secret, delivered.headers, delivered.body)
    assert verify(hook.previous_secret, delivered.headers, delivered.body)
    assert not verify("another", delivered.headers, delivered.body)
    assert not verify(hook.secret, delivered.headers, delivered.body + b" ")
    old = delivered.headers | {"X-Qunfa-Timestamp": str(int(delivered.headers["X-Qunfa-Timestamp"]) - 301)}
    assert not verify(hook.secret, old, delivered.body)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_typescript_example_verifies(hook: Webhook, delivered: Post) -> None:
    headers = json.dumps({name.lower(): value for name, value in delivered.headers.items()})
    body = base64.b64encode(delivered.body).decode()
    script = f"""{TYPES.sub("", block("typescript"))}
const body = Buffer.from("{body}", "base64"), headers = {headers};
const old = {{ ...headers, "x-qunfa-timestamp": String(headers["x-qunfa-timestamp"] - 301) }};
const tried = [["{hook.secret}", headers, body], ["{hook.previous_secret}", headers, body], ["another", headers, body],
  ["{hook.secret}", headers, Buffer.from("x")], ["{hook.secret}", old, body]];
console.log(JSON.stringify(tried.map((given) => isFromQunfa(...given))));
"""
    ran = subprocess.run(["node", "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=30)

    assert (ran.stderr, json.loads(ran.stdout)) == ("", [True, True, False, False, False])
