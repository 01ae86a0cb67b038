"""Followers, tags, syncs and growth in the admin."""

from followers.admin import findable, followers, growth, home, segments, syncs, tags

__all__ = ["findable", "followers", "growth", "home", "segments", "syncs", "tags"]
