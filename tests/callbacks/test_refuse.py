"""What is not WeChat's is refused: nothing is written, nothing is given away, and the log names the reason."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callbacks.models import Callback
from tests.callbacks.sender import Sender
from tests.conftest import SECRET, TOKEN
from tests.wechat.pushes import event, message
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

SUBSCRIBE = event("subscribe")
LIMIT = 256 * 1024
BOMB = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xml><FromUserName>&b;</FromUserName></xml>"""
FILE = b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><A>&f;</A></xml>'

Attack = Callable[[Sender], Any]
ATTACKS: dict[str, tuple[Attack, int, str]] = {
    "unknown account": (lambda s: s.but(path="/wechat/nobody/").post(SUBSCRIBE), 404, "unknown_account"),
    "wrong signature": (lambda s: s.but(token="guessed").post(SUBSCRIBE), 403, "wrong_signature"),
    "unsigned": (lambda s: s.post(SUBSCRIBE, signature=None), 400, "missing_parameter"),
    "no time": (lambda s: s.post(SUBSCRIBE, timestamp=None), 400, "missing_parameter"),
    "too old": (lambda s: s.later(-3700).post(SUBSCRIBE), 403, "stale_timestamp"),
    "of the future": (lambda s: s.later(3700).post(SUBSCRIBE), 403, "stale_timestamp"),
    "at no time": (lambda s: s.but(timestamp="now").post(SUBSCRIBE), 403, "stale_timestamp"),
    "at a time without end": (lambda s: s.but(timestamp="9" * 5000).post(SUBSCRIBE), 403, "stale_timestamp"),
    "old and unsigned": (lambda s: s.later(-3700).but(token="guessed").post(SUBSCRIBE), 403, "wrong_signature"),
    "a thousand parameters": (
        lambda s: s.post(SUBSCRIBE, **dict.fromkeys(map(str, range(2000)), "")),
        400,
        "unreadable",
    ),
    "no nonce": (lambda s: s.post(SUBSCRIBE, nonce=""), 400, "missing_parameter"),
    "too large": (lambda s: s.post(b"<xml>" + b" " * LIMIT), 413, "too_large"),
    "no body": (lambda s: s.post(b""), 400, "unreadable"),
    "broken XML": (lambda s: s.post(b"<xml><A>"), 400, "unreadable"),
    "JSON": (lambda s: s.post(b'{"FromUserName": "oU1"}'), 400, "unreadable"),
    "not UTF-8": (lambda s: s.post(b"<xml>\xff\xfe</xml>"), 400, "unreadable"),
    "entity bomb": (lambda s: s.post(BOMB), 400, "unreadable"),
    "file of ours": (lambda s: s.post(FILE), 400, "unreadable"),
    "no sender": (lambda s: s.post(b"<xml><CreateTime>1</CreateTime></xml>"), 400, "unreadable"),
    "no time of making": (lambda s: s.post(b"<xml><FromUserName>o</FromUserName></xml>"), 400, "unreadable"),
    "year 99999": (
        lambda s: s.post(b"<xml><FromUserName>o</FromUserName><CreateTime>3093527980799</CreateTime></xml>"),
        400,
        "unreadable",
    ),
    "deep": (lambda s: s.post(b"<a>" * 20_000 + b"</a>" * 20_000), 400, "unreadable"),
}


@pytest.fixture(params=ATTACKS.values(), ids=ATTACKS.keys())
def attack(request: pytest.FixtureRequest) -> tuple[Attack, int, str]:
    return request.param


def test_the_answer_is_one_word(wechat: Sender, attack: tuple[Attack, int, str]) -> None:
    act, status, reason = attack

    answer = act(wechat)

    assert (answer.status_code, answer.content.decode()) == (status, reason)


def test_nothing_is_written(wechat: Sender, attack: tuple[Attack, int, str]) -> None:
    with CaptureQueriesContext(connection) as captured:
        attack[0](wechat)

    assert all(query["sql"].startswith("SELECT") for query in captured)
    assert not Callback.objects.exists()


def test_the_log_names_the_reason_and_no_secret(
    wechat: Sender, attack: tuple[Attack, int, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    attack[0](wechat)

    (line,) = [record.getMessage() for record in caplog.records if record.name == "callbacks.views"]
    assert attack[2] in line
    assert TOKEN not in caplog.text
    assert SECRET not in caplog.text


def test_a_flood_of_wrong_signatures_costs_no_statement_at_all(wechat: Sender) -> None:
    wechat.post(SUBSCRIBE)

    with CaptureQueriesContext(connection) as captured:
        for number in range(200):
            wechat.but(token=f"guess {number}").post(SUBSCRIBE)

    assert len(captured) == 0


@pytest.mark.parametrize("seconds", [-3500, 3500])
def test_a_clock_that_goes_a_little_wrong_is_no_reason(wechat: Sender, seconds: int) -> None:
    assert wechat.later(seconds).post(SUBSCRIBE).content == b"success"


def test_the_age_may_be_left_unchecked(wechat: Sender, settings) -> None:
    settings.CALLBACK_MAX_AGE_SECONDS = 0

    assert wechat.but(timestamp="1348831860").post(SUBSCRIBE).content == b"success"


def test_an_account_that_is_switched_off_is_unknown(wechat: Sender, account: OfficialAccount) -> None:
    account.is_active = False
    account.save()

    assert wechat.post(SUBSCRIBE).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_verbs_are_refused(wechat: Sender, method: str) -> None:
    assert getattr(wechat.client, method)(wechat.path).status_code == 405


def test_the_largest_body_is_read(wechat: Sender) -> None:
    body = message("<Content></Content>", "<MsgId>1</MsgId>")
    padded = body.replace(b"</Content>", b"x" * (LIMIT - len(body)) + b"</Content>")

    assert (len(padded), wechat.post(padded).status_code) == (LIMIT, 200)


@pytest.mark.parametrize("announced", ["", "99999999", "abc", "-1"])
def test_a_length_that_is_a_lie_is_refused(wechat: Sender, announced: str) -> None:
    answer = wechat.client.generic(
        "POST", wechat.path, SUBSCRIBE, query_params=wechat.query(), CONTENT_LENGTH=announced
    )

    assert answer.status_code in (400, 413)
    assert not Callback.objects.exists()


def test_a_session_of_ours_is_no_pass(wechat: Sender, admin_client) -> None:
    assert wechat.but(client=admin_client, token="guessed").post(SUBSCRIBE).status_code == 403
