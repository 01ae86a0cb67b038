"""Forms that offer, and take, only what belongs to the person's own accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from wxcore import rights
from wxcore.models import OfficialAccount


def narrowed(form: type[forms.BaseForm], user: rights.Person, *permissions: str) -> type[forms.BaseForm]:
    """This will be the form, its fields narrowed to the accounts on which `user` has one of `permissions`.

    A field is narrowed if it has a `queryset`, which may be set, of rows that belong to accounts.
    """

    class Narrowed(form):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            for field in self.fields.values():
                rows = getattr(field, "queryset", None)
                if rows is not None and rights.has_account(rows.model):
                    field.queryset = rights.scoped(rows, user, *permissions)

    Narrowed.__name__ = form.__name__
    return Narrowed


class AccountForm(forms.Form):
    """For which of the accounts on which `user` has `permission`."""

    account = forms.ModelChoiceField(
        OfficialAccount.objects.none(),
        label=capfirst(_("official account")),
        widget=UnfoldAdminRadioSelectWidget(),
        empty_label=None,
    )

    def __init__(
        self, data: Any, user: rights.Person, permission: str, *, asked: str = "", as_list: bool = False
    ) -> None:
        """`asked` is the account that an address names, which is chosen beforehand; so is the only one there is."""
        super().__init__(data)
        field = self.fields["account"]
        if as_list:
            field.widget = UnfoldAdminSelectWidget()
        field.queryset = rights.accounts_of(user, permission).filter(is_active=True)
        accounts = list(field.queryset.values_list("pk", flat=True)[:2])
        self.count = len(accounts)
        if asked.isdecimal():
            self.initial["account"] = int(asked)
        elif self.count == 1:
            self.initial["account"] = accounts[0]
