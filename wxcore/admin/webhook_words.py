"""An event in words, with the name that programs know it by."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from wxcore.webhooks import events


def event_shown(name: str) -> SafeString | str:
    event = events.EVENTS.get(name)
    if event is None:
        return name
    words = str(event.description).rstrip(".。")
    return format_html('{} <code class="q-quiet q-event">{}</code>', words, name)
