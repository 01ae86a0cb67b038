"""What stands in the timeline of a conversation: bubbles left and right, and thin lines for what a follower did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callbacks.models import Conversation, Direction, Menu, Message, MessageStatus
from callbacks.received import FETCHED
from campaigns import phone, uploading

PAGE = 30
LABELS = {
    MessageStatus.RECEIVED: "",
    MessageStatus.PENDING: "info",
    MessageStatus.SUBMITTING: "info",
    MessageStatus.SENT: "",
    MessageStatus.FAILED: "danger",
    MessageStatus.UNKNOWN: "warning",
}
KINDS = {
    "image": gettext_lazy("picture"),
    "voice": gettext_lazy("voice"),
    "video": gettext_lazy("video"),
    "shortvideo": gettext_lazy("video"),
    "location": gettext_lazy("place"),
    "link": gettext_lazy("link"),
    "file": gettext_lazy("file"),
    "music": gettext_lazy("music"),
    "news": gettext_lazy("article card"),
    "miniprogrampage": gettext_lazy("page of a mini program"),
    "transfer_customer_service": gettext_lazy("hand to customer service"),
}
LINES = {
    "subscribe": gettext_lazy("Followed the account"),
    "scan": gettext_lazy("Scanned a QR code"),
    "click": gettext_lazy("Tapped a menu button"),
    "view": gettext_lazy("Opened an address of the menu"),
    "view_miniprogram": gettext_lazy("Opened a mini program by the menu"),
    "scancode_push": gettext_lazy("Scanned a code by the menu"),
    "scancode_waitmsg": gettext_lazy("Scanned a code by the menu"),
    "pic_sysphoto": gettext_lazy("Sends pictures by the menu"),
    "pic_photo_or_album": gettext_lazy("Sends pictures by the menu"),
    "pic_weixin": gettext_lazy("Sends pictures by the menu"),
    "location_select": gettext_lazy("Sends a place by the menu"),
    "user_enter_tempsession": gettext_lazy("Came to customer service"),
    "kf_create_session": gettext_lazy("WeChat's customer service took over"),
    "kf_close_session": gettext_lazy("WeChat's customer service ended"),
    "kf_switch_session": gettext_lazy("WeChat's customer service handed over"),
}


@dataclass(slots=True)
class Entry:
    """One message or line, as the template shows it."""

    message: Message
    side: str
    kind: str
    text: SafeString | str
    label: str
    detail: str = ""
    picture: str = ""
    is_fetched: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    card: dict[str, str] = field(default_factory=dict)
    is_doubtful: bool = False
    has_failed: bool = False
    is_under_way: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Some entries in their order. `before` is the primary key from which there are earlier ones, None at the start."""

    entries: list[Entry]
    before: int | None

    @property
    def first(self) -> int:
        return self.entries[0].message.pk if self.entries else 0


def newest(conversation: Conversation) -> Part:
    """This will be the end of the timeline."""
    return _part(conversation, _rows(conversation))


def earlier(conversation: Conversation, before: int) -> Part:
    """This will be what stands right before the message `before`; nothing if it is not in this timeline."""
    anchor = conversation.messages.filter(pk=before).first()
    if anchor is None:
        return Part([], None)
    return _part(conversation, _rows(conversation).filter(Q(at__lt=anchor.at) | Q(at=anchor.at, pk__lt=anchor.pk)))


def since(conversation: Conversation, first: int) -> Part:
    """This will be everything from the message `first` on; the end of the timeline if it is not there."""
    anchor = conversation.messages.filter(pk=first).first()
    if anchor is None:
        return newest(conversation)
    rows = _rows(conversation).filter(Q(at__gt=anchor.at) | Q(at=anchor.at, pk__gte=anchor.pk))
    return Part(_entries(conversation, reversed(rows[: 10 * PAGE])), None)


def said(preview: str) -> str:
    """This will be the last words of a follower; of what has no words, its kind."""
    kind = preview[1:-1] if preview.startswith("[") and preview.endswith("]") else ""
    return f"[{KINDS[kind]}]" if kind in KINDS else preview


def _rows(conversation: Conversation) -> QuerySet[Message]:
    return conversation.messages.select_related("created_by", "rule", "asset").order_by("-at", "-pk")


def _part(conversation: Conversation, rows: QuerySet[Message]) -> Part:
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    before = shown[-1].pk if len(found) > PAGE else None
    return Part(_entries(conversation, reversed(shown)), before)


def _entries(conversation: Conversation, rows: Iterable[Message]) -> list[Entry]:
    found = list(rows)
    names = _buttons(conversation) if any(row.kind == "click" for row in found) else {}
    return [_entry(conversation, row, names) for row in found]


def _entry(conversation: Conversation, row: Message, names: dict[str, str]) -> Entry:
    if row.direction == Direction.EVENT:
        words = str(LINES.get(row.kind, row.kind))
        return Entry(row, "line", row.kind, words, "", detail=_detail(row, names))
    is_out = row.direction == Direction.OUT
    content = row.content
    entry = Entry(
        row,
        side="out" if is_out else "in",
        kind="video" if row.kind == "shortvideo" else row.kind,
        text=phone.bubble(row.text) if row.kind == "text" and is_out else row.text,
        label=str(KINDS.get(row.kind, row.kind)),
        is_doubtful=row.status == MessageStatus.UNKNOWN,
        has_failed=row.status == MessageStatus.FAILED,
        is_under_way=row.status in (MessageStatus.PENDING, MessageStatus.SUBMITTING),
        facts=content,
    )
    if not is_out and row.kind in FETCHED:
        entry.is_fetched = bool(content.get("media_id"))
        entry.picture = _hosted(conversation, str(content.get("pic_url", "")))
    if row.kind in ("news", "miniprogrampage", "link"):
        entry.card = _card(row)
    return entry


def _detail(row: Message, names: dict[str, str]) -> str:
    if row.kind == "click":
        return names.get(row.text, row.text)
    if row.kind.startswith("scancode_"):
        return str(row.content.get("scan_result") or row.text)
    return row.text


def _card(row: Message) -> dict[str, str]:
    articles = row.content.get("articles")
    given = articles[0] if isinstance(articles, list) and articles else row.content
    words = {name: str(given.get(name) or "") for name in ("title", "description", "url", "pagepath")}
    more = len(articles) - 1 if isinstance(articles, list) else 0
    return words | {"more": _("and %(n)d more") % {"n": more} if more > 0 else ""}


def _hosted(conversation: Conversation, address: str) -> str:
    """The reader's browser asks WeChat for pictures, and nobody else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_wechats = uploading.is_hosted(conversation.account, parts.netloc)
    return address if parts.scheme in ("http", "https") and is_wechats else ""


def _buttons(conversation: Conversation) -> dict[str, str]:
    """The names of the menu's buttons by their keys."""
    menus = Menu.objects.filter(account=conversation.account_id).values_list("buttons", flat=True)
    return {str(button["key"]): str(button.get("name", "")) for buttons in menus for button in _all(buttons)}


def _all(buttons: Any) -> Iterator[dict[str, Any]]:
    for button in buttons if isinstance(buttons, list) else ():
        if isinstance(button, dict):
            if button.get("key"):
                yield button
            yield from _all(button.get("sub_button"))
