"""Secrets go into an account and never come out; an account in use stays."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from tests.conftest import SECRET, TOKEN
from tests.people import permit
from wxcore.models import OfficialAccount

ADD = "/admin/wxcore/officialaccount/add/"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


MEMBERS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


def page(account: OfficialAccount, name: str = "change") -> str:
    return reverse("admin:wxcore_officialaccount_change", args=[account.pk]).replace("change", name)


def form(account: OfficialAccount, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the account's page: the inputs of the secrets are empty."""
    names = ("name", "slug", "kind", "appid", "original_id", "message_mode", "token_endpoint", "api_base_url")
    names += ("time_zone", "grace_minutes", "mass_calls_a_day", "callback_days")
    data = {name: getattr(account, name) for name in names}
    return data | {"is_verified": "on", "is_active": "on", "secret": "", "token": "", "aes_key": ""} | MEMBERS | changes


def test_no_page_shows_a_secret(admin_client: Client, account: OfficialAccount) -> None:
    urls = [page(account), page(account, "history"), page(account, "delete"), reverse("admin:index")]
    urls.append(reverse("admin:wxcore_officialaccount_changelist"))

    for url in urls:
        html = admin_client.get(url).content.decode()
        assert SECRET not in html
        assert TOKEN not in html


def test_an_empty_input_keeps_the_secret(admin_client: Client, account: OfficialAccount) -> None:
    response = admin_client.post(page(account), form(account, name="新名字"))

    assert response.status_code == 302
    account.refresh_from_db()
    assert (account.name, account.secret, account.token) == ("新名字", SECRET, TOKEN)


def test_a_new_secret_replaces_the_old_one(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.post(page(account), form(account, secret="brand-new-secret"))

    account.refresh_from_db()
    assert (account.secret, account.token) == ("brand-new-secret", TOKEN)


def test_a_changed_secret_is_not_written_into_the_history(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.post(page(account), form(account, secret="brand-new-secret"))

    entry = LogEntry.objects.get()
    assert "AppSecret" in entry.change_message
    assert "brand-new-secret" not in entry.change_message + entry.object_repr


def test_a_refused_form_does_not_repeat_the_secret(admin_client: Client, account: OfficialAccount) -> None:
    response = admin_client.post(page(account), form(account, secret="brand-new-secret", appid="nonsense"))

    assert response.status_code == 200
    assert "brand-new-secret" not in response.content.decode()


def test_a_new_account_needs_its_secret(admin_client: Client, account: OfficialAccount) -> None:
    new = form(account, slug="second", appid="wxaaaaaaaaaaaaaaaa")

    response = admin_client.post(ADD, new)
    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {"secret", "token"}
    assert OfficialAccount.objects.count() == 1

    admin_client.post(ADD, new | {"secret": "s3cret", "token": "abc"})
    assert OfficialAccount.objects.get(slug="second").secret == "s3cret"


def test_safe_mode_accepts_the_stored_key(admin_client: Client, account: OfficialAccount) -> None:
    account.aes_key = AES_KEY
    account.save()

    admin_client.post(page(account), form(account, message_mode="safe"))

    account.refresh_from_db()
    assert (account.message_mode, account.aes_key) == ("safe", AES_KEY)


def test_the_callback_address_is_shown_to_copy(admin_client: Client, account: OfficialAccount) -> None:
    assert 'data-copy="http://testserver/wechat/test/"' in admin_client.get(page(account)).content.decode()


def test_who_would_delete_an_account_with_campaigns_reads_why_not(admin_client: Client, campaign: Campaign) -> None:
    html = admin_client.get(page(campaign.account, "delete")).content.decode()

    assert "不能删除" in html
    assert "会一并删除" not in html
    assert 'class="q-confirm"' not in html


def test_an_account_with_campaigns_is_not_deleted(admin_client: Client, campaign: Campaign) -> None:
    response = admin_client.post(page(campaign.account, "delete"), follow=True)

    assert "不能删除" in response.content.decode()
    assert OfficialAccount.objects.filter(pk=campaign.account_id).exists()


def test_an_unused_account_is_deleted_after_a_question(admin_client: Client, account: OfficialAccount) -> None:
    assert admin_client.get(page(account, "delete")).status_code == 200
    assert OfficialAccount.objects.exists()

    admin_client.post(page(account, "delete"))
    assert not OfficialAccount.objects.exists()


def test_the_check_says_what_is_wrong_and_what_to_do(admin_client: Client, account: OfficialAccount) -> None:
    html = admin_client.get(page(account, "check").replace("/change/", "/check/")).content.decode()

    assert "q-finding-error" in html
    assert "/wechat/test/" in html


def test_who_may_only_look_changes_nothing(staff_user: User, account: OfficialAccount) -> None:
    permit(staff_user, "view_officialaccount")
    client = Client()
    client.force_login(staff_user)

    assert SECRET not in client.get(page(account)).content.decode()
    assert client.post(page(account), form(account, name="x")).status_code == 403
    assert client.post(page(account, "delete")).status_code == 403


def test_schedules_follow_the_account_s_time_zone_and_an_unknown_one_is_refused(
    admin_client: Client, account: OfficialAccount
) -> None:
    admin_client.post(page(account), form(account, time_zone="Europe/London", grace_minutes=5))
    account.refresh_from_db()
    assert (account.zone.key, account.grace_minutes) == ("Europe/London", 5)

    for wrong in ("Europe/Londn", "", "../etc/passwd", "x" * 41):
        answer = admin_client.post(page(account), form(account, time_zone=wrong))
        assert answer.context["adminform"].form.errors.keys() == {"time_zone"}


def test_how_long_callbacks_are_kept_is_at_least_a_day(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.post(page(account), form(account, callback_days=7))
    account.refresh_from_db()
    assert account.callback_days == 7

    refused = admin_client.post(page(account), form(account, callback_days=0))

    assert set(refused.context["adminform"].form.errors) == {"callback_days"}
