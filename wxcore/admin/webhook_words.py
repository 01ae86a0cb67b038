"""An event in words, with the name that programs know it by."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from wxcore.webhooks import events


def in_words(name: str) -> str:
    """This will be what happened; the name itself of an event that we do not know any more."""
    event = events.EVENTS.get(name)
    return name if event is None else str(event.description).rstrip(".。")


def event_shown(name: str) -> SafeString | str:
    if name not in events.EVENTS:
        return name
    return format_html('{} <code class="q-quiet q-event">{}</code>', in_words(name), name)
