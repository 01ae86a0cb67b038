"""What an article consists of: its fields as they are kept, and what WeChat would object to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from campaigns import bodies, limits
from campaigns.models import Article, Draft
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

TEXTS = ("title", "author", "digest", "body", "source_url")
SWITCHES = ("need_open_comment", "only_fans_can_comment")
LABELS = {
    **{name: Article._meta.get_field(name).verbose_name for name in (*TEXTS, *SWITCHES)},
    "cover": Article._meta.get_field("cover").verbose_name,
}
BIGGEST_KEY = 2**63 - 1
# PostgreSQL stores neither a NUL nor half of a surrogate pair, and both come with JSON.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Contents(TypedDict):
    """The fields of one article, as a revision keeps them."""

    title: str
    author: str
    digest: str
    body: str  # cleaned HTML
    source_url: str
    cover: int | None  # primary key of a MediaAsset
    need_open_comment: bool
    only_fans_can_comment: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What WeChat would refuse: in which article (from 1), in which of its fields, and why."""

    number: int
    field: str
    error: OperatorError


class WrongArticles(OperatorError):
    code = "wrong_articles"
    message = _("What arrived is no list of articles.")
    fix = _("Reload the page and try again.")


class WrongNumber(OperatorError):
    code = "wrong_number_of_articles"
    message = _("A draft has 1 to %(most)d articles; this one has %(count)d.")
    fix = _("Remove articles, or make a second draft.")


class TooLongToKeep(OperatorError):
    code = "too_long_to_keep"
    message = _("Article %(number)d: “%(field)s” has %(length)d characters; at most %(most)d can be kept.")
    fix = _("Shorten it; WeChat takes even less.")


class FieldEmpty(OperatorError):
    code = "field_empty"
    message = _("Article %(number)d has no %(field)s.")
    fix = _("WeChat takes no article without it.")


class FieldTooLong(OperatorError):
    code = "field_too_long"
    message = _("Article %(number)d: “%(field)s” is %(length)d long; WeChat takes at most %(most)d.")
    fix = _("Shorten it.")


class WrongLink(OperatorError):
    code = "wrong_link"
    message = _("Article %(number)d: the link of “read the original” is no web address.")
    fix = _("It begins with https:// or http://; or leave it empty.")


def empty() -> Contents:
    """This will be an article that nobody has written anything into."""
    return Contents(
        title="",
        author="",
        digest="",
        body="",
        source_url="",
        cover=None,
        need_open_comment=False,
        only_fans_can_comment=False,
    )


def storable(text: str) -> str:
    """This will be a text from outside without what a database cannot keep and UTF-8 cannot say."""
    return UNSTORABLE.sub("", text)


def of(draft: Draft) -> list[Contents]:
    """This will be the articles of a draft as they are stored, in their order."""
    rows = draft.articles.order_by("position").values(*TEXTS, "cover", *SWITCHES)
    return [Contents(**row) for row in rows]


def normalised(raw: Any, *, clean_already: Collection[str] = ()) -> list[Contents]:
    """This will be what came from outside as articles that can be stored, their bodies cleaned.

    Of eight articles one is being written: cleaning the bodies that are `clean_already` would take most of the time.
    Missing fields are empty, unknown ones are dropped. Raises WrongArticles, WrongNumber, TooLongToKeep and what
    `bodies.clean` raises; each names the field at fault as "<index>.<field>".
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        raise WrongArticles(fields={"articles": "no list"})
    if not 1 <= len(raw) <= limits.ARTICLES:
        raise WrongNumber(most=limits.ARTICLES, count=len(raw), fields={"articles": "wrong number"})
    return [_normalised(index, one, clean_already) for index, one in enumerate(raw)]


def _normalised(index: int, raw: Any, clean_already: Collection[str]) -> Contents:
    if not isinstance(raw, Mapping):
        raise WrongArticles(fields={str(index): "no article"})
    kept = empty()
    for name in TEXTS:
        value = raw.get(name, "")
        if not isinstance(value, str):
            raise WrongArticles(fields={f"{index}.{name}": "no text"})
        if name != "body":
            kept[name] = _line(index, name, value)
        else:
            kept[name] = value if value in clean_already else _body(index, value)
    cover = raw.get("cover")
    if not (cover is None or (type(cover) is int and 0 < cover <= BIGGEST_KEY)):
        raise WrongArticles(fields={f"{index}.cover": "no number"})
    kept["cover"] = cover
    for name in SWITCHES:
        kept[name] = raw.get(name) is True
    return kept


def _line(index: int, name: str, value: str) -> str:
    value = " ".join(storable(value).splitlines())
    most = Article._meta.get_field(name).max_length or 0
    if len(value) > most:
        at_fault = {f"{index}.{name}": "too long"}
        raise TooLongToKeep(number=index + 1, field=LABELS[name], length=len(value), most=most, fields=at_fault)
    return value


def _body(index: int, value: str) -> str:
    try:
        return bodies.clean(storable(value))
    except OperatorError as error:
        error.fields = {f"{index}.body": error.code}
        raise


def problems(articles: Iterable[Contents], account: OfficialAccount) -> list[Problem]:
    """This will be everything that WeChat would refuse of this account, article by article."""
    most_author = limits.AUTHOR[account.media_limits]
    return [
        Problem(number, field, error)
        for number, article in enumerate(articles, 1)
        for field, error in _objections(number, article, most_author)
    ]


def _objections(number: int, article: Contents, most_author: int) -> Iterator[tuple[str, OperatorError]]:
    for name in ("title", "cover"):
        if not str(article[name] or "").strip():
            yield name, FieldEmpty(number=number, field=LABELS[name])
    lengths = [
        ("title", len(article["title"]), limits.TITLE),
        ("author", len(article["author"]), most_author),
        ("digest", len(article["digest"]), limits.DIGEST),
        ("source_url", len(article["source_url"].encode()), limits.SOURCE_URL_BYTES),
    ]
    for name, length, most in lengths:
        if length > most:
            yield name, FieldTooLong(number=number, field=LABELS[name], length=length, most=most)
    if article["source_url"] and not is_web_address(article["source_url"]):
        yield "source_url", WrongLink(number=number)
    for error in bodies.check(article["body"]):
        yield "body", error


def is_web_address(url: str) -> bool:
    """This will tell whether `url` is a complete http or https address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
