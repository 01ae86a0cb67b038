"""Followers, tags and syncs in the admin."""

from followers.admin import followers, home, syncs, tags

__all__ = ["followers", "home", "syncs", "tags"]
