"""What we answer a push with: the first rule that fits, and the reply that it makes.

This is the hot path. The active rules of an account are read in one statement and remembered, compiled, for a few
seconds; between two readings a push costs no statement at all.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from callbacks import matching
from callbacks.models import ReplyKind, ReplyRule, Trigger
from campaigns.models import RemoteMedia, Target
from campaigns.uploading import MARGIN, THUMB
from wxcore.models import OfficialAccount
from wxcore.wechat import messages, replies

logger = logging.getLogger(__name__)

# A changed rule counts after this many seconds in every process.
REMEMBER_SECONDS = 5.0
# Cards that WeChat shows: more than these, and the follower sees none.
CARDS_ON_MESSAGE, CARDS_ON_EVENT = 1, 8

Reply = (
    replies.TextReply
    | replies.ImageReply
    | replies.VoiceReply
    | replies.VideoReply
    | replies.MusicReply
    | replies.NewsReply
    | replies.TransferReply
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a follower did, as rules see it. `word` is the text, the scene or the menu key; "" where there is none."""

    trigger: Trigger
    word: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule answers. Without a `reply` its file must be uploaded first: it follows as a customer-service message.

    `later` holds what that message says: the arguments of `conversations.queue`, `asset` by its primary key.
    """

    rule_id: int
    kind: str
    reply: Reply | None
    later: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """This will be what a callback keeps of it: {"rule", "kind"} and the reply's fields, or {"later": ...}."""
        fields = {"later": self.later} if self.reply is None else asdict(self.reply)
        return {"rule": self.rule_id, "kind": self.kind, **fields}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the database, ready to be compared. `broken` says why it can never answer: its words are no pattern."""

    row: ReplyRule
    matcher: matching.Matcher
    broken: matching.BadPattern | None = None

    def is_for(self, deed: Deed, clock: dt.time) -> bool:
        """This will tell whether it answers the deed at that time of day."""
        return self.row.trigger == deed.trigger and self.is_awake(clock) and self.matcher.fits(deed.word)

    def is_awake(self, clock: dt.time) -> bool:
        """This will tell whether `clock` lies in its active hours."""
        return matching.is_active(clock, self.row.from_time, self.row.until_time)


@dataclass(frozen=True, slots=True)
class Rules:
    """The active rules of an account in their order, and the zone in which their hours count."""

    zone: ZoneInfo
    rules: tuple[Rule, ...]
    # By trigger: fits whatever one of its rules fits.
    gates: Mapping[str, matching.Matcher]

    def concerned(self, found: tuple[Deed, ...]) -> tuple[Deed, ...]:
        """This will be the deeds that some rule fits, at whatever hour: most texts are no keyword of any rule."""
        return tuple(deed for deed in found if deed.trigger in self.gates and self.gates[deed.trigger].fits(deed.word))


_remembered: dict[int, tuple[float, Rules]] = {}
_lock = Lock()


def choose(account_id: int, push: messages.Push, at: dt.datetime) -> Answer | None:
    """This will be the answer to a push that came `at`, or None if no rule fits."""
    found = deeds(push)
    if not found:
        return None
    rules = _rules(account_id)
    rule = first(rules.rules, rules.concerned(found), at.astimezone(rules.zone).time())
    return None if rule is None else answer(rule.row, is_event=push.msg_type == "event", at=at)


def forget_rules() -> None:
    """This will make changed rules count at once in this process."""
    with _lock:
        _remembered.clear()


def deeds(push: messages.Push) -> tuple[Deed, ...]:
    """This will be what a push is to rules, the more particular first: an unanswered scene is still a new follower,
    and an unanswered text "anything else"."""
    match push:
        case messages.Subscribe(scene=scene) if scene:
            return Deed(Trigger.SCENE, scene), Deed(Trigger.SUBSCRIBE)
        case messages.Subscribe():
            return (Deed(Trigger.SUBSCRIBE),)
        case messages.Scan(scene=scene):
            return (Deed(Trigger.SCENE, scene),)
        case messages.MenuClick(key=key):
            return (Deed(Trigger.MENU, key),)
        case messages.MenuScan(event="scancode_waitmsg", key=key):
            return (Deed(Trigger.MENU, key),)
        case messages.TextMessage(content=content):
            return Deed(Trigger.KEYWORD, content), Deed(Trigger.DEFAULT)
    return (Deed(Trigger.DEFAULT),) if push.msg_type != "event" else ()


def first(rules: tuple[Rule, ...], found: tuple[Deed, ...], clock: dt.time) -> Rule | None:
    """This will be the rule that answers: the first in order that fits the most particular deed."""
    return next((rule for deed in found for rule in rules if rule.is_for(deed, clock)), None)


def read(account: OfficialAccount, *, inactive: bool = False) -> Rules:
    """This will be the rules of an account as they are now, the inactive ones too if wanted."""
    return _read(account.pk, inactive=inactive)


def compiled(row: ReplyRule) -> Rule:
    """This will be a rule ready to be compared. One whose words are no pattern fits nothing."""
    try:
        return Rule(row, _matcher(row))
    except matching.BadPattern as error:
        logger.warning("Reply rule %s: %s", row.pk, error.message)
        return Rule(row, matching.Matcher(), error)


def answer(row: ReplyRule, *, is_event: bool, at: dt.datetime) -> Answer:
    """This will be what a rule answers to a message or an event. `row` is one that `read` has brought."""
    match ReplyKind(row.kind):
        case ReplyKind.TEXT:
            reply: Reply | None = replies.TextReply(content=row.text)
        case ReplyKind.TRANSFER:
            reply = replies.TransferReply(kf_account=row.kf_account)
        case ReplyKind.NEWS:
            reply = replies.NewsReply(articles=_cards(row, CARDS_ON_EVENT if is_event else CARDS_ON_MESSAGE))
        case _:
            known = media_id(row, at)
            reply = _with_file(row, known) if known else None
    return Answer(row.pk, row.kind, reply, later(row) if reply is None else None)


def later(row: ReplyRule) -> dict[str, Any]:
    """This will be the customer-service message that says the same as a rule whose file is not at WeChat yet."""
    content: dict[str, str] = {}
    if row.kind in (ReplyKind.VIDEO, ReplyKind.MUSIC):
        content = {"title": row.title, "description": row.description}
    if row.kind == ReplyKind.MUSIC:
        content |= {"musicurl": row.music_url, "hqmusicurl": row.hq_music_url or row.music_url}
    return {"kind": row.kind, "content": content, "asset": row.asset_id}


def _rules(account_id: int) -> Rules:
    remembered = _remembered.get(account_id)
    if remembered and remembered[0] > time.monotonic():
        return remembered[1]
    rules = _read(account_id)
    with _lock:
        _remembered[account_id] = (time.monotonic() + REMEMBER_SECONDS, rules)
    return rules


def _read(account_id: int, *, inactive: bool = False) -> Rules:
    rows = ReplyRule.objects.filter(account=account_id)
    if not inactive:
        rows = rows.filter(is_active=True)
    found = list(with_media(rows).select_related("account").order_by("position", "pk"))
    zone = found[0].account.zone if found else ZoneInfo("UTC")
    rules = tuple(compiled(row) for row in found)
    return Rules(zone, rules, _gates(rules))


def _gates(rules: tuple[Rule, ...]) -> dict[str, matching.Matcher]:
    by_trigger = defaultdict(list)
    for rule in rules:
        by_trigger[rule.row.trigger].append(rule.matcher)
    return {trigger: matching.union(matchers) for trigger, matchers in by_trigger.items()}


def with_media(rows: Any) -> Any:
    """With the ids under which WeChat has the files: `permanent_id`, `temporary_id` and when that expires."""
    known = RemoteMedia.objects.filter(asset=OuterRef("asset")).exclude(media_id="").order_by()
    permanent = known.filter(target=Target.PERMANENT)
    temporary = known.filter(target=Target.TEMPORARY)
    plain, thumb = temporary.filter(variant=""), temporary.filter(variant=THUMB)
    return rows.annotate(
        permanent_id=Subquery(permanent.values("media_id")[:1]),
        temporary_id=Subquery(plain.values("media_id")[:1]),
        temporary_until=Subquery(plain.values("expires_at")[:1]),
        thumb_id=Subquery(thumb.values("media_id")[:1]),
        thumb_until=Subquery(thumb.values("expires_at")[:1]),
    )


def media_id(row: Any, at: dt.datetime) -> str:
    """This will be the id of a rule's file at WeChat, "" if it has none that is good for hours after `at`. `row` is
    one that `with_media` has brought."""
    if row.kind == ReplyKind.MUSIC:
        known, until = row.thumb_id, row.thumb_until
    elif row.permanent_id:
        return str(row.permanent_id)
    else:
        known, until = row.temporary_id, row.temporary_until
    return str(known) if known and (until is None or until > at + MARGIN) else ""


def _with_file(row: ReplyRule, media_id: str) -> Reply:
    match ReplyKind(row.kind):
        case ReplyKind.IMAGE:
            return replies.ImageReply(media_id=media_id)
        case ReplyKind.VOICE:
            return replies.VoiceReply(media_id=media_id)
        case ReplyKind.VIDEO:
            return replies.VideoReply(media_id=media_id, title=row.title, description=row.description)
    return replies.MusicReply(
        title=row.title,
        description=row.description,
        music_url=row.music_url,
        hq_music_url=row.hq_music_url or row.music_url,
        thumb_media_id=media_id,
    )


def _cards(row: ReplyRule, most: int) -> tuple[replies.Article, ...]:
    return tuple(
        replies.Article(
            title=card.get("title", ""),
            description=card.get("description", ""),
            pic_url=card.get("picture", ""),
            url=card.get("url", ""),
        )
        for card in row.articles[:most]
    )


def _matcher(row: ReplyRule) -> matching.Matcher:
    match Trigger(row.trigger):
        case Trigger.KEYWORD:
            return matching.of_text(row.match, row.words)
        case Trigger.SCENE:
            return matching.of_keys(row.words, takes_all=True)
        case Trigger.MENU:
            return matching.of_keys(row.words)
    return matching.anything()


def in_order(rules: tuple[Rule, ...], found: tuple[Deed, ...]) -> Iterator[tuple[Deed, Rule]]:
    """This will yield the rules of the deeds' triggers in the order in which they are asked."""
    for deed in found:
        for rule in rules:
            if rule.row.trigger == deed.trigger:
                yield deed, rule
