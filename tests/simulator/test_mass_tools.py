"""preview, get, delete, speed."""

import pytest

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for

MASS = "/cgi-bin/message/mass"
TEXT = {"msgtype": "text", "text": {"content": "look"}}


@pytest.fixture
def openids(control, account):
    control.followers(APPID, 3)
    return control.openids(APPID)


def test_a_preview_goes_to_one_and_uses_up_nothing(control, caller, openids):
    answer = caller.post(f"{MASS}/preview", {"touser": openids[0], **TEXT})
    assert answer["errmsg"] == "preview success"
    assert [message["kind"] for message in control.chat(openids[0])] == ["preview"]
    assert control.received(openids[0]) == []
    assert control.jobs() == []


def test_a_wechat_id_wins(control, caller, openids):
    control.account(APPID, wechat_names={"boss": openids[1]})
    caller.post(f"{MASS}/preview", {"touser": openids[0], "towxname": "boss", **TEXT})
    assert control.chat(openids[0]) == []
    assert len(control.chat(openids[1])) == 1


def test_a_preview_for_nobody_is_refused(control, caller, openids):
    control.unfollow(APPID, openids[0])
    assert caller.post(f"{MASS}/preview", {"towxname": "nobody", **TEXT})["errcode"] == 40132
    assert caller.post(f"{MASS}/preview", {"touser": openids[0], **TEXT})["errcode"] == 43004
    assert caller.post(f"{MASS}/preview", {"touser": "oX", **TEXT})["errcode"] == 40003


def test_100_previews_by_wechat_id_a_day(control, caller, openids):
    control.account(APPID, wechat_names={"boss": openids[0]})
    codes = [caller.post(f"{MASS}/preview", {"towxname": "boss", **TEXT})["errcode"] for _ in range(101)]
    assert codes == [0] * 100 + [45009]


def test_the_state_is_one_word(control, caller, openids):
    control.settings(job_delay=60)
    msg_id = caller.sendall()["msg_id"]
    assert caller.post(f"{MASS}/get", {"msg_id": str(msg_id)}) == {"msg_id": msg_id, "msg_status": "SENDING"}
    control.advance(61)
    assert caller.post(f"{MASS}/get", {"msg_id": msg_id}) == {"msg_id": msg_id, "msg_status": "SEND_SUCCESS"}


def test_a_failed_job_says_so(control, caller, openids):
    control.outcome(status="send fail")
    msg_id = caller.sendall()["msg_id"]
    wait_for(lambda: control.job(msg_id)["status"])
    assert caller.post(f"{MASS}/get", {"msg_id": msg_id})["msg_status"] == "SEND_FAIL"


@pytest.mark.parametrize("body", [{"msg_id": 1}, {"msg_id": "x"}, {}])
def test_an_unknown_job_is_refused(caller, openids, body):
    assert caller.post(f"{MASS}/get", body)["errcode"] == 40059
    assert caller.post(f"{MASS}/delete", body)["errcode"] == 40059


def test_an_article_is_deleted(control, caller, openids):
    control.media(APPID, "draft", "mpnews")
    msg_id = caller.sendall(msgtype="mpnews", mpnews={"media_id": "draft"})["msg_id"]
    wait_for(lambda: control.job(msg_id)["status"])
    assert caller.post(f"{MASS}/delete", {"msg_id": msg_id, "article_idx": 9})["errcode"] == 40060
    assert caller.post(f"{MASS}/delete", {"url": f"http://mp.weixin.qq.com/s/{msg_id}"})["errcode"] == 0
    assert caller.post(f"{MASS}/get", {"msg_id": msg_id})["msg_status"] == "DELETE"


def test_a_text_is_not_deleted(control, caller, openids):
    msg_id = caller.sendall()["msg_id"]
    wait_for(lambda: control.job(msg_id)["status"])
    assert caller.post(f"{MASS}/delete", {"msg_id": msg_id})["errcode"] == 40065


def test_the_speed_has_five_classes(caller):
    assert caller.post(f"{MASS}/speed/get") == {"speed": 3, "realspeed": 30}
    assert caller.post(f"{MASS}/speed/set", {"speed": 0})["errcode"] == 0
    assert caller.post(f"{MASS}/speed/get")["realspeed"] == 80
    assert caller.post(f"{MASS}/speed/set", {"speed": 5})["errcode"] == 45083
    assert caller.post(f"{MASS}/speed/set", {})["errcode"] == 45084
