"""Campaigns and broadcasts in the admin."""

from campaigns.admin import broadcasts, campaigns, home, media, received

__all__ = ["broadcasts", "campaigns", "home", "media", "received"]
