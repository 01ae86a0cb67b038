"""What the search over everything finds of campaigns."""

from __future__ import annotations

from campaigns.models import Campaign, Draft, MediaAsset
from wxcore import finding

finding.register(
    finding.Source(10, Campaign, "campaign", finding.by_name("name"), lambda row: row.name),
    finding.Source(20, Draft, "article", finding.by_name("title"), lambda row: row.title),
    finding.Source(30, MediaAsset, "perm_media", finding.by_name("name"), lambda row: row.name),
)
