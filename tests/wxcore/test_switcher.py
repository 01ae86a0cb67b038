"""The account switcher: lists show one account, and what may be done stays as it is."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from campaigns.models import Campaign
from followers.models import Tag
from tests.people import member
from wxcore.models import Membership, OfficialAccount

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/campaign/"


@pytest.fixture
def other(account: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.create(
        name="城东店", slug="east", appid="wxeast00000000001", secret="s", token="t12"
    )


@pytest.fixture
def campaigns(account: OfficialAccount, other: OfficialAccount) -> list[Campaign]:
    return [Campaign.objects.create(account=each, name=f"{each.name}的任务", text="你好") for each in (account, other)]


@pytest.fixture(params=["superuser", "member"])
def person(request: pytest.FixtureRequest, client: Client, account: OfficialAccount, other: OfficialAccount) -> Client:
    if request.param == "superuser":
        client.force_login(User.objects.create_superuser("boss"))
    else:
        editor = member(account, "editor")
        joins(editor, other)
        client.force_login(editor)
    return client


def joins(person: User, account: OfficialAccount) -> Membership:
    return Membership.objects.create(account=account, user=person, role=Group.objects.get(name="editor"))


def choose(client: Client, account: OfficialAccount | None, **posted: str) -> str:
    posted = {"account": "" if account is None else str(account.pk), "next": LIST} | posted
    return client.post("/admin/choose-account/", posted).headers["Location"]


def shown(client: Client, path: str = LIST) -> set[str]:
    page = client.get(path).content.decode()
    return {name for name in ("测试服务号的任务", "城东店的任务") if name in page}


def test_lists_show_the_chosen_account(person: Client, campaigns: list[Campaign], other: OfficialAccount) -> None:
    assert shown(person) == {"测试服务号的任务", "城东店的任务"}

    assert choose(person, other) == LIST
    assert shown(person) == {"城东店的任务"}

    choose(person, None)
    assert shown(person) == {"测试服务号的任务", "城东店的任务"}


def test_the_column_of_accounts_goes_when_there_is_one(
    person: Client, campaigns: list[Campaign], other: OfficialAccount
) -> None:
    assert b"column-account" in person.get(LIST).content

    choose(person, other)

    assert b"column-account" not in person.get(LIST).content


def test_a_link_to_another_account_still_leads_there(
    person: Client, campaigns: list[Campaign], other: OfficialAccount
) -> None:
    choose(person, other)

    assert person.get(f"{LIST}{campaigns[0].pk}/change/").status_code == 200


def test_a_new_row_begins_with_it(person: Client, other: OfficialAccount, account: OfficialAccount) -> None:
    choose(person, other)

    page = person.get(f"{LIST}add/").content.decode()

    assert f'<option value="{other.pk}" selected' in page


def test_one_that_is_not_theirs_is_not_chosen(client: Client, account: OfficialAccount, other: OfficialAccount) -> None:
    client.force_login(member(account, "editor"))

    choose(client, other)

    assert client.session["account"] is None


def test_one_that_was_lost_is_forgotten(client: Client, campaigns: list[Campaign], other: OfficialAccount) -> None:
    editor = member(campaigns[0].account, "editor")
    membership = joins(editor, other)
    client.force_login(editor)
    choose(client, other)
    membership.delete()

    assert shown(client) == {"测试服务号的任务"}


def test_it_leads_nowhere_else(person: Client, other: OfficialAccount) -> None:
    assert choose(person, other, next="https://evil.example/") == "/admin/"


def test_nonsense_means_all(person: Client, campaigns: list[Campaign]) -> None:
    person.post("/admin/choose-account/", {"account": "x'--"})

    assert shown(person) == {"测试服务号的任务", "城东店的任务"}


def test_the_file_of_a_list_holds_what_the_list_shows(admin_client: Client, account: OfficialAccount) -> None:
    east = OfficialAccount.objects.create(name="城东店", slug="e", appid="wxeast00000000001", secret="s", token="t12")
    for owner in (account, east):
        Tag.objects.create(account=owner, tag_id=100, name=f"{owner.name}的标签")
    choose(admin_client, east)
    answer = admin_client.get("/admin/followers/tag/export/csv/")
    text = b"".join(answer.streaming_content).decode()

    assert "城东店的标签" in text
    assert "测试服务号的标签" not in text
