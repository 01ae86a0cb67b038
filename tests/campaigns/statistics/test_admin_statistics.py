"""The statistics on a campaign's page: figures, charts, tables, and when more of them come."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Broadcast, Campaign, StatisticsDay
from tests.campaigns.statistics.conftest import TITLES, Morning, fetch, sent_on
from tests.campaigns.statistics.test_readership import another, tell
from tests.conftest import APPID
from tests.simulator_control import Control


def page(client: Client, campaign: Campaign, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    html = client.get(f"/admin/campaigns/campaign/{campaign.pk}/change/").content.decode()
    found = re.search(r'<section class="q-card q-statistics">.*?</section>', html, re.DOTALL)
    return found.group() if found else ""


def test_before_the_first_figures_it_says_when_they_come(admin_client: Client, sent: Broadcast) -> None:
    html = page(admin_client, sent.campaign)
    assert "这里将逐日显示" in html
    assert "08:30" in html or "8:30" in html
    assert "<svg" not in html


def test_each_article_has_figures_two_charts_and_a_table(
    admin_client: Client, sent: Broadcast, morning: Morning
) -> None:
    fetch(morning(days=3))
    html = page(admin_client, sent.campaign)
    readers = sent.statistics.get(article=1, day=sent_on(sent)).readers
    assert all(title in html for title in TITLES)
    assert html.count("<svg") == 4
    assert html.count("<table") == 2
    assert html.count(f">{readers:,}<") == 2  # above its bar and in the table
    assert "阅读来源：" in html
    assert "公众号消息" in html


def test_a_chart_says_its_figures_to_who_does_not_see_it(
    admin_client: Client, sent: Broadcast, morning: Morning
) -> None:
    fetch(morning())
    day, readers = sent_on(sent), sent.statistics.get(article=1).readers
    assert f'aria-label="每日阅读人数 — {day.month}/{day.day}: {readers}"' in page(admin_client, sent.campaign)


def test_it_speaks_english_too(admin_client: Client, sent: Broadcast, morning: Morning) -> None:
    fetch(morning())
    html = page(admin_client, sent.campaign, "en")
    assert "Readers by day" in html
    assert "It is asked next:" in html
    assert not re.search("[\u4e00-\u9fff]", re.sub("|".join(TITLES), "", html))


def test_a_day_without_a_figure_is_no_bar(admin_client: Client, sent: Broadcast) -> None:
    tell(sent, day=0, readers=10, total_readers=10)
    tell(sent, day=1, readers=None)
    html = page(admin_client, sent.campaign)
    assert html.count("<rect") == 1
    assert "–" in html


def test_why_there_are_none_is_explained(
    admin_client: Client, sent: Broadcast, morning: Morning, control: Control
) -> None:
    control.account(APPID, statistics="none")
    fetch(morning())
    html = page(admin_client, sent.campaign)
    assert "不允许“测试服务号”读取图文统计数据" in html
    assert "只有已认证的公众号" in html


def test_when_all_is_told_it_says_so(admin_client: Client, sent: Broadcast, morning: Morning) -> None:
    fetch(morning(days=7))
    StatisticsDay.objects.update(due_at=None)
    assert "现已全部获取完毕" in page(admin_client, sent.campaign)


def test_broadcasts_that_cannot_be_matched_are_named(admin_client: Client, sent: Broadcast) -> None:
    another(sent, msg_data_id=None)
    assert "1 个批次的图文编号" in page(admin_client, sent.campaign)


@pytest.mark.parametrize("title", ["", "<script>alert(1)</script>"])
def test_a_title_is_only_a_text(admin_client: Client, sent: Broadcast, title: str) -> None:
    revision = sent.campaign.revision
    revision.articles[0]["title"] = title
    revision.save()
    tell(sent, readers=10, total_readers=10)
    assert "<script" not in page(admin_client, sent.campaign)


def test_a_text_campaign_has_no_such_section(admin_client: Client, campaign: Campaign) -> None:
    assert page(admin_client, campaign) == ""


def test_the_page_costs_the_same_for_any_number_of_figures(
    admin_client: Client, sent: Broadcast, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        tell(another(sent, msg_data_id=100 + number), readers=1, total_readers=1)
    with django_assert_max_num_queries(25):
        assert "<svg" in page(admin_client, sent.campaign)
