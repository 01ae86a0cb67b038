"""What a text looks like in a follower's chat: everything escaped, links alone let through."""

from __future__ import annotations

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Only web links: WeChat opens nothing else, and javascript: would run in the admin of whoever looks.
LINK = re.compile(r"""<a\s[^<>]*?href=(["'])(https?://[^"'<>\s]+)\1[^<>]*>(.*?)</a>""", re.IGNORECASE | re.DOTALL)


def bubble(text: str) -> SafeString:
    """This will be the text as HTML that is safe to show."""
    parts: list[str] = []
    end = 0
    for link in LINK.finditer(text):
        parts.append(escape(text[end : link.start()]))
        parts.append(
            format_html('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>', link[2], link[3])
        )
        end = link.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above
