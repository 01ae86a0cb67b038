"""What a membership grants, and what nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import ProtectedError

from campaigns.models import Article, Campaign, Draft
from followers.models import Tag
from tests.people import member, permit
from wxcore import rights
from wxcore.models import Membership, OfficialAccount

SEND = "campaigns.send_campaign"


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_right_counts_on_its_account_only(
    staff_user: User, account: OfficialAccount, other: OfficialAccount, campaign: Campaign
) -> None:
    permit(staff_user, "send_campaign", on=other)

    assert staff_user.has_perm(SEND)
    assert staff_user.has_perm(SEND, other)
    assert not staff_user.has_perm(SEND, account)
    assert not staff_user.has_perm(SEND, campaign)


def test_somebody_may_have_different_roles_on_different_accounts(
    account: OfficialAccount, other: OfficialAccount
) -> None:
    user = member(account, "editor")
    Membership.objects.create(account=other, user=user, role=Group.objects.get(name="operator"))

    assert list(rights.accounts_of(user, "campaigns.change_campaign")) == [account]
    assert list(rights.accounts_of(user, SEND)) == [other]
    assert set(rights.accounts_of(user)) == {account, other}


def test_several_roles_on_one_account_add_up(account: OfficialAccount) -> None:
    user = member(account, "editor")
    Membership.objects.create(account=account, user=user, role=Group.objects.get(name="operator"))

    assert user.has_perms([SEND, "campaigns.change_campaign"], account)


def test_what_is_given_beside_the_memberships_means_nothing(staff_user: User, campaign: Campaign) -> None:
    staff_user.user_permissions.set(Permission.objects.all())
    staff_user.groups.set(Group.objects.all())

    assert not staff_user.has_perm(SEND)
    assert not staff_user.has_perm(SEND, campaign)
    assert not rights.accounts_of(staff_user).exists()


def test_who_was_switched_off_has_nothing(account: OfficialAccount) -> None:
    for user in (member(account, "administrator"), User.objects.create_superuser("root")):
        user.is_active = False

        assert not user.has_perm(SEND, account)
        assert not rights.accounts_of(user).exists()


def test_a_stranger_has_nothing(account: OfficialAccount) -> None:
    assert not AnonymousUser().has_perm(SEND, account)
    assert not rights.accounts_of(AnonymousUser()).exists()


def test_a_superuser_has_everything(admin_user: User, account: OfficialAccount, campaign: Campaign) -> None:
    assert admin_user.has_perm(SEND, campaign)
    assert list(rights.accounts_of(admin_user, "no.such_permission")) == [account]
    assert SEND in admin_user.get_all_permissions()


def test_a_row_below_another_belongs_to_the_same_account(staff_user: User, account: OfficialAccount, tag: Tag) -> None:
    article = Article(draft=Draft.objects.create(account=account), position=1)

    assert rights.account_id_of(tag) == account.pk
    with pytest.raises(rights.NoAccountPath):
        rights.account_id_of(article)


def test_rights_cost_two_queries_however_many_roles_and_questions(
    staff_user: User, account: OfficialAccount, other: OfficialAccount, django_assert_num_queries: Any
) -> None:
    for role in Group.objects.all():
        for one in (account, other):
            Membership.objects.create(account=one, user=staff_user, role=role)

    with django_assert_num_queries(2):
        user = staff_user
        for permission in (SEND, "campaigns.add_campaign", "no.such_thing"):
            user.has_perm(permission, account)
            user.has_perm(permission, other)
            user.has_perm(permission)


def test_a_role_in_use_is_not_deleted(account: OfficialAccount) -> None:
    member(account, "editor")

    with pytest.raises(ProtectedError):
        Group.objects.get(name="editor").delete()


def test_an_account_takes_its_memberships_with_it(account: OfficialAccount) -> None:
    user = member(account, "editor")
    account.delete()

    assert not Membership.objects.exists()
    assert not fresh(user).has_perm("campaigns.view_campaign")
