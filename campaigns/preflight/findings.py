"""One line of a pre-flight: what was looked at, what was found, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from wxcore.errors import OperatorError


class Level(StrEnum):
    """An error stops the send or spoils it, a warning is for a person to judge."""

    ERROR = "error"
    WARNING = "warning"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is a stable word for programs, `wechat_code` what WeChat would answer where that is known; `action` names
    the fix in `fixes` that a button can carry out, `url` is the page on which a person changes it.
    """

    level: Level
    code: str
    subject: str
    message: str
    fix: str = ""
    wechat_code: int | None = None
    action: str = ""
    url: str = ""


def of_error(
    error: OperatorError, subject: str, *, level: Level = Level.ERROR, action: str = "", url: str = ""
) -> Finding:
    """This will be the finding that tells of `error`."""
    code = getattr(error, "wechat_code", None) or getattr(error, "errcode", None)
    return Finding(level, error.code, subject, error.message, error.fix, code, action, url)


def passed(subject: str, code: str, message: str) -> Finding:
    """This will be the finding of a check that found nothing."""
    return Finding(Level.OK, code, subject, message)


def with_url(findings: Iterable[Finding], url: str) -> list[Finding]:
    """This will be the findings, those without an address of their own leading to `url`."""
    return [finding if finding.url or finding.level is Level.OK else replace(finding, url=url) for finding in findings]
