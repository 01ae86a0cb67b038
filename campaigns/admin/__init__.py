"""Campaigns, what they send and what became of it, in the admin."""

from campaigns.admin import broadcasts, campaigns, drafts, home, imports, media, publications, received

__all__ = ["broadcasts", "campaigns", "drafts", "home", "imports", "media", "publications", "received"]
