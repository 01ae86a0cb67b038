"""The result of a publication, in each form that it comes in."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control, wait_for
from tests.wechat.conftest import APPID, SECRET
from tests.wechat.host import Host
from tests.wechat.pushes import event, finish
from wxcore.wechat.client import WeChat
from wxcore.wechat.messages import MassSendJobFinish, PublishJobFinish, Push, parse

PUBLISHED = """
<article_id><![CDATA[A-1_x]]></article_id>
<article_detail><count>2</count>
  <item><idx>2</idx><article_url><![CDATA[https://mp.weixin.qq.com/s/two]]></article_url></item>
  <item><idx>1</idx><article_url>https://mp.weixin.qq.com/s/one</article_url></item>
</article_detail>"""


def info(*fields: str, status: str = "<publish_status>0</publish_status>") -> str:
    return f"<PublishEventInfo><publish_id>2247503051</publish_id>{status}{''.join(fields)}</PublishEventInfo>"


def read(body: bytes) -> PublishJobFinish:
    push = parse(body)
    assert isinstance(push, PublishJobFinish)
    return push


@pytest.mark.parametrize("name", ["PUBLISHJOBFINISH", "FREEPUBLISHJOBFINISH", "MASSSENDJOBFINISH"])
def test_it_names_the_publication_and_its_pages_in_order(name: str) -> None:
    push = read(event(name, info(PUBLISHED)))
    assert (push.publish_id, push.status, push.article_id) == ("2247503051", 0, "A-1_x")
    assert push.urls == ("https://mp.weixin.qq.com/s/one", "https://mp.weixin.qq.com/s/two")
    assert push.failed == ()


def test_it_names_the_articles_that_did_not_pass() -> None:
    push = read(
        event(
            "PUBLISHJOBFINISH",
            info("<fail_idx>1</fail_idx><fail_idx>3</fail_idx>", status="<publish_status>4</publish_status>"),
        )
    )
    assert (push.status, push.failed) == (4, (1, 3))
    assert (push.article_id, push.urls) == ("", ())


@pytest.mark.parametrize("fields", ["", "<article_detail/>", "<fail_idx/><fail_idx>x</fail_idx>", "<article_id/>"])
def test_what_is_empty_or_absent_is_empty(fields: str) -> None:
    push = read(event("PUBLISHJOBFINISH", info(fields)))
    assert (push.article_id, push.urls, push.failed) == ("", (), ())


@pytest.mark.parametrize(
    "body",
    [
        event("PUBLISHJOBFINISH"),
        event("PUBLISHJOBFINISH", "<PublishEventInfo/>"),
        event("PUBLISHJOBFINISH", info(status="")),
        event("PUBLISHJOBFINISH", info(status="<publish_status>soon</publish_status>")),
    ],
)
def test_without_its_id_or_status_it_is_kept_as_a_plain_push(body: bytes) -> None:
    assert type(parse(body)) is Push


def test_the_end_of_a_mass_send_is_no_publication() -> None:
    assert isinstance(parse(finish()), MassSendJobFinish)


@pytest.mark.parametrize(("status", "failed"), [(0, ()), (4, (1, 2))])
def test_what_is_pushed_is_what_is_asked_for(
    simulated: WeChat, control: Control, host: Host, status: int, failed: tuple[int, ...]
) -> None:
    control.account(APPID, secret=SECRET, kind="service", verified=True, callback_url=host.url, token="callbacktoken")
    control.publish_outcome(status, fail_idx=list(failed))
    job = simulated.publishing.submit(control.draft(APPID, {"title": "第一篇"}, {"title": "第二篇"}))
    wait_for(lambda: host.requests)
    push, asked = read(host.requests[0].body), simulated.publishing.get(job.publish_id)
    assert (push.publish_id, push.status, push.failed) == (job.publish_id, status, failed)
    assert (push.article_id, push.urls) == (asked.article_id, asked.urls)
    assert asked.failed == failed
