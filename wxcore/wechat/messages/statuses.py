"""How WeChat says that a job ended, and what that means."""

from __future__ import annotations

import re
from enum import StrEnum

from wxcore.errors import by_language

_STATUS_CODE = re.compile(r"err\(([0-9]{1,9})\)")


class Outcome(StrEnum):
    """How a job ended. REJECTED means that WeChat's review found the content suspect."""

    SUCCESS = "success"
    FAIL = "fail"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


def parse_status(status: str) -> tuple[Outcome, int | None]:
    """This will read the Status of a finished mass send: WeChat writes "send success" and "sendsuccess"."""
    compact = "".join(status.lower().split())
    if compact == "sendsuccess":
        return Outcome.SUCCESS, None
    if compact == "sendfail":
        return Outcome.FAIL, None
    if found := _STATUS_CODE.fullmatch(compact):
        code = int(found.group(1))
        return (Outcome.REJECTED if code in _SUSPECT else Outcome.FAIL), code
    return Outcome.UNKNOWN, None


def parse_template_status(status: str) -> Outcome:
    """This will read the Status of a template message: "success", "failed:user block", "failed: system failed"."""
    compact = "".join(status.lower().split())
    if compact == "success":
        return Outcome.SUCCESS
    return Outcome.FAIL if compact.startswith("failed") else Outcome.UNKNOWN


def status_meaning(code: int) -> str:
    """This will be what the number in "err(10001)" means, in the reader's language."""
    en, zh = (
        _SUSPECT.get(code) or _STOPPED.get(code) or (f"WeChat stopped it (err {code})", f"被微信中止（err {code}）")
    )
    return by_language(en=en, zh=zh)


# The content did not pass WeChat's review.
_SUSPECT = {
    10001: ("Rejected by review: suspected advertising", "审核未通过：涉嫌广告"),
    20001: ("Rejected by review: suspected political content", "审核未通过：涉嫌政治"),
    20002: ("Rejected by review: suspected pornography", "审核未通过：涉嫌色情"),
    20004: ("Rejected by review: suspected social issue", "审核未通过：涉嫌社会"),
    20006: ("Rejected by review: suspected crime", "审核未通过：涉嫌违法犯罪"),
    20008: ("Rejected by review: suspected fraud", "审核未通过：涉嫌欺诈"),
    20013: ("Rejected by review: suspected copyright violation", "审核未通过：涉嫌版权"),
    21000: ("Rejected by review: other reasons", "审核未通过：涉嫌其他"),
    22000: ("Rejected by review: suspected mutual promotion", "审核未通过：涉嫌互推"),
}
# Stopped for another reason: the originality check, or the administrator.
_STOPPED = {
    30001: ("The originality check failed on WeChat's side; it can be sent again", "原创校验系统错误，可以重新发送"),
    30002: ("The originality check forbids sending: reprint not allowed", "原创校验判定不允许转载，已停止群发"),
    30003: (
        "The originality check found a reprint, and sending reprints was not chosen",
        "原创校验判定为转载，且未选择继续群发",
    ),
    40001: ("The administrator refused", "管理员拒绝了本次群发"),
    40002: ("The administrator did not answer within 30 minutes", "管理员 30 分钟内未确认，本次群发已失效"),
}
