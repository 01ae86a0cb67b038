"""Campaigns and broadcasts in the admin."""

from campaigns.admin import broadcasts, campaigns, home, received

__all__ = ["broadcasts", "campaigns", "home", "received"]
