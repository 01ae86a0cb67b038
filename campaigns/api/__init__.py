"""The campaigns' part of the API: campaigns and broadcasts, and the media library."""

from campaigns.api import campaigns, media

VIEWSETS = {**campaigns.VIEWSETS, **media.VIEWSETS}

__all__ = ["VIEWSETS", "campaigns", "media"]
