"""Who works for an account, as part of its page and of the person's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import Group, User
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from wxcore import rights, roles
from wxcore.errors import OperatorError
from wxcore.models import Membership, OfficialAccount

ADD = "wxcore.add_membership"


class MoreThanYourOwn(OperatorError):
    code = "more_than_your_own"
    message = _("The role “%(role)s” may do more on “%(account)s” than you may.")
    fix = _("Choose another role, or ask somebody with that right.")


def people(user: rights.Person) -> QuerySet[User]:
    """This will be the people whom `user` may see: who works for the same accounts, or for none yet."""
    if rights.is_unlimited(user):
        return User.objects.all()
    accounts = rights.account_ids(user, "auth.view_user")
    of_mine = Exists(Membership.objects.filter(user=OuterRef("pk"), account__in=accounts))
    of_nobody = ~Exists(Membership.objects.filter(user=OuterRef("pk")))
    return User.objects.filter(of_mine | of_nobody, is_superuser=False) if accounts else User.objects.none()


def may_change(user: rights.Person, person: User) -> bool:
    """This will tell whether `user` may change a person, password included: nobody who also works elsewhere."""
    if rights.is_unlimited(user):
        return True
    accounts = rights.account_ids(user, "auth.change_user")
    elsewhere = Membership.objects.filter(user=person).exclude(account__in=accounts)
    return bool(accounts) and not person.is_superuser and not elsewhere.exists()


class HeldAlready(OperatorError):
    code = "held_already"
    message = _("%(user)s has this role on “%(account)s” already.")
    fix = _("Remove this line, or choose another role.")


class Offer:
    """What the lines of a page offer, read once for all of them."""

    def __init__(self, giver: rights.Person) -> None:
        self.giver = giver

    @cached_property
    def accounts(self) -> list[OfficialAccount]:
        return list(rights.accounts_of(self.giver, ADD))

    @cached_property
    def people(self) -> list[User]:
        return list(people(self.giver).filter(is_active=True).order_by("username"))

    @cached_property
    def roles(self) -> list[Group]:
        return list(Group.objects.order_by("pk"))


class MembershipForm(forms.ModelForm):
    """One line of what is offered."""

    offer: Offer

    class Meta:
        model = Membership
        fields = ("account", "user", "role", "weekly_report")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("account", rights.accounts_of(self.offer.giver, ADD), self.offer.accounts)
        self._offer("user", people(self.offer.giver), self.offer.people)
        self._offer("role", Group.objects.all(), self.offer.roles)

    def _offer(self, name: str, rows: QuerySet[Any], offered: Sequence[Model]) -> None:
        """`rows` is what is taken. Who was switched off stays where they are, but is offered to nobody else."""
        field = self.fields.get(name)
        if field is None:
            return
        field.queryset = rows
        own = getattr(self.instance, name, None) if self.instance.pk else None
        shown = [*offered, *([own] if own is not None and own not in offered else [])]
        field.choices = [("", field.empty_label), *((row.pk, _named(row)) for row in shown)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = [self._part(name) for name in ("user", "account", "role")]
        if self.has_changed() and all(given):
            self._check(*given)
        return self.cleaned_data

    def _part(self, name: str) -> Any:
        """What the line says, or the page that it stands on, unless that is only being made."""
        if isinstance(self.fields.get(name), forms.ModelChoiceField):
            return self.cleaned_data.get(name)
        return getattr(self.instance, name) if getattr(self.instance, f"{name}_id") else None

    def _check(self, user: User, account: OfficialAccount, role: Group) -> None:
        if not rights.may_give(self.offer.giver, role, account):
            self.add_error("role", str(MoreThanYourOwn(role=roles.label(role), account=account)))
        # Django leaves the column of the page out when it validates a line's constraints.
        same = Membership.objects.filter(user=user, account=account, role=role).exclude(pk=self.instance.pk)
        if same.exists():
            self.add_error("role", str(HeldAlready(user=user, account=account)))


def _named(row: Model) -> str:
    return roles.label(row) if isinstance(row, Group) else str(row)


class Memberships(TabularInline):
    """Base of both: lines of the person's own accounts only."""

    model = Membership
    form = MembershipForm
    extra = 0
    hide_title = True
    ordering = ("user__username", "account__name", "role")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        wrapper = getattr(field, "widget", None)
        if isinstance(wrapper, RelatedFieldWidgetWrapper):
            # A menu beside each input, to change what somebody came to choose.
            wrapper.can_add_related = wrapper.can_change_related = wrapper.can_view_related = False
            wrapper.can_delete_related = False
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows = rights.scoped(super().get_queryset(request), request.user, ADD)
        if not rights.is_unlimited(request.user):
            rows = rows.filter(user__is_superuser=False)
        return rows.select_related("account", "user", "role")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.offer = Offer(request.user)
        return formset


class AccountMembers(Memberships):
    """On the page of an account."""

    fields = ("user", "role", "weekly_report")
    verbose_name = _("member")
    verbose_name_plural = _("members")

    def _may(self, request: HttpRequest, verb: str, account: OfficialAccount | None) -> bool:
        return bool(request.user.has_perm(f"wxcore.{verb}_membership", account))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)


class UserMemberships(Memberships):
    """On the page of a person."""

    fields = ("account", "role")
    verbose_name = _("role")
    verbose_name_plural = _("roles on accounts")
