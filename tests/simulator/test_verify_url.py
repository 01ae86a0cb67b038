"""The question that WeChat's console asks before it accepts a callback URL."""

import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.conftest import APPID

TOKEN = "callbacktoken"


@pytest.fixture(autouse=True)
def _listening(control, account, listener):
    control.account(APPID, callback_url=listener.url, token=TOKEN)


def echo(target, body):
    query = {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}
    parts = "".join(sorted([TOKEN, query["timestamp"], query["nonce"]])).encode()
    right = query["signature"] == hashlib.sha1(parts, usedforsecurity=False).hexdigest()
    return query["echostr"] if right else "wrong signature"


def test_the_bare_echo_is_right(control, listener):
    listener.answer = echo
    found = control.verify(APPID)
    assert found["ok"] is True
    assert found["body"].isdigit()


def test_anything_else_is_wrong(control, listener):
    listener.answer = lambda target, body: f'"{echo(target, body)}"'
    found = control.verify(APPID)
    assert (found["ok"], found["error"]) == (False, "the body is not the bare echostr")


def test_a_wrong_token_shows(control, listener):
    listener.answer = echo
    control.account(APPID, token="another")
    assert control.verify(APPID)["body"] == "wrong signature"


def test_nobody_there(control):
    control.account(APPID, callback_url="http://127.0.0.1:9/")
    assert control.verify(APPID)["error"] == "ConnectionError"
