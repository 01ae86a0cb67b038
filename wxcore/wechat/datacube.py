"""Article statistics (图文数据), a day at a time, and the growth of the account (用户数据).

WeChat has a current and an older set of calls. The current one begins on 2025-11-01 and counts people; the older one is
no longer maintained, counts people and times, and leaves out articles with fewer than three reads. An account may have
the right to one and not to the other. Yesterday's figures are ready after 08:00 in Beijing; what an answer does not
name is None here, never 0.

https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticleread.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wxcore.wechat.answers import child, objects, optional_integer, text
from wxcore.wechat.transport import Transport

MAX_ARTICLES = 100  # in one message; WeChat takes 8
MAX_COUNT = 2**31 - 1
MAX_GROWTH_DAYS = 7  # in one question
ALL_SOURCES = 99999999  # the user_source of the row that holds the sum


class Source(StrEnum):
    """Where readers came from; whatever WeChat adds is OTHER."""

    MESSAGES = "messages"
    CHATS = "chats"
    MOMENTS = "moments"
    PROFILE = "profile"
    RECOMMENDED = "recommended"
    SEARCH = "search"
    OTHER = "other"


SCENES = {
    "公众号消息": Source.MESSAGES,
    "聊天会话": Source.CHATS,
    "朋友圈": Source.MOMENTS,
    "公众号主页": Source.PROFILE,
    "推荐": Source.RECOMMENDED,
    "搜一搜": Source.SEARCH,
}
ALL_SCENES = "全部"
# user_source of the older set.
USER_SOURCES = {
    0: Source.MESSAGES,
    1: Source.CHATS,
    2: Source.MOMENTS,
    4: Source.PROFILE,
    6: Source.RECOMMENDED,
    7: Source.SEARCH,
}


@dataclass(frozen=True, slots=True)
class ArticleDay:
    """What happened to one article on one day.

    `msg_data_id` is that of the mass send, `index` counts its articles from 1. `*_users` and `readers` are people, the
    others times. `original_*` are visits of "read the original" (阅读原文).
    """

    msg_data_id: int
    index: int
    day: dt.date
    title: str = ""
    readers: int | None = None
    reads: int | None = None
    original_readers: int | None = None
    original_reads: int | None = None
    share_users: int | None = None
    shares: int | None = None
    favourite_users: int | None = None
    favourites: int | None = None
    sources: Mapping[Source, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleTotal:
    """One article from its first day to the end of `day`: sums over the days, so a person may be in them twice.

    `likes` is the thumb (拇指赞), `recommendations` the heart (爱心赞, formerly 在看). `finish_rate` is a share from 0
    to 1, `reading_minutes` an average.
    """

    msg_data_id: int
    index: int
    day: dt.date
    title: str = ""
    readers: int | None = None
    reads: int | None = None
    share_users: int | None = None
    shares: int | None = None
    favourite_users: int | None = None
    likes: int | None = None
    recommendations: int | None = None
    comments: int | None = None
    new_followers: int | None = None
    finish_rate: float | None = None
    reading_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class GrowthDay:
    """Who came and went on `day`, and how many followed at its end."""

    day: dt.date
    new: int
    left: int
    total: int


@dataclass(frozen=True, slots=True)
class Days:
    """The articles that something happened to on a day. `delayed` says that WeChat has not counted everything yet."""

    articles: tuple[ArticleDay, ...]
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """The articles of a day, each as often as days have been counted. `delayed` as in Days."""

    articles: tuple[ArticleTotal, ...]
    delayed: bool = False


class Datacube:
    """Statistics of the account. Every call raises StatisticsNotReady, InvalidDate and NotAuthorized."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def reads(self, day: dt.date) -> Days:
        """This will be who read which article on `day`."""
        data = self._ask("getarticleread", day)
        return Days(tuple(_read(*named) for named in _named(data, day)), data.get("is_delay") is True)

    # https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticleshare.html
    def shares(self, day: dt.date) -> Days:
        """This will be who shared which article on `day`."""
        data = self._ask("getarticleshare", day)
        return Days(tuple(_share(*named) for named in _named(data, day)), data.get("is_delay") is True)

    # https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticletotaldetail.html
    def totals(self, sent_on: dt.date) -> Totals:
        """This will be the articles that were sent or published on that day, over 30 days from then."""
        data = self._ask("getarticletotaldetail", sent_on)
        told = tuple(_total(article, row) for article, row in _counted(data, sent_on, "detail_list"))
        return Totals(told, data.get("is_delay") is True)

    # https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticlesummary.html
    def older_days(self, day: dt.date) -> Days:
        """This will be what happened to which article on `day`, by the older call."""
        rows: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
        for (msg_data_id, index, _day), row in _named(self._ask("getarticlesummary", day), day):
            rows.setdefault((msg_data_id, index), []).append(row)
        return Days(tuple(_summary((*article, day), told) for article, told in rows.items()))

    # https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticletotal.html
    def older_totals(self, sent_on: dt.date) -> Totals:
        """This will be the articles that were sent on that day, over 7 days from then, by the older call."""
        data = self._ask("getarticletotal", sent_on)
        return Totals(tuple(_older_total(article, row) for article, row in _counted(data, sent_on, "details")))

    # https://developers.weixin.qq.com/doc/service/api/wedata/user/api_getusersummary.html
    # https://developers.weixin.qq.com/doc/service/api/wedata/user/api_getusercumulate.html
    def growth(self, first: dt.date, last: dt.date) -> tuple[GrowthDay, ...]:
        """This will be the days from `first` to `last`, at most seven, of which WeChat tells how many followed.

        It tells who came and went once for each way of coming; of a day without either it tells nothing.
        """
        came: dict[dt.date, int] = {}
        went: dict[dt.date, int] = {}
        for row in objects(self._ask("getusersummary", first, last), "list"):
            day = _date(row, "ref_date")
            if day is not None:
                came[day] = came.get(day, 0) + (_number(row, "new_user") or 0)
                went[day] = went.get(day, 0) + (_number(row, "cancel_user") or 0)
        totals = {
            day: number
            for row in objects(self._ask("getusercumulate", first, last), "list")
            if (day := _date(row, "ref_date")) is not None and (number := _number(row, "cumulate_user")) is not None
        }
        return tuple(GrowthDay(day, came.get(day, 0), went.get(day, 0), totals[day]) for day in sorted(totals))

    def _ask(self, name: str, day: dt.date, last: dt.date | None = None) -> Mapping[str, Any]:
        body = {"begin_date": day.isoformat(), "end_date": (last or day).isoformat()}
        return self._transport.post(f"/datacube/{name}", body, replayable=True)


Key = tuple[int, int, dt.date]


def _named(data: Mapping[str, Any], day: dt.date) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """This will be the rows whose msgid, "<msg_data_id>_<index>", names an article; `day` where they name no date."""
    for row in objects(data, "list"):
        msg_data_id, _, index = str(row.get("msgid", "")).rpartition("_")
        message, article = optional_integer(msg_data_id), optional_integer(index)
        if message is not None and article is not None and 0 < article <= MAX_ARTICLES:
            yield (message, article, _date(row, "ref_date") or day), row


def _counted(
    data: Mapping[str, Any], sent_on: dt.date, details: str
) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """This will be every day that was counted of every article, without those that name no date."""
    for (msg_data_id, index, _day), row in _named(data, sent_on):
        for detail in objects(row, details):
            day = _date(detail, "stat_date")
            if day is not None:
                title = text(row, "title")
                yield {"msg_data_id": msg_data_id, "index": index, "day": day, "title": title}, detail


def _read(key: Key, row: Mapping[str, Any]) -> ArticleDay:
    detail = child(row, "detail")
    scenes = [(text(one, "scene_desc"), _number(one, "user_count")) for one in objects(detail, "read_user_source")]
    everybody = next((number for scene, number in scenes if scene == ALL_SCENES), None)
    readers = _number(detail, "read_user")
    return ArticleDay(
        *key,
        title=text(row, "title"),
        readers=everybody if readers is None else readers,
        sources=_summed((SCENES.get(scene, Source.OTHER), number) for scene, number in scenes if scene != ALL_SCENES),
    )


def _share(key: Key, row: Mapping[str, Any]) -> ArticleDay:
    return ArticleDay(*key, title=text(row, "title"), share_users=_number(child(row, "detail"), "share_user"))


def _summary(key: Key, rows: list[Mapping[str, Any]]) -> ArticleDay:
    """One row, or since 2020 one for each source and one for all."""
    by_source = {_number(row, "user_source"): row for row in rows}
    whole = by_source.pop(ALL_SOURCES, None) or rows[0]
    sources = ((USER_SOURCES.get(source or 0, Source.OTHER), row) for source, row in by_source.items())
    return ArticleDay(
        *key,
        title=text(whole, "title"),
        readers=_number(whole, "int_page_read_user"),
        reads=_number(whole, "int_page_read_count"),
        original_readers=_number(whole, "ori_page_read_user"),
        original_reads=_number(whole, "ori_page_read_count"),
        share_users=_number(whole, "share_user"),
        shares=_number(whole, "share_count"),
        favourite_users=_number(whole, "add_to_fav_user"),
        favourites=_number(whole, "add_to_fav_count"),
        # A single row has a user_source too, which means nothing.
        sources=_summed((source, _number(row, "int_page_read_user")) for source, row in sources if len(rows) > 1),
    )


def _total(article: dict[str, Any], row: Mapping[str, Any]) -> ArticleTotal:
    return ArticleTotal(
        **article,
        readers=_number(row, "read_user"),
        share_users=_number(row, "share_user"),
        favourite_users=_number(row, "collection_user"),
        likes=_number(row, "like_user"),
        recommendations=_number(row, "zaikan_user"),
        comments=_number(row, "comment_count"),
        new_followers=_number(row, "read_subscribe_user"),
        finish_rate=_fraction(row, "read_finish_rate"),
        reading_minutes=_fraction(row, "read_avg_activetime"),
    )


def _older_total(article: dict[str, Any], row: Mapping[str, Any]) -> ArticleTotal:
    return ArticleTotal(
        **article,
        readers=_number(row, "int_page_read_user"),
        reads=_number(row, "int_page_read_count"),
        share_users=_number(row, "share_user"),
        shares=_number(row, "share_count"),
        favourite_users=_number(row, "add_to_fav_user"),
    )


def _summed(parts: Iterator[tuple[Source, int | None]]) -> Mapping[Source, int]:
    sums: dict[Source, int] = {}
    for source, number in parts:
        if number is not None:
            sums[source] = sums.get(source, 0) + number
    return sums


def _number(row: Mapping[str, Any], key: str) -> int | None:
    """A count; None for what is absent or cannot be one."""
    number = optional_integer(row.get(key))
    return None if number is None or not 0 <= number <= MAX_COUNT else number


def _fraction(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def _date(row: Mapping[str, Any], key: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text(row, key))
    except ValueError:
        return None
