"""Followers, tags, segments and syncs in the API."""

from followers.api import followers, segments

VIEWSETS = followers.VIEWSETS | segments.VIEWSETS

__all__ = ["VIEWSETS"]
