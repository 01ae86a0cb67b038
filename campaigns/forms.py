"""The forms of a campaign: the draft, and when to send it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from campaigns import audience, content, uploads
from campaigns.models import Audience, Campaign
from followers.models import Tag
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# A form may carry 2.5 MB besides its files; this is what surely fits.
LONGEST_PASTE = 2_000_000


class TagSelect(UnfoldAdminSelectWidget):
    """Options that know their account, so that the page offers only the chosen account's."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-account"] = str(value.instance.account_id)
        return option


class TagChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, tag: Tag) -> str:
        return f"{tag.name} ({tag.count:,})"


class CampaignForm(forms.ModelForm):
    """A draft. After validation `parsed` is the new list of openids, or None if the old one stays."""

    account = forms.ModelChoiceField(
        OfficialAccount.objects.filter(is_active=True),
        label=capfirst(_("official account")),
        widget=UnfoldAdminSelectWidget(),
        empty_label=None,
    )
    audience = forms.ChoiceField(
        label=capfirst(_("audience")),
        choices=Audience.choices,
        initial=Audience.ALL,
        widget=UnfoldAdminRadioSelectWidget(),
    )
    tag = TagChoiceField(
        Tag.objects.filter(vanished_at=None),
        label=capfirst(_("tag")),
        required=False,
        widget=TagSelect(),
        empty_label="–",
    )
    openids = forms.CharField(
        label=_("Paste OpenIDs"),
        required=False,
        max_length=LONGEST_PASTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One per line. A new list replaces the stored one; left empty, that one stays."),
    )
    upload = forms.FileField(
        label=_("Or upload a file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,text/plain,text/csv"}),
        help_text=_(
            "CSV or TXT up to 32 MB, about a million OpenIDs; of a table, the column “OpenID”. Counted when you save."
        ),
    )

    class Meta:
        model = Campaign
        fields = ("account", "name", "text", "audience", "tag")
        widgets = {
            "name": UnfoldAdminTextInputWidget(),
            "text": UnfoldAdminTextareaWidget(
                attrs={"rows": 8, "data-warning": content.TEXT_WARNING, "data-limit": content.TEXT_LIMIT}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The admin shows help texts as HTML, and one of them speaks of a tag.
        for field in self.fields.values():
            field.help_text = escape(field.help_text)
        self.parsed: audience.ParsedList | None = None

    def clean_text(self) -> str:
        # Browsers send CRLF; WeChat would count and show both.
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_upload(self) -> str:
        upload = self.cleaned_data.get("upload")
        try:
            return uploads.read(upload) if upload else ""
        except OperatorError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        given = "\n".join(filter(None, (data.get("openids"), data.get("upload"))))
        if data.get("audience") == Audience.LIST and given.strip():
            self.parsed = audience.parse_list(given)
        return data


class ScheduleForm(forms.Form):
    """When."""

    at = forms.DateTimeField(
        label=_("Send at"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%dT%H:%M"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _("In the time of %(zone)s.") % {"zone": timezone.get_current_timezone_name()}

    def clean_at(self) -> dt.datetime:
        at: dt.datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        return at
