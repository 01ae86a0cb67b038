"""What a message looks like on a follower's phone, as facts for the template `campaigns/bubble.html`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from campaigns import content
from campaigns.models import Article, Campaign, Draft, MediaAsset, MsgType

# Only web links: WeChat opens nothing else, and javascript: would run in the admin of whoever looks.
LINK = re.compile(r"""<a\s[^<>]*?href=(["'])(https?://[^"'<>\s]+)\1[^<>]*>(.*?)</a>""", re.IGNORECASE | re.DOTALL)
# So many pictures fit the phone; the last one says how many more there are.
SHOWN_PICTURES = 9


@dataclass(frozen=True, slots=True)
class Card:
    """One article as the chat lists it; `cover` is an address, or empty."""

    title: str
    digest: str
    cover: str


def bubble(text: str) -> SafeString:
    """This will be a text message as HTML that is safe to show: everything escaped, links alone let through."""
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


def message(campaign: Campaign, pictures: Sequence[MediaAsset] | None = None) -> dict[str, Any]:
    """This will be what the template shows of a campaign, saved or not.

    `pictures` are those of an unsaved form; None means the stored ones.
    """
    shown: dict[str, Any] = {
        "msgtype": campaign.msgtype,
        "title": campaign.title,
        "description": campaign.description,
        "card_id": campaign.card_id,
    }
    match campaign.msgtype:
        case MsgType.TEXT:
            shown["bubble"] = bubble(campaign.text)
        case MsgType.MPNEWS:
            shown["articles"] = _sent_cards(campaign)
        case MsgType.IMAGE:
            shown |= _grid(content.pictures(campaign) if pictures is None else pictures)
        case MsgType.VOICE | MsgType.MPVIDEO if campaign.media:
            shown["media"] = campaign.media
            shown["seconds"] = round(campaign.media.seconds or 0)
    return shown


def cards(draft: Draft) -> list[Card]:
    """This will be the articles of a draft as they stand now; one query, or none if they were prefetched."""
    prefetched = "articles" in getattr(draft, "_prefetched_objects_cache", {})
    articles = draft.articles.all() if prefetched else draft.articles.defer("body").select_related("cover")
    return [_card(article) for article in articles]


def _card(article: Article) -> Card:
    return Card(article.title, article.digest, article.cover.thumb_url if article.cover else "")


def _sent_cards(campaign: Campaign) -> list[Card]:
    """What was confirmed, when the campaign is no draft any more; else what the draft says now."""
    if campaign.revision is None:
        return cards(campaign.draft) if campaign.draft else []
    told = campaign.revision.articles
    covers = MediaAsset.objects.in_bulk([article["cover"] for article in told if article["cover"]])
    return [
        Card(
            article["title"],
            article["digest"],
            covers[article["cover"]].thumb_url if article["cover"] in covers else "",
        )
        for article in told
    ]


def _grid(pictures: Sequence[MediaAsset]) -> dict[str, Any]:
    return {
        "pictures": [asset.thumb_url for asset in pictures[:SHOWN_PICTURES]],
        "more_pictures": max(0, len(pictures) - SHOWN_PICTURES),
    }
