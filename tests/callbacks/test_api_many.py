"""Verbs for many rows at once, and “process again”."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Callback, Conversation, ReplyRule
from callbacks.states import CallbackStatus
from tests.people import member
from wxcore.models import OfficialAccount

CALLBACKS = "/api/v1/callbacks/"


def log_in(account: OfficialAccount, role: str) -> APIClient:
    client = APIClient()
    client.force_login(member(account, role))
    return client


@pytest.fixture
def other_account(account: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.create(name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t")


def failed(account: OfficialAccount, key: str, **fields: str) -> Callback:
    given = {"msg_type": "event", "event": "view", "body": "<xml/>", "status": "failed"} | fields
    now = timezone.now()
    return Callback.objects.create(account=account, dedup_key=key, pushed_at=now, received_at=now, **given)


def test_one_is_processed_again(account: OfficialAccount, other_account: OfficialAccount) -> None:
    row = failed(account, "1")
    operator = log_in(account, "operator")
    assert operator.post(f"{CALLBACKS}{row.pk}/again/").json()["status"] == "stored"
    assert log_in(account, "editor").post(f"{CALLBACKS}{row.pk}/again/").status_code == 403
    assert log_in(other_account, "operator").post(f"{CALLBACKS}{row.pk}/again/").status_code == 404
    erased = failed(account, "2", body="")
    assert operator.post(f"{CALLBACKS}{erased.pk}/again/").json()["code"] == "callback_erased"


def test_many_are_processed_again(account: OfficialAccount, other_account: OfficialAccount) -> None:
    ours, theirs = [failed(account, str(number)) for number in range(3)], failed(other_account, "t")
    operator = log_in(account, "operator")
    named = {"ids": [ours[0].pk, theirs.pk]}
    assert operator.post(f"{CALLBACKS}again/", named, format="json").json() == {"queued": 1}
    assert operator.post(f"{CALLBACKS}again/?status=failed", {}, format="json").json() == {"queued": 2}
    theirs.refresh_from_db()
    assert theirs.status == CallbackStatus.FAILED


def test_nothing_named_means_nothing(account: OfficialAccount) -> None:
    row = failed(account, "1")
    answer = log_in(account, "operator").post(f"{CALLBACKS}again/", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "nothing_chosen")
    row.refresh_from_db()
    assert row.status == CallbackStatus.FAILED


def test_many_conversations_are_done(account: OfficialAccount, other_account: OfficialAccount) -> None:
    rows = [
        Conversation.objects.create(account=owner, openid=f"o{number}", last_message_at=timezone.now())
        for number, owner in enumerate((account, account, other_account))
    ]
    ids = {"ids": [row.pk for row in rows]}
    operator = log_in(account, "operator")
    assert operator.post("/api/v1/conversations/done/", ids, format="json").json() == {"done": 2}
    assert operator.post("/api/v1/conversations/done/", ids, format="json").json() == {"done": 0}
    assert list(operator.post("/api/v1/conversations/done/", {}, format="json").json()["fields"]) == ["ids"]
    assert log_in(account, "analyst").post("/api/v1/conversations/done/", ids, format="json").status_code == 403


def test_many_rules_are_switched(account: OfficialAccount, other_account: OfficialAccount) -> None:
    rows = [ReplyRule.objects.create(account=owner, words="x", text="x") for owner in (account, other_account)]
    given = {"ids": [row.pk for row in rows], "on": False}
    editor = log_in(account, "editor")
    assert editor.post("/api/v1/reply-rules/switch/", given, format="json").json() == {"changed": 1}
    assert ReplyRule.objects.get(account=other_account).is_active
    assert log_in(account, "operator").post("/api/v1/reply-rules/switch/", given, format="json").status_code == 403


def test_who_may_be_made_responsible(account: OfficialAccount, other_account: OfficialAccount) -> None:
    row = Conversation.objects.create(account=account, openid="o", last_message_at=timezone.now())
    address = f"/api/v1/conversations/{row.pk}/colleagues/"
    member(account, "editor")
    operator = log_in(account, "operator")
    assert [person["username"] for person in operator.get(address).json()] == ["operator-test"]
    assert log_in(account, "analyst").get(address).status_code == 403
    assert log_in(other_account, "operator").get(address).status_code == 404
