"""What WeChat says of each article: its address, and the originality check."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import recalling, results, services
from campaigns.admin.result_words import originality
from campaigns.models import Campaign, Recall, SendResult
from campaigns.states import RecallStatus
from tests.campaigns.results.conftest import MakeBroadcast
from tests.wechat.pushes import ARTICLES, COPYRIGHT, COUNTS, finish
from wxcore.wechat import messages
from wxcore.wechat.messages import ArticleResult

pytestmark = pytest.mark.django_db

MSG_ID = 3162228393


def report(campaign: Campaign, *fields: str, msg_id: int = MSG_ID) -> None:
    body = finish(COUNTS, *fields).replace(str(MSG_ID).encode(), str(msg_id).encode())
    services.record_result(campaign.account, messages.parse(body), now=timezone.now())


@pytest.fixture
def sent(article_campaign: Campaign, add: MakeBroadcast) -> Campaign:
    add("submitted", 100, msg_id=MSG_ID)
    return article_campaign


def test_addresses_and_checks_are_kept(sent: Campaign) -> None:
    report(sent, COPYRIGHT, ARTICLES)

    first, second = results.articles(sent)

    assert (first.number, first.title, first.links) == (1, "双十二", [results.Link(1, "http://mp.weixin.qq.com/s/one")])
    assert (first.check.audit_state, first.check.can_reprint) == (2, True)
    assert first.check.original_url == "http://mp.weixin.qq.com/s/original"
    assert (second.title, second.links[0].url) == ("新品", "http://mp.weixin.qq.com/s/two")
    assert SendResult.objects.get().copyright_state == 2


def test_each_broadcast_has_pages_of_its_own(sent: Campaign, add: MakeBroadcast) -> None:
    add("submitted", 100, msg_id=8)
    report(sent, ARTICLES)
    report(sent, ARTICLES.replace("/s/", "/s/other-"), COPYRIGHT, msg_id=8)

    first = results.articles(sent)[0]

    assert [(link.broadcast, link.url.rpartition("/")[2]) for link in first.links] == [(1, "one"), (2, "other-one")]
    assert first.check.audit_state == 2


def test_an_article_is_marked_when_all_of_its_pages_are_gone(
    admin_client: Client, sent: Campaign, add: MakeBroadcast, now: dt.datetime
) -> None:
    add("submitted", 100, msg_id=8)
    for msg_id in (MSG_ID, 8):
        report(sent, ARTICLES, msg_id=msg_id)
    rows = recalling.recall(Campaign.objects.get(), article=2, now=now)

    def marked() -> int:
        html = admin_client.get(f"/admin/campaigns/campaign/{sent.pk}/change/").content.decode()
        return html.partition("q-articles")[2].partition("</table>")[0].count("已撤回")

    seen = []
    for row in rows:
        Recall.objects.filter(pk=row.pk).update(status=RecallStatus.DONE)
        seen.append(marked())
    assert seen == [0, 1]


def test_before_a_report_there_is_nothing(sent: Campaign) -> None:
    assert results.articles(sent) == []


def test_a_report_without_articles_is_fine(sent: Campaign) -> None:
    report(sent)
    assert results.articles(sent) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil"])
def test_only_web_addresses_become_links(sent: Campaign, url: str) -> None:
    report(sent, ARTICLES.replace("http://mp.weixin.qq.com/s/one", url))

    assert results.articles(sent)[0].links == []


@pytest.mark.parametrize(
    ("check", "kind", "words"),
    [
        ({}, "", "–"),
        ({"audit_state": 0}, "", "未校验"),
        ({"audit_state": 1}, "info", "校验中"),
        ({"audit_state": 11}, "success", "已通过"),
        ({"audit_state": 2, "can_reprint": True}, "warning", "转载，允许群发"),
        ({"audit_state": 2, "can_reprint": False}, "danger", "转载，不允许群发"),
        ({"audit_state": 2}, "danger", "转载，不允许群发"),
    ],
)
def test_the_check_is_put_into_words(check: dict[str, int], kind: str, words: str) -> None:
    said = originality(ArticleResult(number=1, **check))
    assert (said["kind"], said["label"]) == (kind, words)


def test_the_page_shows_them(admin_client: Client, sent: Campaign, now: dt.datetime) -> None:
    report(sent, COPYRIGHT, ARTICLES)

    html = admin_client.get(f"/admin/campaigns/campaign/{sent.pk}/change/").content.decode()

    for words in ("http://mp.weixin.qq.com/s/two", "转载，允许群发", "http://mp.weixin.qq.com/s/original"):
        assert words in html
