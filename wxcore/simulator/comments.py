"""Comments under articles (留言) of one account.

https://developers.weixin.qq.com/doc/service/api/comments/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wxcore.simulator.errors import WeChatError

MAX_ELECTED = 100
MAX_REPLY = 600
PAGE = 50  # `count` stays below it


@dataclass
class Comment:
    """One comment; `reply` is the account's answer with its time."""

    user_comment_id: int
    openid: str
    content: str
    created: float
    elected: bool = False
    reply: tuple[str, float] | None = None

    def told(self) -> dict[str, Any]:
        """This will be the comment as comment/list tells it."""
        answer = {"reply": {"content": self.reply[0], "create_time": int(self.reply[1])}} if self.reply else {}
        return {
            "user_comment_id": self.user_comment_id,
            "openid": self.openid,
            "create_time": int(self.created),
            "content": self.content,
            "comment_type": int(self.elected),
        } | answer


@dataclass
class Thread:
    """The comments under one article."""

    open: bool
    comments: dict[int, Comment] = field(default_factory=dict)
    last_id: int = 0

    def add(self, openid: str, content: str, now: float) -> Comment:
        """This will be a follower's new comment."""
        self.last_id += 1
        comment = Comment(self.last_id, openid, content, now)
        self.comments[comment.user_comment_id] = comment
        return comment

    def get(self, user_comment_id: int) -> Comment:
        """This will be a comment. Raises 88008."""
        comment = self.comments.get(user_comment_id)
        if comment is None:
            raise WeChatError(88008)
        return comment

    def elect(self, user_comment_id: int) -> None:
        """This will mark a comment as elected. Raises 88008, 88003."""
        comment = self.get(user_comment_id)
        if not comment.elected and sum(other.elected for other in self.comments.values()) >= MAX_ELECTED:
            raise WeChatError(88003)
        comment.elected = True

    def reply(self, user_comment_id: int, content: str, now: float) -> None:
        """This will answer a comment, once. Raises 88008, 88005, 88007."""
        comment = self.get(user_comment_id)
        if comment.reply:
            raise WeChatError(88005)
        if not 0 < len(content.strip()) <= MAX_REPLY:
            raise WeChatError(88007)
        comment.reply = (content, now)

    def unreply(self, user_comment_id: int) -> None:
        """This will take an answer back. Raises 88008, 88009."""
        comment = self.get(user_comment_id)
        if comment.reply is None:
            raise WeChatError(88009)
        comment.reply = None

    def page(self, begin: int, count: int, kind: int) -> dict[str, Any]:
        """This will be a page of comments: `kind` 0 all, 1 normal, 2 elected. Raises 88010."""
        if begin < 0 or not 0 < count < PAGE or kind not in (0, 1, 2):
            raise WeChatError(88010)
        chosen = [one for one in self.comments.values() if kind == 0 or one.elected == (kind == 2)]
        return {"total": len(chosen), "comment": [one.told() for one in chosen[begin : begin + count]]}
