"""Campaigns and broadcasts in the admin."""

from campaigns.admin import broadcasts, campaigns, drafts, home, media, received

__all__ = ["broadcasts", "campaigns", "drafts", "home", "media", "received"]
