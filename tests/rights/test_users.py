"""An account's administrator makes staff and helps them with their passwords, and gets no further."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.people import logged_in, member
from tests.rights.test_members import held, lines, role
from wxcore.models import Membership, OfficialAccount

LIST = "/admin/auth/user/"
PASSWORD = "a-long-password-9"
TWICE = {"password1": PASSWORD, "password2": PASSWORD}


def change(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def person(user: User, **changes: Any) -> dict[str, Any]:
    return {"username": user.username, "first_name": "", "last_name": "", "email": "", "is_active": "on"} | changes


@pytest.fixture
def client(chief: User) -> Client:
    return logged_in(chief)


def test_new_staff_is_made_with_a_role_in_one_step(client: Client, account: OfficialAccount) -> None:
    line = {"account": account.pk, "role": role("editor")}

    client.post(f"{LIST}add/", {"username": "new", **TWICE} | lines(line))

    new = User.objects.get(username="new")
    assert (new.is_staff, new.is_superuser, held(new)) == (True, False, {("test", "editor")})
    assert Client().login(username="new", password=PASSWORD)


def test_nobody_is_given_a_role_on_another_account(
    client: Client, account: OfficialAccount, other: OfficialAccount
) -> None:
    line = {"account": other.pk, "role": role("editor")}

    answer = client.post(f"{LIST}add/", {"username": "new", **TWICE} | lines(line))

    assert answer.status_code == 200
    assert other.name not in answer.content.decode()
    assert not User.objects.filter(username="new").exists()


def test_the_list_shows_the_people_of_one_s_own_accounts(
    client: Client, stranger: User, admin_user: User, staff_user: User, account: OfficialAccount
) -> None:
    html = client.get(LIST).content.decode()

    assert "管理员" in html
    assert staff_user.username in html  # works for nobody yet, and may be made a member
    assert stranger.username not in html
    assert admin_user.username not in html


def test_superusers_are_not_there(client: Client, admin_user: User, account: OfficialAccount) -> None:
    Membership.objects.create(account=account, user=admin_user, role=Group.objects.get(name="editor"))

    assert client.get(change(admin_user)).status_code == 404
    assert client.post(change(admin_user), person(admin_user, is_active="") | lines()).status_code == 404
    assert client.post(f"{LIST}{admin_user.pk}/password/", TWICE).status_code == 404
    assert "boss" not in client.get(f"{LIST}?is_superuser__exact=1").content.decode()


def test_nobody_becomes_a_superuser(client: Client, chief: User, account: OfficialAccount) -> None:
    editor = member(account, "editor")
    more = {"is_superuser": "on", "is_staff": "on", "user_permissions": "1", "groups": role("administrator")}

    for user in (editor, chief):
        own = user.memberships.get()
        line = {"id": own.pk, "user": user.pk, "account": account.pk, "role": own.role_id}
        assert client.post(change(user), person(user, **more) | lines(line, stored=1)).status_code == 302

    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.exclude(groups=None, user_permissions=None).exists()


def test_who_also_works_elsewhere_is_only_looked_at(
    client: Client, account: OfficialAccount, other: OfficialAccount
) -> None:
    """Their password would open the other account."""
    both = member(account, "editor")
    Membership.objects.create(account=other, user=both, role=Group.objects.get(name="administrator"))

    html = client.get(change(both)).content.decode()

    assert other.name not in html
    assert client.post(change(both), person(both, username="mine") | lines()).status_code == 403
    assert client.post(f"{LIST}{both.pk}/password/", TWICE).status_code == 403
    assert User.objects.get(pk=both.pk).check_password("staff-password")


def test_a_forgotten_password_is_replaced(client: Client, account: OfficialAccount) -> None:
    editor = member(account, "editor")

    client.post(f"{LIST}{editor.pk}/password/", {"usable_password": "true", **TWICE})

    assert User.objects.get(pk=editor.pk).check_password(PASSWORD)


def test_who_left_is_switched_off_and_not_deleted(client: Client, account: OfficialAccount) -> None:
    editor = member(account, "editor")
    session = logged_in(editor)
    own = editor.memberships.get()
    line = {"id": own.pk, "user": editor.pk, "account": account.pk, "role": own.role_id}

    client.post(change(editor), person(editor, is_active="") | lines(line, stored=1))

    assert session.get("/admin/").status_code == 302
    assert client.post(f"{LIST}{editor.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["editor", "approver", "operator", "analyst"])
def test_other_roles_have_no_page_of_people(account: OfficialAccount, name: str) -> None:
    client = logged_in(member(account, name))

    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/admin/").content.decode()


def test_a_superuser_makes_superusers(admin_client: Client, staff_user: User) -> None:
    admin_client.post(change(staff_user), person(staff_user, is_superuser="on", is_staff="on") | lines())

    assert User.objects.get(pk=staff_user.pk).is_superuser


def test_the_list_costs_the_same_however_many(
    client: Client, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        member(account, "editor", f"person{number}")

    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_new_staff_without_an_account_is_told_whom_to_ask(
    client: Client, chief: User, account: OfficialAccount
) -> None:
    client.post(f"{LIST}add/", {"username": "new", **TWICE} | lines())

    html = logged_in(User.objects.get(username="new")).get("/admin/").content.decode()

    assert "还不是任何公众号的成员" in html
    assert chief.username in html
    assert account.name not in html
