"""A sync is started, watched and stopped by those who may."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from followers.models import Sync
from followers.states import SyncStatus
from tests.people import permit
from wxcore import failures
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

LIST = "/admin/followers/sync/"
START = f"{LIST}start/"


@pytest.fixture
def sync(account: OfficialAccount) -> Sync:
    """One that runs."""
    return Sync.objects.create(
        account=account, status=SyncStatus.RUNNING, total=1000, fetched=250, due_at=timezone.now()
    )


def test_the_only_account_is_chosen_already(admin_client: Client, account: OfficialAccount) -> None:
    assert admin_client.get(START).context["form"].initial == {"account": account.pk}


def test_without_an_account_the_page_says_what_to_do(admin_client: Client) -> None:
    response = admin_client.get(START)

    assert [problem.code for problem in response.context["problems"]] == ["no_account"]
    assert "q-confirm" not in response.content.decode()


def test_the_button_queues_a_sync(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.get(START)
    assert not Sync.objects.exists()

    admin_client.post(START, {"account": account.pk})
    assert Sync.objects.get().status == SyncStatus.PENDING


def test_a_second_sync_is_refused_kindly(admin_client: Client, sync: Sync) -> None:
    response = admin_client.post(START, {"account": sync.account_id}, follow=True)

    assert "正在进行" in str(*response.context["messages"])
    assert Sync.objects.count() == 1


def test_the_bar_asks_for_itself_until_the_sync_has_ended(admin_client: Client, sync: Sync) -> None:
    bar = admin_client.get(f"{LIST}{sync.pk}/progress/")
    assert 'value="25"' in bar.content.decode()
    assert "every 2s" in bar.content.decode()

    Sync.objects.update(status=SyncStatus.FINISHED)
    bar = admin_client.get(f"{LIST}{sync.pk}/progress/")
    assert "every 2s" not in bar.content.decode()
    assert bar.headers["HX-Refresh"] == "true"


def test_a_failure_says_what_to_do(admin_client: Client, sync: Sync) -> None:
    columns = failures.columns(OperatorError("坏了", "修一修"))
    Sync.objects.update(status=SyncStatus.FAILED, **columns)

    html = admin_client.get(LIST).content.decode()

    assert "坏了" in html
    assert "修一修" in html


def test_a_sync_is_stopped_after_a_question(admin_client: Client, sync: Sync) -> None:
    admin_client.get(f"{LIST}{sync.pk}/stop/")
    assert Sync.objects.get().status == SyncStatus.RUNNING

    admin_client.post(f"{LIST}{sync.pk}/stop/")
    assert Sync.objects.get().status == SyncStatus.CANCELLED


def test_a_sync_that_has_ended_cannot_be_stopped(admin_client: Client, sync: Sync) -> None:
    Sync.objects.update(status=SyncStatus.FINISHED)

    response = admin_client.post(f"{LIST}{sync.pk}/stop/", follow=True)

    assert "已经结束" in str(*response.context["messages"])
    assert f"{LIST}{sync.pk}/stop/" not in response.content.decode()


def test_starting_and_stopping_need_the_permission(staff_user: User, sync: Sync) -> None:
    permit(staff_user, "view_sync")
    client = Client()
    client.force_login(staff_user)

    assert client.get(LIST).status_code == 200
    assert client.post(START, {"account": sync.account_id}).status_code == 403
    assert client.post(f"{LIST}{sync.pk}/stop/").status_code == 403


def test_only_a_sync_under_way_says_when_it_continues(admin_client: Client, sync: Sync) -> None:
    def page() -> str:
        return admin_client.get(f"{LIST}{sync.pk}/change/").content.decode()

    assert "继续时间" in page()
    Sync.objects.update(status=SyncStatus.FINISHED)
    assert "继续时间" not in page()
