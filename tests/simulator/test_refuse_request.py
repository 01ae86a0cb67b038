"""What is refused before an endpoint looks at it."""

import pytest

from tests.simulator.conftest import APPID

CREATE = "/cgi-bin/tags/create"


def test_the_answer_is_raw_utf8_with_a_rid(caller):
    answer = caller.request("GET", "/cgi-bin/tags/get", params={"access_token": caller.fetch_token()["access_token"]})
    assert "星标组".encode() in answer.content
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    refusal = caller.get("/cgi-bin/user/info")
    assert refusal["errcode"] == 41009
    assert len(refusal["errmsg"].partition(" rid: ")[2].split("-")) == 3


def test_the_wrong_verb(caller):
    assert caller.get(CREATE)["errcode"] == 43002
    assert caller.post("/cgi-bin/tags/get", {})["errcode"] == 43001


def test_an_unknown_path(caller):
    assert caller.get("/cgi-bin/nothing")["errcode"] == 40066


def test_an_unknown_field_is_named(caller):
    answer = caller.post(CREATE, {"tag": {"name": "VIP", "colour": "red"}})
    assert answer["errcode"] == 47001
    assert "unknown field tag.colour" in answer["errmsg"]


def test_a_wrong_type_is_named(caller):
    answer = caller.post(CREATE, {"tag": {"name": 5}})
    assert answer["errcode"] == 47001
    assert "tag.name" in answer["errmsg"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b'{"tag":{"name":"\\u661f"}}', 40033),
        (b'{"tag":{"name":"\xff"}}', 40033),
    ],
)
def test_a_bad_body(caller, raw, code):
    assert caller.post_raw(CREATE, raw)["errcode"] == code


def test_an_escaped_mass_message(caller):
    body = b'{"filter":{"is_to_all":true},"msgtype":"text","text":{"content":"\\u4f60"}}'
    assert caller.post_raw("/cgi-bin/message/mass/sendall", body)["errcode"] == 47002


def test_an_escaped_quote_or_backslash_is_fine(caller):
    assert "tag" in caller.post_raw(CREATE, b'{"tag":{"name":"a\\\\u661f\\u0022"}}')


def test_an_unverified_account_may_do_little(control, caller):
    control.account(APPID, verified=False)
    assert caller.get("/cgi-bin/user/get")["errcode"] == 48001
    assert caller.get("/cgi-bin/tags/get")["errcode"] == 48001
    assert caller.sendall()["errcode"] == 48001
    assert "ip_list" in caller.get("/cgi-bin/getcallbackip")


def test_a_body_that_is_too_large(caller):
    assert caller.request("POST", CREATE, data=b"x" * (12 * 1024 * 1024 + 1)).status_code == 413
