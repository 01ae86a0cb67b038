"""The form that asks when: a time on the wall of the campaign's account."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES

from campaigns import services, times
from campaigns.models import Campaign
from campaigns.services.scheduling import FURTHEST
from wxcore import zones
from wxcore.errors import OperatorError


class MomentField(forms.CharField):
    """A moment, entered as a time on the wall of `zone`."""

    zone = ZoneInfo("UTC")

    def prepare_value(self, value: Any) -> Any:
        return zones.wall(value, self.zone) if isinstance(value, dt.datetime) else value

    def clean(self, value: Any) -> dt.datetime:
        try:
            return zones.read(super().clean(value), self.zone)
        except OperatorError as error:
            raise forms.ValidationError(str(error), code=error.code) from None


class ScheduleForm(forms.Form):
    """When. `choices` are the times that staff usually mean."""

    at = MomentField(
        label=gettext_lazy("Send at"),
        widget=forms.TextInput(attrs={"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}),
    )

    def __init__(self, *args: Any, campaign: Campaign, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, zone = now, campaign.account.zone
        self.choices = times.choices(zone, now=now)
        field = self.fields["at"]
        field.zone = zone
        field.widget.attrs |= {"min": zones.wall(now, zone), "max": zones.wall(now + FURTHEST, zone)}
        field.help_text = _("In the time of the official account: %(zone)s.") % {"zone": zones.name(zone, now)}

    def clean_at(self) -> dt.datetime:
        at: dt.datetime = self.cleaned_data["at"]
        try:
            services.check_time(at, now=self.now)
        except OperatorError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
        return at
