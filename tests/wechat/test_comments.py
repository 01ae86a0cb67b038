"""Comments under articles."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID, SECRET
from wxcore.wechat.broadcasts import ArticleMessage, ToAll
from wxcore.wechat.client import WeChat
from wxcore.wechat.comments import CommentKind
from wxcore.wechat.errors import ApiError


@pytest.fixture
def article(simulated: WeChat, control: Control) -> int:
    """The msg_data_id of an article that was sent and may be commented on."""
    draft = control.draft(APPID, {"title": "春季上新", "need_open_comment": 1})
    submission = simulated.broadcasts.sendall(ToAll(), ArticleMessage(draft), clientmsgid="c1")
    control.delivered(submission.msg_id)
    assert submission.msg_data_id
    return submission.msg_data_id


def test_they_are_listed(simulated: WeChat, control: Control, openids: list[str], article: int) -> None:
    number = control.comment(openids[0], article, "好看 👍")
    page = simulated.comments.list(article)
    (comment,) = page.comments
    assert (page.total, comment.user_comment_id, comment.openid, comment.content) == (1, number, openids[0], "好看 👍")
    assert (comment.elected, comment.reply) == (False, None)
    assert comment.create_time > 1_600_000_000


def test_an_elected_one_is_listed_as_such(
    simulated: WeChat, control: Control, openids: list[str], article: int
) -> None:
    one, _ = (control.comment(openid, article, "好") for openid in openids[:2])
    simulated.comments.mark_elect(article, one)
    elected = simulated.comments.list(article, kind=CommentKind.ELECTED)
    assert [(comment.user_comment_id, comment.elected) for comment in elected.comments] == [(one, True)]
    simulated.comments.unmark_elect(article, one)
    assert simulated.comments.list(article, kind=CommentKind.ELECTED).total == 0


def test_one_is_answered_once(simulated: WeChat, control: Control, openids: list[str], article: int) -> None:
    number = control.comment(openids[0], article, "什么时候上新？")
    simulated.comments.reply(article, number, "下周一")
    reply = simulated.comments.list(article).comments[0].reply
    assert reply is not None
    assert reply.content == "下周一"
    with pytest.raises(ApiError) as caught:
        simulated.comments.reply(article, number, "再说一次")
    assert caught.value.errcode == 88005
    simulated.comments.delete_reply(article, number)
    assert simulated.comments.list(article).comments[0].reply is None


def test_one_is_deleted(simulated: WeChat, control: Control, openids: list[str], article: int) -> None:
    simulated.comments.delete(article, control.comment(openids[0], article, "广告"))
    assert simulated.comments.list(article).comments == ()


def test_commenting_is_closed_and_opened(simulated: WeChat, control: Control, openids: list[str], article: int) -> None:
    simulated.comments.close(article)
    with pytest.raises(AssertionError, match="not open"):
        control.comment(openids[0], article, "好")
    simulated.comments.open(article)
    control.comment(openids[0], article, "好")


def test_an_account_without_the_right_is_told_so(simulated: WeChat, control: Control, article: int) -> None:
    control.account(APPID, secret=SECRET, kind="service", verified=True, may_comment=False)
    with pytest.raises(ApiError) as caught:
        simulated.comments.list(article)
    assert caught.value.errcode == 88000
