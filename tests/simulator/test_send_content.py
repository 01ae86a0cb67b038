"""Mass messages and previews of articles, pictures, voices and videos: what must be named, what arrives."""

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID, SECRET, Caller
from tests.simulator.files import amr, mp4, picture
from tests.simulator_control import wait_for

UPLOAD = "/cgi-bin/media/upload"
PREVIEW = "/cgi-bin/message/mass/preview"


@pytest.fixture
def openid(control, account):
    control.followers(APPID, 3)
    return control.openids(APPID)[0]


def sent(control, caller, **message):
    answer = caller.sendall(**message)
    assert answer["errcode"] == 0, answer
    wait_for(lambda: control.job(answer["msg_id"])["status"])
    return answer


def uploaded(caller, kind, content):
    return caller.upload(UPLOAD, content, f"a.{kind}", type=kind)["media_id"]


def video_message(caller):
    body = {"media_id": uploaded(caller, "video", mp4()), "title": "故事", "description": "介绍"}
    return caller.post("/cgi-bin/media/uploadvideo", body)["media_id"]


def test_articles_arrive_with_bodies_and_pages(control, caller, openid):
    media_id = caller.draft({"title": "一", "content": "<p>甲</p>"}, {"title": "二"})
    answer = sent(control, caller, msgtype="mpnews", mpnews={"media_id": media_id})
    assert answer["msg_data_id"] > 2**31
    (message,) = control.received(openid)
    assert [article["title"] for article in message["articles"]] == ["一", "二"]
    assert message["articles"][0]["content"] == "<p>甲</p>"
    assert "甲" in caller.session.get(message["articles"][0]["url"]).content.decode()
    assert caller.session.get(message["articles"][1]["thumb_url"]).status_code == 200


def test_a_card_arrives_where_cards_are_still_taken(control, caller, openid):
    control.account(APPID, cards=True)
    sent(control, caller, msgtype="wxcard", wxcard={"card_id": "pCard"})
    (message,) = control.received(openid)
    assert (message["msgtype"], message["card"]) == ("wxcard", {"card_id": "pCard"})
    assert caller.sendall(msgtype="wxcard")["errcode"] == 44004


def test_a_sent_draft_leaves_the_box_and_stays_readable(control, caller, openid):
    media_id = caller.draft()
    sent(control, caller, msgtype="mpnews", mpnews={"media_id": media_id})
    assert caller.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007
    again = caller.sendall(msgtype="mpnews", mpnews={"media_id": media_id}, clientmsgid="another")
    assert again["errcode"] == 40007
    assert control.received(openid)[0]["articles"][0]["content"] == "<p>正文</p>"


def test_a_draft_stays_when_the_job_fails(control, caller, openid):
    control.outcome(status="send fail")
    media_id = caller.draft()
    sent(control, caller, msgtype="mpnews", mpnews={"media_id": media_id})
    assert "news_item" in caller.post("/cgi-bin/draft/get", {"media_id": media_id})


def test_news_of_the_older_way_are_sent_and_stay(control, caller, openid):
    cover = uploaded(caller, "image", picture())
    article = {"title": "标题", "content": "a", "thumb_media_id": cover, "show_cover_pic": 1}
    media_id = caller.post("/cgi-bin/media/uploadnews", {"articles": [article]})["media_id"]
    for clientmsgid in ("one", "two"):
        sent(control, caller, msgtype="mpnews", mpnews={"media_id": media_id}, clientmsgid=clientmsgid)
    control.account(APPID, uploadnews=False)
    assert caller.post("/cgi-bin/media/uploadnews", {"articles": [article]})["errcode"] == 45103


def test_10_uploads_of_news_a_day(caller, account):
    article = {"title": "标题", "content": "a", "thumb_media_id": uploaded(caller, "image", picture())}
    answers = [caller.post("/cgi-bin/media/uploadnews", {"articles": [article]}) for _ in range(11)]
    assert [answer.get("errcode", 0) for answer in answers] == [0] * 10 + [45009]


def test_pictures_arrive(control, caller, openid):
    ids = [uploaded(caller, "image", picture("PNG")), caller.cover()]
    sent(control, caller, msgtype="image", images={"media_ids": ids, "title": "夏"})
    (message,) = control.received(openid)
    assert [image["format"] for image in message["images"]] == ["png", "jpg"]
    assert caller.session.get(message["images"][0]["url"]).content == picture("PNG")


def test_a_voice_arrives(control, caller, openid):
    sent(control, caller, msgtype="voice", voice={"media_id": uploaded(caller, "voice", amr(3))})
    assert control.received(openid)[0]["voice"]["seconds"] == 3


def test_a_video_arrives_with_its_words(control, caller, openid):
    sent(control, caller, msgtype="mpvideo", mpvideo={"media_id": video_message(caller)})
    video = control.received(openid)[0]["video"]
    assert (video["title"], video["description"]) == ("故事", "介绍")
    assert caller.session.get(video["url"]).content == mp4()


def test_every_type_names_its_own_kind(control, caller, openid):
    image, voice = uploaded(caller, "image", picture()), uploaded(caller, "voice", amr(1))
    video, mpvideo = uploaded(caller, "video", mp4()), video_message(caller)
    refused = {
        "mpvideo": [video, image],
        "voice": [image, mpvideo],
        "image": [voice, mpvideo],
        "mpnews": [image, mpvideo],
        "video": [image],
    }
    for kind, ids in refused.items():
        codes = [caller.sendall(msgtype=kind, **{kind: {"media_id": media_id}})["errcode"] for media_id in ids]
        assert codes == [40007] * len(ids), kind
    assert caller.post("/cgi-bin/media/uploadvideo", {"media_id": image, "title": "a"})["errcode"] == 40007


def test_an_expired_or_foreign_id_is_refused(simulator, control, caller, openid):
    media_id = uploaded(caller, "image", picture())
    control.account("wxother", secret=SECRET)
    control.followers("wxother", 1)
    stranger = Caller(simulator.url, "wxother")
    assert stranger.sendall(msgtype="image", image={"media_id": media_id})["errcode"] == 40007
    control.advance(72 * 3600)
    caller.token = ""
    assert caller.sendall(msgtype="image", image={"media_id": media_id})["errcode"] == 40007


def test_an_autosaved_draft_is_not_sent(control, caller, openid):
    media_id = control.draft(APPID, {"title": "a"}, autosaved=True)
    assert caller.sendall(msgtype="mpnews", mpnews={"media_id": media_id})["errcode"] == 48021


def test_a_preview_shows_articles_and_keeps_the_draft(control, caller, openid):
    media_id = caller.draft()
    body = {"touser": openid, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    assert caller.post(PREVIEW, body)["errcode"] == 0
    (message,) = control.chat(openid)
    assert (message["kind"], message["articles"][0]["title"]) == ("preview", "标题")
    assert "正文" in caller.session.get(message["articles"][0]["url"]).content.decode()
    assert "news_item" in caller.post("/cgi-bin/draft/get", {"media_id": media_id})


@pytest.mark.parametrize("extra", [{"images": {"media_ids": ["a"]}}, {"clientmsgid": "a"}, {"send_ignore_reprint": 1}])
def test_a_preview_has_no_fields_of_a_job(caller, openid, extra):
    body = {"touser": openid, "msgtype": "text", "text": {"content": "a"}, **extra}
    assert caller.post(PREVIEW, body)["errcode"] == 47001


@pytest.mark.parametrize(
    ("reprint", "ignore", "status", "state"),
    [
        ("none", 0, "send success", "1"),
        ("allowed", 0, "err(30003)", "2"),
        ("allowed", 1, "send success", "2"),
        ("forbidden", 1, "err(30002)", "3"),
    ],
)
def test_originality_is_checked(control, caller, openid, listener, reprint, ignore, status, state):
    control.account(APPID, callback_url=listener.url, token="callbacktoken", reprint=reprint)
    media_id = caller.draft({}, {})
    sent(control, caller, msgtype="mpnews", mpnews={"media_id": media_id}, send_ignore_reprint=ignore)
    wait_for(lambda: listener.got)
    message = fromstring(listener.got[0][1])
    assert message.findtext("Status") == status
    assert message.findtext("CopyrightCheckResult/CheckState") == state
    assert message.findtext("CopyrightCheckResult/Count") == "2"
    urls = [url.text for url in message.findall("ArticleUrlResult/ResultList/item/ArticleUrl")]
    assert len(urls) == (2 if status == "send success" else 0)
    assert all(caller.session.get(url).status_code == 200 for url in urls)
    assert ("news_item" in caller.post("/cgi-bin/draft/get", {"media_id": media_id})) == (status != "send success")


def test_originality_of_one_job(control, caller, openid):
    control.outcome(reprint="forbidden")
    answers = [sent(control, caller, msgtype="mpnews", mpnews={"media_id": caller.draft()}) for _ in range(2)]
    assert [control.job(answer["msg_id"])["status"] for answer in answers] == ["err(30002)", "send success"]


def test_a_deleted_article_is_no_longer_read(control, caller, openid):
    answer = sent(control, caller, msgtype="mpnews", mpnews={"media_id": caller.draft({}, {})})
    pages = [article["url"] for article in control.received(openid)[0]["articles"]]
    delete = {"msg_id": answer["msg_id"]}
    assert caller.post("/cgi-bin/message/mass/delete", delete | {"article_idx": 3})["errcode"] == 40060
    assert caller.post("/cgi-bin/message/mass/delete", delete | {"article_idx": 2})["errcode"] == 0
    assert ["已被发布者删除" in caller.session.get(url).content.decode() for url in pages] == [False, True]
    caller.post("/cgi-bin/message/mass/delete", {"url": pages[0]})
    assert caller.post("/cgi-bin/message/mass/get", delete)["msg_status"] == "DELETE"


def test_a_deleted_video_stays_in_the_chat_and_plays_no_more(control, caller, openid):
    control.media(APPID, "film", "mpvideo")
    msg_id = sent(control, caller, msgtype="mpvideo", mpvideo={"media_id": "film"})["msg_id"]
    assert caller.post("/cgi-bin/message/mass/delete", {"msg_id": msg_id, "article_idx": 2})["errcode"] == 40060

    assert caller.post("/cgi-bin/message/mass/delete", {"msg_id": msg_id})["errcode"] == 0

    assert [(message["msg_id"], message["deleted"]) for message in control.received(openid)] == [(msg_id, True)]
    assert caller.post("/cgi-bin/message/mass/delete", {"msg_id": msg_id})["errcode"] == 40065


def test_the_ledger_says_which_articles_were_deleted(control, caller, openid):
    msg_id = sent(control, caller, msgtype="mpnews", mpnews={"media_id": caller.draft({}, {})})["msg_id"]
    caller.post("/cgi-bin/message/mass/delete", {"msg_id": msg_id, "article_idx": 2})

    assert (control.job(msg_id)["state"], control.job(msg_id)["deleted"]) == ("finished", [2])


def test_ten_messages_are_deleted_in_a_day(control, caller, openid):
    msg_id = sent(control, caller, msgtype="mpnews", mpnews={"media_id": caller.draft({}, {})})["msg_id"]
    delete = {"msg_id": msg_id, "article_idx": 1}
    codes = [caller.post("/cgi-bin/message/mass/delete", delete)["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [45009]
