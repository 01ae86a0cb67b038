"""What became of the jobs that we gave WeChat: mass sends, publications, template messages.

https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wxcore.wechat.messages.containers import Container, as_number
from wxcore.wechat.messages.push import Kind, Push
from wxcore.wechat.messages.statuses import Outcome, parse_status, parse_template_status

MAX_ARTICLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleResult:
    """What became of one article, `number` from 1: its address, "" without one, and its originality check.

    None where WeChat is silent. `audit_state`: 0 not checked, 1 checking, 11 passed, any other failed. `original_type`:
    1 original, 2 old article, 3 news, 4 blacklisted. `declared` is what we said: 0 nothing, 1 original, 2 reprint.
    """

    number: int
    url: str = ""
    audit_state: int | None = None
    declared: int | None = None
    original_url: str = ""
    original_type: int | None = None
    can_reprint: bool | None = None
    content_replaced: bool | None = None
    source_shown: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSendJobFinish(Push):
    """MASSSENDJOBFINISH. `msg_id` is that of the send. Each count is None when WeChat leaves it out.

    `filter_count` is what was *left* after filtering, not what was filtered out. `status` is WeChat's text as sent,
    `code` the number in "err(10001)". `articles` are those of which something is said, in their order; a text has been
    seen with one. `copyright_state`: 1 not a reprint, 2 a reprint that may be sent, 3 a reprint that must not.
    """

    msg_id: int
    status: str
    outcome: Outcome
    code: int | None
    total_count: int | None
    filter_count: int | None
    sent_count: int | None
    error_count: int | None
    articles: tuple[ArticleResult, ...]
    copyright_state: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishJobFinish(Push):
    """PUBLISHJOBFINISH. `publish_id` is that of the submission, `status` as in `publishing.PublishResult`.

    `urls` are in the order of the articles and, like `article_id`, there at status 0 only; `failed` are the numbers of
    the articles, from 1, that did not pass.
    """

    publish_id: str
    status: int
    article_id: str
    urls: tuple[str, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSendJobFinish(Push):
    """TEMPLATESENDJOBFINISH. `from_user` is who the message was for, `status` WeChat's text as sent."""

    msg_id: int
    status: str
    outcome: Outcome


def _mass_send_result(root: Container) -> dict[str, Any]:
    status = root.text("Status")
    outcome, code = parse_status(status)
    overall = root.child("CopyrightCheckResult")
    return {
        "msg_id": root.required_number("MsgID"),
        "status": status,
        "outcome": outcome,
        "code": code,
        "total_count": root.number("TotalCount"),
        "filter_count": root.number("FilterCount"),
        "sent_count": root.number("SentCount"),
        "error_count": root.number("ErrorCount"),
        "articles": _articles(root),
        "copyright_state": overall.number("CheckState") if overall else None,
    }


def _articles(root: Container) -> tuple[ArticleResult, ...]:
    """Two lists of the push, each of which may be short or absent, as one."""
    checks = _by_number(root.find("CopyrightCheckResult", "ResultList", "item"))
    links = _by_number(root.find("ArticleUrlResult", "ResultList", "item"))
    return tuple(_article(number, links.get(number), checks.get(number)) for number in sorted({*checks, *links}))


def _by_number(items: list[Container]) -> dict[int, Container]:
    return {item.number("ArticleIdx") or place: item for place, item in enumerate(items[:MAX_ARTICLES], 1)}


def _article(number: int, link: Container | None, check: Container | None) -> ArticleResult:
    url = link.text("ArticleUrl") if link else ""
    if check is None:
        return ArticleResult(number=number, url=url)
    return ArticleResult(
        number=number,
        url=url,
        audit_state=check.number("AuditState"),
        declared=check.number("UserDeclareState"),
        original_url=check.text("OriginalArticleUrl"),
        original_type=check.number("OriginalArticleType"),
        can_reprint=_flag(check, "CanReprint"),
        content_replaced=_flag(check, "NeedReplaceContent"),
        source_shown=_flag(check, "NeedShowReprintSource"),
    )


def _flag(container: Container, name: str) -> bool | None:
    number = container.number(name)
    return None if number is None else number == 1


def _publish_result(root: Container) -> dict[str, Any]:
    info = root.child("PublishEventInfo") or root
    articles = info.find("article_detail", "item")
    articles.sort(key=lambda item: item.number("idx") or 0)
    return {
        "publish_id": info.required_text("publish_id"),
        "status": info.required_number("publish_status"),
        "article_id": info.text("article_id"),
        "urls": tuple(url for item in articles if (url := item.text("article_url"))),
        "failed": tuple(number for item in info.children("fail_idx") if (number := as_number(item.value))),
    }


def _template_result(root: Container) -> dict[str, Any]:
    status = root.text("Status")
    return {"msg_id": root.required_number("MsgID"), "status": status, "outcome": parse_template_status(status)}


PUBLISHED = Kind("PUBLISHJOBFINISH", PublishJobFinish, _publish_result)
JOB_EVENTS = (
    Kind("MASSSENDJOBFINISH", MassSendJobFinish, _mass_send_result),
    PUBLISHED,
    Kind("FREEPUBLISHJOBFINISH", PublishJobFinish, _publish_result),
    Kind("TEMPLATESENDJOBFINISH", TemplateSendJobFinish, _template_result),
)
