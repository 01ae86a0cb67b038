"""comment/*: open, list, elect, answer, delete."""

import pytest

from tests.simulator.conftest import APPID

COMMENT = "/cgi-bin/comment"


@pytest.fixture
def openid(control, account):
    control.followers(APPID, 2)
    return control.openids(APPID)[0]


@pytest.fixture
def article(caller, openid):
    media_id = caller.draft({"need_open_comment": 1}, {})
    return {"msg_data_id": caller.sendall(msgtype="mpnews", mpnews={"media_id": media_id})["msg_data_id"]}


def listed(caller, article, kind=0, begin=0, count=49):
    return caller.post(f"{COMMENT}/list", article | {"begin": begin, "count": count, "type": kind})


def test_a_comment_is_listed(control, caller, article, openid):
    comment_id = control.comment(openid, article["msg_data_id"], "好看")
    found = listed(caller, article)
    assert found["total"] == 1
    assert (found["comment"][0]["user_comment_id"], found["comment"][0]["content"]) == (comment_id, "好看")
    assert found["comment"][0]["openid"] == openid


def test_comments_are_closed_and_opened(control, caller, article, openid):
    caller.post(f"{COMMENT}/close", article)
    with pytest.raises(AssertionError, match="409"):
        control.comment(openid, article["msg_data_id"], "好看")
    second = article | {"index": 1}
    with pytest.raises(AssertionError, match="409"):
        control.comment(openid, article["msg_data_id"], "好看", index=1)
    assert caller.post(f"{COMMENT}/open", second)["errcode"] == 0
    control.comment(openid, article["msg_data_id"], "好看", index=1)
    assert listed(caller, second)["total"] == 1


def test_elected_comments_are_a_kind(control, caller, article, openid):
    ids = [control.comment(openid, article["msg_data_id"], text) for text in "ab"]
    assert caller.post(f"{COMMENT}/markelect", article | {"user_comment_id": ids[1]})["errcode"] == 0
    assert [comment["content"] for comment in listed(caller, article, 2)["comment"]] == ["b"]
    assert [comment["content"] for comment in listed(caller, article, 1)["comment"]] == ["a"]
    caller.post(f"{COMMENT}/unmarkelect", article | {"user_comment_id": ids[1]})
    assert listed(caller, article, 2)["total"] == 0


def test_100_are_elected(control, caller, article, openid):
    ids = [control.comment(openid, article["msg_data_id"], "a") for _ in range(101)]
    codes = [caller.post(f"{COMMENT}/markelect", article | {"user_comment_id": one})["errcode"] for one in ids]
    assert codes == [0] * 100 + [88003]


def test_a_comment_is_answered_once(control, caller, article, openid):
    one = article | {"user_comment_id": control.comment(openid, article["msg_data_id"], "a")}
    assert caller.post(f"{COMMENT}/reply/delete", one)["errcode"] == 88009
    assert caller.post(f"{COMMENT}/reply/add", one | {"content": ""})["errcode"] == 88007
    assert caller.post(f"{COMMENT}/reply/add", one | {"content": "谢谢"})["errcode"] == 0
    assert caller.post(f"{COMMENT}/reply/add", one | {"content": "谢谢"})["errcode"] == 88005
    assert listed(caller, article)["comment"][0]["reply"]["content"] == "谢谢"
    assert caller.post(f"{COMMENT}/reply/delete", one)["errcode"] == 0


def test_a_comment_is_deleted(control, caller, article, openid):
    one = article | {"user_comment_id": control.comment(openid, article["msg_data_id"], "a")}
    assert caller.post(f"{COMMENT}/delete", one)["errcode"] == 0
    assert caller.post(f"{COMMENT}/delete", one)["errcode"] == 88008


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"count": 50}, 88010),
        ({"count": 0}, 88010),
        ({"begin": -1, "count": 1}, 88010),
        ({"index": 2, "count": 1}, 88001),
        ({"msg_data_id": 1, "count": 1}, 88001),
    ],
)
def test_a_bad_question(caller, article, changed, code):
    assert caller.post(f"{COMMENT}/list", article | {"begin": 0, "type": 0} | changed)["errcode"] == code


def test_the_right_is_needed(control, caller, article):
    control.account(APPID, may_comment=False)
    assert listed(caller, article)["errcode"] == 88000
