"""Followers, tags and syncs in the admin."""

from followers.admin import followers, home, segments, syncs, tags

__all__ = ["followers", "home", "segments", "syncs", "tags"]
