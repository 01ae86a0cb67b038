"""What goes over the wire, and what counts as success."""

from __future__ import annotations

import gzip

import pytest

from tests.wechat.conftest import SECRET, Connect
from tests.wechat.host import TOKEN, Host, Reply
from wxcore.wechat.broadcasts import TextMessage, ToAll
from wxcore.wechat.client import Credentials, WeChat
from wxcore.wechat.errors import ApiError, InvalidRequest

TAGS = "/cgi-bin/tags/get"
SENDALL = "/cgi-bin/message/mass/sendall"


def test_chinese_and_emoji_go_out_as_raw_utf8(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/tags/create", {"tag": {"id": 100, "name": "x"}})
    wechat.tags.create("贵宾😀")
    assert '"贵宾😀"'.encode() in host.calls("/cgi-bin/tags/create")[0].body


def test_the_answer_is_utf8_whatever_its_header_says(host: Host, wechat: WeChat) -> None:
    body = {"tags": [{"id": 2, "name": "星标组", "count": 0}]}
    host.will(TAGS, Reply.of(body, headers={"Content-Type": "text/plain; charset=iso-8859-1"}))
    assert [tag.name for tag in wechat.tags.list()] == ["星标组"]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("chunked", [False, True])
def test_the_answer_may_come_in_chunks_and_compressed(host: Host, wechat: WeChat, zipped: bool, chunked: bool) -> None:
    answer = Reply.of({"tags": [{"id": number, "name": "标签", "count": 1} for number in range(3000)]})
    body = gzip.compress(answer.body) if zipped else answer.body
    headers = {"Content-Encoding": "gzip"} if zipped else {}
    host.will(TAGS, Reply(body, headers=headers, chunked=chunked))
    assert len(wechat.tags.list()) == 3000


def test_an_answer_without_errcode_is_a_success(host: Host, wechat: WeChat) -> None:
    host.will(TAGS, {"tags": []})
    assert wechat.tags.list() == []


def test_an_errcode_sent_as_text_is_an_error_all_the_same(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/tags/update", {"errcode": "45058", "errmsg": "x"})
    with pytest.raises(ApiError) as caught:
        wechat.tags.update(0, "x")
    assert caught.value.errcode == 45058


def test_the_errcode_zero_sent_as_text_is_a_success(host: Host, wechat: WeChat) -> None:
    host.will(SENDALL, {"errcode": "0", "msg_id": "34182", "msg_data_id": "206227730"})
    submission = wechat.broadcasts.sendall(ToAll(), TextMessage("hi"), clientmsgid="a")
    assert (submission.msg_id, submission.msg_data_id) == (34182, 206227730)


def test_the_token_goes_in_the_query_and_the_secret_only_to_the_token_call(host: Host, wechat: WeChat) -> None:
    wechat.tags.list()
    token_call, call = host.requests
    assert token_call.json()["secret"] == SECRET
    assert call.query == {"access_token": TOKEN + "1"}
    assert call.body == b""


def test_the_old_token_endpoint_is_a_get(host: Host, connect_to: Connect) -> None:
    connect_to(host.url, token_endpoint="token").tags.list()
    assert host.requests[0].method == "GET"
    assert host.requests[0].query["grant_type"] == "client_credential"


def test_half_a_character_is_refused_before_anything_is_sent(host: Host, wechat: WeChat) -> None:
    with pytest.raises(InvalidRequest):
        wechat.broadcasts.sendall(ToAll(), TextMessage("\ud83d"), clientmsgid="a")
    assert host.calls(SENDALL) == []


def test_the_answer_sets_no_cookie_for_the_next_call(host: Host, wechat: WeChat) -> None:
    host.will(TAGS, Reply.of({"tags": []}, headers={"Set-Cookie": "a=b"}))
    wechat.tags.list()
    wechat.tags.list()
    assert "Cookie" not in host.requests[-1].headers


def test_the_secret_is_not_in_the_repr() -> None:
    assert SECRET not in repr(Credentials("wx1", SECRET))
