"""Filters of the callbacks' list. Each costs one range of an index (see Callback.Meta)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

from callbacks import words
from callbacks.models import CallbackQuerySet

DAY = dt.timedelta(days=1)
# What stands in the place of an event's name for all that followers write.
MESSAGES = "message"


class EventFilter(DropdownFilter):
    """The events that we know; any other is found by its address (?event=...)."""

    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        known = ((event, f"{name} ({words.spelled('event', event)})") for event, name in words.EVENTS.items())
        return [(MESSAGES, _("messages")), *known]

    def queryset(self, request: HttpRequest, queryset: CallbackQuerySet) -> CallbackQuerySet:
        event = (self.value() or "").lower()
        return queryset.filter(event="" if event == MESSAGES else event) if event else queryset


class ReceivedFilter(RangeDateFilter):
    """Days, both included, on the wall of this site. What is no day is as good as none."""

    def queryset(self, request: HttpRequest, queryset: CallbackQuerySet) -> CallbackQuerySet:
        since, until = self._day("from"), self._day("to")
        return queryset.received_between(_midnight(since), _midnight(until and until + DAY))

    def _day(self, end: str) -> dt.date | None:
        try:
            return parse_date(self.used_parameters.get(f"{self.parameter_name}_{end}", ""))
        except ValueError:
            return None


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else timezone.make_aware(dt.datetime.combine(day, dt.time.min))
