"""What a reply rule lacks, and what WeChat would not take of it: checked before it is saved, through every door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from callbacks import matching, replying
from callbacks.models import Match, ReplyKind, ReplyRule, Trigger
from campaigns import content
from campaigns.models import MediaKind
from wxcore.errors import OperatorError

# Bytes of UTF-8 that WeChat takes of a text reply.
TEXT_BYTES = 2048
# Lines of words, and how long one may be: the hot path compares a push with all of them.
MOST_WORDS = 50
LONGEST_WORD = 100
KEY_BYTES = 128
SCENE_CHARS = 64
CARDS = replying.CARDS_ON_EVENT
CARD_TITLE, CARD_DESCRIPTION, URL_CHARS = 64, 200, 1024
ASSET_KIND = {
    ReplyKind.IMAGE: MediaKind.IMAGE,
    ReplyKind.VOICE: MediaKind.VOICE,
    ReplyKind.VIDEO: MediaKind.VIDEO,
    ReplyKind.MUSIC: MediaKind.IMAGE,
}
WITH_WORDS = (Trigger.KEYWORD, Trigger.SCENE, Trigger.MENU)


class WordsMissing(OperatorError):
    code = "words_missing"
    message = _("The rule names no word, so it would never answer.")
    fix = _("Write at least one keyword or menu key, one a line.")


class TooManyWords(OperatorError):
    code = "too_many_words"
    message = _("The rule has %(number)d lines; at most %(limit)d are compared.")
    fix = _("Split it into several rules, or use a regular expression.")


class WordTooLong(OperatorError):
    code = "word_too_long"
    message = _("“%(word)s…” is longer than anything that can arrive.")
    fix = _("Keywords have at most 100 characters, scenes 64 characters, menu keys 128 bytes.")


class HoursIncomplete(OperatorError):
    code = "hours_incomplete"
    message = _("The active hours have a beginning or an end only.")
    fix = _("Enter both times, or none: then the rule is always active.")


class HoursEmpty(OperatorError):
    code = "hours_empty"
    message = _("The active hours begin and end at the same time.")
    fix = _("Enter two different times, or none: then the rule is always active.")


class ReplyTextMissing(OperatorError):
    code = "reply_text_missing"
    message = _("The answer has no text.")
    fix = _("Write what the follower should read.")


class ReplyTextTooLong(OperatorError):
    code = "reply_text_too_long"
    message = _("The text has %(length)d bytes; WeChat takes at most %(limit)d, about 680 Chinese characters.")
    fix = _("Shorten the text.")


class ReplyFileMissing(OperatorError):
    code = "reply_file_missing"
    message = _("No file is chosen.")
    fix = _("Choose a file from the media library.")


class MusicMissing(OperatorError):
    code = "music_missing"
    message = _("The music lacks its title or its address.")
    fix = _("WeChat plays music from an address of yours and shows the title beside the cover: enter both.")


class CardsMissing(OperatorError):
    code = "cards_missing"
    message = _("There is no article card.")
    fix = _("Add one: a title, a picture and the address that it opens.")


class TooManyCards(OperatorError):
    code = "too_many_cards"
    message = _("There are %(number)d article cards; WeChat shows at most %(limit)d.")
    fix = _("Remove some.")


class CardIncomplete(OperatorError):
    code = "card_incomplete"
    message = _("Card %(number)d has no title or no address.")
    fix = _("A card needs a title and a web address (http:// or https://) that it opens.")


class CardTooLong(OperatorError):
    code = "card_too_long"
    message = _("A text of card %(number)d is too long.")
    fix = _("A title has at most 64 characters, a description 200, an address 1,024.")


class NotAnAddress(OperatorError):
    code = "not_an_address"
    message = _("“%(text)s” is no web address.")
    fix = _("Write the whole address, beginning with https:// or http://.")


def problems(rule: ReplyRule) -> Iterator[OperatorError]:
    """This will yield what stands in the way of saving the rule, each with its field."""
    yield from _words(rule)
    yield from _hours(rule)
    yield from _ANSWERS[ReplyKind(rule.kind)](rule)


def check(rule: ReplyRule) -> None:
    """This will raise the first problem of the rule, if it has any."""
    for problem in problems(rule):
        raise problem


def tidy(rule: ReplyRule) -> None:
    """This will bring the rule into its normal form: nothing of another trigger or kind stays, above all no file."""
    kind = ReplyKind(rule.kind)
    rule.name = rule.name.strip()
    rule.text = rule.text.replace("\r\n", "\n").strip() if kind == ReplyKind.TEXT else ""
    rule.words = "\n".join(matching.lines(rule.words)) if rule.trigger in WITH_WORDS else ""
    rule.match = rule.match if rule.trigger == Trigger.KEYWORD else Match.EQUALS
    if kind not in ASSET_KIND:
        rule.asset = None
    if kind not in (ReplyKind.VIDEO, ReplyKind.MUSIC):
        rule.title = rule.description = ""
    if kind != ReplyKind.MUSIC:
        rule.music_url = rule.hq_music_url = ""
    rule.articles = tidy_cards(rule.articles) if kind == ReplyKind.NEWS else []
    rule.kf_account = rule.kf_account.strip() if kind == ReplyKind.TRANSFER else ""
    rule.name = rule.name or _named(rule)


def tidy_cards(cards: object) -> list[dict[str, str]]:
    """This will be article cards with the fields that they have, and no others."""
    return [_card(card) for card in cards] if isinstance(cards, list) else []


def is_address(text: str) -> bool:
    """This will tell whether WeChat could open it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)


def _named(rule: ReplyRule) -> str:
    first = next(iter(matching.lines(rule.words)), "")
    return (first or str(rule.get_trigger_display()))[:100]


def _card(card: object) -> dict[str, str]:
    given = card if isinstance(card, dict) else {}
    return {name: _storable(str(given.get(name) or "")) for name in ("title", "description", "picture", "url")}


def _storable(text: str) -> str:
    """JSON can spell what no database keeps: NUL, and halves of a character."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode().strip()


def _words(rule: ReplyRule) -> Iterator[OperatorError]:
    if rule.trigger not in WITH_WORDS:
        return
    words = matching.lines(rule.words)
    if rule.trigger == Trigger.KEYWORD and rule.match != Match.REGEX:
        words = [word for word in words if matching.normal(word)]
    if not words and rule.trigger != Trigger.SCENE:
        yield WordsMissing(fields={"words": "missing"})
    if len(words) > MOST_WORDS:
        yield TooManyWords(number=len(words), limit=MOST_WORDS, fields={"words": "too many"})
        return
    for word in words:
        if _is_too_long(rule, word):
            yield WordTooLong(word=word[:20], fields={"words": "too long"})
            return
    if rule.trigger == Trigger.KEYWORD:
        try:
            matching.of_text(rule.match, rule.words)
        except matching.BadPattern as error:
            yield error


def _is_too_long(rule: ReplyRule, word: str) -> bool:
    match Trigger(rule.trigger):
        case Trigger.SCENE:
            return len(word) > SCENE_CHARS
        case Trigger.MENU:
            return len(word.encode()) > KEY_BYTES
    # A pattern says itself how long it may be.
    return rule.match != Match.REGEX and len(word) > LONGEST_WORD


def _hours(rule: ReplyRule) -> Iterator[OperatorError]:
    if (rule.from_time is None) != (rule.until_time is None):
        field = "from_time" if rule.from_time is None else "until_time"
        yield HoursIncomplete(fields={field: "missing"})
    elif isinstance(rule.from_time, dt.time) and rule.from_time == rule.until_time:
        yield HoursEmpty(fields={"until_time": "equal"})


def _text(rule: ReplyRule) -> Iterator[OperatorError]:
    length = len(rule.text.replace("\r\n", "\n").strip().encode("utf-8", "replace"))
    if not length:
        yield ReplyTextMissing(fields={"text": "missing"})
    elif length > TEXT_BYTES:
        yield ReplyTextTooLong(length=length, limit=TEXT_BYTES, fields={"text": "too long"})


def _file(rule: ReplyRule) -> Iterator[OperatorError]:
    if rule.asset is None:
        yield ReplyFileMissing(fields={"asset": "missing"})
        return
    for problem in content.unfit([rule.asset], ASSET_KIND[ReplyKind(rule.kind)], rule.account):
        problem.fields = {"asset": problem.code}
        yield problem


def _music(rule: ReplyRule) -> Iterator[OperatorError]:
    for name in ("title", "music_url"):
        if not getattr(rule, name).strip():
            yield MusicMissing(fields={name: "missing"})
    for name in ("music_url", "hq_music_url"):
        address = getattr(rule, name)
        if address and not is_address(address):
            yield NotAnAddress(text=address[:60], fields={name: "no address"})
    yield from _file(rule)


def _news(rule: ReplyRule) -> Iterator[OperatorError]:
    cards = rule.articles if isinstance(rule.articles, list) else []
    if not cards:
        yield CardsMissing(fields={"articles": "missing"})
    if len(cards) > CARDS:
        yield TooManyCards(number=len(cards), limit=CARDS, fields={"articles": "too many"})
        return
    for number, card in enumerate(map(_card, cards), start=1):
        yield from _one_card(number, card)


def _one_card(number: int, card: dict[str, str]) -> Iterator[OperatorError]:
    place = f"articles[{number - 1}]"
    if not card["title"] or not card["url"]:
        yield CardIncomplete(number=number, fields={"articles": f"{place} incomplete"})
    for name in ("url", "picture"):
        if card[name] and not is_address(card[name]):
            yield NotAnAddress(text=card[name][:60], fields={"articles": f"{place}.{name}"})
    limits = {"title": CARD_TITLE, "description": CARD_DESCRIPTION, "url": URL_CHARS, "picture": URL_CHARS}
    if any(len(card[name]) > limit for name, limit in limits.items()):
        yield CardTooLong(number=number, fields={"articles": f"{place} too long"})


def _nothing(rule: ReplyRule) -> Iterator[OperatorError]:
    return iter(())


_ANSWERS: dict[ReplyKind, Callable[[ReplyRule], Iterator[OperatorError]]] = {
    ReplyKind.TEXT: _text,
    ReplyKind.IMAGE: _file,
    ReplyKind.VOICE: _file,
    ReplyKind.VIDEO: _file,
    ReplyKind.MUSIC: _music,
    ReplyKind.NEWS: _news,
    ReplyKind.TRANSFER: _nothing,
}
