"""What speaks against a time: that it is none, the quota, other campaigns of the account, the night.

Day and night are those of the account's own time zone; only quotas count in Asia/Shanghai.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import quota, services
from campaigns.models import Campaign
from campaigns.preflight.findings import Finding, Level, of_error
from campaigns.states import Status
from wxcore.errors import OperatorError

# Whose time is taken: they will go out, or have.
TAKEN = (Status.SCHEDULED, Status.SENDING, Status.PAUSED, Status.FINISHED, Status.RECALLED)
NEAR = dt.timedelta(hours=1)
NIGHT = (22, 7)
NAMED = 3
READ = 50


def timing(campaign: Campaign, at: dt.datetime, *, now: dt.datetime) -> list[Finding]:
    """This will be what a person should know before `campaign` is scheduled for `at`; a handful of queries.

    What makes the time impossible is an error and the only finding; the others are for a person to judge.
    """
    try:
        services.check_time(at, now=now)
        quota.require(campaign, at=at)
    except OperatorError as error:
        return [of_error(error, _("Time"))]
    return [*_neighbours(campaign, at), *_night(campaign, at)]


def _neighbours(campaign: Campaign, at: dt.datetime) -> Iterator[Finding]:
    """Who else writes to the same followers on that day, and above all within the hour."""
    day = at.astimezone(campaign.account.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    begin, end = min(day, at - NEAR), max(day + dt.timedelta(days=1), at + NEAR)
    others = Campaign.objects.filter(account=campaign.account_id, scheduled_at__gte=begin, scheduled_at__lte=end)
    others = others.filter(status__in=TAKEN).exclude(pk=campaign.pk).order_by("scheduled_at")
    found = list(others[:READ])
    near = [other for other in found if abs(other.scheduled_at - at) <= NEAR]
    same = [other for other in found if day <= other.scheduled_at < day + dt.timedelta(days=1)]
    subject, names = _("Other campaigns"), _names(near or same, campaign)
    if near:
        message = ngettext(
            "Another campaign of this account goes out within the hour: %(names)s.",
            "Other campaigns of this account go out within the hour: %(names)s.",
            len(near),
        )
        yield Finding(Level.WARNING, "same_hour", subject, message % {"names": names})
    elif same:
        message = ngettext(
            "Another campaign of this account goes out on that day: %(names)s.",
            "Other campaigns of this account go out on that day: %(names)s.",
            len(same),
        )
        yield Finding(Level.WARNING, "same_day", subject, message % {"names": names})


def _night(campaign: Campaign, at: dt.datetime) -> Iterator[Finding]:
    evening, morning = NIGHT
    local = at.astimezone(campaign.account.zone)
    if local.hour >= evening or local.hour < morning:
        message = _("%(time)s is at night: people sleep, and a message that wakes them loses followers.")
        fix = _("Choose a time between %(morning)s and %(evening)s.")
        hours = {"morning": f"{morning:02d}:00", "evening": f"{evening}:00"}
        yield Finding(Level.WARNING, "night", _("Time"), message % {"time": f"{local:%H:%M}"}, fix % hours)


def _names(found: list[Campaign], campaign: Campaign) -> str:
    """The first of them, each with its time on the account's wall."""
    zone = campaign.account.zone
    shown = [f"{Truncator(one.name).chars(30)} ({one.scheduled_at.astimezone(zone):%H:%M})" for one in found[:NAMED]]
    return ", ".join(shown) + (" …" if len(found) > NAMED else "")
