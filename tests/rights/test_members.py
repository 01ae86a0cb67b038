"""An account's administrator gives roles on that account, and nobody gives more than they have."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User

from tests.people import logged_in, member, permit
from tests.wxcore.test_admin_accounts import form, page
from wxcore.models import Membership, OfficialAccount


def lines(*rows: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    """This will be the inputs of the members on a page; the first `stored` lines are there already."""
    data: dict[str, Any] = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": stored}
    for number, row in enumerate(rows):
        data |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return data


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def held(user: User) -> set[tuple[str, str]]:
    return set(user.memberships.values_list("account__slug", "role__name"))


def test_the_administrator_makes_members_on_the_page_of_the_account(
    chief: User, staff_user: User, account: OfficialAccount
) -> None:
    own = chief.memberships.get()
    kept = {"id": own.pk, "account": account.pk, "user": chief.pk, "role": own.role_id}
    added = {"account": account.pk, "user": staff_user.pk, "role": role("editor")}

    answer = logged_in(chief).post(page(account), form(account, **lines(kept, added, stored=1)))

    assert answer.status_code == 302
    assert held(staff_user) == {("test", "editor")}


def test_the_page_names_who_works_here_and_nobody_else(
    chief: User, staff_user: User, stranger: User, admin_user: User, account: OfficialAccount
) -> None:
    html = logged_in(chief).get(page(account)).content.decode()

    assert chief.username in html
    assert staff_user.username in html
    assert stranger.username not in html
    assert admin_user.username not in html


def test_who_works_elsewhere_only_is_not_to_be_had(chief: User, stranger: User, account: OfficialAccount) -> None:
    added = {"account": account.pk, "user": stranger.pk, "role": role("editor")}

    answer = logged_in(chief).post(page(account), form(account, **lines(added)))

    assert answer.status_code == 200
    assert held(stranger) == {("other", "editor")}


def test_a_line_of_another_account_cannot_be_smuggled_in(chief: User, stranger: User, account: OfficialAccount) -> None:
    theirs = stranger.memberships.get()
    line = {"id": theirs.pk, "account": account.pk, "user": chief.pk, "role": role("administrator"), "DELETE": "on"}

    logged_in(chief).post(page(account), form(account, **lines(line, stored=1)))

    assert held(stranger) == {("other", "editor")}


def test_nobody_gives_more_than_they_have(account: OfficialAccount, staff_user: User) -> None:
    """A role that only gives roles: it cannot make an administrator, also not of its owner."""
    giver = User.objects.create_user("giver", is_staff=True)
    verbs = [f"{verb}_membership" for verb in ("view", "add", "change", "delete")]
    permit(giver, "view_officialaccount", "change_officialaccount", *verbs, "view_user")
    own = giver.memberships.get()
    raised = {"id": own.pk, "account": account.pk, "user": giver.pk, "role": role("administrator")}
    other = {"account": account.pk, "user": staff_user.pk, "role": role("approver")}
    client = logged_in(giver)

    answers = [
        client.post(page(account), form(account, **lines(raised, stored=1))),
        client.post(page(account), form(account, **lines(raised | {"role": own.role_id}, other, stored=1))),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "超过了您自己的权限" in answers[1].content.decode()
    assert held(giver) == {("test", own.role.name)}
    assert held(staff_user) == set()


def test_a_role_of_one_s_own_making_counts_too(chief: User, staff_user: User, account: OfficialAccount) -> None:
    strong = Group.objects.create(name="strong")
    strong.permissions.set(Permission.objects.filter(codename__in=["delete_user", "view_user"]))
    added = {"account": account.pk, "user": staff_user.pk, "role": strong.pk}

    answer = logged_in(chief).post(page(account), form(account, **lines(added)))

    assert answer.status_code == 200
    assert held(staff_user) == set()


@pytest.mark.parametrize("name", ["editor", "approver", "operator", "analyst"])
def test_other_roles_neither_see_nor_make_members(account: OfficialAccount, staff_user: User, name: str) -> None:
    client = logged_in(member(account, name))
    added = {"account": account.pk, "user": staff_user.pk, "role": role(name)}

    assert "memberships-TOTAL_FORMS" not in client.get(page(account)).content.decode()
    assert client.post(page(account), form(account, **lines(added))).status_code == 403
    assert held(staff_user) == set()


def test_the_same_role_twice_is_refused_in_words(chief: User, account: OfficialAccount) -> None:
    again = {"account": account.pk, "user": chief.pk, "role": role("administrator")}

    answer = logged_in(chief).post(page(account), form(account, **lines(again)))

    assert "已经有这个角色" in answer.content.decode()
    assert Membership.objects.count() == 1


def test_what_was_done_is_in_the_history(chief: User, staff_user: User, account: OfficialAccount) -> None:
    added = {"account": account.pk, "user": staff_user.pk, "role": role("editor")}
    client = logged_in(chief)
    client.post(page(account), form(account, **lines(added)))

    assert staff_user.username in client.get(page(account, "history")).content.decode()


def test_the_page_costs_the_same_however_many_work_here(
    chief: User, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        member(account, "editor", f"person{number}")
    client = logged_in(chief)

    with django_assert_max_num_queries(20):
        client.get(page(account))
