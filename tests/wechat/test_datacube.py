"""Article statistics: the current set of calls and the older one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.simulator_control import SHANGHAI, Control
from tests.wechat.conftest import APPID
from tests.wechat.host import Host
from wxcore.wechat.broadcasts import ArticleMessage, ToAll
from wxcore.wechat.client import WeChat
from wxcore.wechat.datacube import ArticleDay, ArticleTotal, Days, GrowthDay, Source, Totals
from wxcore.wechat.errors import InvalidDate, NotAuthorized, StatisticsNotReady

DAY = dt.date(2026, 11, 1)
READ, SHARE = "/datacube/getarticleread", "/datacube/getarticleshare"
DETAIL, SUMMARY, TOTAL = (f"/datacube/getarticle{name}" for name in ("totaldetail", "summary", "total"))


@pytest.fixture
def sent(simulated: WeChat, control: Control) -> dict[str, Any]:
    """Two articles that 3,000 followers got."""
    control.followers(APPID, 3000)
    media_id = control.draft(APPID, {"title": "一", "content_source_url": "https://example.com"}, {"title": "二"})
    job = simulated.broadcasts.sendall(ToAll(), ArticleMessage(media_id), clientmsgid="a")
    return control.delivered(job.msg_id)


def day_of(job: dict[str, Any]) -> dt.date:
    return dt.datetime.fromtimestamp(job["finished"], SHANGHAI).date()


def test_the_readers_of_a_day_are_told_with_their_sources(
    simulated: WeChat, control: Control, sent: dict[str, Any]
) -> None:
    control.advance_to(9)
    told = simulated.datacube.reads(day_of(sent))
    assert [(one.msg_data_id, one.index) for one in told.articles] == [
        (sent["msg_data_id"], 1),
        (sent["msg_data_id"], 2),
    ]
    first = told.articles[0]
    assert first.day == day_of(sent)
    assert first.readers == sum(first.sources.values())
    assert set(first.sources) == set(Source)
    assert (first.reads, first.shares, told.delayed) == (None, None, False)


def test_the_sharers_of_a_day_are_told(simulated: WeChat, control: Control, sent: dict[str, Any]) -> None:
    control.advance_to(9)
    (first, _second) = simulated.datacube.shares(day_of(sent)).articles
    assert first.share_users
    assert first.readers is None


def test_totals_grow_from_day_to_day(simulated: WeChat, control: Control, sent: dict[str, Any]) -> None:
    control.advance_to(9, days=3)
    totals = [one for one in simulated.datacube.totals(day_of(sent)).articles if one.index == 1]
    assert [(one.day - day_of(sent)).days for one in totals] == [0, 1, 2]
    assert totals[0].readers < totals[1].readers < totals[2].readers
    assert totals[2].favourite_users
    assert totals[2].title == "一"
    assert 0 < totals[2].finish_rate < 1


def test_the_older_calls_tell_people_and_times(simulated: WeChat, control: Control, sent: dict[str, Any]) -> None:
    control.advance_to(9)
    (first, second) = simulated.datacube.older_days(day_of(sent)).articles
    (current, _second) = simulated.datacube.reads(day_of(sent)).articles
    assert (first.readers, first.sources) == (current.readers, current.sources)
    assert first.reads > first.readers
    assert first.original_readers
    assert second.original_readers == 0
    (total, _second) = simulated.datacube.older_totals(day_of(sent)).articles
    assert (total.readers, total.reads, total.finish_rate) == (first.readers, first.reads, None)


def test_what_is_not_ready_is_to_be_asked_for_later(simulated: WeChat, control: Control, sent: dict[str, Any]) -> None:
    control.advance_to(7)
    with pytest.raises(StatisticsNotReady) as caught:
        simulated.datacube.reads(day_of(sent))
    assert caught.value.retry == "wait"
    with pytest.raises(InvalidDate):
        simulated.datacube.reads(day_of(sent) + dt.timedelta(1))


def test_an_account_without_the_right_is_told(simulated: WeChat, control: Control, sent: dict[str, Any]) -> None:
    control.account(APPID, statistics="older")
    control.advance_to(9)
    with pytest.raises(NotAuthorized):
        simulated.datacube.reads(day_of(sent))
    assert simulated.datacube.older_days(day_of(sent)).articles


def test_one_day_is_asked_for(host: Host, wechat: WeChat) -> None:
    host.will(READ, {"list": []})
    assert wechat.datacube.reads(DAY) == Days(())
    (request,) = host.calls(READ)
    assert request.json() == {"begin_date": "2026-11-01", "end_date": "2026-11-01"}


def test_figures_that_are_absent_are_unknown_and_not_zero(host: Host, wechat: WeChat) -> None:
    host.will(READ, {"list": [{"msgid": "10_1"}], "is_delay": True})
    assert wechat.datacube.reads(DAY) == Days((ArticleDay(10, 1, DAY),), delayed=True)
    host.will(DETAIL, {"list": [{"msgid": "10_1", "detail_list": [{"stat_date": "2026-11-02", "read_user": "7"}]}]})
    assert wechat.datacube.totals(DAY) == Totals((ArticleTotal(10, 1, dt.date(2026, 11, 2), readers=7),))


def test_the_number_in_front_of_the_last_underscore_is_the_message(host: Host, wechat: WeChat) -> None:
    host.will(SHARE, {"list": [{"msgid": "2247490098_3", "detail": {"share_user": 366}}]})
    assert wechat.datacube.shares(DAY).articles == (ArticleDay(2247490098, 3, DAY, share_users=366),)


@pytest.mark.parametrize("msgid", ["", None, "10", "10_", "_1", "a_1", "10_0", "10_101", "10_b", 10])
def test_a_row_that_names_no_article_is_left_out(host: Host, wechat: WeChat, msgid: object) -> None:
    row = {"msgid": msgid, "detail": {"read_user": 1}}
    host.will(READ, {"list": [row, "nonsense", {"msgid": "10_1", "detail": {"read_user": 5}}]})
    assert wechat.datacube.reads(DAY).articles == (ArticleDay(10, 1, DAY, readers=5),)


def test_a_day_without_a_date_is_left_out_of_the_totals(host: Host, wechat: WeChat) -> None:
    details = [{"read_user": 1}, {"stat_date": "soon", "read_user": 2}]
    host.will(DETAIL, {"list": [{"msgid": "10_1", "detail_list": details}]})
    assert wechat.datacube.totals(DAY) == Totals(())


def test_a_source_that_is_new_is_another_one(host: Host, wechat: WeChat) -> None:
    scenes = [("全部", 9), ("朋友圈", 4), ("火星", 3), ("其他", 2), ("推荐", -1), ("搜一搜", 2**40)]
    told = [{"scene_desc": scene, "user_count": count} for scene, count in scenes]
    host.will(READ, {"list": [{"msgid": "10_1", "detail": {"read_user_source": told}}]})
    (article,) = wechat.datacube.reads(DAY).articles
    assert article.readers == 9
    assert article.sources == {Source.MOMENTS: 4, Source.OTHER: 5}


def test_a_single_older_row_has_no_sources(host: Host, wechat: WeChat) -> None:
    row = {"ref_date": "2026-11-01", "msgid": "10_1", "user_source": 0, "title": "一", "int_page_read_user": 5}
    host.will(SUMMARY, {"list": [row]})
    assert wechat.datacube.older_days(DAY).articles == (ArticleDay(10, 1, DAY, title="一", readers=5),)


# Growth


def test_growth_is_summed_over_the_ways_of_coming(host: Host, wechat: WeChat) -> None:
    rows = [
        {"ref_date": "2026-11-01", "user_source": 0, "new_user": 3, "cancel_user": 2},
        {"ref_date": "2026-11-01", "user_source": 30, "new_user": 4, "cancel_user": 0},
        {"ref_date": "soon", "new_user": 9},
    ]
    host.will("/datacube/getusersummary", {"list": rows})
    totals = [{"ref_date": f"2026-11-0{day}", "cumulate_user": 100 + day} for day in (2, 1)]
    host.will("/datacube/getusercumulate", {"list": [*totals, {"ref_date": "2026-11-03"}, "nonsense"]})
    assert wechat.datacube.growth(DAY, DAY + dt.timedelta(2)) == (
        GrowthDay(DAY, 7, 2, 101),
        GrowthDay(DAY + dt.timedelta(1), 0, 0, 102),
    )
    (request,) = host.calls("/datacube/getusercumulate")
    assert request.json() == {"begin_date": "2026-11-01", "end_date": "2026-11-03"}
