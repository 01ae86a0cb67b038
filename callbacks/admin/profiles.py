"""Who a conversation is with: what we know of the follower, as facts for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from callbacks.models import Conversation
from campaigns.admin.words import BROADCAST_LABELS
from followers.models import Follower

CAMPAIGNS = 3
Key = tuple[int, str]


def people(conversations: Sequence[Conversation]) -> dict[Key, Follower]:
    """This will be the followers of these conversations by account and openid: one query."""
    openids = {conversation.openid for conversation in conversations}
    accounts = {conversation.account_id for conversation in conversations}
    rows = Follower.objects.filter(account__in=accounts, openid__in=openids)
    return {(row.account_id, row.openid): row for row in rows.only("account", "openid", "remark")}


def profile(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """This will be the follower with their tags and the last campaigns, as far as the reader may see them."""
    if not request.user.has_perm("followers.view_follower", conversation):
        return {"name": conversation.openid}
    rows = Follower.objects.filter(account=conversation.account_id, openid=conversation.openid)
    follower = rows.prefetch_related("tags").first()
    if follower is None:
        return {"name": conversation.openid}
    return {"name": str(follower), "follower": follower, "received": _received(request, conversation, follower)}


def _received(request: HttpRequest, conversation: Conversation, follower: Follower) -> list[Any]:
    if not request.user.has_perm("campaigns.view_campaign", conversation):
        return []
    rows = follower.received.select_related("broadcast__campaign").order_by("-pk")
    found = list(
        rows.only("follower", "broadcast__status", "broadcast__submitted_at", "broadcast__campaign__name")[:CAMPAIGNS]
    )
    for row in found:
        row.label = BROADCAST_LABELS[row.broadcast.status]
    return found
