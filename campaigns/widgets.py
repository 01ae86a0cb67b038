"""The inputs of a campaign's form that the admin's theme does not have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget

from campaigns import phone
from campaigns.models import MediaAsset, MediaKind, MsgType
from followers.models import Tag
from wxcore.admin.widgets import OfThisSite

ICONS = {
    MsgType.TEXT: "chat",
    MsgType.MPNEWS: "article",
    MsgType.IMAGE: "photo_library",
    MsgType.VOICE: "mic",
    MsgType.MPVIDEO: "movie",
    MsgType.WXCARD: "redeem",
}


class AccountsSelect(UnfoldAdminSelectWidget):
    """Tags or segments: options that know their account, so that the page offers only the chosen account's."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-account"] = str(value.instance.account_id)
        return option


class TagsPicker(OfThisSite, forms.TextInput):
    """Tags in three rows of chips: who must have all, any or none of them."""

    template_name = "campaigns/widgets/tags.html"
    queryset: QuerySet[Tag]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        options = [
            {
                "value": tag.pk,
                "label": tag.name,
                "gone": tag.vanished_at,
                "account": tag.account_id,
            }
            # Not the queryset itself: it lives as long as the form's class, and would remember these tags.
            for tag in self.queryset.all()
        ]
        rows = [("all", _("have all of")), ("any", _("have at least one of")), ("none", _("have none of"))]
        return super().get_context(name, value, attrs) | {"rows": rows, "options": options}


class TypeTiles(OfThisSite, forms.RadioSelect):
    """The message types as tiles with icons."""

    template_name = "campaigns/widgets/tiles.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"icon": ICONS[value]}


class FilePicker(OfThisSite, forms.TextInput):
    """Files of the library in their order; the value is their ids, joined by commas."""

    template_name = "campaigns/widgets/files.html"

    def __init__(self, kind: MediaKind, most: int = 1, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind, self.most = kind, most
        self.queryset = MediaAsset.objects.all()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = numbers(value or "")
        found = self.queryset.in_bulk(chosen)
        files = [found[pk] for pk in chosen if pk in found]
        return context | {"kind": str(self.kind), "most": self.most, "files": files}


class DraftPicker(OfThisSite, forms.TextInput):
    """One article draft, with its covers; the value is its id."""

    template_name = "campaigns/widgets/draft.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        # The field's, which are narrowed to the person's accounts.
        draft = self.choices.queryset.filter(pk__in=numbers(str(value or ""))[:1]).first()
        return context | {"draft": draft, "cards": phone.cards(draft) if draft else []}


def numbers(value: str) -> list[int]:
    """This will be the ids in `value`, each once, in their order; what is no number is left out."""
    words = (word.strip() for word in value.split(","))
    # Longer than any primary key there is.
    return list(dict.fromkeys(int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19))
