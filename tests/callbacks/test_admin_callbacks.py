"""Callbacks are shown as they came, harmless, and processed again by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from callbacks import services
from callbacks.models import Callback
from callbacks.states import CallbackStatus
from tests.people import permit
from wxcore import failures
from wxcore.models import OfficialAccount

LIST = "/admin/callbacks/callback/"


@pytest.fixture
def failed(account: OfficialAccount) -> Callback:
    return store(account, "oTest0", status=CallbackStatus.FAILED)


def store(account: OfficialAccount, openid: str, **columns: Any) -> Callback:
    now = timezone.now()
    body = "<xml><Event><![CDATA[<script>alert(1)</script>]]></Event><FromUserName>o</FromUserName></xml>"
    values = {"msg_type": "event", "event": "view", "status": CallbackStatus.PROCESSED} | columns
    return Callback.objects.create(
        account=account, openid=openid, dedup_key=openid, body=body, pushed_at=now, received_at=now, **values
    )


def shown(client: Client, query: str) -> list[str]:
    return [callback.openid for callback in client.get(f"{LIST}{query}").context["cl"].result_list]


def test_the_body_is_shown_and_not_run(admin_client: Client, failed: Callback) -> None:
    html = admin_client.get(f"{LIST}{failed.pk}/change/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html


def test_the_search_finds_the_whole_openid_only(admin_client: Client, failed: Callback) -> None:
    assert shown(admin_client, "?q=oTest0") == ["oTest0"]
    assert shown(admin_client, "?q=oTest") == []


def test_the_filters_are_exact(admin_client: Client, account: OfficialAccount, failed: Callback) -> None:
    store(account, "oTest1", event="subscribe")

    assert shown(admin_client, "?event=subscribe") == ["oTest1"]
    assert shown(admin_client, "?status__exact=failed") == ["oTest0"]


@pytest.mark.parametrize("asked", ["masssendjobfinish", "MASSSENDJOBFINISH"])
def test_a_finished_job_is_found_in_any_spelling(admin_client: Client, account: OfficialAccount, asked: str) -> None:
    store(account, "oTest1", event="masssendjobfinish")
    store(account, "oTest2", event="subscribe")

    assert shown(admin_client, f"?event={asked}") == ["oTest1"]


def test_a_push_is_named_in_words_and_as_wechat_spells_it(admin_client: Client, account: OfficialAccount) -> None:
    known = store(account, "oTest1", event="masssendjobfinish")
    unknown = store(account, "oTest2", event="news_of_tomorrow")
    said = store(account, "oTest3", event="", msg_type="location")
    html = admin_client.get(LIST).content.decode()

    assert [str(known), str(unknown), str(said)] == [
        f"群发结果 #{known.pk}",
        f"news_of_tomorrow #{unknown.pk}",
        f"地理位置消息 #{said.pk}",
    ]
    assert "MASSSENDJOBFINISH" in html


def test_the_list_leaves_the_bodies_where_they_are(
    admin_client: Client, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        store(account, f"oTest{number}")

    with django_assert_max_num_queries(7) as queries:
        admin_client.get(LIST)
    assert not any('"callbacks_callback"."body"' in query["sql"] for query in queries)


def test_a_failed_callback_is_queued_again_after_a_question(admin_client: Client, failed: Callback) -> None:
    admin_client.get(f"{LIST}{failed.pk}/process/")
    assert Callback.objects.get().status == CallbackStatus.FAILED

    admin_client.post(f"{LIST}{failed.pk}/process/")
    assert Callback.objects.get().status == CallbackStatus.STORED


def test_many_are_queued_at_once(admin_client: Client, account: OfficialAccount) -> None:
    chosen = [store(account, f"oTest{number}", status=CallbackStatus.FAILED).pk for number in range(3)]

    response = admin_client.post(LIST, {"action": "process_selected", "_selected_action": chosen[:2]}, follow=True)

    assert "2 条推送已排队" in str(*response.context["messages"])
    assert Callback.objects.filter(status=CallbackStatus.STORED).count() == 2


def test_all_that_a_filter_finds_are_queued_at_once(
    admin_client: Client, account: OfficialAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_AGAIN", 60)
    chosen = [store(account, f"oTest{number}", status=CallbackStatus.FAILED).pk for number in range(70)]
    store(account, "oOther")

    data = {"action": "process_selected", "select_across": "1", "_selected_action": chosen[:1]}
    admin_client.post(f"{LIST}?status__exact=failed", data)

    queued = Callback.objects.filter(status=CallbackStatus.STORED)
    assert list(queued.order_by("-pk").values_list("pk", flat=True)) == chosen[:9:-1]


def test_what_was_erased_is_not_queued(admin_client: Client, failed: Callback) -> None:
    Callback.objects.update(body="")

    assert str(services.Erased.fix) in admin_client.get(f"{LIST}{failed.pk}/process/").content.decode()
    admin_client.post(f"{LIST}{failed.pk}/process/")

    assert Callback.objects.get().status == CallbackStatus.FAILED
    assert "已清除" in admin_client.get(f"{LIST}{failed.pk}/change/").content.decode()


def test_a_day_is_a_day_of_this_site(admin_client: Client, account: OfficialAccount) -> None:
    for number, hour in enumerate((15, 16, 39, 40)):  # midnight in Shanghai is 16:00 in UTC
        row = store(account, f"oTest{number}")
        received_at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
        Callback.objects.filter(pk=row.pk).update(received_at=received_at)

    assert shown(admin_client, "?received_at_from=2026-03-02&received_at_to=2026-03-02") == ["oTest2", "oTest1"]
    assert shown(admin_client, "?received_at_from=2026-03-03") == ["oTest3"]
    assert shown(admin_client, "?received_at_to=2026-02-01") == []
    assert len(shown(admin_client, "?received_at_from=2026-02-31&received_at_to=x")) == 4


def test_what_followers_write_is_found_without_an_event(admin_client: Client, account: OfficialAccount) -> None:
    store(account, "oTest1", msg_type="text", event="")
    store(account, "oTest2")

    assert shown(admin_client, "?event=message") == ["oTest1"]


def test_the_next_attempt_is_named(admin_client: Client, account: OfficialAccount) -> None:
    error = failures.columns(services.ProcessingFailed(error="KeyError"))
    store(account, "oTest1", status=CallbackStatus.STORED, due_at=timezone.now(), **error)

    assert "将重试" in admin_client.get(LIST).content.decode()


def test_processing_needs_its_own_permission(staff_user: User, failed: Callback) -> None:
    permit(staff_user, "view_callback")
    client = Client()
    client.force_login(staff_user)

    assert client.post(f"{LIST}{failed.pk}/process/").status_code == 403
    client.post(LIST, {"action": "process_selected", "_selected_action": [failed.pk]})
    assert Callback.objects.get().status == CallbackStatus.FAILED


def test_nobody_edits_or_deletes_a_callback(admin_client: Client, failed: Callback) -> None:
    assert admin_client.post(f"{LIST}{failed.pk}/change/", {"status": "processed"}).status_code == 403
    assert admin_client.post(f"{LIST}{failed.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Callback.objects.get().status == CallbackStatus.FAILED
