"""docs/webhooks.md says what is so: its events, and its two examples, which are run on a real delivery."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation

from tests.receiver import Post, Receiver
from tests.typescript import block, install, needed, run
from tests.wxcore.webhooks.conftest import told
from wxcore.models import OfficialAccount, Webhook
from wxcore.webhooks import delivering, services
from wxcore.webhooks.events import EVENTS

pytestmark = pytest.mark.django_db

DOCUMENT = settings.BASE_DIR / "docs" / "webhooks.md"
TRY = """
import { isFromQunfa } from "./verify.js";

const [given, headers, body]: [string[], Record<string, string>, string] = JSON.parse(process.argv[2] ?? "");
const [current = "", previous = ""] = given, bytes = Buffer.from(body, "base64");
const old = { ...headers, "x-qunfa-timestamp": String(Number(headers["x-qunfa-timestamp"]) - 301) };
console.log(JSON.stringify([
  isFromQunfa(current, headers, bytes), isFromQunfa(previous, headers, bytes), isFromQunfa("another", headers, bytes),
  isFromQunfa(current, headers, Buffer.from("x")), isFromQunfa(current, old, bytes), isFromQunfa(current, {}, bytes),
]));
"""


@pytest.fixture
def delivered(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> Post:
    """Signed with two secrets; the hook knows the new one."""
    services.rotate(hook, now=timezone.now())
    told(account)
    delivering.run()
    hook.refresh_from_db()
    return receiver.posts[0]


def test_the_table_of_events_is_complete() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.*?) \| (.*?) \|$", DOCUMENT.read_text(), re.MULTILINE)
    with translation.override("en"):
        expected = [
            (event.name, str(event.description), ", ".join(f"`{key}`" for key in event.example))
            for event in EVENTS.values()
        ]
    assert rows == expected


def test_the_body_in_the_document_is_a_body(delivered: Post) -> None:
    shown = json.loads(block(DOCUMENT, "json"))

    assert shown.keys() == delivered.json.keys()
    assert shown["data"] == EVENTS["campaign.finished"].example


def test_the_python_example_verifies(hook: Webhook, delivered: Post) -> None:
    space: dict[str, Any] = {}
    exec(block(DOCUMENT, "python"), space)  # noqa: S102 - our own document
    verify = space["is_from_qunfa"]

    assert verify(hook.secret, delivered.headers, delivered.body)
    assert verify(hook.previous_secret, delivered.headers, delivered.body)
    assert not verify("another", delivered.headers, delivered.body)
    assert not verify(hook.secret, delivered.headers, delivered.body + b" ")
    old = delivered.headers | {"X-Qunfa-Timestamp": str(int(delivered.headers["X-Qunfa-Timestamp"]) - 301)}
    assert not verify(hook.secret, old, delivered.body)


def test_the_typescript_example_verifies(hook: Webhook, delivered: Post, tmp_path: Path) -> None:
    """It passes the strict type check, and knows what is from us."""
    needed("node", "npm")
    install(tmp_path)
    (tmp_path / "verify.ts").write_text(block(DOCUMENT, "typescript"))
    (tmp_path / "try.ts").write_text(TRY)
    headers = {name.lower(): value for name, value in delivered.headers.items()}
    body = base64.b64encode(delivered.body).decode()

    run("npm", "run", "build", cwd=tmp_path)
    told = json.dumps([[hook.secret, hook.previous_secret], headers, body])

    assert json.loads(run("node", "built/try.js", told, cwd=tmp_path)) == [True, True, False, False, False, False]
