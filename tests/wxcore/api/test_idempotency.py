"""A request that is repeated with its key is answered the same, and done once."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks import rules
from callbacks.models import ReplyRule
from campaigns.models import MediaAsset
from tests.campaigns.media import files
from tests.people import member
from wxcore.api import idempotency
from wxcore.models import KeptAnswer, OfficialAccount

RULES = "/api/v1/reply-rules/"
SHAPE = {"code", "message", "fix", "fields"}


def body(account: OfficialAccount, **more: Any) -> dict[str, Any]:
    return {"account": account.pk, "words": "你好", "text": "好"} | more


def post(api: APIClient, data: Any, key: str = "k1", path: str = RULES) -> Any:
    return api.post(path, data, format="json", headers={"Idempotency-Key": key})


def test_a_repetition_gets_the_same_answer_and_does_nothing(api: APIClient, account: OfficialAccount) -> None:
    first = post(api, body(account))
    again = post(api, body(account))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again.headers[name] for name in ("ETag", "Content-Type")] == [
        first.headers[name] for name in ("ETag", "Content-Type")
    ]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert ReplyRule.objects.count() == 1


def test_without_a_key_everything_is_done_as_often_as_it_is_asked(api: APIClient, account: OfficialAccount) -> None:
    for _number in range(2):
        api.post(RULES, body(account), format="json")

    assert ReplyRule.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_the_order_of_the_keys_is_no_difference(api: APIClient, account: OfficialAccount) -> None:
    post(api, body(account))

    assert post(api, dict(reversed(body(account).items()))).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("change", ["body", "method", "path"])
def test_another_request_under_the_same_key_is_refused(api: APIClient, account: OfficialAccount, change: str) -> None:
    made = post(api, body(account)).json()["id"]

    if change == "body":
        answer = post(api, body(account, text="other"))
    elif change == "method":
        answer = api.put(RULES, body(account), format="json", headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 405  # before anybody asks for the key
        answer = api.put(f"{RULES}{made}/", body(account), format="json", headers={"Idempotency-Key": "k1"})
    else:
        answer = post(api, body(account), path=f"{RULES}{made}/copy/")

    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (422, "idempotency_key_reused", SHAPE)
    assert ReplyRule.objects.count() == 1


def test_a_refusal_is_repeated_too(api: APIClient, account: OfficialAccount) -> None:
    wrong = {"account": account.pk, "kind": "nonsense"}
    first, again = post(api, wrong), post(api, wrong)

    assert (first.status_code, again.status_code, again.content) == (400, 400, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_an_empty_answer_is_repeated(api: APIClient, account: OfficialAccount) -> None:
    made = post(api, body(account)).json()["id"]

    answers = [api.delete(f"{RULES}{made}/", headers={"Idempotency-Key": "gone"}) for _number in range(2)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]
    assert api.delete(f"{RULES}{made}/").status_code == 404


def test_a_key_belongs_to_its_caller(api: APIClient, account: OfficialAccount) -> None:
    post(api, body(account))
    colleague = APIClient()
    colleague.force_login(member(account, "editor"))

    assert "Idempotency-Replayed" not in post(colleague, body(account)).headers
    assert ReplyRule.objects.count() == 2


def test_a_crash_of_ours_is_not_kept(api: APIClient, account: OfficialAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not our code is played here, but a machine that breaks in the middle of it."""
    api.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(rules, "save", lambda *args, **kwargs: 1 / 0)
        assert post(api, body(account)).status_code == 500

    assert post(api, body(account)).status_code == 201


def test_a_worker_that_died_blocks_the_key_no_longer_than_its_lease(api: APIClient, account: OfficialAccount) -> None:
    now = timezone.now()
    post(api, body(account))
    ReplyRule.objects.all().delete()
    KeptAnswer.objects.update(status=None, body="", lease_until=now + dt.timedelta(seconds=60))  # as it leaves it
    waiting = post(api, body(account))
    assert (waiting.status_code, waiting.json()["code"]) == (409, "request_under_way")

    KeptAnswer.objects.update(lease_until=now - dt.timedelta(seconds=1))

    assert post(api, body(account)).status_code == 201
    assert post(api, body(account)).headers["Idempotency-Replayed"] == "true"
    assert ReplyRule.objects.count() == 1


def test_a_day_later_the_key_is_new(api: APIClient, account: OfficialAccount) -> None:
    post(api, body(account))
    KeptAnswer.objects.update(expires_at=timezone.now())

    assert "Idempotency-Replayed" not in post(api, body(account)).headers


def test_what_is_old_is_swept(api: APIClient, account: OfficialAccount) -> None:
    for number in range(3):
        post(api, body(account), key=str(number))
    KeptAnswer.objects.filter(key="2").update(expires_at=timezone.now() + dt.timedelta(hours=30))

    swept = idempotency.sweep(now=timezone.now() + dt.timedelta(hours=25), batch=1)

    assert (swept, KeptAnswer.objects.count()) == (2, 1)


@pytest.mark.parametrize("key", ["", "x" * 201, "é", "\x07", "a\tb"])
def test_a_malformed_key_is_refused(api: APIClient, account: OfficialAccount, key: str) -> None:
    answer = post(api, body(account), key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")
    assert not ReplyRule.objects.exists()


def test_whoever_may_not_gets_no_row(staff_user: User, account: OfficialAccount) -> None:
    stranger = APIClient()
    stranger.force_login(staff_user)

    assert post(stranger, body(account)).status_code == 403
    assert post(APIClient(), body(account)).status_code == 401
    assert not KeptAnswer.objects.exists()


def test_reading_needs_no_key(api: APIClient, account: OfficialAccount) -> None:
    assert api.get(RULES, headers={"Idempotency-Key": "k1"}).status_code == 200
    assert not KeptAnswer.objects.exists()


def test_an_answer_is_stored_encrypted(api: APIClient, account: OfficialAccount) -> None:
    post(api, body(account, text="geheim"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM wxcore_keptanswer")
        assert "geheim" not in cursor.fetchone()[0]
    assert "geheim" in KeptAnswer.objects.get().body


def test_a_file_counts_by_what_is_in_it(api: APIClient, account: OfficialAccount, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)

    def upload(content: bytes) -> Any:
        data = {"account": account.pk, "file": SimpleUploadedFile("a.png", content)}
        return api.post("/api/v1/media/", data, headers={"Idempotency-Key": "file"})

    red, blue = (files.picture("PNG", colour=colour) for colour in ("red", "blue"))
    first = upload(red)
    assert first.status_code == 201

    assert (upload(red).status_code, upload(red).content) == (201, first.content)
    assert upload(blue).status_code == 422
    assert MediaAsset.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_done(admin_user: User, account: OfficialAccount) -> None:
    together, answers = threading.Barrier(4), []

    def ask() -> None:
        client = APIClient()
        client.force_login(admin_user)
        together.wait(10)
        answers.append(post(client, body(account)))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert ReplyRule.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = [answer for answer in answers if answer.status_code == 201 and "Idempotency-Replayed" not in answer.headers]
    assert len(done) == 1
