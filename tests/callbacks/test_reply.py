"""What a rule answers comes back within the request, once, in the format and the mode of the push."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml.ElementTree import fromstring
from django.db import connection

from callbacks import inbox, replying
from callbacks.models import Callback, ReplyKind, ReplyRule
from tests.callbacks.sender import AES_KEY, PREVIOUS_AES_KEY, Sender, sign
from tests.conftest import APPID
from tests.wechat.pushes import event, message
from wxcore.models import MessageMode, OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = message("<Content><![CDATA[几点开门]]></Content>", "<MsgId>1</MsgId>")
JSON = json.dumps(
    {
        "ToUserName": "gh_1",
        "FromUserName": "oU1",
        "CreateTime": 1711931950,
        "MsgType": "text",
        "MsgId": 1,
        "Content": "几点开门",
    }
).encode()


@pytest.fixture(autouse=True)
def rule(account: OfficialAccount) -> Iterator[ReplyRule]:
    replying.forget_rules()
    yield ReplyRule.objects.create(
        account=account,
        name="hours",
        trigger="keyword",
        match="contains",
        words="几点",
        kind="text",
        text="九点 ]]> 见",
    )
    replying.forget_rules()


def decrypted(secret: str, key: str = AES_KEY) -> bytes:
    """What a reply's Encrypt holds, as WeChat reads it."""
    aes = base64.b64decode(key + "=")
    decryptor = Cipher(algorithms.AES(aes), modes.CBC(aes[:16])).decryptor()
    frame = decryptor.update(base64.b64decode(secret)) + decryptor.finalize()
    frame = frame[16 : -frame[-1]]
    length = int.from_bytes(frame[:4], "big")
    assert frame[4 + length :].decode() == APPID
    return frame[4 : 4 + length]


def test_it_is_xml_with_the_names_swapped(wechat: Sender) -> None:
    answer = wechat.post(TEXT)

    root = fromstring(answer.content)
    assert answer["Content-Type"].startswith("text/xml")
    assert [root.findtext(name) for name in ("ToUserName", "FromUserName", "MsgType", "Content")] == [
        "oU1",
        "gh_1",
        "text",
        "九点 ]]> 见",
    ]


def test_a_push_in_json_is_answered_in_json(wechat: Sender) -> None:
    answer = wechat.post(JSON)

    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["Content"] == "九点 ]]> 见"


@pytest.mark.parametrize("mode", [MessageMode.COMPATIBLE, MessageMode.SAFE])
@pytest.mark.parametrize("body", [TEXT, JSON], ids=["xml", "json"])
@pytest.mark.parametrize("key", [AES_KEY, PREVIOUS_AES_KEY], ids=["current", "previous"])
def test_an_encrypted_push_is_answered_encrypted_by_the_key_that_it_came_with(
    wechat: Sender, account: OfficialAccount, mode: str, body: bytes, key: str
) -> None:
    account.message_mode, account.aes_key, account.previous_aes_key = mode, AES_KEY, PREVIOUS_AES_KEY
    account.save()
    inbox.forget_mailboxes()

    answer = wechat.but(key=key).post_encrypted(body).content

    if body == JSON:
        envelope = {name: str(value) for name, value in json.loads(answer).items()}
        assert json.loads(decrypted(envelope["Encrypt"], key))["Content"] == "九点 ]]> 见"
    else:
        envelope = {child.tag: child.text or "" for child in fromstring(answer)}
        assert fromstring(decrypted(envelope["Encrypt"], key)).findtext("Content") == "九点 ]]> 见"
    assert envelope["Nonce"] == wechat.nonce
    assert envelope["MsgSignature"] == sign(wechat.token, envelope["TimeStamp"], wechat.nonce, envelope["Encrypt"])


def test_success_is_never_encrypted(wechat: Sender, account: OfficialAccount) -> None:
    account.message_mode, account.aes_key = MessageMode.SAFE, AES_KEY
    account.save()
    inbox.forget_mailboxes()

    assert wechat.post_encrypted(event("unsubscribe")).content == b"success"


def test_the_row_knows_the_answer(wechat: Sender, rule: ReplyRule) -> None:
    wechat.post(TEXT)

    assert Callback.objects.get().answer == {"rule": rule.pk, "kind": "text", "content": "九点 ]]> 见"}


def test_what_is_delivered_twice_at_once_is_answered_once(wechat: Sender) -> None:
    answers = [wechat.post(TEXT).content for _ in range(3)]

    assert answers[0].startswith(b"<xml>")
    assert answers[1:] == [b"success"] * 2


def test_three_deliveries_at_the_same_moment_are_one_row_and_one_reply(wechat: Sender) -> None:
    def deliver(_: int) -> bytes:
        try:
            return Sender().post(TEXT).content
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(deliver, range(3)))
    assert answers[0].startswith(b"<xml>")
    assert answers[1:] == [b"success"] * 2
    assert Callback.objects.count() == 1


def test_a_repetition_is_answered_as_the_first_time_whatever_the_rule_says_now(wechat: Sender, rule: ReplyRule) -> None:
    first = wechat.post(TEXT).content
    earlier = Callback.objects.get().received_at - dt.timedelta(seconds=5)
    Callback.objects.update(received_at=earlier)
    rule.text = "changed"
    rule.save()
    replying.forget_rules()

    again = wechat.post(TEXT).content

    assert fromstring(again).findtext("Content") == fromstring(first).findtext("Content")
    assert Callback.objects.count() == 1


def test_a_repetition_of_what_had_no_answer_has_none(wechat: Sender) -> None:
    wechat.post(event("unsubscribe"))
    Callback.objects.update(received_at=Callback.objects.get().received_at - dt.timedelta(seconds=5))

    assert wechat.post(event("unsubscribe")).content == b"success"


def test_a_file_that_wechat_does_not_have_yet_follows_later(wechat: Sender, rule: ReplyRule) -> None:
    rule.kind = ReplyKind.IMAGE
    rule.save()
    replying.forget_rules()

    assert wechat.post(TEXT).content == b"success"
    assert "later" in Callback.objects.get().answer


def test_a_reply_costs_no_statement_more(wechat: Sender, django_assert_num_queries) -> None:
    wechat.post(event("unsubscribe"))
    wechat.post(TEXT.replace(b"<MsgId>1", b"<MsgId>2"))

    with django_assert_num_queries(1):
        assert wechat.post(TEXT).content.startswith(b"<xml>")
