"""A media file as the pages show it: one card, whether in the library, in a dialog or in a script's hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import mediafiles, mediause
from campaigns.models import MediaAsset, MediaKind, RemoteMedia, Target
from wxcore.admin.base import badge

ICONS = {
    MediaKind.IMAGE: "image",
    MediaKind.VOICE: "graphic_eq",
    MediaKind.VIDEO: "movie",
    MediaKind.THUMB: "crop_original",
}


# A card is narrow.
SHORT = {
    Target.PERMANENT: gettext_lazy("permanent"),
    Target.TEMPORARY: gettext_lazy("temporary"),
    Target.ARTICLE: gettext_lazy("for articles"),
    Target.MPVIDEO: gettext_lazy("for a video message"),
}
RANKS = {Target.PERMANENT: 0, Target.TEMPORARY: 1, Target.MPVIDEO: 2, Target.ARTICLE: 3}
NO_BREAK = "\N{NO-BREAK SPACE}"
EXPIRES_SOON = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. Texts are ready for people."""

    asset: MediaAsset
    icon: str
    facts: tuple[str, ...]
    badges: tuple[SafeString, ...] = ()

    def data(self) -> dict[str, Any]:
        """The file as scripts know it."""
        asset = self.asset
        return {
            "id": asset.pk,
            "account": asset.account_id,
            "kind": asset.kind,
            "name": asset.name,
            "url": asset.file_url,
            "thumb": asset.thumb_url,
            "page": asset.get_absolute_url(),
            "mime": asset.mime,
            "size": asset.size,
            "width": asset.width,
            "height": asset.height,
            "seconds": asset.seconds,
        }


def cards(assets: Iterable[MediaAsset]) -> list[Card]:
    """This will be the cards of `assets`, in their order."""
    return [Card(asset, ICONS[MediaKind(asset.kind)], _facts(asset)) for asset in assets]


def library_cards(assets: Sequence[MediaAsset], *, now: dt.datetime) -> list[Card]:
    """This will be cards that also say what WeChat has of the files (`remote` prefetched) and how often it is used."""
    uses = mediause.counts(assets)
    return [replace(card, badges=tuple(_badges(card.asset, uses[card.asset.pk], now))) for card in cards(assets)]


def standing(copy: RemoteMedia, *, now: dt.datetime) -> SafeString:
    """This will be a badge that says what a copy at WeChat is good for."""
    what = SHORT[Target(copy.target)]
    if copy.lease_until is not None and copy.lease_until > now:
        return badge(_("%(what)s: being uploaded") % {"what": what}, "info")
    if not copy.media_id and not copy.url:
        return badge(_("%(what)s: upload failed") % {"what": what}, "warning")
    if copy.expires_at is None:
        return badge(str(what), "success")
    if copy.expires_at <= now:
        return badge(_("%(what)s: expired") % {"what": what})
    when = {"what": what, "when": date_format(template_localtime(copy.expires_at), "m-d")}
    soon = copy.expires_at - now < EXPIRES_SOON
    return badge(_("%(what)s until %(when)s") % when, "warning" if soon else "info")


def _badges(asset: MediaAsset, uses: int, now: dt.datetime) -> Iterable[SafeString]:
    if uses:
        yield badge(ngettext("used once", "used %(n)d times", uses) % {"n": uses}, "primary")
    # The best copy says enough: what is permanent needs no other.
    copies = sorted(asset.remote.all(), key=lambda copy: RANKS[Target(copy.target)])
    if copies:
        yield standing(copies[0], now=now)
    elif not uses:
        yield badge(_("not used yet"))


def _facts(asset: MediaAsset) -> tuple[str, ...]:
    known = (
        "" if asset.file else _("only at WeChat"),
        mediafiles.show_seconds(asset.seconds) if asset.seconds else "",
        f"{asset.width} × {asset.height}" if asset.width and asset.height else "",
        mediafiles.show_size(asset.size) if asset.size else "",
        mediafiles.format_name(asset.mime) if asset.mime else "",
    )
    return tuple(fact.replace(" ", NO_BREAK) for fact in known if fact)
