"""mass/sendall and mass/send: what is accepted, what is refused, who gets it."""

import pytest

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for

SEND = "/cgi-bin/message/mass/send"
SENDALL = "/cgi-bin/message/mass/sendall"
TEXT = {"msgtype": "text", "text": {"content": "hello"}}


@pytest.fixture
def openids(control, account):
    control.followers(APPID, 10, tags=[{"name": "VIP", "share": 0.3}])
    return control.openids(APPID)


def finished(control, answer):
    assert answer["errcode"] == 0, answer
    job = wait_for(lambda: (job := control.job(answer["msg_id"]))["status"] and job)
    return job["total"], job["filter"], job["sent"], job["error"]


def test_everybody_gets_it(control, caller, openids):
    answer = caller.sendall("大家好")
    assert answer.keys() == {"errcode", "errmsg", "msg_id"}
    assert answer["errmsg"] == "send job submission success"
    assert answer["msg_id"] > 2**31
    assert finished(control, answer) == (10, 10, 10, 0)
    assert [message["text"] for message in control.received(openids[7])] == ["大家好"]


@pytest.mark.parametrize(
    "audience", [{"is_to_all": False, "tag_id": 100}, {"tag_id": "100"}, {"group_id": "100"}, {"group_id": 100}]
)
def test_a_tag_gets_it(control, caller, openids, audience):
    answer = caller.sendall(filter=audience)
    assert finished(control, answer) == (3, 3, 3, 0)
    tagged = caller.post("/cgi-bin/user/tag/get", {"tagid": 100})["data"]["openid"]
    assert control.recipients(answer["msg_id"]) == tagged


@pytest.mark.parametrize("audience", [{}, {"is_to_all": False}, {"is_to_all": False, "tag_id": 999}, {"tag_id": "x"}])
def test_no_known_tag_is_never_everybody(control, caller, openids, audience):
    assert caller.sendall(filter=audience)["errcode"] == 40152
    assert control.jobs() == []


def test_a_list_gets_it(control, caller, openids):
    answer = caller.send(openids[:4])
    assert finished(control, answer) == (4, 4, 4, 0)
    assert control.recipients(answer["msg_id"]) == openids[:4]
    assert control.received(openids[5]) == []


@pytest.mark.parametrize(("touser", "code"), [([], 40031), ("oX", 40031), ([1, 2], 40031), (["o"], 40130)])
def test_a_bad_list(caller, openids, touser, code):
    assert caller.send(touser)["errcode"] == code


def test_a_list_without_touser(caller, openids):
    assert caller.post(SEND, TEXT)["errcode"] == 40031


def test_a_list_of_more_than_10000(caller, openids):
    assert caller.send(["o"] * 10_001)["errcode"] == 40032


def test_strangers_and_leavers_fail(control, caller, openids):
    control.account("wxother")
    control.followers("wxother", 1)
    control.unfollow(APPID, openids[0])
    answer = caller.send([*openids[:3], *control.openids("wxother"), "nonsense"])
    assert finished(control, answer) == (5, 5, 2, 3)


def test_who_refuses_messages_is_filtered(control, caller, openids):
    control.refuse(APPID, openids[0])
    assert finished(control, caller.sendall()) == (10, 9, 9, 0)


def test_a_share_refuses_or_left(control, caller):
    control.followers(APPID, 1000, refusing_share=0.1, left_share=0.2)
    total, left, sent, error = finished(control, caller.sendall())
    assert (total, error) == (800, 0)
    assert left == sent
    assert 700 <= left < 760


@pytest.mark.parametrize("path", [SEND, SENDALL])
@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"msgtype": "text", "text": {"content": " "}}, 44004),
        ({"msgtype": "text"}, 44004),
        ({"msgtype": "text", "text": {"content": "好" * 601}}, 45002),
        ({"msgtype": "music"}, 40008),
        ({}, 40008),
        ({"msgtype": "wxcard", "wxcard": {"card_id": "x"}}, 45113),
        ({"msgtype": "wxcard"}, 45113),
        ({"msgtype": "mpnews", "mpnews": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "mpnews"}, 41006),
        ({"msgtype": "image", "images": {"media_ids": []}}, 41006),
        ({"msgtype": "image", "images": {"media_ids": ["x"] * 21}}, 45008),
        ({"msgtype": "text", "text": {"content": "x", "colour": "red"}}, 47001),
    ],
)
def test_a_bad_message(caller, openids, path, message, code):
    audience = {"touser": openids[:2]} if path == SEND else {"filter": {"is_to_all": True}}
    assert caller.post(path, audience | message)["errcode"] == code


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("voice", {"voice": {"media_id": "m1"}}),
        ("image", {"image": {"media_id": "m1"}}),
        ("image", {"images": {"media_ids": ["m1"], "need_open_comment": 1}}),
        ("mpvideo", {"mpvideo": {"media_id": "m1"}}),
        ("video", {"video": {"media_id": "m1", "title": "t", "description": "d"}}),
    ],
)
def test_a_known_media_id_is_sent(control, caller, openids, kind, message):
    control.media(APPID, "m1", kind)
    answer = caller.post(SEND, {"touser": openids[:2], "msgtype": kind, **message})
    assert finished(control, answer) == (2, 2, 2, 0)
    assert "msg_data_id" not in answer


def test_a_sent_draft_is_gone(control, caller, openids):
    control.media(APPID, "draft", "mpnews")
    body = {"touser": openids[:2], "msgtype": "mpnews", "mpnews": {"media_id": "draft"}, "clientmsgid": "a"}
    answer = caller.post(SEND, body)
    assert answer["msg_data_id"] > 0
    finished(control, answer)
    assert caller.post(SEND, body)["errcode"] == 45065
    assert caller.post(SEND, body | {"clientmsgid": "b"})["errcode"] == 40007


def test_a_subscription_account_may_not_send_by_openid(control, caller, openids):
    control.account(APPID, kind="subscription")
    assert caller.send(openids[:2])["errcode"] == 48001


def test_a_test_account_sends_only_by_openid(control, caller, openids):
    control.account(APPID, kind="test", verified=False)
    assert caller.sendall()["errcode"] == 45028
    assert finished(control, caller.send(openids[:2])) == (2, 2, 2, 0)


def test_job_ids_go_on_after_a_reset(control, caller, openids):
    first = caller.sendall()["msg_id"]
    control.reset()
    control.account(APPID, secret=caller.secret)
    caller.token = ""
    assert caller.sendall()["msg_id"] > first
