"""HTML in a text comes back as the text that it is, in an answer that no browser takes for a page."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from wxcore.models import OfficialAccount

HTML = "<img src=x onerror=alert(1)>&amp;'\"</script>"


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("reply-rules", "text", {"words": "x"}),
        ("reply-rules", "name", {"words": "x", "text": "x"}),
        ("reply-rules", "words", {"text": "x"}),
        ("campaigns", "name", {"text": "x"}),
        ("campaigns", "text", {"name": "x"}),
    ],
)
def test_it_stays_text(api: APIClient, account: OfficialAccount, path: str, field: str, more: dict[str, Any]) -> None:
    made = api.post(f"/api/v1/{path}/", {"account": account.pk, field: HTML} | more, format="json")

    assert made.status_code == 201, made.json()
    for answer in (made, api.get(f"/api/v1/{path}/{made.json()['id']}/")):
        assert answer.json()[field] == HTML
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
