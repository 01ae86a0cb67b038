"""The form of a campaign."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from campaigns import audience, composition, content, limits
from campaigns.composition import NEEDED_FOR
from campaigns.models import Audience, Campaign, Draft, MediaAsset, MediaKind, MsgType
from campaigns.widgets import AccountsSelect, DraftPicker, FilePicker, TagsPicker, TypeTiles, numbers
from followers import openids
from followers.models import Segment, Tag
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# A form may carry 2.5 MB besides its files; this is what surely fits.
LONGEST_PASTE = 2_000_000


class TagChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, tag: Tag) -> str:
        return f"{tag.name} ({tag.count:,})"


class TagsField(forms.Field):
    """Tags that all, any or none of the followers wear: JSON, which the page writes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=TagsPicker(), **kwargs)
        self.queryset = Tag.objects.order_by("tag_id")

    @property
    def queryset(self) -> QuerySet[Tag]:
        return self.widget.queryset

    @queryset.setter
    def queryset(self, queryset: QuerySet[Tag]) -> None:
        self.widget.queryset = queryset

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or {})

    def to_python(self, value: Any) -> dict[str, Any]:
        try:
            found = json.loads(value or "{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise forms.ValidationError(_("Choose the tags again."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or {}) != self.to_python(data)


class FilesField(forms.Field):
    """Files of one kind from the library, in their order. Whose they are, the form judges."""

    def __init__(self, kind: MediaKind, most: int = 1, **kwargs: Any) -> None:
        super().__init__(required=False, widget=FilePicker(kind, most), **kwargs)
        self.kind, self.most = kind, most
        self.queryset = MediaAsset.objects.all()

    @property
    def queryset(self) -> QuerySet[MediaAsset]:
        """What may be chosen; the widget shows nothing else either."""
        return self.widget.queryset

    @queryset.setter
    def queryset(self, queryset: QuerySet[MediaAsset]) -> None:
        self.widget.queryset = queryset

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else ",".join(str(asset.pk) for asset in value or ())

    def to_python(self, value: Any) -> list[MediaAsset]:
        wanted = numbers(value or "")
        if len(wanted) > self.most:
            error = content.TooManyPictures(number=len(wanted), limit=self.most)
            raise forms.ValidationError(str(error))
        found = self.queryset.in_bulk(wanted)
        if len(found) < len(wanted):
            raise forms.ValidationError(_("A chosen file is no longer in the library. Choose again."))
        return [found[pk] for pk in wanted]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or "")


class CampaignForm(forms.ModelForm):
    """A draft. After validation `parsed` is the new list of openids, or None if the old one stays.

    What becomes of inputs that the message type does not need, `composition` says.
    """

    account = forms.ModelChoiceField(
        OfficialAccount.objects.filter(is_active=True),
        label=capfirst(_("official account")),
        widget=UnfoldAdminSelectWidget(),
        empty_label=None,
    )
    msgtype = forms.ChoiceField(
        label=capfirst(_("message type")), choices=MsgType.choices, initial=MsgType.TEXT, widget=TypeTiles()
    )
    draft = forms.ModelChoiceField(
        Draft.objects.all(), label=capfirst(_("article draft")), required=False, widget=DraftPicker()
    )
    pictures = FilesField(MediaKind.IMAGE, limits.IMAGES, label=capfirst(_("pictures")))
    voice = FilesField(MediaKind.VOICE, label=capfirst(_("voice")))
    video = FilesField(MediaKind.VIDEO, label=capfirst(_("video")))
    audience = forms.ChoiceField(
        label=capfirst(_("audience")),
        choices=[(value, capfirst(label)) for value, label in Audience.choices],
        initial=Audience.ALL,
        widget=UnfoldAdminRadioSelectWidget(),
    )
    tag = TagChoiceField(
        Tag.objects.filter(vanished_at=None),
        label=capfirst(_("tag")),
        required=False,
        widget=AccountsSelect(),
        empty_label="–",
    )
    conditions = TagsField(label=capfirst(_("tags")))
    segment = forms.ModelChoiceField(
        Segment.objects.order_by("name"),
        label=capfirst(_("segment")),
        required=False,
        widget=AccountsSelect(),
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
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.xlsx,text/plain,text/csv"}),
        help_text=_(
            "XLSX, CSV or TXT up to 32 MB, about a million OpenIDs; of a table, the column “OpenID”. Counted when you "
            "save."
        ),
    )

    class Meta:
        model = Campaign
        fields = (
            "account",
            "name",
            "msgtype",
            "text",
            "draft",
            "send_ignore_reprint",
            "title",
            "description",
            "need_open_comment",
            "only_fans_can_comment",
            "card_id",
            "audience",
            "tag",
            "conditions",
            "segment",
        )
        widgets = {
            "name": UnfoldAdminTextInputWidget(),
            "text": UnfoldAdminTextareaWidget(
                attrs={"rows": 8, "data-warning": limits.TEXT_WARNING, "data-limit": limits.TEXT}
            ),
            "title": UnfoldAdminTextInputWidget(attrs={"data-limit": content.TITLE_LIMIT}),
            "description": UnfoldAdminTextareaWidget(attrs={"rows": 2, "data-limit": content.DESCRIPTION_LIMIT}),
            "send_ignore_reprint": UnfoldBooleanSwitchWidget(),
            "need_open_comment": UnfoldBooleanSwitchWidget(),
            "only_fans_can_comment": UnfoldBooleanSwitchWidget(),
            "card_id": UnfoldAdminTextInputWidget(attrs={"spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The admin shows help texts as HTML, and one of them speaks of a tag.
        for field in self.fields.values():
            field.help_text = escape(field.help_text)
        # Who may only look is given a form without fields.
        for name in NEEDED_FOR.keys() & self.fields.keys():
            self.fields[name].widget.attrs["data-for"] = " ".join(NEEDED_FOR[name])
        if "description" in self.fields:
            self._name_after_the_type()
        if self.instance.pk:
            media = self.instance.media
            self.initial["pictures"] = content.pictures(self.instance)
            for kind in (MediaKind.VOICE, MediaKind.VIDEO):
                self.initial[kind] = [media] if media and media.kind == kind else []
        self.parsed: openids.ParsedList | None = None

    def _name_after_the_type(self) -> None:
        """The description of a picture message is what WeChat calls its recommendation."""
        field = self.fields["description"]
        labels = {MsgType.IMAGE: _("Recommendation"), MsgType.MPVIDEO: capfirst(_("description"))}
        field.widget.attrs["data-labels"] = json.dumps({name: str(label) for name, label in labels.items()})

    def clean_text(self) -> str:
        return composition.line_ends(self.cleaned_data["text"])

    def clean_upload(self) -> str:
        upload = self.cleaned_data.get("upload")
        try:
            return openids.read(upload) if upload else ""
        except OperatorError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        given = "\n".join(filter(None, (data.get("openids"), data.get("upload"))))
        if data.get("audience") == Audience.LIST and given.strip():
            self.parsed = openids.parse(given)
        if data.get("audience") == Audience.TAGS and data.get("account") and "conditions" in data:
            try:
                data["conditions"] = audience.normal_tags(data["account"], data["conditions"])
            except OperatorError as error:
                self.add_error("conditions", str(error))
        if data.get("account") and data.get("msgtype"):
            self._settle_content(data)
        return data

    def _settle_content(self, data: dict[str, Any]) -> None:
        """This will refuse what the chosen type cannot send, and drop what another type could not either."""
        kept, wrong = composition.settled(data["account"], data["msgtype"], data)
        for name, errors in wrong.items():
            self.add_error(name, [str(error) for error in errors])
        for name, value in kept.items():
            if name in data:
                data[name] = value
        self.instance.media = composition.media(data["msgtype"], kept)
