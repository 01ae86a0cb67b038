"""freepublish/*: queued, out, deleted; and the event that tells."""

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for

FREE = "/cgi-bin/freepublish"


def submit(caller, media_id):
    answer = caller.post(f"{FREE}/submit", {"media_id": media_id})
    assert answer["errcode"] == 0, answer
    return answer["publish_id"]


def published(control, caller, *articles):
    publish_id = submit(caller, caller.draft(*articles))
    wait_for(lambda: control.publications()[-1]["finished"])
    return caller.post(f"{FREE}/get", {"publish_id": publish_id})


def test_it_queues_and_then_it_is_out(control, caller):
    control.settings(job_delay=30)
    media_id = caller.draft({"title": "一"}, {"title": "二"})
    publish_id = submit(caller, media_id)
    queued = {"publish_id": publish_id, "publish_status": 1, "fail_idx": []}
    assert caller.post(f"{FREE}/get", {"publish_id": publish_id}) == queued
    assert "news_item" in caller.post("/cgi-bin/draft/get", {"media_id": media_id})
    control.advance(31)
    found = caller.post(f"{FREE}/get", {"publish_id": publish_id})
    assert (found["publish_status"], found["article_detail"]["count"]) == (0, 2)
    urls = [item["article_url"] for item in found["article_detail"]["item"]]
    assert ["<h1>一" in caller.session.get(url).content.decode() for url in urls] == [True, False]
    assert caller.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_followers_are_not_told(control, caller):
    control.followers(APPID, 1)
    published(control, caller)
    assert control.received(control.openids(APPID)[0]) == []


@pytest.mark.parametrize("status", [2, 3, 4])
def test_a_failure_keeps_the_draft(control, caller, status):
    control.publish_outcome(status, fail_idx=[2])
    media_id = caller.draft({}, {})
    publish_id = submit(caller, media_id)
    wait_for(lambda: control.publications()[0]["finished"])
    found = caller.post(f"{FREE}/get", {"publish_id": publish_id})
    failed = [] if status == 3 else [2]
    assert found == {"publish_id": publish_id, "publish_status": status, "fail_idx": failed}
    assert "news_item" in caller.post("/cgi-bin/draft/get", {"media_id": media_id})


@pytest.mark.parametrize("status", [5, 6])
def test_it_may_be_out_and_then_gone(control, caller, status):
    control.publish_outcome(status)
    found = published(control, caller)
    assert (found["publish_status"], "article_id" in found) == (status, False)
    assert caller.post(f"{FREE}/batchget", {"offset": 0, "count": 1})["total_count"] == 0


def test_the_event_tells(control, caller, listener):
    control.account(APPID, callback_url=listener.url, token="callbacktoken")
    found = published(control, caller, {}, {})
    wait_for(lambda: listener.got)
    told = fromstring(listener.got[0][1]).find("PublishEventInfo")
    assert told.findtext("publish_id") == found["publish_id"]
    assert told.findtext("publish_status") == "0"
    assert told.findtext("article_id") == found["article_id"]
    assert [item.findtext("idx") for item in told.findall("article_detail/item")] == ["1", "2"]


def test_the_event_tells_what_failed(control, caller, listener):
    control.account(APPID, callback_url=listener.url, token="callbacktoken")
    control.publish_outcome(2, fail_idx=[1, 3])
    published(control, caller, {}, {}, {})
    wait_for(lambda: listener.got)
    told = fromstring(listener.got[0][1]).find("PublishEventInfo")
    assert [part.text for part in told.findall("fail_idx")] == ["1", "3"]
    assert told.find("article_id") is None


def test_one_article_is_deleted_and_then_all(control, caller):
    found = published(control, caller, {}, {})
    body = {"article_id": found["article_id"]}
    assert caller.post(f"{FREE}/delete", body | {"index": 3})["errcode"] == 40114
    assert caller.post(f"{FREE}/delete", body | {"index": 2})["errcode"] == 0
    items = caller.post(f"{FREE}/getarticle", body)["news_item"]
    assert [item["is_deleted"] for item in items] == [False, True]
    page = caller.session.get(found["article_detail"]["item"][1]["article_url"])
    assert "已被发布者删除" in page.content.decode()
    assert caller.post(f"{FREE}/delete", body)["errcode"] == 0
    assert caller.post(f"{FREE}/get", {"publish_id": found["publish_id"]})["publish_status"] == 5
    assert caller.post(f"{FREE}/getarticle", body)["errcode"] == 53600


def test_what_is_out_is_listed(control, caller):
    found = [published(control, caller, {"title": title}) for title in ("一", "二")]
    page = caller.post(f"{FREE}/batchget", {"offset": 0, "count": 20, "no_content": 0})
    assert [item["article_id"] for item in page["item"]] == [found[1]["article_id"], found[0]["article_id"]]
    assert page["item"][0]["content"]["news_item"][0]["content"] == "<p>正文</p>"


def test_what_nobody_knows_is_refused(control, caller):
    assert caller.post(f"{FREE}/submit", {"media_id": "x"})["errcode"] == 40007
    assert caller.post(f"{FREE}/get", {"publish_id": "1"})["errcode"] == 53502
    assert caller.post(f"{FREE}/getarticle", {"article_id": "x"})["errcode"] == 53600
    assert caller.post(f"{FREE}/delete", {"article_id": "x"})["errcode"] == 53600


def test_an_autosaved_draft_is_not_published(control, caller):
    media_id = control.draft(APPID, autosaved=True)
    assert caller.post(f"{FREE}/submit", {"media_id": media_id})["errcode"] == 53505


@pytest.mark.parametrize(
    ("kind", "verified", "code"), [("subscription", False, 48001), ("subscription", True, 0), ("service", False, 0)]
)
def test_who_may_publish(control, caller, kind, verified, code):
    media_id = caller.draft()
    control.account(APPID, kind=kind, verified=verified)
    assert caller.post(f"{FREE}/submit", {"media_id": media_id})["errcode"] == code


def test_a_status_is_one_of_wechats(control):
    with pytest.raises(AssertionError, match="0 to 6"):
        control.publish_outcome(7)
