"""Comments (留言) under articles, named by the `msg_data_id` of the send or publication and the article's index from 0.

An account without the right to comments is answered 88000. All on one page:
https://developers.weixin.qq.com/doc/offiaccount/Comments_management/Image_Comments_Management_Interface.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from wxcore.wechat.answers import child, flag, integer, objects, required_integer, text
from wxcore.wechat.transport import Transport

MAX_PAGE = 49


class CommentKind(IntEnum):
    """Which comments to list."""

    ALL = 0
    NORMAL = 1
    ELECTED = 2


@dataclass(frozen=True, slots=True)
class CommentReply:
    """The account's answer to a comment. `create_time` is in epoch seconds."""

    content: str
    create_time: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What a follower wrote. `create_time` is in epoch seconds; an elected comment (精选) is shown to everybody."""

    user_comment_id: int
    openid: str
    create_time: int
    content: str
    elected: bool
    reply: CommentReply | None


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of comments, of which there are `total`."""

    total: int
    comments: tuple[Comment, ...]


class Comments:
    """The comments under the account's articles."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def open(self, msg_data_id: int, index: int = 0) -> None:
        """This will let people comment on a sent article. Raises ApiError 88000, 88001, 88002."""
        self._change("open", msg_data_id, index)

    def close(self, msg_data_id: int, index: int = 0) -> None:
        """This will end the commenting. Raises like `open`."""
        self._change("close", msg_data_id, index)

    def list(
        self,
        msg_data_id: int,
        index: int = 0,
        *,
        begin: int = 0,
        count: int = MAX_PAGE,
        kind: CommentKind = CommentKind.ALL,
    ) -> CommentPage:
        """This will be 1 to 49 comments from `begin` on. Raises like `open`, and ApiError 88010 for another count."""
        call = "/cgi-bin/comment/list"
        body = {"msg_data_id": msg_data_id, "index": index, "begin": begin, "count": count, "type": int(kind)}
        data = self._transport.post(call, body, replayable=True)
        comments = [_comment(item, call) for item in objects(data, "comment")]
        return CommentPage(integer(data.get("total"), default=len(comments)), tuple(comments))

    def mark_elect(self, msg_data_id: int, user_comment_id: int, index: int = 0) -> None:
        """This will show a comment to everybody. Raises ApiError 88003 (too many are), 88004, 88008."""
        self._change("markelect", msg_data_id, index, user_comment_id=user_comment_id)

    def unmark_elect(self, msg_data_id: int, user_comment_id: int, index: int = 0) -> None:
        """This will no longer show it. Raises ApiError 88004, 88008."""
        self._change("unmarkelect", msg_data_id, index, user_comment_id=user_comment_id)

    def delete(self, msg_data_id: int, user_comment_id: int, index: int = 0) -> None:
        """This will delete a comment for good. Raises ApiError 88004, 88008."""
        self._change("delete", msg_data_id, index, replayable=False, user_comment_id=user_comment_id)

    def reply(self, msg_data_id: int, user_comment_id: int, content: str, index: int = 0) -> None:
        """This will answer a comment, once. Raises ApiError 88005 (answered before), 88007 (too long or empty)."""
        self._change(
            "reply/add", msg_data_id, index, replayable=False, user_comment_id=user_comment_id, content=content
        )

    def delete_reply(self, msg_data_id: int, user_comment_id: int, index: int = 0) -> None:
        """This will delete the answer. Raises ApiError 88008, 88009."""
        self._change("reply/delete", msg_data_id, index, replayable=False, user_comment_id=user_comment_id)

    def _change(self, verb: str, msg_data_id: int, index: int, *, replayable: bool = True, **more: object) -> None:
        body = {"msg_data_id": msg_data_id, "index": index, **more}
        self._transport.post(f"/cgi-bin/comment/{verb}", body, replayable=replayable)


def _comment(data: Mapping[str, Any], call: str) -> Comment:
    reply = child(data, "reply")
    return Comment(
        user_comment_id=required_integer(data, "user_comment_id", call=call),
        openid=text(data, "openid"),
        create_time=integer(data.get("create_time"), default=0),
        content=text(data, "content"),
        elected=flag(data, "comment_type"),
        reply=CommentReply(text(reply, "content"), integer(reply.get("create_time"), default=0)) if reply else None,
    )
