"""What the search over everything finds of followers."""

from __future__ import annotations

from django.db.models import QuerySet

from followers import search
from followers.models import Follower, Segment, Tag
from wxcore import finding


def _followers(rows: QuerySet[Follower], text: str, accounts: list[int]) -> QuerySet[Follower]:
    return rows.filter(pk__in=search.find(text, accounts))


finding.register(
    finding.Source(40, Segment, "filter_alt", finding.by_name("name"), lambda row: row.name),
    finding.Source(50, Tag, "sell", finding.by_name("name"), lambda row: row.name),
    finding.Source(90, Follower, "group", _followers),
)
