"""A media file as the pages show it: one card, whether in the library, in a dialog or in a script's hands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from campaigns import mediafiles
from campaigns.models import MediaAsset, MediaKind

ICONS = {
    MediaKind.IMAGE: "image",
    MediaKind.VOICE: "graphic_eq",
    MediaKind.VIDEO: "movie",
    MediaKind.THUMB: "crop_original",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. Texts are ready for people."""

    asset: MediaAsset
    icon: str
    facts: tuple[str, ...]

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
    return [Card(asset, ICONS[MediaKind(asset.kind)], tuple(_facts(asset))) for asset in assets]


def _facts(asset: MediaAsset) -> Iterable[str]:
    if asset.seconds:
        yield mediafiles.show_seconds(asset.seconds)
    if asset.width and asset.height:
        yield f"{asset.width} × {asset.height}"
    if asset.size:
        yield mediafiles.show_size(asset.size)
    if asset.mime:
        yield mediafiles.format_name(asset.mime)
