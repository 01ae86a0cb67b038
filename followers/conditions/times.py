"""When somebody came, and when they last did something."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from followers.conditions.base import Condition, Scope, register
from followers.conditions.controls import Control, Option
from followers.conditions.reading import Fields

DAY = dt.timedelta(days=1)
MOST_DAYS = 3650


@register
@dataclass(frozen=True, slots=True)
class Subscribed(Condition):
    """Followed between two days, both included, in the account's time zone; one of them may be open."""

    kind = "subscribed"
    rank = 30
    label = gettext_lazy("Followed")
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def read(cls, given: Fields) -> Self:
        found = cls(given.day("since"), given.day("until"))
        if found.since is None and found.until is None:
            raise given.wrong(gettext_lazy("choose at least one day"))
        if found.since and found.until and found.since > found.until:
            raise given.wrong(gettext_lazy("the first day comes after the last"))
        return found

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        return [Control("since", "day", _("from")), Control("until", "day", _("until"))]

    def where(self, scope: Scope) -> Q:
        found = Q()
        if self.since:
            found &= Q(subscribe_time__gte=_midnight(self.since, scope))
        if self.until:
            found &= Q(subscribe_time__lt=_midnight(self.until + DAY, scope))
        return found

    def describe(self, scope: Scope) -> str:
        days = {name: date_format(day) if day else "" for name, day in (("since", self.since), ("until", self.until))}
        if self.since and self.until:
            return _("followed between %(since)s and %(until)s") % days
        return (_("have followed since %(since)s") if self.since else _("followed until %(until)s")) % days


@register
@dataclass(frozen=True, slots=True)
class Interaction(Condition):
    """Wrote, tapped the menu or scanned `within` so many days, or did `not_within` them: never counts as not."""

    kind = "interaction"
    rank = 20
    label = gettext_lazy("Last interaction")
    hint = gettext_lazy("A message, a tap on the menu, a scanned code: counted since this product receives the pushes.")
    mode: str
    days: int

    @classmethod
    def read(cls, given: Fields) -> Self:
        return cls(given.choice("mode", ("within", "not_within")), given.whole("days", 1, MOST_DAYS))

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        modes = [Option("within", _("within the last")), Option("not_within", _("not within the last"))]
        days = Control("days", "number", after=_("days"), options=[Option(1, ""), Option(MOST_DAYS, "")], value=30)
        return [Control("mode", "choice", options=modes), days]

    def where(self, scope: Scope) -> Q:
        began = scope.now - self.days * DAY
        if self.mode == "within":
            return Q(last_interaction_at__gte=began)
        return Q(last_interaction_at=None) | Q(last_interaction_at__lt=began)

    def describe(self, scope: Scope) -> str:
        if self.mode == "within":
            words = ngettext("were active within %(days)d day", "were active within %(days)d days", self.days)
        else:
            words = ngettext("were not active for %(days)d day", "were not active for %(days)d days", self.days)
        return words % {"days": self.days}


def _midnight(day: dt.date, scope: Scope) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), scope.account.zone)
