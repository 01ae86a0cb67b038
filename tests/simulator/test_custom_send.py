"""Customer-service messages: every kind, the windows of 48 hours and of a minute, and what is refused."""

import pytest

from tests.simulator.conftest import APPID
from tests.simulator.files import picture
from wxcore.simulator import samples

SEND, TYPING = "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing"
HOUR = 3600


@pytest.fixture
def openid(control, account):
    """Somebody who has just written."""
    control.followers(APPID, 3)
    somebody = control.openids(APPID)[0]
    control.message(APPID, somebody, "hi")
    return somebody


@pytest.fixture
def send(caller, openid):
    """A function that sends them a message; the errcode of the answer."""

    def send(msgtype="text", to=openid, **branch):
        branch = branch or {"content": "您好"}
        return caller.post(SEND, {"touser": to, "msgtype": msgtype, msgtype: branch})["errcode"]

    return send


def seen(control, openid):
    return [line for line in control.chat(openid) if line["kind"] == "service"]


def uploaded(caller, kind, content):
    answer = caller.upload("/cgi-bin/media/upload", content, type=kind)
    return answer.get("media_id") or answer["thumb_media_id"]


def test_a_text_arrives(control, caller, openid):
    body = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    assert caller.post(SEND, body) == {"errcode": 0, "errmsg": "ok"}
    assert [line["text"] for line in seen(control, openid)] == ["您好"]


def test_pictures_voices_and_videos_arrive(control, caller, openid, send):
    shown = {"image": picture(), "voice": samples.voice(0), "video": samples.video(0)}
    for kind, content in shown.items():
        assert send(kind, media_id=uploaded(caller, kind, content)) == 0
    image, voice, video = seen(control, openid)
    assert (image["images"][0]["format"], voice["voice"]["seconds"], video["video"]["format"]) == ("jpg", 3, "mp4")


def test_music_needs_a_thumbnail(control, caller, openid, send):
    told = {"title": "曲", "description": "唱", "musicurl": "https://e.com/a.mp3", "hqmusicurl": "https://e.com/b.mp3"}
    assert send("music", **told) == 41006
    assert send("music", **told, thumb_media_id=uploaded(caller, "thumb", picture())) == 0
    assert seen(control, openid)[0]["music"]["hq_url"] == "https://e.com/b.mp3"


@pytest.mark.parametrize(("count", "code"), [(0, 44003), (1, 0), (2, 45008)])
def test_news_is_one_card(send, count, code):
    assert send("news", articles=[{"title": "标题", "url": "https://example.com/"}] * count) == code


def test_a_draft_and_a_publication_arrive(control, caller, openid, send):
    media_id = caller.draft({"title": "甲"})
    assert send("mpnews", media_id=media_id) == 0
    publish_id = caller.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["publish_id"]
    control.advance(1)
    article_id = caller.post("/cgi-bin/freepublish/get", {"publish_id": publish_id})["article_id"]
    assert send("mpnewsarticle", article_id=article_id) == 0
    assert [line["articles"][0]["title"] for line in seen(control, openid)] == ["甲", "甲"]
    assert send("mpnewsarticle", article_id="x") == 53600


def test_a_menu_of_answers_arrives(control, openid, send):
    choices = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    assert send("msgmenu", head_content="满意吗？", list=choices, tail_content="谢谢") == 0
    assert seen(control, openid)[0]["menu"] == {"head": "满意吗？", "list": choices, "tail": "谢谢"}


def test_a_mini_program_page_arrives(control, caller, openid, send):
    told = {"title": "下单", "appid": "wxmini", "pagepath": "pages/index"}
    assert send("miniprogrampage", **told, thumb_media_id=uploaded(caller, "image", picture())) == 0
    assert seen(control, openid)[0]["program"].items() >= told.items()


def test_cards_only_where_they_still_exist(control, send):
    assert send("wxcard", card_id="pCard") == 45113
    control.account(APPID, cards=True)
    assert send("wxcard", card_id="pCard") == 0


@pytest.mark.parametrize(
    ("kind", "branch", "code"),
    [
        ("hologram", {}, 47001),
        ("link", {"title": "x"}, 48008),
        ("text", {"content": " "}, 44004),
        ("text", {"content": "字" * 683}, 45002),
        ("image", {"media_id": ""}, 41006),
        ("image", {"media_id": "nobody-knows-it"}, 40007),
        ("msgmenu", {"list": []}, 44004),
    ],
)
def test_a_bad_message_uses_nothing_up(control, openid, send, kind, branch, code):
    assert send(kind, **branch or {"x": 1}) == code
    assert control.follower(openid)["windows"]["talk"]["left"] == 5


def test_an_unknown_msgtype(caller, openid):
    assert caller.post(SEND, {"touser": openid, "msgtype": "hologram"})["errcode"] == 40008


def test_an_agent_must_be_known(control, caller, openid):
    body = {"touser": openid, "msgtype": "text", "text": {"content": "x"}, "customservice": {"kf_account": "kf1@shop"}}
    assert caller.post(SEND, body)["errcode"] == 65401
    control.account(APPID, agents=["kf1@shop"])
    assert caller.post(SEND, body)["errcode"] == 0
    assert seen(control, openid)[0]["agent"] == "kf1@shop"
    assert caller.get("/cgi-bin/customservice/getkflist")["kf_list"][0]["kf_account"] == "kf1@shop"
    assert caller.get("/cgi-bin/customservice/getonlinekflist")["kf_online_list"][0]["status"] == 1


def test_five_after_a_message_and_no_more(send):
    assert [send() for _ in range(6)] == [0] * 5 + [45047]


def test_another_message_opens_five_more(control, openid, send):
    assert [send() for _ in range(6)][-1] == 45047
    control.message(APPID, openid, "again")
    assert send() == 0


def test_the_window_of_a_message_is_48_hours(control, send):
    control.advance(48 * HOUR - 60)
    assert send() == 0
    control.advance(61)
    assert send() == 45015


def test_three_within_a_minute_of_following(control, send):
    somebody = control.follow(APPID)
    assert [send(to=somebody) for _ in range(4)] == [0, 0, 0, 45047]
    control.advance(61)
    assert send(to=somebody) == 45015


def test_the_action_window_is_used_first(control, send):
    somebody = control.follow(APPID)
    control.message(APPID, somebody, "hi")
    assert [send(to=somebody) for _ in range(4)] == [0] * 4
    windows = control.follower(somebody)["windows"]
    assert (windows["action"]["left"], windows["talk"]["left"]) == (0, 4)
    control.advance(61)
    assert [send(to=somebody) for _ in range(5)] == [0] * 4 + [45047]


def test_who_was_silent_cannot_be_written_to(control, openid, send):
    assert send(to=control.openids(APPID)[1]) == 45015


def test_who_left_who_refuses_and_strangers(control, openid, send):
    control.refuse(APPID, openid)
    assert send() == 48002
    control.unfollow(APPID, openid)
    assert send() == 45015
    assert send(to="o" * 28) == 40003
    control.follow(APPID, openid)
    assert control.follower(openid)["windows"].keys() == {"action"}


def test_a_small_account_may_not(control, send):
    control.account(APPID, verified=False)
    assert send() == 48001


def test_the_daily_limit(control, send):
    control.account(APPID, daily_limits={SEND: 1})
    assert [send(), send()] == [0, 45009]


def test_a_lost_answer_was_delivered(control, openid, send):
    control.fault(SEND, drop="after")
    with pytest.raises(Exception, match="aborted"):
        send()
    assert len(seen(control, openid)) == 1


def test_typing_is_shown_soon_after_a_contact(control, caller, openid, send):
    body = {"touser": openid, "command": "Typing"}
    assert caller.post(TYPING, body)["errcode"] == 0
    assert control.follower(openid)["typing"] is True
    assert caller.post(TYPING, body)["errcode"] == 45081
    assert caller.post(TYPING, body | {"command": "CancelTyping"})["errcode"] == 0
    assert control.follower(openid)["typing"] is False
    control.advance(31)
    assert caller.post(TYPING, body)["errcode"] == 45080
    assert send() == 0
    assert caller.post(TYPING, body)["errcode"] == 0
    assert caller.post(TYPING, body | {"command": "Sing"})["errcode"] == 45072
