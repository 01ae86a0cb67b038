"""Followers, tags, segments, syncs and growth in the API."""

from followers.api import followers, growth, segments

VIEWSETS = followers.VIEWSETS | segments.VIEWSETS | growth.VIEWSETS

__all__ = ["VIEWSETS"]
