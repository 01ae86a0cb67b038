"""The headers of a request: who it is from, and that nobody changed it on the way.

    X-Qunfa-Signature: sha256=<hex HMAC-SHA256 of "<timestamp>.<body>">

After a rotation there are two signatures for a day, separated by a comma: one of them fits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from wxcore.models import Webhook, WebhookDelivery

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def headers(webhook: Webhook, delivery: WebhookDelivery, body: bytes, *, now: dt.datetime) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Qunfa-Webhooks/1",
        "Accept-Encoding": "identity",
        "X-Qunfa-Event": delivery.event,
        "X-Qunfa-Delivery": str(delivery.event_id),
        "X-Qunfa-Timestamp": timestamp,
        "X-Qunfa-Signature": ",".join(sign(key, timestamp, body) for key in _keys(webhook, now)),
    }


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """This will be one signature, as it stands in the header."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def _keys(webhook: Webhook, now: dt.datetime) -> list[str]:
    keys = [webhook.secret]
    if webhook.previous_secret and webhook.previous_until is not None and webhook.previous_until > now:
        keys.append(webhook.previous_secret)
    return keys
