"""Whatever is posted, signed or not: an answer without 500, without a traceback, and a row that can be processed."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbacks import inbox, tasks
from callbacks.models import Callback
from callbacks.states import CallbackStatus
from tests.callbacks.sender import AES_KEY, Sender, encrypt, sign
from tests.conftest import APPID
from tests.wechat.pushes import event, message
from wxcore.models import MessageMode, OfficialAccount
from wxcore.wechat.messages import EVENT_KINDS, MESSAGE_KINDS

pytestmark = pytest.mark.django_db(transaction=True)

fuzz = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
ANSWERS = {200, 400, 403, 413}
LIMIT = 256 * 1024

WORDS_OF_CONTAINERS = (
    "ScanCodeInfo SendPicsInfo PicList SendLocationInfo SubscribeMsgPopupEvent SubscribeMsgChangeEvent List item "
    "SubscribeMsgSentEvent PublishEventInfo article_detail CopyrightCheckResult ArticleUrlResult ResultList"
)
WORDS_OF_LEAVES = (
    "Content MsgId MsgID EventKey Ticket Latitude Longitude Precision Location_X Location_Y Scale Label Poiname MenuId "
    "Count PicMd5Sum ScanType ScanResult TemplateId SubscribeStatusString ErrorCode ErrorStatus Status TotalCount "
    "publish_id publish_status article_id fail_idx ArticleIdx CheckState OpenID AppID RevokeInfo ExpiredTime FailTime "
    "FailReason KfAccount FromKfAccount ToKfAccount SessionFrom PicUrl MediaId Title Url FileTotalLen bizmsgmenuid"
)
CONTAINERS, LEAVES = WORDS_OF_CONTAINERS.split(), WORDS_OF_LEAVES.split()
NAMES = st.sampled_from([kind.name for kind in (*EVENT_KINDS.values(), *MESSAGE_KINDS.values())] + ["news_to_us"])
TEXTS = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["", "0", "-1", "9" * 25, "\x00", "\ufffe", "1e999", "accept", "qrscene_", "err(10001)", "字" * 300]
    ),
)


@pytest.fixture(autouse=True)
def everything_is_processed(account: OfficialAccount, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What was stored can be processed, and nothing on the way has left a traceback in the log."""
    yield
    tasks.tick()
    done = (CallbackStatus.PROCESSED, CallbackStatus.UNKNOWN)
    assert not Callback.objects.exclude(status__in=done).values()
    told = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
    assert [record.getMessage() for record in told if record.exc_info or record.levelno >= logging.ERROR] == []


@pytest.fixture
def safe(account: OfficialAccount) -> Sender:
    account.message_mode, account.aes_key = MessageMode.SAFE, AES_KEY
    account.save()
    inbox.forget_mailboxes()
    return Sender()


def assert_survived(answer: Any) -> None:
    assert answer.status_code in ANSWERS


def elements(depth: int = 3) -> st.SearchStrategy[str]:
    leaf = st.builds(
        lambda name, text, cdata: f"<{name}>{(cdata and f'<![CDATA[{text}]]>') or escaped(text)}</{name}>",
        st.sampled_from(LEAVES),
        TEXTS,
        st.booleans(),
    )
    if not depth:
        return leaf
    inner = st.builds(
        lambda name, children: f"<{name}>{''.join(children)}</{name}>",
        st.sampled_from(CONTAINERS),
        st.lists(elements(depth - 1), max_size=4),
    )
    return st.one_of(leaf, inner)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(CONTAINERS + LEAVES), inner, max_size=5)
    ),
    max_leaves=12,
)


@fuzz
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes(wechat: Sender, body: bytes) -> None:
    assert_survived(wechat.post(body))


@fuzz
@given(NAMES, st.lists(elements(), max_size=6), st.integers(0, 2**34))
def test_any_fields_in_xml(wechat: Sender, name: str, fields: list[str], time: int) -> None:
    build = message if name.lower() in MESSAGE_KINDS else event
    body = message(*fields, kind=name) if build is message else event(name, *fields)
    encoded = body.decode("utf-8", "surrogatepass").replace("1711931950", str(time)).encode("utf-8", "replace")
    assert_survived(wechat.post(encoded))


@fuzz
@given(NAMES, st.dictionaries(st.sampled_from(CONTAINERS + LEAVES), JSON, max_size=6), JSON)
def test_any_fields_in_json(wechat: Sender, name: str, fields: dict[str, Any], time: Any) -> None:
    kind = {"MsgType": name} if name.lower() in MESSAGE_KINDS else {"MsgType": "event", "Event": name}
    common = {"ToUserName": "gh_1", "FromUserName": "oU1", "CreateTime": time if len(fields) == 1 else 1711931950}
    assert_survived(wechat.post(json.dumps(common | kind | fields).encode()))


@fuzz
@given(JSON)
def test_any_json(wechat: Sender, content: Any) -> None:
    assert_survived(wechat.post(json.dumps(content).encode()))


@fuzz
@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "echostr", "msg_signature"]), st.text()))
def test_any_query(wechat: Sender, query: dict[str, str]) -> None:
    texts = {name: text.encode("utf-8", "replace").decode() for name, text in query.items()}
    for sender in (wechat, wechat.but(path="/wechat/nobody/")):
        answer = sender.post(event("subscribe"), **texts)
        assert answer.status_code in ANSWERS | {404}


@fuzz
@given(st.binary(max_size=200))
def test_any_query_string(wechat: Sender, query: bytes) -> None:
    for method in ("GET", "POST"):
        answer = wechat.client.generic(method, wechat.path, b"x", QUERY_STRING=query.decode("latin-1"))
        assert answer.status_code in ANSWERS


@fuzz
@given(st.text(max_size=200))
def test_any_ciphertext_that_is_signed(safe: Sender, ciphertext: str) -> None:
    clean = "".join(c for c in ciphertext if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()
    body = f"<xml><Encrypt>{escaped(clean)}</Encrypt></xml>".encode("utf-8", "replace")
    assert_survived(safe.post(body, msg_signature=sign(safe.token, safe.timestamp, safe.nonce, clean)))


@fuzz
@given(st.binary(min_size=1, max_size=20).map(lambda data: (data * 256)[: 16 * (1 + data[0] % 10)]))
def test_any_frame_that_is_signed(safe: Sender, frame: bytes) -> None:
    secret = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    ciphertext = base64.b64encode(encryptor.update(frame) + encryptor.finalize()).decode()
    body = json.dumps({"ToUserName": "gh_1", "Encrypt": ciphertext}).encode()
    assert_survived(safe.post(body, msg_signature=sign(safe.token, safe.timestamp, safe.nonce, ciphertext)))


@fuzz
@given(st.binary(max_size=300))
def test_any_bytes_inside_of_the_encryption(safe: Sender, body: bytes) -> None:
    assert_survived(safe.post_encrypted(body))


@fuzz
@given(st.one_of(JSON, st.text(max_size=100)))
def test_any_envelope(safe: Sender, content: Any) -> None:
    whole = json.dumps({"Encrypt": encrypt(event("subscribe"), key=AES_KEY, appid=APPID), "ToUserName": content})
    assert_survived(safe.post(whole.encode(), msg_signature="0" * 40))
    assert_survived(safe.post(json.dumps({"Encrypt": content}).encode(), msg_signature="0" * 40))


def nested(depth: int) -> str:
    return "".join(f"<a{n}>" for n in range(depth)) + "".join(f"</a{n}>" for n in reversed(range(depth)))


PUSH = event("subscribe").decode()
DECLARED = '<?xml version="1.0" encoding="{}"?>'
TEN_MB = 10 * 1024 * 1024
ODD: dict[str, bytes] = {
    "an entity bomb": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml>&b;</xml>',
    "a quadratic bomb": f'<!DOCTYPE x [<!ENTITY a "{"a" * 9000}">]><xml>{"&a;" * 9000}</xml>'.encode(),
    "an outer entity": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>',
    "a parameter entity": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><xml/>',
    "10 MB of space": b" " * TEN_MB,
    "10 MB of XML": b"<xml>" + b"<a/>" * (TEN_MB // 4) + b"</xml>",
    "10 MB of JSON": b'{"a":"' + b"a" * TEN_MB + b'"}',
    "deep XML": message("<a>" * 30_000 + "</a>" * 30_000),
    "deep XML that never ends": b"<a>" * 80_000,
    "deep XML with many names": message(nested(12_000)),
    "deep JSON": b'{"FromUserName":"o","CreateTime":1,"a":' + b'{"a":' * 1000 + b"1" + b"}" * 1001,
    "too deep JSON": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "deep lists": b'{"FromUserName":"o","CreateTime":1,"a":' + b"[" * 40_000 + b"]" * 40_000 + b"}",
    "many elements": message("<a/>" * 60_000),
    "many attributes": message("<a " + " ".join(f'a{n}=""' for n in range(15_000)) + "/>"),
    "many keys": json.dumps({"FromUserName": "o", "CreateTime": 1} | {str(n): n for n in range(15_000)}).encode(),
    "many entries": json.dumps({"FromUserName": "o", "CreateTime": 1, "List": [{}] * 60_000}).encode(),
    "NUL in XML": message("<Content>a\x00b</Content>"),
    "a reference to NUL": message("<Content>a&#0;b</Content>"),
    "NUL in JSON": b'{"FromUserName":"o\\u0000","CreateTime":1,"MsgType":"text\\u0000","Content":"a\\u0000b"}',
    "NUL in a name": b'{"FromUserName":"o","CreateTime":1,"a\\u0000b":"c"}',
    "a raw NUL in JSON": b'{"FromUserName":"o","CreateTime":1,"a":"\x00"}',
    "a lone surrogate in XML": message("<Content>&#xD800;</Content>"),
    "a lone surrogate in JSON": b'{"FromUserName":"o","CreateTime":1,"Content":"\\ud800"}',
    "a raw surrogate": b'{"FromUserName":"o","CreateTime":1,"Content":"\xed\xa0\x80"}',
    "a huge number": b'{"FromUserName":"o","CreateTime":1,"MsgId":' + b"9" * 100_000 + b"}",
    "a huge time": b'{"FromUserName":"o","CreateTime":1e18}',
    "a time below zero": b'{"FromUserName":"o","CreateTime":-1}',
    "no number": b'{"FromUserName":"o","CreateTime":NaN}',
    "one key twice": b'{"FromUserName":"o","FromUserName":"p","CreateTime":1,"CreateTime":2}',
    "one element twice": message("<FromUserName>oU2</FromUserName>", "<Content>1</Content><Content>2</Content>"),
    "a list where a name belongs": b'{"FromUserName":["o","p"],"CreateTime":[1,2]}',
    "an object where a name belongs": b'{"FromUserName":{"a":1},"CreateTime":1}',
    "UTF-16": PUSH.encode("utf-16"),
    "UTF-16 that says so": (DECLARED.format("utf-16") + PUSH).encode("utf-16"),
    "UTF-8 that says UTF-16": (DECLARED.format("utf-16") + PUSH).encode(),
    "UTF-8 that says UTF-7": (DECLARED.format("utf-7") + PUSH).encode(),
    "GBK that says so": (DECLARED.format("gbk") + message("<Content>你好</Content>").decode()).encode("gbk"),
    "an unknown encoding": (DECLARED.format("nonsense") + PUSH).encode(),
    "a byte order mark": b"\xef\xbb\xbf" + PUSH.encode(),
    "a long sender": event("subscribe").replace(b"oU1", b"o" * 100_000),
    "a long event": event("e" * 100_000),
    "a long type": message(kind="t" * 100_000),
    "a long key": event("CLICK", f"<EventKey>{'k' * 100_000}</EventKey>"),
    "a text as long as it may be": message(f"<Content>{'字' * 60_000}</Content><MsgId>1</MsgId>"),
    "an instruction": b"<?php echo 1 ?>" + PUSH.encode(),
    "two roots": PUSH.encode() * 2,
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_an_odd_body(wechat: Sender, body: bytes) -> None:
    answer = wechat.post(body)

    assert_survived(answer)
    if len(body) > LIMIT:
        assert answer.status_code == 413


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_an_odd_body_inside_of_the_encryption(safe: Sender, body: bytes) -> None:
    assert_survived(safe.post_encrypted(body[:150_000]))


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_an_odd_body_that_nobody_signed_writes_nothing(wechat: Sender, body: bytes) -> None:
    assert wechat.but(token="guessed").post(body).status_code in (403, 413)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM callbacks_callback")
        assert cursor.fetchone() == (0,)
