"""Article statistics (图文数据), the current set of calls and the older one, and the growth (用户数据).

https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticleread.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from wxcore.simulator import readership
from wxcore.simulator.clock import local
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.readership import Figures, Page, sent_on
from wxcore.simulator.routes.registry import Call, route

SPAN = {"begin_date": str, "end_date": str}
CURRENT, OLDER = "may_read_statistics", "may_read_older_statistics"
BEGAN = date(2025, 11, 1)
READY = 8  # o'clock
OLDER_FOLLOWED = 7
GROWTH_SPAN = timedelta(days=7)
WAYS = ((0, 0.5), (1, 0.3), (30, 0.2))  # of coming, by user_source: other, search, QR code
FEWEST = 3  # the older calls leave out what fewer people read


@route("POST", "/datacube/getarticleread", SPAN, right=CURRENT)
def reads(call: Call) -> dict[str, Any]:
    """Which articles were read on a day, by how many, and where they came from."""
    return _daily(call, lambda figures: figures.readers, readership.read_rows)


@route("POST", "/datacube/getarticleshare", SPAN, right=CURRENT)
def shares(call: Call) -> dict[str, Any]:
    """Which articles were shared on a day, by how many."""
    return _daily(call, lambda figures: figures.share_users, lambda page, day: {"share_user": page.on(day).share_users})


@route("POST", "/datacube/getarticletotaldetail", SPAN, right=CURRENT)
def totals(call: Call) -> dict[str, Any]:
    """What was sent on a day, counted from then to each day since, over 30 days."""
    day = _day(call)
    told = [
        {
            **_head(page, day),
            "publish_type": 0,
            "content_url": page.url,
            "detail_list": [readership.total_row(page, one) for one in _since(call, day, readership.FOLLOWED)],
        }
        for page in _pages(call)
        if sent_on(page.job) == day and day >= BEGAN
    ]
    return {"list": told, "is_delay": call.owner.options.statistics_delayed}


@route("POST", "/datacube/getarticlesummary", SPAN, right=OLDER)
def summary(call: Call) -> dict[str, Any]:
    """Which articles were read on a day, by the older call: people and times, also for each source."""
    day = _day(call)
    return {
        "list": [
            {**_head(page, day), **row}
            for page in _pages(call)
            if page.on(day).readers >= FEWEST
            for row in readership.summary_rows(page, day)
        ]
    }


@route("POST", "/datacube/getarticletotal", SPAN, right=OLDER)
def older_totals(call: Call) -> dict[str, Any]:
    """What was sent on a day, counted from then to each day since, over 7 days, by the older call."""
    day = _day(call)
    days = _since(call, day, OLDER_FOLLOWED)
    return {
        "list": [
            {**_head(page, day), "details": [readership.older_total_row(page, one) for one in days]}
            for page in _pages(call)
            if sent_on(page.job) == day
        ]
    }


@route("POST", "/datacube/getusersummary", SPAN, right=OLDER)
def user_summary(call: Call) -> dict[str, Any]:
    """Who came and went on each of some days, once for each way of coming; nothing of a day without either."""
    grown = call.owner.followers.growth
    rows = []
    for day in _days(call):
        came, rest = grown.came[day], grown.came[day]
        for source, part in WAYS:
            new = rest if source == WAYS[-1][0] else int(came * part)
            rest -= new
            left = grown.went[day] if source == 0 else 0
            if new or left:
                rows.append({"ref_date": str(day), "user_source": source, "new_user": new, "cancel_user": left})
    return {"list": rows}


@route("POST", "/datacube/getusercumulate", SPAN, right=OLDER)
def user_cumulate(call: Call) -> dict[str, Any]:
    """How many followed at the end of each of some days."""
    people = call.owner.followers
    following = len(people.following)
    return {
        "list": [
            {"ref_date": str(day), "user_source": 0, "cumulate_user": max(0, people.growth.total(following, day))}
            for day in _days(call)
        ]
    }


def _days(call: Call) -> list[date]:
    """This will be the days that are asked for, at most seven. Raises 61500, 61501 and 61503."""
    begin, end = (_date(call.body.get(name)) for name in SPAN)
    if end >= call.world.clock.day():
        raise WeChatError(61500)
    if begin > end or end - begin >= GROWTH_SPAN:
        raise WeChatError(61501)
    if end > _counted(call):
        raise WeChatError(61503)
    return [begin + timedelta(number) for number in range((end - begin).days + 1)]


def _daily(
    call: Call, happened: Callable[[Figures], int], row: Callable[[Page, date], dict[str, Any]]
) -> dict[str, Any]:
    day = _day(call)
    told = [
        {"ref_date": day.isoformat(), "msgid": page.msgid, "detail": row(page, day)}
        for page in _pages(call)
        if day >= BEGAN and happened(page.on(day))
    ]
    return {"list": told, "is_delay": call.owner.options.statistics_delayed}


def _pages(call: Call) -> list[Page]:
    return list(readership.pages(call.world.jobs.of(call.owner.appid)))


def _head(page: Page, day: date) -> dict[str, Any]:
    return {"ref_date": day.isoformat(), "msgid": page.msgid, "title": page.title}


def _since(call: Call, day: date, followed: int) -> list[date]:
    """This will be the days from `day` on that are counted by now, as many as are followed."""
    ended = min((_counted(call) - day).days + 1, followed)
    return [day + timedelta(age) for age in range(ended)]


def _counted(call: Call) -> date:
    """The last day whose figures are ready: yesterday after 08:00."""
    now = local(call.now)
    return now.date() - timedelta(1 if now.hour >= READY else 2)


def _day(call: Call) -> date:
    """This will be the day that is asked for: one. Raises 61500, 61501 and 61503."""
    begin, end = (_date(call.body.get(name)) for name in SPAN)
    if end >= call.world.clock.day():
        raise WeChatError(61500)
    if begin != end:
        raise WeChatError(61501)
    if begin > _counted(call):
        raise WeChatError(61503)
    return begin


def _date(value: str | None) -> date:
    try:
        return date.fromisoformat(value if value and len(value) == 10 else "")
    except ValueError:
        raise WeChatError(61500) from None
