"""Who read an older document than the one that is stored changes nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from rest_framework.test import APIClient

from callbacks.models import ReplyRule
from wxcore.models import OfficialAccount

SHAPE = {"code", "message", "fix", "fields"}


@pytest.fixture
def rule(account: OfficialAccount) -> ReplyRule:
    return ReplyRule.objects.create(account=account, name="营业时间", words="几点", text="九点", position=1)


@pytest.fixture
def path(rule: ReplyRule) -> str:
    return f"/api/v1/reply-rules/{rule.pk}/"


def test_a_document_comes_with_a_strong_tag(api: APIClient, path: str) -> None:
    tag = api.get(path).headers["ETag"]

    assert tag.startswith('"')
    assert api.get(path).headers["ETag"] == tag


def test_what_is_known_already_is_not_sent_again(api: APIClient, path: str) -> None:
    tag = api.get(path).headers["ETag"]

    for header in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = api.get(path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_tag_is_the_same_in_every_language_and_with_fewer_fields(api: APIClient, path: str) -> None:
    tag = api.get(path).headers["ETag"]

    assert api.get(f"{path}?fields=id").headers["ETag"] == tag
    api.cookies["django_language"] = "en"
    assert api.get(path).headers["ETag"] == tag


def test_whatever_shows_changes_the_tag(api: APIClient, path: str, rule: ReplyRule) -> None:
    tag = api.get(path).headers["ETag"]
    ReplyRule.objects.filter(pk=rule.pk).update(text="十点")  # as a program does that knows no `updated_at`

    assert api.get(path).headers["ETag"] != tag


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_an_old_tag_is_refused_and_nothing_changes(api: APIClient, path: str, rule: ReplyRule, method: str) -> None:
    tag = api.get(path).headers["ETag"]
    ReplyRule.objects.update(text="十点")

    answer = getattr(api, method)(path, {"text": "mine"}, format="json", headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (412, "changed_meanwhile", SHAPE)
    assert ReplyRule.objects.get().text == "十点"


def test_the_answer_of_a_change_has_the_tag_for_the_next(api: APIClient, path: str) -> None:
    tag = api.get(path).headers["ETag"]

    for text in ("one", "two", "three"):
        answer = api.patch(path, {"text": text}, format="json", headers={"If-Match": tag})
        assert answer.status_code == 200
        tag = answer.headers["ETag"]
    assert api.get(path).headers["ETag"] == tag
    assert api.delete(path, headers={"If-Match": tag}).status_code == 204


def test_what_is_made_comes_with_its_tag(api: APIClient, account: OfficialAccount) -> None:
    made = api.post("/api/v1/reply-rules/", {"account": account.pk, "words": "你好", "text": "好"}, format="json")

    assert made.status_code == 201
    assert api.get(f"/api/v1/reply-rules/{made.json()['id']}/").headers["ETag"] == made.headers["ETag"]


def test_a_star_fits_whatever_is_there(api: APIClient, path: str) -> None:
    assert api.patch(path, {"text": "x"}, format="json", headers={"If-Match": "*"}).status_code == 200
    assert api.patch("/api/v1/reply-rules/404404/", {}, format="json", headers={"If-Match": "*"}).status_code == 404


@pytest.mark.parametrize("header", ["nonsense", '"', 'W/"x"', '"a" "b"', "\x7f", '"' + "x" * 5000 + '"'])
def test_nonsense_is_another_document(api: APIClient, path: str, header: str) -> None:
    assert api.patch(path, {"text": "x"}, format="json", headers={"If-Match": header}).status_code == 412


def test_a_weak_tag_is_no_proof(api: APIClient, path: str) -> None:
    tag = api.get(path).headers["ETag"]

    assert api.patch(path, {"text": "x"}, format="json", headers={"If-Match": f"W/{tag}"}).status_code == 412


def test_a_verb_takes_a_tag_too(api: APIClient, path: str) -> None:
    tag = api.get(path).headers["ETag"]
    ReplyRule.objects.update(text="十点")

    assert api.post(f"{path}copy/", headers={"If-Match": tag}).status_code == 412
    assert ReplyRule.objects.count() == 1
    assert api.post(f"{path}copy/").status_code == 201


def test_a_view_may_insist(api: APIClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from callbacks.api.rules import ReplyRuleViewSet

    monkeypatch.setattr(ReplyRuleViewSet, "requires_if_match", True)

    for method in ("put", "patch", "delete"):
        answer = getattr(api, method)(path, {"text": "x"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")
    assert api.post(f"{path}copy/").status_code == 201
    tag = api.get(path).headers["ETag"]
    assert api.patch(path, {"text": "x"}, format="json", headers={"If-Match": tag}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(account: OfficialAccount, admin_user: User) -> None:
    rule = ReplyRule.objects.create(account=account, words="几点", text="九点", position=1)
    path = f"/api/v1/reply-rules/{rule.pk}/"
    together, statuses = threading.Barrier(2), []

    def change(text: str, tag: str) -> None:
        client: Any = APIClient()
        client.force_login(admin_user)
        together.wait(10)
        statuses.append(client.patch(path, {"text": text}, format="json", headers={"If-Match": tag}).status_code)
        connections.close_all()

    client = APIClient()
    client.force_login(admin_user)
    tag = client.get(path).headers["ETag"]
    threads = [threading.Thread(target=change, args=(text, tag)) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(statuses) == [200, 412]
    connection.close()
