"""Followers, tags, syncs and growth in the admin."""

from followers.admin import followers, growth, home, segments, syncs, tags

__all__ = ["followers", "growth", "home", "segments", "syncs", "tags"]
