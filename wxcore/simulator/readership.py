"""Who reads and shares what was sent: figures made of a delivery, the same ones whenever somebody asks.

An article is read by a part of those who got it, most of them on the first day, the first article by more than the
others. Nobody is remembered: each figure follows from the job, the article and the day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wxcore.simulator.clock import day_of
from wxcore.simulator.jobs import Job

FOLLOWED = 30  # days from the send, its day included
# The part of all reads that falls on each day; afterwards a trickle.
PACE = (0.52, 0.21, 0.10, 0.06, 0.04, 0.025, 0.015)
TRICKLE = 0.002
SOURCES = (
    (0, "公众号消息", 0.58),
    (1, "聊天会话", 0.11),
    (2, "朋友圈", 0.13),
    (4, "公众号主页", 0.05),
    (6, "推荐", 0.06),
    (7, "搜一搜", 0.02),
)
OTHER = (5, "其他")
ALL = (99999999, "全部")


@dataclass(frozen=True)
class Figures:
    """People, but for `reads`, `original_reads`, `shares`, `favourites` and `comments`."""

    readers: int = 0
    reads: int = 0
    original_readers: int = 0
    original_reads: int = 0
    share_users: int = 0
    shares: int = 0
    favourite_users: int = 0
    favourites: int = 0
    likes: int = 0
    recommendations: int = 0
    comments: int = 0
    new_followers: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(mine + its for mine, its in zip(_values(self), _values(other), strict=True)))

    def sources(self) -> list[tuple[int, str, int]]:
        """This will be where the readers came from: WeChat's number, its words, how many; everybody first."""
        parts = [(number, words, round(self.readers * part)) for number, words, part in SOURCES]
        left = max(0, self.readers - sum(count for *_, count in parts))
        return [(*ALL, self.readers), *parts, (*OTHER, left)]


@dataclass(frozen=True)
class Page:
    """One article of a job, counted from 1."""

    job: Job
    index: int

    @property
    def msgid(self) -> str:
        """WeChat's name of it."""
        return f"{self.job.msg_data_id}_{self.index}"

    @property
    def title(self) -> str:
        """Its title."""
        return self.job.content.articles[self.index - 1].title

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.job.origin}/s/{self.job.msg_id}_{self.index}"

    def on(self, day: date) -> Figures:
        """This will be what happened to it on a day."""
        age = (day - sent_on(self.job)).days
        if not 0 <= age < FOLLOWED:
            return Figures()
        got = self.job.sent or 0
        chance = _Chance(f"{self.job.msg_data_id}_{self.index} {age}")
        appeal = _Chance(self.msgid).between(0.14, 0.24) * (1.0 if self.index == 1 else 0.45 / self.index)
        readers = round(got * appeal * (PACE[age] if age < len(PACE) else TRICKLE) * chance.between(0.85, 1.15))
        original = round(readers * 0.12) if self.job.content.articles[self.index - 1].content_source_url else 0
        sharing = round(readers * chance.between(0.03, 0.07))
        liking = round(readers * chance.between(0.01, 0.03))
        return Figures(
            readers=readers,
            reads=round(readers * 1.27),
            original_readers=original,
            original_reads=round(original * 1.1),
            share_users=sharing,
            shares=round(sharing * 1.3),
            favourite_users=round(readers * 0.02),
            favourites=round(readers * 0.02),
            likes=liking,
            recommendations=round(liking * 0.6),
            comments=round(readers * 0.004),
            new_followers=round(readers * 0.006),
        )

    def until(self, day: date) -> Figures:
        """This will be the sum of its days up to that one."""
        first = sent_on(self.job)
        return sum((self.on(first + timedelta(age)) for age in range((day - first).days + 1)), Figures())


def pages(jobs: list[Job]) -> Iterator[Page]:
    """This will be every article that reached people."""
    for job in jobs:
        if job.succeeded and job.msg_data_id:
            yield from (Page(job, index) for index in range(1, len(job.content.articles) + 1))


def sent_on(job: Job) -> date:
    """This will be the day of the delivery, in Shanghai."""
    return day_of(job.finished or job.created)


def read_rows(page: Page, day: date) -> dict[str, Any]:
    """This will be the `detail` of getarticleread."""
    figures = page.on(day)
    return {"read_user": figures.readers, "read_user_source": _scenes(figures)}


def total_row(page: Page, day: date) -> dict[str, Any]:
    """This will be one line of getarticletotaldetail's `detail_list`."""
    figures = page.until(day)
    return {
        "stat_date": day.isoformat(),
        "read_user": figures.readers,
        "read_user_source": _scenes(figures),
        "share_user": figures.share_users,
        "zaikan_user": figures.recommendations,
        "like_user": figures.likes,
        "comment_count": figures.comments,
        "collection_user": figures.favourite_users,
        "praise_money": 0,
        "read_subscribe_user": figures.new_followers,
        "read_delivery_rate": round(figures.readers / page.job.sent, 4) if page.job.sent else 0,
        "read_finish_rate": round(_Chance(page.msgid + " finish").between(0.35, 0.65), 4),
        "read_avg_activetime": round(_Chance(page.msgid + " time").between(0.6, 2.4), 2),
        "read_jump_position": [{"position": number, "rate": 0.2} for number in range(1, 6)],
    }


def summary_rows(page: Page, day: date) -> list[dict[str, Any]]:
    """This will be the lines of getarticlesummary: one for everybody, one for each source."""
    figures = page.on(day)
    everybody = {"user_source": ALL[0], **_older(figures)}
    return [everybody] + [
        {"user_source": number, "int_page_read_user": readers, "int_page_read_count": round(readers * 1.27)}
        for number, _words, readers in figures.sources()[1:]
        if readers
    ]


def older_total_row(page: Page, day: date) -> dict[str, Any]:
    """This will be one line of getarticletotal's `details`."""
    return {"stat_date": day.isoformat(), "target_user": page.job.sent or 0, **_older(page.until(day))}


def _older(figures: Figures) -> dict[str, int]:
    return {
        "int_page_read_user": figures.readers,
        "int_page_read_count": figures.reads,
        "ori_page_read_user": figures.original_readers,
        "ori_page_read_count": figures.original_reads,
        "share_user": figures.share_users,
        "share_count": figures.shares,
        "add_to_fav_user": figures.favourite_users,
        "add_to_fav_count": figures.favourites,
    }


def _scenes(figures: Figures) -> list[dict[str, Any]]:
    return [{"user_count": count, "scene_desc": words} for _number, words, count in figures.sources()]


def _values(figures: Figures) -> list[int]:
    return list(vars(figures).values())


class _Chance:
    """Numbers that look like chance and follow from a text."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def between(self, low: float, high: float) -> float:
        """This will be the next number of the row."""
        self._count += 1
        digest = hashlib.sha256(f"{self._seed} {self._count}".encode()).digest()
        return low + (high - low) * int.from_bytes(digest[:4], "big") / 2**32
