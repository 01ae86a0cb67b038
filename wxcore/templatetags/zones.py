"""Template filter: a moment on the wall of an official account."""

from __future__ import annotations

import datetime as dt

from django import template

from wxcore import zones
from wxcore.models import OfficialAccount

register = template.Library()


@register.filter
def on_wall(moment: dt.datetime | None, account: OfficialAccount) -> str:
    """This will be the time that the wall shows where the account is at home; its zone is named where it is foreign."""
    return zones.shown(moment, account.zone) if moment else ""
