"""The form of a reply rule: it shows only what the trigger and the kind of answer need."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanSwitchWidget,
)

from callbacks import rulechecks
from callbacks.models import Match, ReplyKind, ReplyRule, Trigger
from campaigns.forms import FilesField
from campaigns.models import MediaKind
from campaigns.widgets import TypeTiles
from wxcore.models import OfficialAccount

LONGEST_WORDS = 20_000
LONGEST_CARDS = 100_000

ICONS = {
    Trigger.SUBSCRIBE: "person_add",
    Trigger.SCENE: "qr_code_scanner",
    Trigger.MENU: "touch_app",
    Trigger.KEYWORD: "chat",
    Trigger.DEFAULT: "question_answer",
    ReplyKind.TEXT: "chat",
    ReplyKind.IMAGE: "image",
    ReplyKind.VOICE: "mic",
    ReplyKind.VIDEO: "movie",
    ReplyKind.MUSIC: "music_note",
    ReplyKind.NEWS: "article",
    ReplyKind.TRANSFER: "support_agent",
}

# Which triggers and which kinds of answer need a field; the page shows it for those only.
FOR_TRIGGER: dict[str, tuple[Trigger, ...]] = {"match": (Trigger.KEYWORD,), "words": rulechecks.WITH_WORDS}
FOR_KIND: dict[str, tuple[ReplyKind, ...]] = {
    "text": (ReplyKind.TEXT,),
    "picture": (ReplyKind.IMAGE, ReplyKind.MUSIC),
    "voice": (ReplyKind.VOICE,),
    "video": (ReplyKind.VIDEO,),
    "title": (ReplyKind.VIDEO, ReplyKind.MUSIC),
    "description": (ReplyKind.VIDEO, ReplyKind.MUSIC),
    "music_url": (ReplyKind.MUSIC,),
    "hq_music_url": (ReplyKind.MUSIC,),
    "articles": (ReplyKind.NEWS,),
    "kf_account": (ReplyKind.TRANSFER,),
}
FILES = {
    ReplyKind.IMAGE: "picture",
    ReplyKind.MUSIC: "picture",
    ReplyKind.VOICE: "voice",
    ReplyKind.VIDEO: "video",
}
COUNTED = {"data-bytes": rulechecks.TEXT_BYTES, "data-counted": gettext_lazy("{size} / {most} bytes")}


class Tiles(TypeTiles):
    """Choices as tiles with icons."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = forms.RadioSelect.create_option(self, name, value, *args, **kwargs)
        return option | {"icon": ICONS[value]}


class Cards(forms.Textarea):
    """Article cards, row by row; the value is JSON, which the page writes."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs) | {"most": rulechecks.CARDS}
        return render_to_string("callbacks/widgets/cards.html", context)


class CardsField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_CARDS, widget=Cards(), **options)

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False)

    def to_python(self, value: Any) -> list[Any]:
        return cards(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != cards(data)

    def run_validators(self, value: Any) -> None:
        if len(json.dumps(value)) > LONGEST_CARDS:
            raise forms.ValidationError(_("These are too many cards."))


def cards(text: Any) -> list[Any]:
    """This will be the cards in what the page wrote; none when it is no list."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


class ReplyRuleForm(forms.ModelForm):
    """A reply rule. What is wrong with it, `rulechecks` says; here each error finds its field."""

    account = forms.ModelChoiceField(
        OfficialAccount.objects.filter(is_active=True),
        label=capfirst(gettext_lazy("official account")),
        widget=UnfoldAdminSelectWidget(),
        empty_label=None,
    )
    name = forms.CharField(
        label=capfirst(gettext_lazy("name")),
        required=False,
        max_length=100,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("For you only. Left empty, it is named after its first keyword."),
    )
    trigger = forms.ChoiceField(
        label=gettext_lazy("When somebody …"), choices=Trigger.choices, initial=Trigger.KEYWORD, widget=Tiles()
    )
    match = forms.ChoiceField(
        label=gettext_lazy("The text …"),
        choices=Match.choices,
        initial=Match.CONTAINS,
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("Letter case, full-width letters and doubled spaces make no difference."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Answer with"), choices=ReplyKind.choices, initial=ReplyKind.TEXT, widget=Tiles()
    )
    picture = FilesField(MediaKind.IMAGE, label=capfirst(gettext_lazy("picture")))
    voice = FilesField(MediaKind.VOICE, label=capfirst(gettext_lazy("voice")))
    video = FilesField(MediaKind.VIDEO, label=capfirst(gettext_lazy("video")))
    music_url = forms.CharField(
        label=capfirst(gettext_lazy("address of the music")),
        required=False,
        max_length=1024,
        widget=UnfoldAdminURLInputWidget(),
        help_text=gettext_lazy("MP3 at an address of yours that phones can reach."),
    )
    hq_music_url = forms.CharField(
        label=capfirst(gettext_lazy("address for Wi-Fi")),
        required=False,
        max_length=1024,
        widget=UnfoldAdminURLInputWidget(),
    )
    articles = CardsField(label=capfirst(gettext_lazy("article cards")))

    class Meta:
        model = ReplyRule
        fields = (
            "account",
            "name",
            "is_active",
            "trigger",
            "match",
            "words",
            "from_time",
            "until_time",
            "kind",
            "text",
            "title",
            "description",
            "music_url",
            "hq_music_url",
            "articles",
            "kf_account",
        )
        widgets = {
            "is_active": UnfoldBooleanSwitchWidget(),
            "words": UnfoldAdminTextareaWidget(attrs={"rows": 4, "spellcheck": "false"}),
            "from_time": UnfoldAdminTextInputWidget(attrs={"type": "time"}),
            "until_time": UnfoldAdminTextInputWidget(attrs={"type": "time"}),
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 7} | COUNTED),
            "title": UnfoldAdminTextInputWidget(),
            "description": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
            "kf_account": UnfoldAdminTextInputWidget(attrs={"spellcheck": "false"}),
        }
        help_texts = {
            "words": "",  # by the trigger, see `_name_words`
            "until_time": gettext_lazy("On the account's clock. Left empty, always; 22:00 to 08:00 means overnight."),
            "text": gettext_lazy('Links may be written as <a href="https://…">words</a>.'),
            "kf_account": gettext_lazy("Such as kf2001@shop. Left empty, WeChat chooses who is free."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = escape(field.help_text)
        # Who may only look is given a form without fields.
        for name, triggers in FOR_TRIGGER.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-for-trigger"] = " ".join(triggers)
        for name, kinds in FOR_KIND.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-for-kind"] = " ".join(kinds)
        if "words" in self.fields:
            self._name_words()
            self.fields["words"].max_length = LONGEST_WORDS
        if "account" in self.fields and self.instance.pk:
            self.fields["account"].disabled = True
        asset = self.instance.asset
        for kind, name in FILES.items():
            if asset is not None and self.instance.kind == kind:
                self.initial[name] = [asset]

    def _name_words(self) -> None:
        """They are keywords, scenes or keys, by the trigger; a picture of music is its cover."""
        labels = {Trigger.KEYWORD: _("Keywords"), Trigger.SCENE: _("Scenes"), Trigger.MENU: _("Menu keys")}
        helps = {
            Trigger.KEYWORD: _("One per line; any of them makes the rule answer."),
            Trigger.SCENE: _("One per line, as the QR codes were made. Left empty, every QR code."),
            Trigger.MENU: _("One per line: the keys that the buttons of your menu send."),
        }
        words = self.fields["words"].widget.attrs
        words["data-labels"], words["data-helps"] = json.dumps(labels), json.dumps(helps)
        covers = {ReplyKind.IMAGE: _("Picture"), ReplyKind.MUSIC: _("Cover")}
        self.fields["picture"].widget.attrs["data-labels"] = json.dumps(covers)

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["match"] = data.get("match") or Match.CONTAINS
        return data

    def _post_clean(self) -> None:
        super()._post_clean()
        data = self.cleaned_data
        if not data.get("account") or not data.get("kind") or not data.get("trigger"):
            return
        name = FILES.get(ReplyKind(data["kind"]))
        self.instance.asset = next(iter(data.get(name) or ()), None) if name else None
        for problem in rulechecks.problems(self.instance):
            for field in problem.fields or {None: ""}:
                shown = (name or "kind") if field == "asset" else field
                if shown is None or not self.has_error(shown):
                    self.add_error(shown, str(problem))
