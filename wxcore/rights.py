"""Who may do what on which official account. Memberships are the only source of rights; superusers may everything."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet

from wxcore.models import ApiToken, Membership, OfficialAccount

Person = AbstractBaseUser | AnonymousUser


class NoAccountPath(TypeError):
    """A model that does not say whose its rows are: `account_path`, such as "draft__account"."""


def path_of(model: type[Model]) -> str:
    """This will be the lookup that leads from a row to its account. Raises NoAccountPath."""
    if issubclass(model, OfficialAccount):
        return "pk"
    path: str = getattr(model, "account_path", "account")
    try:
        model._meta.get_field(path.partition("__")[0])
    except FieldDoesNotExist:
        raise NoAccountPath(model._meta.label) from None
    return path


def has_account(model: type[Model]) -> bool:
    """This will tell whether the rows belong to accounts."""
    try:
        path_of(model)
    except NoAccountPath:
        return False
    return True


def account_id_of(row: Model) -> int | None:
    """This will be the primary key of the account that a row belongs to. Raises NoAccountPath."""
    if isinstance(row, OfficialAccount):
        return row.pk
    *steps, last = path_of(type(row)).split("__")
    owner: Any = row
    for step in steps:
        owner = getattr(owner, step)
        if owner is None:
            return None
    account_id: int | None = getattr(owner, f"{last}_id")
    return account_id


def permissions_of(user: Person) -> dict[int, frozenset[str]]:
    """This will be what the memberships grant, by account: two queries, asked once for each request's user."""
    known: dict[int, frozenset[str]] | None = getattr(user, "_permissions_by_account", None)
    if known is None:
        known = _read(user) if user.is_active else {}
        user._permissions_by_account = known  # type: ignore[union-attr]
    return known


def through(token: ApiToken) -> Person:
    """This will be the token's owner with what the token leaves of their rights, wherever they are asked for."""
    user = token.user
    user._token = token
    if token.is_limited and user.is_superuser:
        # Django asks no backend about a superuser. In memory only: nobody saves the person of a request.
        user._was_superuser, user.is_superuser = True, False
    return user


def token_of(user: Person) -> ApiToken | None:
    """This will be the API token through which somebody asks; None when they have logged in."""
    return getattr(user, "_token", None)


def _read(user: Person) -> dict[int, frozenset[str]]:
    token = token_of(user)
    limit = set(token.accounts.values_list("pk", flat=True)) if token is not None and token.is_limited else None
    if limit is not None and getattr(user, "_was_superuser", False):
        return dict.fromkeys(limit, _all_permissions())
    granted = _by_memberships(user)
    return granted if limit is None else {pk: names for pk, names in granted.items() if pk in limit}


def _all_permissions() -> frozenset[str]:
    names = Permission.objects.values_list("content_type__app_label", "codename").order_by()
    return frozenset(f"{app}.{codename}" for app, codename in names)


def _by_memberships(user: Person) -> dict[int, frozenset[str]]:
    roles = defaultdict(set)
    for account, role in Membership.objects.filter(user=user.pk).values_list("account", "role").order_by():
        roles[account].add(role)
    given = Group.permissions.through.objects.filter(group__in=set().union(*roles.values()))
    grants = defaultdict(set)
    names = ("permission__content_type__app_label", "permission__codename")
    for role, app, codename in given.values_list("group", *names):
        grants[role].add(f"{app}.{codename}")
    return {account: frozenset().union(*(grants[role] for role in held)) for account, held in roles.items()}


def narrow(user: Person, account_id: int) -> None:
    """This will leave, for the rest of a request, no account but this one of those that somebody works for."""
    user._only = account_id  # type: ignore[union-attr]


def is_unlimited(user: Person) -> bool:
    """This will tell whether somebody may everything on every account."""
    return _is_superuser(user) and narrowed_to(user) is None


def _is_superuser(user: Person) -> bool:
    return bool(user.is_active and getattr(user, "is_superuser", False))


def narrowed_to(user: Person) -> int | None:
    """This will be the only account that `narrow` has left somebody; None for all of them."""
    return getattr(user, "_only", None)


def account_ids(user: Person, *permissions: str) -> list[int]:
    """This will be the accounts on which somebody who is no superuser has one of `permissions`; without, any role."""
    only, wanted = narrowed_to(user), set(permissions)
    if only is not None and _is_superuser(user):
        return [only]
    found = [pk for pk, granted in permissions_of(user).items() if not wanted or wanted & granted]
    return found if only is None else [pk for pk in found if pk == only]


def accounts_of(user: Person, *permissions: str) -> QuerySet[OfficialAccount]:
    """This will be the accounts on which somebody has one of `permissions`; without, all that they work for."""
    return scoped(OfficialAccount.objects.all(), user, *permissions)


def scoped(rows: QuerySet[Any], user: Person, *permissions: str) -> QuerySet[Any]:
    """This will leave the rows of the accounts on which somebody has one of `permissions`. Raises NoAccountPath."""
    path = path_of(rows.model)
    if is_unlimited(user):
        return rows
    found = account_ids(user, *permissions)
    return rows.filter(**{f"{path}__in": found}) if found else rows.none()


def may_give(user: Person, role: Group, account: OfficialAccount) -> bool:
    """This will tell whether somebody may give others `role` on `account`: nobody gives more than they have."""
    if is_unlimited(user):
        return True
    own = permissions_of(user).get(account.pk, frozenset())
    given = Permission.objects.filter(group=role).values_list("content_type__app_label", "codename")
    return "wxcore.add_membership" in own and {f"{app}.{codename}" for app, codename in given} <= own


class Backend(ModelBackend):
    """Django's login, with rights from memberships. What is given to a user beside them means nothing.

    `user.has_perm(permission, row)` asks the membership of the row's account, `user.has_perm(permission)` any of them.
    """

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if is_unlimited(user_obj):
            return super().get_group_permissions(user_obj)
        granted = permissions_of(user_obj)
        if obj is None or not has_account(type(obj)):
            return set().union(*granted.values())
        account_id = account_id_of(obj)
        return set(granted.get(account_id, ())) if account_id is not None else set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_group_permissions(user_obj, obj)
