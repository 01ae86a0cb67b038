"""The forms of API tokens: what a new one is for, and what becomes of the old secret at a rotation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from wxcore import apitokens, rights
from wxcore.errors import OperatorError
from wxcore.models import ApiToken, OfficialAccount, Scope

LIVES = ((30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("one year")))


class NewTokenForm(forms.ModelForm):
    """What a program needs and nothing more: to read is chosen beforehand, all accounts are not."""

    scopes = forms.MultipleChoiceField(
        label=capfirst(_("scopes")),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("None contains another. It never may more than you may yourself."),
    )
    reach = forms.ChoiceField(
        label=capfirst(_("official accounts")),
        choices=(("some", _("only these")), ("all", _("all that I work for, now and later"))),
        initial="some",
        widget=UnfoldAdminRadioSelectWidget(),
    )
    accounts = forms.ModelMultipleChoiceField(
        OfficialAccount.objects.none(), label="", required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    days = forms.TypedChoiceField(
        label=capfirst(_("works for")), choices=LIVES, coerce=int, initial=90, widget=UnfoldAdminSelectWidget()
    )
    owner: Any  # set by the page, which knows who asks

    class Meta:
        model = ApiToken
        fields = ("name",)
        widgets = {"name": UnfoldAdminTextInputWidget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = rights.accounts_of(self.owner).order_by("name")
        self.fields["accounts"].queryset = own
        if not self.is_bound and len(only := list(own[:2])) == 1:
            self.fields["accounts"].initial = only

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        now = timezone.now()
        asked = {
            "scopes": given["scopes"],
            "accounts": list(given["accounts"]) if given["reach"] == "some" else None,
            "expires_at": now + dt.timedelta(days=given["days"]),
        }
        try:
            apitokens.check(**asked, now=now)
        except OperatorError as error:
            for field in error.fields:
                self.add_error(field if field in self.fields else None, str(error))
        return given | {"asked": asked, "now": now}


class RotateForm(forms.Form):
    old = forms.ChoiceField(
        label=_("The old secret"),
        choices=(
            ("day", _("works for 24 more hours, so that there is time to enter the new one")),
            ("now", _("ends at once, because somebody else may know it")),
        ),
        initial="day",
        widget=UnfoldAdminRadioSelectWidget(),
    )
