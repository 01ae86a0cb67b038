"""What was sent in a week, who read it, and what is left of the quota."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import allowance, comparison
from campaigns.comparison import MOST_CAMPAIGNS
from campaigns.models import Broadcast, Campaign
from wxcore.models import OfficialAccount
from wxcore.weekly.report import Cell, Figure, Section, Table, register, show
from wxcore.weekly.weeks import Week

SHOWN = 10


def sent(account: OfficialAccount, week: Week, _reader: Any) -> Section:
    """This will be the campaigns that finished, each with its funnel, and their sums. Six queries."""
    this, before = _finished(account, week), _finished(account, week.before)
    figures = [
        Figure(_("campaigns"), len(this), len(before)),
        Figure(_("recipients"), _sum(this, "heads"), _sum(before, "heads")),
        Figure(_("delivered"), _sum(this, "sent"), _sum(before, "sent")),
        Figure(_("readers"), _sum(this, "readers"), _sum(before, "readers")),
    ]
    if not this:
        return Section(_("Campaigns"), figures, empty=_("No campaign finished in this week."))
    headings = [
        _("campaign"), _("recipients"), _("filtered"), _("delivered"), _("delivery rate"), _("readers"), _("read rate")
    ]  # fmt: skip
    rows = [
        [
            Cell(row["name"], _page(row["id"])),
            *(Cell(show(row[name]), is_number=True) for name in ("heads", "filtered", "sent")),
            Cell(show(row["delivered_rate"], "%"), is_number=True),
            Cell(show(row["readers"]), is_number=True),
            Cell(show(row["read_rate"], "%"), is_number=True),
        ]
        for row in this[:SHOWN]
    ]
    more = len(this) - SHOWN
    note = _("and %(number)d more") % {"number": more} if more > 0 else ""
    return Section(_("Campaigns"), figures, Table(headings, rows), note=note)


def read(account: OfficialAccount, week: Week, _reader: Any) -> Section:
    """This will be the articles that were read most, of whatever campaign. Six queries."""
    broadcasts = Broadcast.objects.filter(account=account)
    this = comparison.sums(broadcasts, week.monday, week.sunday)
    before = comparison.sums(broadcasts, week.before.monday, week.before.sunday)
    top = comparison.top_articles(broadcasts, week.monday, week.sunday)
    figures = [
        Figure(_("readers"), this["readers"], before["readers"]),
        Figure(_("people who shared"), this["shares"], before["shares"]),
    ]
    if not top:
        return Section(_("Most read articles"), empty=_("WeChat has reported no readers for this week."))
    rows = [
        [
            # The page of the campaign, and not the article: an address of WeChat's would be a remote link in a mail.
            Cell(
                row["title"] or row["campaign_name"], reverse("admin:campaigns_campaign_change", args=[row["campaign"]])
            ),
            Cell(show(row["readers"]), is_number=True),
            Cell(show(row["shares"]), is_number=True),
            Cell(show(row["read_rate"], "%"), is_number=True),
        ]
        for row in top
    ]
    headings = [_("article"), _("readers"), _("shares"), _("read rate")]
    return Section(_("Most read articles"), figures, Table(headings, rows))


def quota(account: OfficialAccount, _week: Week, _reader: Any) -> Section:
    """This will be what is used and left of WeChat's quota, as of now. Five queries."""
    found = allowance.of(account, now=timezone.now())
    figures = []
    if found.jobs_to_all is not None:
        figures += [
            Figure(_("messages to everybody this month"), found.jobs_to_all.used),
            Figure(_("remaining"), found.jobs_to_all.left),
        ]
    if found.jobs is not None:
        figures += [Figure(_("mass sends today"), found.jobs.used), Figure(_("remaining"), found.jobs.left)]
    figures += [Figure(_("mass calls today"), found.calls.made), Figure(_("remaining"), found.calls.left)]
    return Section(_("Quota"), figures, note=_("As of now, not of the week."))


def _finished(account: OfficialAccount, week: Week) -> list[dict[str, Any]]:
    campaigns = Campaign.objects.filter(account=account, finished_at__gte=week.start, finished_at__lt=week.end)
    return comparison.last_campaigns(campaigns, MOST_CAMPAIGNS)


def _page(campaign: int) -> str:
    return reverse("admin:campaigns_campaign_change", args=[campaign])


def _sum(rows: list[dict[str, Any]], name: str) -> int | None:
    """What WeChat told; None if it told nothing of any of them."""
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known) if known else (None if rows else 0)


register(20, "campaigns", "campaigns.view_campaign", sent)
register(30, "articles", "campaigns.view_campaign", read)
register(40, "quota", "campaigns.view_campaign", quota)
