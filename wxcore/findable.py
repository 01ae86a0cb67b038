"""What the search over everything finds of the accounts themselves."""

from __future__ import annotations

from wxcore import finding
from wxcore.models import OfficialAccount

finding.register(
    finding.Source(80, OfficialAccount, "verified_user", finding.by_name("name", "appid"), lambda row: row.name)
)
