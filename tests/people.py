"""People and what they may: memberships, as an administrator would give them."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from wxcore.models import Membership, OfficialAccount


def member(account: OfficialAccount, role: str, name: str = "") -> User:
    """This will be a new member of the staff with one of the roles that come with the product."""
    user = User.objects.create_user(name or f"{role}-{account.slug}", password="staff-password", is_staff=True)
    Membership.objects.create(account=account, user=user, role=Group.objects.get(name=role))
    return user


def permit(user: User, *codenames: str, on: OfficialAccount | None = None) -> None:
    """This will give somebody these permissions and no others, on one account; without `on`, on the tests' own."""
    account = on or OfficialAccount.objects.get(slug="test")
    role, _made = Group.objects.get_or_create(name=f"{user.username} on {account.slug}")
    role.permissions.set(Permission.objects.filter(codename__in=codenames))
    Membership.objects.get_or_create(account=account, user=user, role=role)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
