"""Passive replies: every kind that a follower can see, and WeChat's complaint about a wrong one."""

import json

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID
from tests.simulator.files import picture
from tests.simulator_control import wait_for
from wxcore.simulator import samples
from wxcore.wechat import crypto

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ORIGINAL = "gh_123456789abc"
COMPLAINT = "该公众号提供的服务出现故障，请稍后再试"


@pytest.fixture
def openid(control, account, listener):
    control.account(APPID, callback_url=listener.url, token="token", encoding_aes_key=KEY, original_id=ORIGINAL)
    control.followers(APPID, 1)
    control.settings(push_interval=0)
    return control.openids(APPID)[0]


@pytest.fixture
def answer(control, listener, openid):
    """A function that answers the follower's `hi`, or an event, with a body; what they saw last, and why."""

    def answer(body, event=None):
        listener.answer = lambda target, pushed: body
        (control.push(APPID, event, openid) if event else control.message(APPID, openid, "hi"))
        push = wait_for(lambda: (one := control.pushes()[-1])["state"] != "pending" and one)
        lines = [line for line in control.chat(openid) if line["kind"] in ("reply", "system")]
        return (lines[-1] if lines else None), push["error"]

    return answer


def reply(openid, kind, inner="", **changed):
    names = {"ToUserName": openid, "FromUserName": ORIGINAL, "CreateTime": 1, "MsgType": kind} | changed
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in names.items()) + inner + "</xml>"


def uploaded(caller, kind, content):
    answer = caller.upload("/cgi-bin/media/upload", content, type=kind)
    return answer.get("media_id") or answer["thumb_media_id"]


def cards(count, named=None):
    item = "<item><Title>甲</Title><Description>乙</Description><PicUrl></PicUrl><Url>https://e.com</Url></item>"
    return f"<ArticleCount>{named or count}</ArticleCount><Articles>{item * count}</Articles>"


def test_pictures_voices_and_videos_are_shown(caller, openid, answer):
    image, voice = uploaded(caller, "image", picture()), uploaded(caller, "voice", samples.voice(0))
    video = uploaded(caller, "video", samples.video(0))
    shown, _ = answer(reply(openid, "image", f"<Image><MediaId>{image}</MediaId></Image>"))
    assert shown["images"][0]["format"] == "jpg"
    shown, _ = answer(reply(openid, "voice", f"<Voice><MediaId>{voice}</MediaId></Voice>"))
    assert shown["voice"]["seconds"] == 3
    shown, _ = answer(reply(openid, "video", f"<Video><MediaId>{video}</MediaId><Title>故事</Title></Video>"))
    assert shown["video"]["title"] == "故事"


def test_music_is_shown(caller, openid, answer):
    thumb = uploaded(caller, "thumb", picture())
    inner = f"<Title>曲</Title><MusicUrl>https://e.com/a.mp3</MusicUrl><ThumbMediaId>{thumb}</ThumbMediaId>"
    shown, _ = answer(reply(openid, "music", f"<Music>{inner}</Music>"))
    assert (shown["music"]["title"], shown["music"]["url"]) == ("曲", "https://e.com/a.mp3")


def test_one_card_after_a_message_eight_after_an_event(openid, answer):
    shown, _ = answer(reply(openid, "news", cards(1)))
    assert shown["links"] == [{"title": "甲", "description": "乙", "url": "https://e.com", "picture": ""}]
    assert len(answer(reply(openid, "news", cards(8)), event="CLICK")[0]["links"]) == 8
    assert "article size" in answer(reply(openid, "news", cards(2)))[1]
    assert "article size" in answer(reply(openid, "news", cards(9)), event="CLICK")[1]


@pytest.mark.parametrize("inner", ["", "<TransInfo><KfAccount>kf1@shop</KfAccount></TransInfo>"])
def test_it_may_hand_over_to_customer_service(openid, answer, inner):
    shown, error = answer(reply(openid, "transfer_customer_service", inner))
    assert (shown["transfer"], error) == ("kf1@shop" if inner else "", None)


@pytest.mark.parametrize(
    ("kind", "inner", "changed", "why"),
    [
        ("text", "<Content>x</Content>", {"ToUserName": "oOther"}, "swapped"),
        ("text", "<Content>x</Content>", {"FromUserName": "gh_other"}, "swapped"),
        ("text", "<Content>x</Content>", {"CreateTime": "now"}, "CreateTime"),
        ("hologram", "", {}, "nor a reply"),
        ("text", "", {}, "empty content"),
        ("text", f"<Content>{'字' * 683}</Content>", {}, "content size"),
        ("image", "<Image><MediaId>nobody-knows-it</MediaId></Image>", {}, "invalid media_id"),
        ("image", "", {}, "media_id missing"),
        ("news", cards(1, named=2), {}, "ArticleCount"),
        ("news", "<ArticleCount>0</ArticleCount><Articles></Articles>", {}, "empty news"),
    ],
)
def test_a_wrong_reply_is_complained_about(openid, answer, kind, inner, changed, why):
    shown, error = answer(reply(openid, kind, inner, **changed))
    assert (shown["kind"], shown["text"]) == ("system", COMPLAINT)
    assert why in error
    assert shown["why"] == error


@pytest.mark.parametrize("body", ["<xml>", '{"MsgType": "text"}', "SUCCESS", "<html>500</html>", "<!DOCTYPE x><xml/>"])
def test_what_is_no_reply_is_complained_about(answer, body):
    assert answer(body)[0]["text"] == COMPLAINT


@pytest.mark.parametrize("event", ["VIEW", "unsubscribe", "MASSSENDJOBFINISH"])
def test_nobody_sees_a_reply_to_these(openid, answer, event):
    assert answer(reply(openid, "text", "<Content>x</Content>"), event) == (None, f"nobody sees a reply to {event}")


def test_a_safe_reply_must_be_encrypted(control, openid, answer):
    control.account(APPID, mode="safe")
    assert "not encrypted" in answer(reply(openid, "text", "<Content>x</Content>"))[1]


def test_a_plain_account_understands_no_encryption(openid, answer):
    assert "plaintext" in answer("<xml><Encrypt>x</Encrypt></xml>")[1]


@pytest.mark.parametrize("mode", ["plaintext", "compatible", "safe"])
def test_json_is_pushed_and_answered(control, openid, listener, answer, mode):
    control.account(APPID, format="json", mode=mode)
    plain = {"ToUserName": openid, "FromUserName": ORIGINAL, "CreateTime": 1, "MsgType": "text", "Content": "好"}
    body = json.dumps(plain, ensure_ascii=False)
    if mode == "safe":
        secret = crypto.encrypt(body.encode(), key=crypto.decode_aes_key(KEY), appid=APPID)
        signed = {"Encrypt": secret, "MsgSignature": crypto.signature("token", "1", "2", secret)}
        body = json.dumps(signed | {"TimeStamp": 1, "Nonce": "2"})
    assert answer(body)[0]["text"] == "好"
    pushed = json.loads(listener.got[0][1])
    assert ("Content" in pushed, "Encrypt" in pushed) == (mode != "safe", mode != "plaintext")
    if mode != "plaintext":
        opened = crypto.decrypt(pushed["Encrypt"], key=crypto.decode_aes_key(KEY), appid=APPID)
        assert json.loads(opened)["Content"] == "hi"


def test_an_xml_reply_to_json_is_none(control, openid, answer):
    control.account(APPID, format="json")
    assert answer(reply(openid, "text", "<Content>x</Content>"))[1] == "neither success, empty, nor JSON"


def test_events_that_nobody_waits_for_are_not_complained_about(control, answer):
    assert answer("oops", event="LOCATION") == (None, "neither success, empty, nor XML")


def test_the_query_has_real_time(control, listener, openid):
    control.advance(100_000)
    control.message(APPID, openid, "x")
    target, body = wait_for(lambda: listener.got and listener.got[0])
    signed = int(target.partition("timestamp=")[2].partition("&")[0])
    assert int(fromstring(body).findtext("CreateTime")) - signed == pytest.approx(100_000, abs=5)
