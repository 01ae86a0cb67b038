"""Comments under articles that were sent or published (留言).

https://developers.weixin.qq.com/doc/service/api/comments/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.comments import Thread
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import OK, Call, integer, route

COMMENT = "/cgi-bin/comment"
NUMBER = (int, str)
PLACE = {"msg_data_id": NUMBER, "index": int}
ONE = {**PLACE, "user_comment_id": NUMBER}


@route("POST", f"{COMMENT}/open", PLACE)
def open_comments(call: Call) -> dict[str, Any]:
    """Followers may comment from now on."""
    _thread(call).open = True
    return OK


@route("POST", f"{COMMENT}/close", PLACE)
def close_comments(call: Call) -> dict[str, Any]:
    """Followers may no longer comment."""
    _thread(call).open = False
    return OK


@route("POST", f"{COMMENT}/list", {**PLACE, "begin": int, "count": int, "type": int})
def list_comments(call: Call) -> dict[str, Any]:
    """A page of comments."""
    begin, count, kind = (call.body.get(key, 0) for key in ("begin", "count", "type"))
    return OK | _thread(call).page(begin, count, kind)


@route("POST", f"{COMMENT}/markelect", ONE)
def mark_elected(call: Call) -> dict[str, Any]:
    """A comment that everybody sees."""
    _thread(call).elect(_id(call))
    return OK


@route("POST", f"{COMMENT}/unmarkelect", ONE)
def unmark_elected(call: Call) -> dict[str, Any]:
    """An ordinary comment again."""
    _thread(call).get(_id(call)).elected = False
    return OK


@route("POST", f"{COMMENT}/delete", ONE)
def delete(call: Call) -> dict[str, Any]:
    """A comment less."""
    thread = _thread(call)
    del thread.comments[thread.get(_id(call)).user_comment_id]
    return OK


@route("POST", f"{COMMENT}/reply/add", {**ONE, "content": str})
def reply(call: Call) -> dict[str, Any]:
    """The account's answer to a comment."""
    _thread(call).reply(_id(call), call.body.get("content", ""), call.now)
    return OK


@route("POST", f"{COMMENT}/reply/delete", ONE)
def delete_reply(call: Call) -> dict[str, Any]:
    """That answer is taken back."""
    _thread(call).unreply(_id(call))
    return OK


def _thread(call: Call) -> Thread:
    if not call.owner.options.may_comment:
        raise WeChatError(88000)
    msg_data_id = integer(call.body.get("msg_data_id"), 88001)
    thread = call.world.thread(call.owner, msg_data_id, call.body.get("index", 0))
    if thread is None:
        raise WeChatError(88001)
    return thread


def _id(call: Call) -> int:
    return integer(call.body.get("user_comment_id"), 88008)
