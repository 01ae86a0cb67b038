"""Pushes: three modes, signatures, repeats, answers, and what can go wrong with them."""

import hashlib
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for
from wxcore.wechat import crypto

TOKEN = "callbacktoken"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ORIGINAL = "gh_123456789abc"


@pytest.fixture
def openid(control, account, listener):
    control.account(APPID, callback_url=listener.url, token=TOKEN, encoding_aes_key=KEY, original_id=ORIGINAL)
    control.followers(APPID, 3)
    control.settings(push_interval=0)
    return control.openids(APPID)[0]


def sha1(*parts):
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def query_of(target):
    return {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}


def first(listener):
    return wait_for(lambda: listener.got and listener.got[0])


def settled(control):
    return wait_for(lambda: (pushes := control.pushes()) and pushes[-1]["state"] != "pending" and pushes)


def test_a_job_reports_its_numbers(control, caller, listener, openid):
    control.outcome(error_count=1)
    msg_id = caller.sendall()["msg_id"]
    message = fromstring(first(listener)[1])
    told = {child.tag: child.text for child in message}
    assert (told["ToUserName"], told["MsgType"], told["Event"]) == (ORIGINAL, "event", "MASSSENDJOBFINISH")
    assert (told["MsgID"], told["Status"]) == (str(msg_id), "send success")
    assert [told[key] for key in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")] == ["3", "3", "2", "1"]
    assert message.findtext("CopyrightCheckResult/Count") == "0"


def test_plaintext_is_signed(control, listener, openid):
    control.message(APPID, openid, "你好 ]]> <b>")
    target, body = first(listener)
    query = query_of(target)
    assert query["signature"] == sha1(TOKEN, query["timestamp"], query["nonce"])
    assert query["openid"] == openid
    assert "encrypt_type" not in query
    assert fromstring(body).findtext("Content") == "你好 ]]> <b>"
    assert int(fromstring(body).findtext("MsgId")) > 2**31


@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_encrypted_is_signed_over_the_ciphertext(control, listener, openid, mode):
    control.account(APPID, mode=mode)
    control.message(APPID, openid, "秘密")
    target, body = first(listener)
    query, envelope = query_of(target), fromstring(body)
    secret = envelope.findtext("Encrypt")
    assert query["encrypt_type"] == "aes"
    assert query["msg_signature"] == sha1(TOKEN, query["timestamp"], query["nonce"], secret)
    plain = crypto.decrypt(secret, key=crypto.decode_aes_key(KEY), appid=APPID).decode()
    assert fromstring(plain).findtext("Content") == "秘密"
    assert (envelope.find("Content") is not None) is (mode == "compatible")
    assert envelope.findtext("ToUserName") == ORIGINAL


def test_three_deliveries_and_the_same_bytes(control, listener, openid):
    listener.answers = [(500, "")] * 3
    control.message(APPID, openid, "x")
    push = settled(control)[0]
    assert (push["state"], push["status"], len(push["attempts"])) == ("failed", 500, 3)
    assert len(set(listener.got)) == 1
    assert control.chat(openid)[-1]["kind"] == "system"


def test_success_or_nothing_ends_the_repeats(control, listener, openid):
    listener.answers = [(200, "oops"), (200, "")]
    control.message(APPID, openid, "x")
    assert [attempt["error"] is None for attempt in settled(control)[0]["attempts"]] == [False, True]


def test_repeats_are_five_seconds_apart(control, listener, openid):
    control.settings(push_interval=5)
    listener.answers = [(500, "")]
    control.message(APPID, openid, "x")
    wait_for(lambda: control.pushes()[0]["attempts"])
    assert len(listener.got) == 1
    control.advance(6)
    assert wait_for(lambda: len(listener.got) == 2)


def test_a_slow_answer_counts_as_none(control, listener, openid):
    control.settings(push_timeout=0.2)
    late = threading.Event()
    listener.answer = lambda target, body: "success" if late.wait(10) else ""
    control.message(APPID, openid, "x")
    push = settled(control)[0]
    late.set()
    assert [attempt["error"] for attempt in push["attempts"]] == ["ReadTimeout"] * 3


def test_nobody_at_the_url(control, openid):
    control.account(APPID, callback_url="http://127.0.0.1:9/")
    control.message(APPID, openid, "x")
    assert settled(control)[0]["error"] == "ConnectionError"


def test_a_reply_is_shown_to_the_follower(control, listener, openid):
    listener.answer = lambda target, body: (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{ORIGINAL}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[welcome]]></Content></xml>"
    )
    control.message(APPID, openid, "hi")
    settled(control)
    assert [(line["kind"], line["text"]) for line in control.chat(openid)] == [("typed", "hi"), ("reply", "welcome")]


def encrypted_reply(openid, token=TOKEN):
    plain = (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{ORIGINAL}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>welcome</Content></xml>"
    )
    secret = crypto.encrypt(plain.encode(), key=crypto.decode_aes_key(KEY), appid=APPID)
    return (
        f"<xml><Encrypt>{secret}</Encrypt><MsgSignature>{sha1(token, '1', '2', secret)}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    )


@pytest.mark.parametrize(("token", "state"), [(TOKEN, "delivered"), ("wrong", "failed")])
def test_a_safe_reply_is_encrypted_and_signed(control, listener, openid, token, state):
    control.account(APPID, mode="safe")
    listener.answer = lambda target, body: encrypted_reply(openid, token)
    control.message(APPID, openid, "hi")
    assert settled(control)[0]["state"] == state
    assert ("welcome" in [line["text"] for line in control.chat(openid)]) is (state == "delivered")


def test_a_reply_to_somebody_else_is_no_reply(control, listener, openid):
    listener.answer = lambda target, body: "<xml><MsgType>text</MsgType><Content>x</Content></xml>"
    control.message(APPID, openid, "hi")
    assert settled(control)[0]["state"] == "failed"


def test_one_can_be_lost(control, listener, openid):
    control.plan_pushes(lose=1)
    control.message(APPID, openid, "one")
    control.message(APPID, openid, "two")
    settled(control)
    assert [push["state"] for push in control.pushes()] == ["lost", "delivered"]
    assert len(listener.got) == 1


def test_one_can_come_late(control, listener, openid):
    control.plan_pushes(delay=3600)
    control.message(APPID, openid, "x")
    assert listener.got == []
    control.advance(3601)
    assert first(listener)


def test_one_can_come_three_times(control, listener, openid):
    control.plan_pushes(times=3)
    control.message(APPID, openid, "x")
    settled(control)
    assert len(listener.got) == 3
    assert len(set(listener.got)) == 1


def test_two_can_come_in_the_wrong_order(control, listener, openid):
    control.plan_pushes(reorder=2)
    control.message(APPID, openid, "one")
    control.message(APPID, openid, "two")
    wait_for(lambda: len(listener.got) == 2)
    assert [fromstring(body).findtext("Content") for _, body in listener.got] == ["two", "one"]


def test_one_can_be_signed_wrongly(control, listener, openid):
    control.plan_pushes(bad_signature=1)
    control.message(APPID, openid, "x")
    query = query_of(first(listener)[0])
    assert query["signature"] != sha1(TOKEN, query["timestamp"], query["nonce"])


def test_one_can_be_made_for_another_appid(control, listener, openid):
    control.account(APPID, mode="safe")
    control.plan_pushes(wrong_appid=1)
    control.message(APPID, openid, "x")
    secret = fromstring(first(listener)[1]).findtext("Encrypt")
    with pytest.raises(crypto.DecryptError):
        crypto.decrypt(secret, key=crypto.decode_aes_key(KEY), appid=APPID)


def test_a_plan_may_mean_one_event_only(control, caller, listener, openid):
    control.plan_pushes(lose=1, event="MASSSENDJOBFINISH")
    control.message(APPID, openid, "x")
    caller.sendall()
    wait_for(lambda: [push["state"] for push in control.pushes()] == ["delivered", "lost"])


@pytest.mark.parametrize("plan", [{}, {"lose": 1, "delay": 1}, {"lose": 1, "colour": 1}, {"lose": "x"}])
def test_a_plan_without_sense_is_refused(control, plan):
    with pytest.raises(AssertionError, match="400"):
        control.plan_pushes(**plan)
