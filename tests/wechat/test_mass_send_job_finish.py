"""The result of a mass send, with all that may be missing from it."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.wechat.pushes import ARTICLES, COPYRIGHT, COUNTS, EMPTY_CONTAINERS, event, finish
from wxcore.wechat.messages import MassSendJobFinish, Outcome, Push, parse, parse_status, status_meaning


def read(body: bytes) -> MassSendJobFinish:
    push = parse(body)
    assert isinstance(push, MassSendJobFinish)
    return push


def test_it_names_the_job_and_the_counts() -> None:
    push = read(finish(COUNTS))
    assert (push.msg_id, push.outcome, push.code) == (3162228393, Outcome.SUCCESS, None)
    assert (push.total_count, push.filter_count, push.sent_count, push.error_count) == (100, 80, 75, 5)


def test_its_articles_and_its_originality_check_are_read() -> None:
    push = read(finish(COUNTS, COPYRIGHT, ARTICLES))
    assert [article.url for article in push.articles] == [
        "http://mp.weixin.qq.com/s/one",
        "http://mp.weixin.qq.com/s/two",
    ]
    assert push.copyright_state == 2
    first, second = push.articles
    assert (first.number, first.audit_state, first.original_type, first.declared) == (1, 2, 1, 0)
    assert (first.can_reprint, first.content_replaced, first.source_shown) == (True, None, None)
    assert first.original_url == "http://mp.weixin.qq.com/s/original"
    assert (second.number, second.audit_state, second.can_reprint) == (2, None, False)


def test_an_address_stays_with_its_article_when_others_have_none() -> None:
    second = "<item><ArticleIdx>2</ArticleIdx><ArticleUrl>http://mp.weixin.qq.com/s/two</ArticleUrl></item>"
    links = f"<ArticleUrlResult><Count>1</Count><ResultList>{second}</ResultList></ArticleUrlResult>"
    articles = read(finish(COUNTS, COPYRIGHT, links)).articles
    assert [(article.number, article.url) for article in articles] == [(1, ""), (2, "http://mp.weixin.qq.com/s/two")]


def test_articles_without_numbers_are_counted() -> None:
    items = "<item><ArticleUrl>http://a</ArticleUrl></item><item><ArticleUrl>http://b</ArticleUrl></item>"
    push = read(finish(COUNTS, f"<ArticleUrlResult><ResultList>{items}</ResultList></ArticleUrlResult>"))
    assert [(article.number, article.url) for article in push.articles] == [(1, "http://a"), (2, "http://b")]


@pytest.mark.parametrize("containers", ["", EMPTY_CONTAINERS, "<ArticleUrlResult/><CopyrightCheckResult/>"])
def test_containers_may_be_empty_or_absent(containers: str) -> None:
    push = read(finish(COUNTS, containers))
    assert push.articles == ()


@pytest.mark.parametrize("count", ["", "<TotalCount/>", "<TotalCount><![CDATA[]]></TotalCount>", "<TotalCount>-"])
def test_a_count_may_be_empty_or_absent(count: str) -> None:
    closing = "</TotalCount>" if count.endswith("-") else ""
    assert read(finish(count + closing)).total_count is None


@pytest.mark.parametrize("job", ["", "<MsgID/>", "<MsgID>x</MsgID>", "<MsgID>99999999999999999999</MsgID>"])
def test_without_its_job_it_is_kept_as_a_plain_push(job: str) -> None:
    assert type(parse(event("MASSSENDJOBFINISH", job, "<Status>send success</Status>"))) is Push


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        ("send success", Outcome.SUCCESS, None),
        ("sendsuccess", Outcome.SUCCESS, None),
        ("Send Success", Outcome.SUCCESS, None),
        ("send fail", Outcome.FAIL, None),
        ("sendfail", Outcome.FAIL, None),
        ("err(10001)", Outcome.REJECTED, 10001),
        ("err(22000)", Outcome.REJECTED, 22000),
        ("err(30003)", Outcome.FAIL, 30003),
        ("err(40002)", Outcome.FAIL, 40002),
        ("err(77777)", Outcome.FAIL, 77777),
        ("err()", Outcome.UNKNOWN, None),
        ("sent", Outcome.UNKNOWN, None),
        ("", Outcome.UNKNOWN, None),
    ],
)
def test_its_status_is_understood(status: str, outcome: Outcome, code: int | None) -> None:
    assert parse_status(status) == (outcome, code)
    push = read(finish(status=status))
    assert (push.status, push.outcome, push.code) == (status, outcome, code)


def test_a_code_has_a_meaning_in_the_readers_language() -> None:
    meaning = status_meaning(10001)
    with translation.override("zh-hans"):
        assert str(meaning) == "审核未通过：涉嫌广告"
    with translation.override("en"):
        assert "advertising" in str(meaning)
        assert "77777" in str(status_meaning(77777))
