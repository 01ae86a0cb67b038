"""Publishing without telling anybody."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control, wait_for
from tests.wechat.conftest import APPID
from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import ApiError, InvalidMediaId
from wxcore.wechat.publishing import PublishResult

PUBLISHED, UNDER_WAY, REJECTED, DELETED = 0, 1, 4, 5
TWO = ({"title": "第一篇"}, {"title": "第二篇"})


def publish(simulated: WeChat, media_id: str) -> PublishResult:
    job = simulated.publishing.submit(media_id)
    assert job.msg_data_id
    wait_for(lambda: simulated.publishing.get(job.publish_id).status != UNDER_WAY)
    return simulated.publishing.get(job.publish_id)


def test_each_article_has_an_address_and_the_draft_is_gone(simulated: WeChat, control: Control) -> None:
    media_id = control.draft(APPID, *TWO)
    result = publish(simulated, media_id)
    assert (result.status, len(result.urls), result.failed) == (PUBLISHED, 2, ())
    assert [article.title for article in simulated.publishing.article(result.article_id)] == ["第一篇", "第二篇"]
    with pytest.raises(InvalidMediaId):
        simulated.drafts.get(media_id)


def test_what_did_not_pass_is_numbered(simulated: WeChat, control: Control) -> None:
    control.publish_outcome(REJECTED, fail_idx=[2])
    result = publish(simulated, control.draft(APPID, *TWO))
    assert result == PublishResult(result.publish_id, REJECTED, "", (), (2,))


def test_a_published_article_is_deleted_alone_or_with_the_others(simulated: WeChat, control: Control) -> None:
    result = publish(simulated, control.draft(APPID, *TWO))
    simulated.publishing.delete(result.article_id, 1)
    assert simulated.publishing.get(result.publish_id).status == PUBLISHED
    simulated.publishing.delete(result.article_id)
    assert simulated.publishing.get(result.publish_id).status == DELETED
    with pytest.raises(ApiError):
        simulated.publishing.article(result.article_id)


def test_what_is_published_is_listed(simulated: WeChat, control: Control) -> None:
    result = publish(simulated, control.draft(APPID, *TWO))
    page = simulated.publishing.list()
    assert (page.total, page.items[0].article_id) == (1, result.article_id)
    assert [(article.title, article.content) for article in page.items[0].articles] == [("第一篇", ""), ("第二篇", "")]
    assert simulated.publishing.list(with_content=True).items[0].articles[0].content


def test_a_draft_that_is_not_there_is_an_invalid_id(simulated: WeChat) -> None:
    with pytest.raises(InvalidMediaId):
        simulated.publishing.submit("nothing")


def test_a_job_that_is_not_there_is_refused(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.publishing.get("100")
    assert caught.value.errcode == 53502


def test_the_addresses_come_in_the_order_of_the_articles(host: Host, wechat: WeChat) -> None:
    items = [{"idx": 2, "article_url": "https://b"}, {"idx": 1, "article_url": "https://a"}]
    answer = {"publish_id": 100, "publish_status": "0", "article_id": "A", "article_detail": {"item": items}}
    host.will("/cgi-bin/freepublish/get", answer)
    assert wechat.publishing.get("100") == PublishResult("100", PUBLISHED, "A", ("https://a", "https://b"), ())


def test_a_submission_is_not_repeated(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/freepublish/submit", {"errcode": -1, "errmsg": "system error"})
    with pytest.raises(ApiError):
        wechat.publishing.submit("D1")
    assert len(host.calls("/cgi-bin/freepublish/submit")) == 1
