"""What the search over everything finds of the interaction with followers."""

from __future__ import annotations

from callbacks.models import ReplyRule
from wxcore import finding

finding.register(
    finding.Source(60, ReplyRule, "quickreply", finding.by_name("name", "words"), lambda row: row.name),
)
