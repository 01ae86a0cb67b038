"""What a call of WeChat's API can end in, and what each answer means to a person.

    wxcore.errors.OperatorError
    └── WeChatError                 `call` is the path; `maybe_carried_out` says whether it may have worked all the same
        ├── InvalidRequest          we refused it ourselves: nothing left this machine
        ├── TransportError
        │   ├── ConnectionFailed    surely never reached WeChat: name, port, certificate, connect timeout
        │   ├── NoAnswer            sent, then silence: may have been carried out
        │   └── BadAnswer           an answer that is not WeChat's: may have been carried out
        └── ApiError                WeChat answered with an errcode
            ├── TokenRejected       the access token is old or foreign; nothing was done
            ├── IPNotAllowed        our address is not in the whitelist; `ip` is the address
            ├── BadCredentials      AppID or AppSecret
            ├── NotAuthorized       the account has no right to this call
            ├── QuotaUsedUp         calls or mass sends of the day or month
            ├── TooFast             calls of the minute
            ├── Busy                WeChat's own failure: may have been carried out
            ├── AlreadySubmitted    an earlier attempt with this clientmsgid was accepted; `msg_id` is its job
            ├── StillSubmitting     an earlier attempt with this clientmsgid is under way
            ├── WaitingForAdmin     held until the account's administrator confirms on the phone
            ├── UnknownTag
            ├── InvalidOpenid
            ├── InvalidMediaId
            ├── WrongMediaFile
            ├── NoMenu                  nothing was made through the API
            ├── UnknownMenu             no conditional menu has this id
            ├── StatisticsNotReady  the figures of that day are not counted yet
            ├── InvalidDate         no date, one in the future, or a span that is too long
            ├── WindowClosed        the follower did nothing lately, or has left
            ├── WindowUsedUp        the messages that their last deed allowed are sent
            ├── MessagesRefused     the follower switched our messages off
            └── NotTyping           the sign that somebody is writing cannot be shown now

No error ever holds a URL: the query of every call carries the access token.
https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from wxcore.errors import OperatorError, Retry, by_language

_RID = re.compile(r"\brid:\s*([0-9a-f]+-[0-9a-f]+-[0-9a-f]+)", re.IGNORECASE)
_IP = re.compile(r"\bip\s+(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row of WeChat's return-code page: the usual `errmsg`, whether a retry helps, both texts in both languages."""

    code: int
    errmsg: str
    retry: Retry
    meaning_en: str
    meaning_zh: str
    fix_en: str
    fix_zh: str

    @property
    def meaning(self) -> str:
        return by_language(en=self.meaning_en, zh=self.meaning_zh)

    @property
    def fix(self) -> str:
        return by_language(en=self.fix_en, zh=self.fix_zh)


def explain(errcode: int) -> Explanation:
    """This will be what `errcode` means; a code that we do not know gets a text that says so."""
    return explanations().get(errcode) or Explanation(
        code=errcode,
        errmsg="",
        retry=Retry.NEVER,
        meaning_en="WeChat refused the request with a return code that this version does not know.",
        meaning_zh="微信返回了本版本尚未收录的错误码。",
        fix_en="Look the code up on WeChat's return-code page, or ask WeChat's support with the rid.",
        fix_zh="请在微信的返回码说明页查询该错误码，或凭 rid 联系微信客服。",
    )


@cache
def explanations() -> Mapping[int, Explanation]:
    """This will be every return code that we can explain, by its number; read once, when the first is asked for."""
    rows = json.loads(resources.files(__package__).joinpath("errors.json").read_text("utf-8"))
    return {
        row["code"]: Explanation(
            code=row["code"],
            errmsg=row["errmsg"],
            retry=Retry(row["retry"]),
            meaning_en=row["meaning"]["en"],
            meaning_zh=row["meaning"]["zh"],
            fix_en=row["fix"]["en"],
            fix_zh=row["fix"]["zh"],
        )
        for row in rows
    }


class WeChatError(OperatorError):
    """A call of WeChat's API that did not succeed. `call` is its path, without host and query."""

    code = "wechat_error"
    maybe_carried_out: bool = False

    def __init__(self, call: str, message: str, fix: str = "") -> None:
        super().__init__(message, fix)
        self.call = call


class InvalidRequest(WeChatError):
    """We refused to make the call, because WeChat would refuse it or understand it wrongly. Nothing was sent."""

    code = "wechat_invalid_request"


class TransportError(WeChatError):
    """There is no answer of WeChat's to read. `reason` is a short technical word for the log."""

    code = "wechat_transport"
    retry = Retry.BACKOFF
    texts: Mapping[Literal["en", "zh", "fix_en", "fix_zh"], str]

    def __init__(self, call: str, reason: str) -> None:
        texts = self.texts
        super().__init__(
            call,
            by_language(en=f"{texts['en']} {call} ({reason}).", zh=f"{texts['zh']} {call}（{reason}）。"),
            by_language(en=texts["fix_en"], zh=texts["fix_zh"]),
        )
        self.reason = reason


class ConnectionFailed(TransportError):
    """The connection was never made, so WeChat has not seen the request."""

    code = "wechat_connection_failed"
    texts = {
        "en": "WeChat could not be reached for",
        "zh": "无法连接微信服务器，未能调用",
        "fix_en": "Nothing was sent. Check this machine's network, DNS and clock, then try again.",
        "fix_zh": "请求没有发出。请检查本机的网络、DNS 和系统时间，然后重试。",
    }


class NoAnswer(TransportError):
    """The request left, and no complete answer came back."""

    code = "wechat_no_answer"
    maybe_carried_out = True
    texts = {
        "en": "WeChat did not answer",
        "zh": "微信没有回应",
        "fix_en": "It may have been carried out all the same: check before you repeat it.",
        "fix_zh": "请求可能已经执行：重试之前请先核对结果。",
    }


class BadAnswer(TransportError):
    """Something answered that is not WeChat's API, or not as documented: a proxy's page, an HTTP error, a cut body."""

    code = "wechat_bad_answer"
    maybe_carried_out = True
    texts = {
        "en": "An answer that is not WeChat's came back for",
        "zh": "收到了无法识别的应答，调用",
        "fix_en": "It may have been carried out all the same. Check for a proxy or firewall between here and WeChat.",
        "fix_zh": "请求可能已经执行。请检查本机与微信之间是否有代理或防火墙。",
    }


class ApiError(WeChatError):
    """WeChat's answer with an `errcode` other than 0.

    `errmsg` is WeChat's text as sent, `rid` its request number ("" when absent; see `diagnostics.request_info`),
    `data` the whole body, `meaning` and `fix` our explanation in the reader's language.
    """

    code = "wechat_api"

    def __init__(self, call: str, errcode: int, data: Mapping[str, Any]) -> None:
        explanation = explain(errcode)
        self.errcode = errcode
        self.data = data
        self.errmsg = str(data.get("errmsg", ""))
        rid = _RID.search(self.errmsg)
        self.rid = rid.group(1) if rid else ""
        self.meaning = explanation.meaning
        self.retry = explanation.retry
        super().__init__(
            call,
            by_language(
                en=f"WeChat answered {errcode} to {call}: {explanation.meaning_en}",
                zh=f"微信对 {call} 返回 {errcode}：{explanation.meaning_zh}",
            ),
            explanation.fix,
        )


class TokenRejected(ApiError):
    """The access token is not accepted, so nothing was done: repeating with a new token is safe for every call."""

    code = "wechat_token_rejected"


class IPNotAllowed(ApiError):
    """WeChat does not know the address we come from. `ip` is that address, "" when WeChat does not name it."""

    code = "wechat_ip_not_allowed"

    def __init__(self, call: str, errcode: int, data: Mapping[str, Any]) -> None:
        super().__init__(call, errcode, data)
        found = _IP.search(self.errmsg)
        self.ip = found.group(1) if found else ""
        if self.ip:
            explanation = explain(errcode)
            self.fix = by_language(
                en=f"The address of this server is {self.ip}. {explanation.fix_en}",
                zh=f"本服务器的 IP 为 {self.ip}。{explanation.fix_zh}",
            )


class BadCredentials(ApiError):
    """The AppID or the AppSecret is wrong, frozen or missing."""

    code = "wechat_bad_credentials"

    def __init__(self, call: str, errcode: int, data: Mapping[str, Any]) -> None:
        super().__init__(call, errcode, data)
        self.retry = Retry.NEVER  # 40001 means "take a new token" everywhere but where tokens come from


class NotAuthorized(ApiError):
    """The account may not make this call: not verified, of another kind, or punished."""

    code = "wechat_not_authorized"


class QuotaUsedUp(ApiError):
    """No call, or no mass send, is left for the day or the month."""

    code = "wechat_quota_used_up"


class TooFast(ApiError):
    """Too many calls in this minute. Nothing was done."""

    code = "wechat_too_fast"


class Busy(ApiError):
    """WeChat's own failure. The request may have been carried out all the same."""

    code = "wechat_busy"
    maybe_carried_out = True


class AlreadySubmitted(ApiError):
    """A mass send with this clientmsgid was accepted before. `msg_id` is that job, None when WeChat does not say."""

    code = "wechat_already_submitted"
    maybe_carried_out = True

    def __init__(self, call: str, errcode: int, data: Mapping[str, Any]) -> None:
        super().__init__(call, errcode, data)
        msg_id = str(data.get("msg_id", ""))
        self.msg_id = int(msg_id) if msg_id.isascii() and msg_id.isdigit() else None


class StillSubmitting(ApiError):
    """The first attempt with this clientmsgid is still being handled: ask again in a minute, with the same one."""

    code = "wechat_still_submitting"
    maybe_carried_out = True


class WaitingForAdmin(ApiError):
    """Held until the administrator confirms. A mass send goes out when they do, so it must not be sent again."""

    code = "wechat_waiting_for_admin"
    maybe_carried_out = True


class UnknownTag(ApiError):
    """The tag does not exist in this account."""

    code = "wechat_unknown_tag"


class InvalidOpenid(ApiError):
    """The openid is malformed or belongs to another account."""

    code = "wechat_invalid_openid"


class InvalidMediaId(ApiError):
    """The media_id is unknown, expired, used up or of the wrong kind."""

    code = "wechat_invalid_media_id"


class WrongMediaFile(ApiError):
    """WeChat does not take this file: its kind, its format, its size or its length. Uploading it again is in vain."""

    code = "wechat_wrong_media_file"


class NoMenu(ApiError):
    """The account has no menu that was made through the API."""

    code = "wechat_no_menu"


class UnknownMenu(ApiError):
    """No conditional menu has this id."""

    code = "wechat_unknown_menu"


class StatisticsNotReady(ApiError):
    """WeChat has not counted that day yet. Ask again after 08:00 in Beijing."""

    code = "wechat_statistics_not_ready"


class InvalidDate(ApiError):
    """The date is malformed, lies in the future, or the span is too long."""

    code = "wechat_invalid_date"


class WindowClosed(ApiError):
    """The follower did nothing lately that lets us write to them, or does not follow any more."""

    code = "wechat_window_closed"


class WindowUsedUp(ApiError):
    """All customer-service messages that the follower's last deed allowed are sent."""

    code = "wechat_window_used_up"


class MessagesRefused(ApiError):
    """The follower switched the account's messages off. Only they can switch them on again."""

    code = "wechat_messages_refused"


class NotTyping(ApiError):
    """The sign that somebody is writing is wrong, already shown, or more than 30 s after the last message."""

    code = "wechat_not_typing"


_CLASSES: dict[type[ApiError], tuple[int, ...]] = {
    TokenRejected: (40001, 40014, 42001),
    IPNotAllowed: (40164, 45035, 61004),
    BadCredentials: (40002, 40013, 40125, 40243, 41002, 41004, 50004, 50007),
    NotAuthorized: (48001, 48003, 48004, 48008, 61003, 61007),
    QuotaUsedUp: (45009, 45028),
    TooFast: (42010, 45011),
    Busy: (-1, 9500001, 9500002, 268487001, 268487002, 268488001),
    AlreadySubmitted: (45065,),
    StillSubmitting: (45066,),
    WaitingForAdmin: (89501, 89502, 89503, 89504, 89505),
    UnknownTag: (40050, 40152, 45159),
    InvalidOpenid: (40003, 49003),
    InvalidMediaId: (40007,),
    WrongMediaFile: (40004, 40005, 40006, 40009, 40010, 40011, 40012, 44001, 45001, 45007),
    NoMenu: (46003,),
    UnknownMenu: (65301,),
    StatisticsNotReady: (61503,),
    InvalidDate: (61500, 61501),
    WindowClosed: (45015,),
    WindowUsedUp: (45047,),
    MessagesRefused: (48002,),
    NotTyping: (45072, 45080, 45081),
}
_CLASS_OF = {errcode: kind for kind, errcodes in _CLASSES.items() for errcode in errcodes}


def api_error(call: str, errcode: int, data: Mapping[str, Any], *, token_call: bool = False) -> ApiError:
    """This will be the error of that errcode. `token_call` says that the call was the one that fetches tokens."""
    kind = _CLASS_OF.get(errcode, ApiError)
    if token_call and kind is TokenRejected:
        kind = BadCredentials
    return kind(call, errcode, data)
