"""The forms that somebody fills in before a campaign is sent, scheduled or rejected."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, TEXTAREA_CLASSES

from campaigns import audience
from campaigns.models import Campaign
from campaigns.schedule_form import ScheduleForm


class HeadCountField(forms.CharField):
    """A number of followers as people type it: 1234, 1,234 or 1 234."""

    def clean(self, value: Any) -> int:
        digits = re.sub(r"[\s,，.']", "", super().clean(value))
        if not digits.isdecimal():
            raise forms.ValidationError(_("Type the number of followers, for example 1234."), code="head_count")
        return int(digits)


def head_count_field() -> HeadCountField:
    """This will be the field that whoever sends to everybody must fill in."""
    return HeadCountField(
        label=_("Type the head count"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": " ".join(INPUT_CLASSES)}),
        help_text=_("This goes to everybody. Type the number above to confirm."),
    )


class SendForm(forms.Form):
    """Now. To everybody, it asks for the head count; else for nothing."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if audience.is_everybody(campaign):
            self.fields["heads"] = head_count_field()


class SendLaterForm(ScheduleForm):
    """When; and to everybody, the head count."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        if audience.is_everybody(campaign):
            self.fields["heads"] = head_count_field()


class RejectForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("What should be changed?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "class": " ".join(TEXTAREA_CLASSES)}),
    )
