"""The form of a segment; its conditions are one hidden input of JSON, which the builder on the page writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from followers import conditions
from followers.conditions import KINDS, InvalidConditions, Scope
from followers.models import Segment
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# A hundred words in each of two hundred conditions would be nearly that much.
LONGEST_JSON = 500_000


class Builder(forms.Widget):
    """The conditions as a person builds them. The form tells it whose tags and lists there are to choose from."""

    account: Callable[[], OfficialAccount | None]

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        context = {"name": name, "value": value or "", "kinds": kinds(self.account())}
        return render_to_string("followers/builder.html", context)


class ConditionsField(forms.CharField):
    widget = Builder

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) or value is None else json.dumps(value, ensure_ascii=False)

    def to_python(self, value: Any) -> Any:
        return load(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class SegmentForm(forms.ModelForm):
    """An account's tags and lists belong to it, so a segment stays with its account."""

    account = forms.ModelChoiceField(
        OfficialAccount.objects.filter(is_active=True),
        label=capfirst(gettext_lazy("official account")),
        widget=UnfoldAdminSelectWidget(),
        empty_label=None,
    )
    conditions = ConditionsField(label=gettext_lazy("Followers who …"), required=False)

    class Meta:
        model = Segment
        fields = ("account", "name", "description", "conditions")
        widgets = {"name": UnfoldAdminTextInputWidget(), "description": UnfoldAdminTextInputWidget()}
        help_texts = {
            "name": gettext_lazy("Campaigns choose it by this name."),
            "description": gettext_lazy("For your team; followers do not see it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "account" not in self.fields:  # who may only look is given a form without fields
            return
        if self.instance.pk:
            self.fields["account"].disabled = True
            self.fields["account"].queryset = OfficialAccount.objects.filter(pk=self.instance.account_id)
        # Asked when it is drawn: until then the form is narrowed to the person's accounts.
        self.fields["conditions"].widget.account = self._account

    def _account(self) -> OfficialAccount | None:
        if self.instance.pk:
            return self.instance.account
        accounts = self.fields["account"].queryset
        chosen = str(self.data.get("account") or self.initial.get("account") or "")
        found = accounts.filter(pk=chosen).first() if chosen.isdecimal() else None
        return found or accounts.order_by("pk").first()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        account = data.get("account")
        if account is not None and "conditions" in data:
            try:
                definition = conditions.read(data["conditions"])
                definition.check(Scope(account, timezone.now()))
                data["conditions"] = definition.stored()
            except OperatorError as error:
                self.add_error("conditions", f"{where(error)}{error}")
        return data


def load(text: Any) -> Any:
    """This will be posted JSON as values; what is none is handed on as it is, for `conditions.read` to refuse."""
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return json.loads(text) if len(text) <= LONGEST_JSON else text[:1]
    except (ValueError, RecursionError):
        return text


def kinds(account: OfficialAccount | None) -> list[dict[str, Any]]:
    """This will be the kinds of conditions with their inputs, as far as `account` has something to choose from."""
    if account is None:
        return []
    scope = Scope(account, timezone.now())
    ordered = sorted(KINDS.values(), key=lambda kind: kind.rank)
    # Not the classes: a template would call them.
    return [
        {"kind": kind.kind, "label": kind.label, "hint": kind.hint, "of_account": kind.of_account,
         "controls": kind.controls(scope)}
        for kind in ordered
    ]  # fmt: skip


def where(error: OperatorError) -> str:
    """This will say which condition an error is about, as a person counts: "Group 1, condition 2: "."""
    place = error.place() if isinstance(error, InvalidConditions) else None
    if place is None:
        return ""
    return _("Group %(group)d, condition %(condition)d: ") % {"group": place[0] + 1, "condition": place[1] + 1}
