"""An import is started and watched by those who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaigns.importing import LeftOut
from campaigns.models import LibraryImport
from campaigns.states import ImportStatus
from tests.people import permit
from wxcore import failures
from wxcore.models import OfficialAccount

LIST = "/admin/campaigns/libraryimport/"
START = f"{LIST}start/"


@pytest.fixture
def running(account: OfficialAccount) -> LibraryImport:
    columns = {"total": 40, "imported": 6, "known": 3, "skipped": 1}
    return LibraryImport.objects.create(account=account, status=ImportStatus.RUNNING, due_at=timezone.now(), **columns)


def test_the_only_account_is_chosen_already(admin_client: Client, account: OfficialAccount) -> None:
    assert admin_client.get(START).context["form"].initial == {"account": account.pk}


def test_without_an_account_the_page_says_what_to_do(admin_client: Client) -> None:
    response = admin_client.get(START)

    assert [problem.code for problem in response.context["problems"]] == ["no_account"]
    assert "q-confirm" not in response.content.decode()


def test_the_button_queues_an_import_and_shows_it(
    admin_client: Client, account: OfficialAccount, admin_user: User
) -> None:
    admin_client.get(START)
    assert not LibraryImport.objects.exists()

    response = admin_client.post(START, {"account": account.pk})

    row = LibraryImport.objects.get()
    assert response.url == f"{LIST}{row.pk}/change/"
    assert (row.status, row.created_by) == (ImportStatus.PENDING, admin_user)


def test_a_second_import_is_refused_kindly(admin_client: Client, running: LibraryImport) -> None:
    response = admin_client.post(START, {"account": running.account_id}, follow=True)

    assert "正在" in str(*response.context["messages"])
    assert LibraryImport.objects.count() == 1


def test_the_bar_asks_for_itself_until_the_import_has_ended(admin_client: Client, running: LibraryImport) -> None:
    bar = admin_client.get(f"{LIST}{running.pk}/progress/")
    html = bar.content.decode()
    assert 'value="25"' in html
    assert "10 / 40" in html
    assert "every 2s" in html

    LibraryImport.objects.update(status=ImportStatus.FINISHED)
    bar = admin_client.get(f"{LIST}{running.pk}/progress/")
    assert "every 2s" not in bar.content.decode()
    assert bar.headers["HX-Refresh"] == "true"


def test_what_was_left_out_is_named(admin_client: Client, running: LibraryImport) -> None:
    LibraryImport.objects.update(**failures.columns(LeftOut(name="坏图.jpg", reason="文件损坏")))

    for path in (LIST, f"{LIST}{running.pk}/change/"):
        assert "坏图.jpg" in admin_client.get(path).content.decode()


def test_a_pause_says_until_when(admin_client: Client, running: LibraryImport) -> None:
    LibraryImport.objects.update(status=ImportStatus.WAITING)

    assert "继续" in admin_client.get(f"{LIST}{running.pk}/progress/").content.decode()


def test_starting_needs_the_permission(staff_user: User, account: OfficialAccount) -> None:
    permit(staff_user, "view_libraryimport")
    client = Client()
    client.force_login(staff_user)

    assert client.get(LIST).status_code == 200
    assert client.post(START, {"account": account.pk}).status_code == 403
    assert not LibraryImport.objects.exists()


def test_the_list_asks_as_much_for_fifty_as_for_one(
    admin_client: Client, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    LibraryImport.objects.bulk_create(
        LibraryImport(account=account, status=ImportStatus.FINISHED, due_at=now) for _ in range(60)
    )
    admin_client.get(LIST)

    with django_assert_max_num_queries(7):
        admin_client.get(LIST)
