"""WeChat's limits on files, articles and the fields of messages, checked here so that WeChat need not refuse.

Sizes are bytes, lengths are characters (code points) unless the name says bytes, durations are seconds. Every number is
the largest that is taken, except where "fewer than" stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KB: Final = 1024
MB: Final = 1024 * KB

JPEG, PNG, GIF, BMP = "image/jpeg", "image/png", "image/gif", "image/bmp"
AMR, MP3, WMA, WAV = "audio/amr", "audio/mpeg", "audio/x-ms-wma", "audio/wav"
MP4 = "video/mp4"


@dataclass(frozen=True, slots=True)
class KindLimits:
    """What WeChat takes of one kind of file: as temporary material, and as permanent material."""

    formats: frozenset[str]
    permanent_formats: frozenset[str]
    max_bytes: int
    permanent_max_bytes: int
    max_seconds: int | None = None


_THUMB = KindLimits(frozenset({JPEG}), frozenset({JPEG}), 64 * KB, 64 * KB)

# Keys: OfficialAccount.media_limits, then MediaAsset.kind.
MEDIA: Final[Mapping[str, Mapping[str, KindLimits]]] = {
    "current": {
        "image": KindLimits(frozenset({JPEG, PNG, GIF}), frozenset({JPEG, PNG, GIF, BMP}), 10 * MB, 10 * MB),
        "voice": KindLimits(frozenset({AMR, MP3}), frozenset({AMR, MP3, WMA, WAV}), 2 * MB, 2 * MB, 60),
        "video": KindLimits(frozenset({MP4}), frozenset({MP4}), 10 * MB, 10 * MB),
        "thumb": _THUMB,
    },
    "old": {
        "image": KindLimits(frozenset({JPEG}), frozenset({JPEG}), 128 * KB, 128 * KB),
        "voice": KindLimits(frozenset({AMR, MP3}), frozenset({AMR, MP3, WMA, WAV}), 256 * KB, 5 * MB, 60),
        "video": KindLimits(frozenset({MP4}), frozenset({MP4}), 1 * MB, 1 * MB),
        "thumb": _THUMB,
    },
}

# WeChat's page says 10 MB and, in a note, 2 MB: a picture between the two is taken, with a warning.
SAFE_IMAGE_BYTES: Final = 2 * MB

# Files that the library of permanent material holds; thumbnails and articles count as images.
# Keys: OfficialAccount.media_limits, then MediaAsset.kind.
LIBRARY: Final[Mapping[str, Mapping[str, int]]] = {
    "current": {"image": 100_000, "voice": 1000, "video": 1000},
    "old": {"image": 5000, "voice": 1000, "video": 1000},
}

# A picture inside an article (media/uploadimg).
ARTICLE_IMAGE_FORMATS: Final = frozenset({JPEG, PNG})
ARTICLE_IMAGE_BYTES: Final = 1 * MB  # fewer than

# Temporary material is forgotten after this.
TEMPORARY_SECONDS: Final = 72 * 60 * 60

# An article (draft/add).
TITLE: Final = 32  # once 64, and now 32 for everybody
AUTHOR: Final[Mapping[str, int]] = {"current": 16, "old": 8}  # by OfficialAccount.media_limits
DIGEST: Final = 128
DEFAULT_DIGEST: Final = 54  # what WeChat takes of the text when there is no digest
CONTENT_CHARS: Final = 20_000  # fewer than; tags count
CONTENT_BYTES: Final = 1 * MB  # fewer than; UTF-8
SOURCE_URL_BYTES: Final = 1 * KB
ARTICLES: Final = 8

# A picture message.
IMAGES: Final = 20

# A text. WeChat documents no limit for the API; its console takes 600, and one refusal was reported at 293.
TEXT_WARNING: Final = 280
TEXT: Final = 600
