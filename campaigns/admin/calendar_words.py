"""How the calendar puts a campaign and itself into words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.admin.words import to_whom
from campaigns.models import Campaign
from campaigns.states import Status
from wxcore import zones

# So that nobody depends on the colour.
ICONS = {
    Status.SCHEDULED: "schedule",
    Status.SENDING: "send",
    Status.PAUSED: "pause_circle",
    Status.FINISHED: "check_circle",
    Status.FAILED: "error",
    Status.CANCELLED: "block",
    Status.RECALLED: "undo",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend."""

    status: str
    icon: str
    label: str


def legend() -> list[Entry]:
    return [Entry(status.value, icon, str(status.label)) for status, icon in ICONS.items()]


def event(campaign: Campaign) -> dict[str, Any]:
    """This will be a campaign as the calendar shows it: at the time on the wall of its account.

    The campaign comes `with_figures()` and its account. Times have no offset, see `campaigns/admin/calendar.py`.
    """
    zone, at = campaign.account.zone, campaign.scheduled_at
    return {
        "id": str(campaign.pk),
        "title": campaign.name,
        "start": zones.wall(at, zone),
        "seen": at.isoformat(),
        "kind": campaign.status,
        "icon": ICONS.get(campaign.status, "schedule"),
        "status": campaign.get_status_display(),
        "account": campaign.account.name,
        "zone": zones.name(zone, at) if zones.is_foreign(zone, at) else "",
        "about": _about(campaign),
    }


def _about(campaign: Campaign) -> str:
    """To whom it goes, and once WeChat has said so, how many got it."""
    sent = campaign.sent_count
    if sent is None:
        return to_whom(campaign)
    delivered = _("%(n)s delivered") % {"n": f"{sent:,}"}
    return f"{to_whom(campaign)} · {delivered}"


def day_words(at: dt.datetime) -> str:
    """This will be the day of a time on the wall: Wednesday, 25 November."""
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(at, "l"), "day": date_format(at, "MONTH_DAY_FORMAT")}


def calendar_words() -> dict[str, str]:
    """This will be what the page's script says, by the names that it uses; `{name}` is filled in by the script."""
    return {
        "month": _("Month"),
        "week": _("Week"),
        "list": _("List"),
        "today": _("Today"),
        "previous": _("Earlier"),
        "next": _("Later"),
        "empty": _("Nothing is planned here."),
        "label": _("{time}, {title}, {status}, {account}"),
        "keys": _("M moves it"),
        "move": _("Move"),
        "undo": _("Undo"),
        "undone": _("Moved back."),
        "offline": _("The server does not answer. Nothing was moved."),
        "unexpected": _("The server answered with an error ({status}). Reload the page."),
        "signedOut": _("You are signed out. Load the page again to sign in."),
        "unmoved": _("Nothing was moved."),
        "failed": _("The campaigns could not be loaded."),
        "more": _("Only the first 500 are shown. Choose one official account, or the week."),
        "passed": _("This moment has passed."),
    }
