"""An errcode becomes an error that says what happened and what to do, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from wxcore.errors import OperatorError, Retry
from wxcore.wechat import errors
from wxcore.wechat.errors import api_error, explain

SENDALL = "/cgi-bin/message/mass/sendall"


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (40001, errors.TokenRejected),
        (40014, errors.TokenRejected),
        (42001, errors.TokenRejected),
        (40164, errors.IPNotAllowed),
        (45035, errors.IPNotAllowed),
        (61004, errors.IPNotAllowed),
        (40013, errors.BadCredentials),
        (40125, errors.BadCredentials),
        (40243, errors.BadCredentials),
        (48001, errors.NotAuthorized),
        (45009, errors.QuotaUsedUp),
        (45028, errors.QuotaUsedUp),
        (45011, errors.TooFast),
        (42010, errors.TooFast),
        (-1, errors.Busy),
        (9500001, errors.Busy),
        (9500002, errors.Busy),
        (268488001, errors.Busy),
        (45065, errors.AlreadySubmitted),
        (45066, errors.StillSubmitting),
        (40152, errors.UnknownTag),
        (45159, errors.UnknownTag),
        (40003, errors.InvalidOpenid),
        (40007, errors.InvalidMediaId),
        (40005, errors.WrongMediaFile),
        (40009, errors.WrongMediaFile),
        (45007, errors.WrongMediaFile),
        (89501, errors.WaitingForAdmin),
        (89505, errors.WaitingForAdmin),
        (61503, errors.StatisticsNotReady),
        (61500, errors.InvalidDate),
        (61501, errors.InvalidDate),
        (45015, errors.WindowClosed),
        (45047, errors.WindowUsedUp),
        (48002, errors.MessagesRefused),
        (45080, errors.NotTyping),
        (45058, errors.ApiError),
        (12345, errors.ApiError),
    ],
)
def test_the_errcode_chooses_the_class(errcode: int, kind: type[errors.ApiError]) -> None:
    assert type(api_error(SENDALL, errcode, {})) is kind


def test_the_same_code_on_the_token_call_means_wrong_credentials() -> None:
    error = api_error("/cgi-bin/token", 40001, {}, token_call=True)
    assert isinstance(error, errors.BadCredentials)
    assert error.retry is Retry.NEVER


def test_it_keeps_what_wechat_said() -> None:
    data = {"errcode": 48001, "errmsg": "api unauthorized rid: 62922e5a-050daf94-1dcd13f6", "x": 1}
    error = api_error(SENDALL, 48001, data)
    assert (error.call, error.errcode, error.data["x"]) == (SENDALL, 48001, 1)
    assert error.errmsg.startswith("api unauthorized")
    assert error.rid == "62922e5a-050daf94-1dcd13f6"


def test_an_old_answer_has_no_rid() -> None:
    assert api_error("/x", 45166, {"errmsg": "invalid content hint: [bzsJ30451p445]"}).rid == ""


@pytest.mark.parametrize(
    ("errmsg", "ip"),
    [
        ("invalid ip 47.63.30.93 ipv6 ::ffff:47.63.30.93, not in whitelist rid: 6698ef60-27d10c40-1", "47.63.30.93"),
        ("invalid ip 2408:4002:1234::1, not in whitelist", "2408:4002:1234::1"),
        ("access clientip is not registered", ""),
    ],
)
def test_the_address_to_allow_is_named(errmsg: str, ip: str) -> None:
    error = api_error("/cgi-bin/stable_token", 40164, {"errmsg": errmsg})
    assert error.ip == ip
    assert ip in str(error.fix)


@pytest.mark.parametrize(("given", "expected"), [(34182, 34182), ("34182", 34182), (None, None), ("x", None)])
def test_the_job_of_an_earlier_attempt_is_known(given: object, expected: int | None) -> None:
    assert api_error(SENDALL, 45065, {"errmsg": "clientmsgid exist", "msg_id": given}).msg_id == expected


def test_the_texts_follow_the_readers_language_and_not_the_raisers() -> None:
    with translation.override("en"):
        error = api_error(SENDALL, 45028, {})
    with translation.override("zh-hans"):
        assert "群发次数已用完" in str(error)
        assert "微信对 /cgi-bin/message/mass/sendall 返回 45028" in str(error)
    with translation.override("en"):
        assert "quota" in str(error)
        assert "WeChat answered 45028 to /cgi-bin/message/mass/sendall" in str(error)


def test_an_unknown_code_says_that_it_is_unknown() -> None:
    with translation.override("en"):
        assert "does not know" in explain(123456).meaning
        assert "return-code page" in explain(123456).fix


@pytest.mark.parametrize(
    ("error", "maybe"),
    [
        (errors.ConnectionFailed("/x", "TLS"), False),
        (errors.NoAnswer("/x", "read timeout"), True),
        (errors.BadAnswer("/x", "HTTP 500"), True),
        (errors.InvalidRequest("/x", "no"), False),
        (api_error("/x", -1, {}), True),
        (api_error("/x", 268488001, {}), True),
        (api_error("/x", 45065, {}), True),
        (api_error("/x", 45066, {}), True),
        (api_error("/x", 89504, {}), True),
        (api_error("/x", 40001, {}), False),
        (api_error("/x", 45028, {}), False),
        (api_error("/x", 12345, {}), False),
    ],
)
def test_it_says_whether_the_call_may_have_been_carried_out(error: errors.WeChatError, maybe: bool) -> None:
    assert error.maybe_carried_out is maybe


def test_every_explanation_is_complete_in_both_languages() -> None:
    rows = errors.explanations()
    assert len(rows) >= 335
    for row in rows.values():
        assert all([row.meaning_en, row.meaning_zh, row.fix_en, row.fix_zh])


def test_every_error_has_its_own_word_for_programs() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, OperatorError)]
    assert len({kind.code for kind in kinds}) == len(kinds)
