"""Which errors the client meets with a repetition, and which it hands to the caller."""

from __future__ import annotations

import pytest

from tests.wechat.host import TOKEN, Host, Reply
from wxcore.wechat.broadcasts import TextMessage, ToAll
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import Busy, NoAnswer, TokenRejected, TooFast, api_error
from wxcore.wechat.transport import should_retry

SENDALL = "/cgi-bin/message/mass/sendall"
USER_GET = "/cgi-bin/user/get"
EMPTY = {"total": 0, "count": 0, "next_openid": ""}
SUBMITTED = {"errcode": 0, "msg_id": 1}
OLD_TOKEN = {"errcode": 42001, "errmsg": "access_token expired"}
BUSY = {"errcode": -1, "errmsg": "system error"}
TOO_FAST = {"errcode": 45011, "errmsg": "api minute-quota reach limit"}


@pytest.mark.parametrize(
    ("errcode", "attempt", "replayable", "expected"),
    [
        (40001, 1, False, True),
        (40014, 1, True, True),
        (42001, 2, True, False),
        (-1, 1, True, True),
        (-1, 2, True, True),
        (-1, 3, True, False),
        (-1, 1, False, False),
        (45011, 3, True, True),
        (45011, 4, True, False),
        (45011, 1, False, False),
        (45009, 1, True, False),
        (45065, 1, True, False),
        (45066, 1, True, False),
        (99999, 1, True, False),
    ],
)
def test_the_decision(errcode: int, attempt: int, replayable: bool, expected: bool) -> None:
    assert should_retry(api_error("/x", errcode, {}), attempt, replayable=replayable) is expected


def test_silence_is_never_met_with_a_repetition() -> None:
    assert should_retry(NoAnswer("/x", "read timeout"), 1, replayable=True) is False


def test_a_mass_send_is_repeated_once_with_a_new_token(host: Host, wechat: WeChat) -> None:
    host.will(SENDALL, OLD_TOKEN, SUBMITTED)
    assert wechat.broadcasts.sendall(ToAll(), TextMessage("hi"), clientmsgid="a").msg_id == 1
    assert [call.query["access_token"] for call in host.calls(SENDALL)] == [TOKEN + "1", TOKEN + "2"]


def test_a_second_rejection_in_a_row_is_the_callers(host: Host, wechat: WeChat) -> None:
    host.will(SENDALL, OLD_TOKEN, OLD_TOKEN)
    with pytest.raises(TokenRejected):
        wechat.broadcasts.sendall(ToAll(), TextMessage("hi"), clientmsgid="a")
    assert (len(host.calls(SENDALL)), host.tokens_given) == (2, 2)


@pytest.mark.parametrize(("answer", "error"), [(BUSY, Busy), (TOO_FAST, TooFast)])
def test_a_mass_send_is_not_repeated(
    host: Host, wechat: WeChat, naps: list[float], answer: dict[str, object], error: type[Exception]
) -> None:
    host.will(SENDALL, answer)
    with pytest.raises(error):
        wechat.broadcasts.sendall(ToAll(), TextMessage("hi"), clientmsgid="a")
    assert (len(host.calls(SENDALL)), naps) == (1, [])


def test_a_question_is_asked_again_after_a_hiccup(host: Host, wechat: WeChat, naps: list[float]) -> None:
    host.will(USER_GET, BUSY, BUSY, EMPTY)
    assert wechat.users.list_openids().total == 0
    assert naps == [pytest.approx(1, rel=0.2), pytest.approx(5, rel=0.2)]


def test_a_question_asked_too_fast_waits_into_the_next_minute(host: Host, wechat: WeChat, naps: list[float]) -> None:
    host.will(USER_GET, *[Reply.of(TOO_FAST)] * 4)
    with pytest.raises(TooFast):
        wechat.users.list_openids()
    assert len(naps) == 3
    assert sum(naps) > 60


def test_an_expired_token_does_not_use_up_the_patience_with_hiccups(host: Host, wechat: WeChat) -> None:
    host.will(USER_GET, BUSY, OLD_TOKEN, BUSY, EMPTY)
    assert wechat.users.list_openids().total == 0
