"""The campaigns' part of the API: campaigns and broadcasts, the media library, imports and publications."""

from campaigns.api import campaigns, imports, media, publications, results

VIEWSETS = {**campaigns.VIEWSETS, **media.VIEWSETS, **imports.VIEWSETS, **publications.VIEWSETS, **results.VIEWSETS}

__all__ = ["VIEWSETS", "campaigns", "imports", "media", "publications", "results"]
