"""What is known of the readers is added up over broadcasts and days; what is not known stays so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from campaigns import readership, statistics
from campaigns.models import ArticleStatistic, Broadcast, Campaign, StatisticsDay
from tests.campaigns.statistics.conftest import TITLES, Morning, fetch, sent_on
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.wechat.datacube import Source

DAY = dt.timedelta(1)


def another(broadcast: Broadcast, **columns: Any) -> Broadcast:
    """One more broadcast of the campaign."""
    given = {"submitted_at": broadcast.submitted_at, "msg_data_id": 7} | columns
    position = broadcast.campaign.broadcasts.count() + 1
    return Broadcast.objects.create(
        account=broadcast.account, campaign=broadcast.campaign, position=position, status="finished", **given
    )


def tell(broadcast: Broadcast, day: int = 0, **columns: Any) -> None:
    """Figures of the first article, `day` days after the first send; that day counts as fetched."""
    on = sent_on(broadcast) + day * DAY
    ArticleStatistic.objects.create(broadcast=broadcast, article=1, day=on, **columns)
    StatisticsDay.objects.get_or_create(
        account=broadcast.account, day=on, defaults={"fetched_at": broadcast.submitted_at}
    )


def test_before_the_first_morning_only_the_time_is_known(sent: Broadcast) -> None:
    found = readership.of(sent.campaign)
    assert found.next_at == statistics.ready_at(sent_on(sent))
    assert (found.until, found.trouble) == (None, None)
    assert [(article.title, article.days) for article in found.articles] == [(title, []) for title in TITLES]


def test_a_campaign_without_articles_has_none(campaign: Campaign) -> None:
    assert readership.of(campaign) is None


def test_each_article_has_its_days_and_totals(sent: Broadcast, morning: Morning) -> None:
    fetch(morning(days=3))
    found = readership.of(sent.campaign)
    assert found.until == sent_on(sent) + 2 * DAY
    assert found.next_at == statistics.ready_at(sent_on(sent) + 3 * DAY)
    first = found.articles[0]
    assert [day.day for day in first.days] == [sent_on(sent) + number * DAY for number in range(3)]
    assert first.readers == sum(day.readers for day in first.days) == sum(first.sources.values())
    assert first.share_users == sum(day.share_users or 0 for day in first.days)
    assert max(first.sources, key=first.sources.get) is Source.MESSAGES
    assert 0 < first.finish_rate < 1


def test_after_a_week_no_more_is_expected(sent: Broadcast, morning: Morning) -> None:
    for _day in range(7):
        fetch(morning())
    assert readership.of(sent.campaign).next_at is None


def test_broadcasts_are_added_up_and_rates_weighed(sent: Broadcast) -> None:
    tell(sent, readers=30, total_readers=30, total_likes=3, finish_rate=0.5)
    tell(another(sent), readers=10, total_readers=10, total_likes=None, finish_rate=0.9)
    article = readership.of(sent.campaign).articles[0]
    assert (article.readers, article.days[0].readers, article.likes) == (40, 40, 3)
    assert article.finish_rate == pytest.approx(0.6)


def test_totals_of_broadcasts_of_different_days_are_each_the_latest(sent: Broadcast) -> None:
    second = another(sent, submitted_at=sent.submitted_at + DAY)
    tell(sent, day=0, readers=30, total_readers=30)
    tell(sent, day=1, readers=5, total_readers=35)
    tell(second, day=0, readers=20, total_readers=20)
    article = readership.of(sent.campaign).articles[0]
    assert article.readers == 55
    assert [day.readers for day in article.days] == [30, 25]


def test_without_totals_the_days_are_added(sent: Broadcast) -> None:
    tell(sent, day=0, readers=30, reads=41)
    tell(sent, day=1, readers=5, share_users=None)
    article = readership.of(sent.campaign).articles[0]
    assert (article.readers, article.reads, article.share_users, article.likes) == (35, 41, None, None)


def test_what_is_unknown_is_not_zero(sent: Broadcast) -> None:
    tell(sent, readers=None)
    assert readership.of(sent.campaign).articles[0].days[0].readers is None
    assert readership.of(sent.campaign).articles[1].readers is None


def test_broadcasts_whose_articles_wechat_did_not_name_are_counted(sent: Broadcast) -> None:
    another(sent, msg_data_id=None)
    assert readership.of(sent.campaign).unnamed == 1
    Broadcast.objects.update(msg_data_id=None)
    assert readership.of(sent.campaign).unnamed == 2


def test_what_stands_in_the_way_is_told(sent: Broadcast, morning: Morning, control: Control) -> None:
    control.account(APPID, statistics="none")
    fetch(morning())
    found = readership.of(sent.campaign)
    assert found.trouble.error_code == "no_statistics_right"
    assert found.next_at == statistics.ready_at(found.trouble.day + DAY)


def test_it_costs_the_same_for_any_number_of_broadcasts(sent: Broadcast, django_assert_num_queries: Any) -> None:
    for number in range(20):
        tell(another(sent, msg_data_id=100 + number), readers=1, total_readers=1)
    campaign = Campaign.objects.select_related("revision").get()
    with django_assert_num_queries(4):
        assert readership.of(campaign).articles[0].readers == 20
