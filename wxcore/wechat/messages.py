"""What WeChat pushes to our callback: XML in, dataclasses out. Pure functions.

    Push                   any message or event
    ├── MassSendJobFinish  what became of a mass send
    ├── PublishJobFinish   what became of a publication
    ├── Subscribe
    └── Unsubscribe

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from wxcore.errors import by_language

MAX_KEY = 200
MAX_TIME = 253_402_300_799  # the last second of the year 9999, where datetime ends
MAX_ID = 2**63 - 1
MAX_ARTICLES = 8

_SCENE_PREFIX = "qrscene_"
_STATUS_CODE = re.compile(r"err\(([0-9]{1,9})\)")


class MalformedPush(ValueError):
    """The body is no push of WeChat's: broken XML, a DTD, no sender, no time, or a text where a number belongs."""


class Outcome(StrEnum):
    """How a mass send ended. REJECTED means that WeChat's review found the content suspect."""

    SUCCESS = "success"
    FAIL = "fail"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class Container:
    """An XML element whose children are found by name, whatever the case: WeChat writes MsgId, MsgID and msg_id."""

    __slots__ = ("_by_name", "element")

    def __init__(self, element: Element) -> None:
        self.element = element
        self._by_name: dict[str, list[Element]] = {}
        for item in element:
            self._by_name.setdefault(item.tag.lower(), []).append(item)

    def text(self, name: str) -> str:
        """This will be the text of the first child of that name, "" when it is empty or absent."""
        found = self._by_name.get(name.lower())
        return (found[0].text or "").strip() if found else ""

    def own_text(self) -> str:
        """This will be the text inside of it, "" when there is none."""
        return (self.element.text or "").strip()

    def child(self, name: str) -> Container | None:
        """This will be the first child of that name."""
        found = self._by_name.get(name.lower())
        return Container(found[0]) if found else None

    def children(self, name: str) -> list[Container]:
        """This will be all children of that name, in order."""
        return [Container(item) for item in self._by_name.get(name.lower(), ())]

    def find(self, *names: str) -> list[Container]:
        """This will be the elements at the end of that path, empty when a step is absent."""
        found = [self]
        for name in names:
            found = [child for parent in found for child in parent.children(name)]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push. `create_time` is in epoch seconds; `msg_type` and `event` are in lower case, `event` "" for a message.

    `msg_id` is the id of a message or the job of an event, None for all other events. `fields` holds the text of every
    top-level element under its name as sent; `body` finds nested ones.
    """

    to_user: str
    from_user: str
    create_time: int
    msg_type: str
    event: str
    msg_id: int | None
    fields: Mapping[str, str]
    body: Container = field(repr=False, compare=False)


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
class Subscribe(Push):
    """Somebody follows. `scene` and `ticket` name the QR code that they came by, "" for another way."""

    scene: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe(Push):
    """Somebody no longer follows; their personal data must go."""


def parse(body: bytes) -> Push:
    """This will read a push of the plain mode, or what safe mode decrypts to. Raises MalformedPush."""
    root = _root(body)
    from_user = root.text("FromUserName")
    if not from_user:
        raise MalformedPush("no FromUserName")
    common: dict[str, Any] = {
        "to_user": root.text("ToUserName"),
        "from_user": from_user,
        "create_time": _required_number(root, "CreateTime", most=MAX_TIME),
        "msg_type": root.text("MsgType").lower(),
        "event": root.text("Event").lower(),
        "msg_id": _number(root, "MsgId"),
        "fields": {item.tag: (item.text or "").strip() for item in root.element},
        "body": root,
    }
    match common["event"]:
        case "publishjobfinish" | "freepublishjobfinish":
            return PublishJobFinish(**common, **_publish_result(root))
        case "masssendjobfinish" if root.child("PublishEventInfo"):  # WeChat has been seen to name it so
            return PublishJobFinish(**common, **_publish_result(root))
        case "masssendjobfinish":
            return MassSendJobFinish(**(common | _mass_send_result(root)))
        case "subscribe":
            scene = root.text("EventKey").removeprefix(_SCENE_PREFIX)
            return Subscribe(**common, scene=scene, ticket=root.text("Ticket"))
        case "unsubscribe":
            return Unsubscribe(**common)
    return Push(**common)


def encrypted_part(body: bytes) -> str:
    """This will be the ciphertext of a push in safe or compatible mode. Raises MalformedPush when there is none."""
    ciphertext = _root(body).text("Encrypt")
    if not ciphertext:
        raise MalformedPush("no Encrypt")
    return ciphertext


def dedup_key(push: Push) -> str:
    """This will be the same for each delivery of one push, and shorter than 200 characters.

    A message has its MsgId. An event has none, so sender, second, event, key and job stand for it together.
    """
    if push.msg_type != "event" and push.msg_id is not None:
        key = f"message|{push.msg_id}"
    else:
        # The key of the event comes last, because it alone may hold any character.
        parts = (push.from_user, str(push.create_time), push.event, _job_id(push), push.body.text("EventKey"))
        key = "event|" + "|".join(parts)
    return key if len(key) < MAX_KEY else "sha256|" + hashlib.sha256(key.encode()).hexdigest()


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


def _mass_send_result(root: Container) -> dict[str, Any]:
    status = root.text("Status")
    outcome, code = parse_status(status)
    overall = root.child("CopyrightCheckResult")
    return {
        "msg_id": _required_number(root, "MsgID", most=MAX_ID),
        "status": status,
        "outcome": outcome,
        "code": code,
        "total_count": _number(root, "TotalCount"),
        "filter_count": _number(root, "FilterCount"),
        "sent_count": _number(root, "SentCount"),
        "error_count": _number(root, "ErrorCount"),
        "articles": _articles(root),
        "copyright_state": _number(overall, "CheckState") if overall else None,
    }


def _articles(root: Container) -> tuple[ArticleResult, ...]:
    """Two lists of the push, each of which may be short or absent, as one."""
    checks = _by_number(root.find("CopyrightCheckResult", "ResultList", "item"))
    links = _by_number(root.find("ArticleUrlResult", "ResultList", "item"))
    return tuple(_article(number, links.get(number), checks.get(number)) for number in sorted({*checks, *links}))


def _by_number(items: list[Container]) -> dict[int, Container]:
    return {_number(item, "ArticleIdx") or place: item for place, item in enumerate(items[:MAX_ARTICLES], 1)}


def _article(number: int, link: Container | None, check: Container | None) -> ArticleResult:
    url = link.text("ArticleUrl") if link else ""
    if check is None:
        return ArticleResult(number=number, url=url)
    return ArticleResult(
        number=number,
        url=url,
        audit_state=_number(check, "AuditState"),
        declared=_number(check, "UserDeclareState"),
        original_url=check.text("OriginalArticleUrl"),
        original_type=_number(check, "OriginalArticleType"),
        can_reprint=_flag(check, "CanReprint"),
        content_replaced=_flag(check, "NeedReplaceContent"),
        source_shown=_flag(check, "NeedShowReprintSource"),
    )


def _flag(container: Container, name: str) -> bool | None:
    number = _number(container, name)
    return None if number is None else number == 1


def _publish_result(root: Container) -> dict[str, Any]:
    info = root.child("PublishEventInfo") or root
    publish_id = info.text("publish_id")
    if not publish_id:
        raise MalformedPush("no publish_id")
    articles = info.find("article_detail", "item")
    articles.sort(key=lambda item: _number(item, "idx") or 0)
    return {
        "publish_id": publish_id,
        "status": _required_number(info, "publish_status", most=MAX_ID),
        "article_id": info.text("article_id"),
        "urls": tuple(url for item in articles if (url := item.text("article_url"))),
        "failed": tuple(number for item in info.children("fail_idx") if (number := _as_number(item.own_text()))),
    }


def _root(body: bytes) -> Container:
    """A DTD is where entity bombs and file reads come from, and WeChat never sends one."""
    try:
        return Container(fromstring(body, forbid_dtd=True))
    except (ParseError, ValueError, LookupError) as error:  # LookupError: an unknown encoding
        raise MalformedPush(type(error).__name__) from None


def _number(container: Container, name: str) -> int | None:
    """Absent, empty and nonsense are all None: a finish event is not lost for the sake of one count."""
    return _as_number(container.text(name))


def _as_number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return number if number is None or number <= MAX_ID else None


def _required_number(container: Container, name: str, *, most: int) -> int:
    number = _number(container, name)
    if number is None or number > most:
        raise MalformedPush(f"{name} is not a number")
    return number


def _job_id(push: Push) -> str:
    if push.msg_id is not None:
        return str(push.msg_id)
    published = push.body.find("PublishEventInfo", "publish_id")
    return published[0].own_text() if published else ""
