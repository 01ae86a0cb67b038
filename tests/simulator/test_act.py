"""What people do on their phones: messages of every kind, scans, taps, and any event whatever."""

import base64

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID
from tests.simulator.files import picture
from tests.simulator_control import wait_for
from wxcore.simulator.events import SAMPLES

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture
def openid(control, account, listener):
    control.account(APPID, callback_url=listener.url, token="token", encoding_aes_key=KEY)
    control.followers(APPID, 2)
    return control.openids(APPID)[0]


@pytest.fixture
def pushed(listener):
    """A function that is the next push as a tree."""
    taken = iter(range(1000))

    def pushed():
        at = next(taken)
        return fromstring(wait_for(lambda: len(listener.got) > at and listener.got[at][1]))

    return pushed


def test_a_picture_can_be_fetched_both_ways(control, caller, openid, pushed):
    data = base64.b64encode(picture("PNG")).decode()
    msg_id = control.say(APPID, openid, "image", data=data)
    message = pushed()
    assert (message.findtext("MsgType"), message.findtext("MsgId")) == ("image", str(msg_id))
    assert caller.session.get(message.findtext("PicUrl"), timeout=5).content == picture("PNG")
    media = caller.download("GET", "/cgi-bin/media/get", media_id=message.findtext("MediaId"))
    assert media.content == picture("PNG")
    assert control.chat(openid)[-1]["images"][0]["format"] == "png"


def test_a_voice_and_a_video_have_samples(control, caller, openid, pushed):
    control.say(APPID, openid, "voice", recognition="你好")
    voice = pushed()
    assert (voice.findtext("Format"), voice.findtext("Recognition")) == ("amr", "你好")
    assert caller.download("GET", "/cgi-bin/media/get", media_id=voice.findtext("MediaId")).content[:5] == b"#!AMR"
    control.say(APPID, openid, "video")
    video = pushed()
    assert caller.get("/cgi-bin/media/get", media_id=video.findtext("MediaId")).keys() == {"video_url"}
    assert caller.download("GET", "/cgi-bin/media/get", media_id=video.findtext("ThumbMediaId")).ok


def test_a_place_a_link_and_a_file(control, openid, pushed):
    control.say(APPID, openid, "location", latitude=23.1, longitude=113.3, label="广州")
    place = pushed()
    assert [place.findtext(name) for name in ("Location_X", "Location_Y", "Label")] == ["23.1", "113.3", "广州"]
    control.say(APPID, openid, "link")
    assert pushed().findtext("Url") == "https://example.com/tea"
    control.say(APPID, openid, "file", title="合同.pdf")
    assert pushed().findtext("Title") == "合同.pdf"
    assert [line["msgtype"] for line in control.chat(openid)] == ["location", "link", "file"]


def test_a_tapped_answer_names_itself(control, openid, pushed):
    control.say(APPID, openid, "text", content="满意", menu_choice="101")
    assert pushed().findtext("bizmsgmenuid") == "101"


@pytest.mark.parametrize(
    "told", [{"type": "hologram"}, {"type": "image", "data": "!"}, {"type": "image", "data": "eA=="}]
)
def test_a_message_without_sense_is_refused(control, openid, told):
    with pytest.raises(AssertionError, match="400"):
        control.post("/messages", appid=APPID, openid=openid, **told)


def test_a_location_report(control, openid, pushed):
    control.post("/location", appid=APPID, openid=openid, latitude=23.1)
    event = pushed()
    assert (event.findtext("Event"), event.findtext("Latitude")) == ("LOCATION", "23.1")
    assert control.follower(openid)["windows"] == {}


def test_a_mini_program_chat(control, openid, pushed):
    control.post("/enter", appid=APPID, openid=openid, session_from="order-7")
    assert pushed().findtext("SessionFrom") == "order-7"
    assert control.follower(openid)["windows"]["action"]["left"] == 2


def test_a_follower_scans(control, caller, openid, pushed):
    assert control.scan(APPID, "spring2026", openid) == openid
    event = pushed()
    assert (event.findtext("Event"), event.findtext("EventKey")) == ("SCAN", "spring2026")
    (code,) = control.get("/codes", appid=APPID)["codes"]
    assert event.findtext("Ticket") == code["ticket"]
    assert control.follower(openid)["windows"]["action"]["left"] == 3
    image = caller.request("GET", code["path"])
    assert (image.headers["Content-Type"], image.content[:2]) == ("image/jpeg", b"\xff\xd8")


def test_a_stranger_follows_by_a_scan(control, caller, openid, pushed):
    somebody = control.scan(APPID, 42)
    event = pushed()
    assert (event.findtext("Event"), event.findtext("EventKey")) == ("subscribe", "qrscene_42")
    user = caller.get("/cgi-bin/user/info", openid=somebody)
    assert (user["subscribe_scene"], user["qr_scene"], user["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", 42, "")
    control.unfollow(APPID, somebody)
    control.follow(APPID, somebody)
    assert caller.get("/cgi-bin/user/info", openid=somebody)["qr_scene"] == 0


def create(caller, action, seconds=None, **scene):
    body = {"action_name": action, "action_info": {"scene": scene}}
    return caller.post("/cgi-bin/qrcode/create", body | ({"expire_seconds": seconds} if seconds else {}))


def test_codes_of_the_api_are_scanned(control, caller, openid, pushed):
    code = create(caller, "QR_STR_SCENE", 600, scene_str="shop1")
    assert (code["expire_seconds"], code.keys()) == (600, {"ticket", "expire_seconds", "url"})
    control.post("/scan", appid=APPID, openid=openid, ticket=code["ticket"])
    assert pushed().findtext("EventKey") == "shop1"
    assert caller.request("GET", "/cgi-bin/showqrcode", params={"ticket": code["ticket"]}).ok
    control.advance(601)
    assert caller.request("GET", "/cgi-bin/showqrcode", params={"ticket": code["ticket"]}).status_code == 404
    with pytest.raises(AssertionError, match="409"):
        control.post("/scan", appid=APPID, openid=openid, ticket=code["ticket"])


@pytest.mark.parametrize(
    ("action", "scene", "code"),
    [
        ("QR_LIMIT_SCENE", {"scene_id": 100_000}, None),
        ("QR_SCENE", {"scene_id": 2**32 - 1}, None),
        ("QR_LIMIT_STR_SCENE", {"scene_str": "x" * 64}, None),
        ("QR_LIMIT_SCENE", {"scene_id": 100_001}, 40053),
        ("QR_SCENE", {}, 40053),
        ("QR_STR_SCENE", {"scene_str": "x" * 65}, 40053),
        ("QR_CARD", {}, 40052),
    ],
)
def test_the_limits_of_a_scene(caller, openid, action, scene, code):
    assert create(caller, action, **scene).get("errcode") == code


def test_a_subscription_account_makes_no_codes(control, caller, openid):
    control.account(APPID, kind="subscription")
    assert create(caller, "QR_SCENE", scene_id=1)["errcode"] == 48001


BUTTONS = [
    {"type": "click", "name": "优惠", "key": "SALE"},
    {"type": "view", "name": "商城", "url": "https://example.com/shop"},
    {
        "name": "更多",
        "sub_button": [
            {"type": "scancode_push", "name": "扫码", "key": "SCAN"},
            {"type": "scancode_waitmsg", "name": "扫码等待", "key": "WAIT"},
            {"type": "pic_sysphoto", "name": "拍照", "key": "PHOTO"},
            {"type": "location_select", "name": "位置", "key": "PLACE"},
            {"type": "miniprogram", "name": "小程序", "url": "https://e.com", "appid": "wxm", "pagepath": "pages/a"},
        ],
    },
]


@pytest.fixture
def menu(caller, openid):
    assert caller.post("/cgi-bin/menu/create", {"button": BUTTONS})["errcode"] == 0


def test_a_tap_on_click_opens_a_window(control, menu, openid, pushed):
    assert control.tap(APPID, openid, "优惠") == {"type": "click", "opens": ""}
    event = pushed()
    assert (event.findtext("Event"), event.findtext("EventKey")) == ("CLICK", "SALE")
    assert control.follower(openid)["windows"]["action"]["left"] == 3


def test_a_tap_on_view_opens_the_page(control, menu, openid, pushed):
    assert control.tap(APPID, openid, "商城")["opens"] == "https://example.com/shop"
    event = pushed()
    assert event.findtext("EventKey") == "https://example.com/shop"
    assert int(event.findtext("MenuId")) > 0
    assert control.follower(openid)["windows"] == {}


@pytest.mark.parametrize(
    ("name", "event", "opens"), [("扫码", "scancode_push", "CODE"), ("扫码等待", "scancode_waitmsg", "")]
)
def test_a_tap_scans(control, menu, openid, pushed, name, event, opens):
    assert control.tap(APPID, openid, name, result="CODE")["opens"] == opens
    told = pushed()
    assert (told.findtext("Event"), told.findtext("ScanCodeInfo/ScanResult")) == (event, "CODE")


def test_a_tap_takes_pictures(control, menu, openid, listener):
    control.tap(APPID, openid, "拍照", count=2)
    wait_for(lambda: len(listener.got) == 3)
    told = [fromstring(body) for _, body in listener.got]
    (event,) = [one for one in told if one.findtext("MsgType") == "event"]
    assert (event.findtext("Event"), event.findtext("SendPicsInfo/Count")) == ("pic_sysphoto", "2")
    assert len(event.findall("SendPicsInfo/PicList/item/PicMd5Sum")) == 2
    assert sorted(one.findtext("MsgType") for one in told) == ["event", "image", "image"]


def test_a_tap_sends_the_place(control, menu, openid, listener):
    control.tap(APPID, openid, "位置")
    wait_for(lambda: len(listener.got) == 2)
    assert {fromstring(body).findtext("MsgType") for _, body in listener.got} == {"event", "location"}


def test_a_tap_opens_a_mini_program(control, menu, openid, pushed):
    assert control.tap(APPID, openid, "小程序")["opens"] == "wxm/pages/a"
    assert pushed().findtext("Event") == "view_miniprogram"


def test_a_tap_shows_material_and_tells_nobody(control, caller, openid, listener):
    media_id = caller.cover()
    caller.post("/cgi-bin/menu/create", {"button": [{"type": "media_id", "name": "图", "media_id": media_id}]})
    control.tap(APPID, openid, "图")
    assert control.chat(openid)[-1]["images"]
    assert listener.got == []


def test_there_is_no_such_button(control, menu, openid):
    with pytest.raises(AssertionError, match="404"):
        control.tap(APPID, openid, "无")


@pytest.mark.parametrize("event", sorted(SAMPLES))
def test_every_event_can_be_pushed(control, openid, pushed, event):
    control.push(APPID, event, openid)
    told = pushed()
    assert (told.findtext("Event"), told.findtext("FromUserName")) == (event, openid)
    assert {child.tag for child in told} >= SAMPLES[event].keys()


def test_fields_can_be_changed_added_and_left_out(control, openid, pushed):
    control.push(APPID, "scan", openid, EventKey="x", Ticket=None, Extra=1)
    told = pushed()
    assert (told.findtext("Event"), told.findtext("EventKey"), told.findtext("Extra")) == ("scan", "x", "1")
    assert told.find("Ticket") is None


def test_lists_are_repeated_elements(control, openid, pushed):
    control.push(APPID, "subscribe_msg_popup_event", openid)
    assert len(pushed().findall("SubscribeMsgPopupEvent/List")) == 2


def test_an_unknown_event_and_an_unknown_message(control, openid, pushed):
    control.push(APPID, "hologram", openid, Depth=3)
    assert pushed().findtext("Event") == "hologram"
    control.push(APPID, None, openid, MsgType="smell", MsgId=7)
    told = pushed()
    assert (told.findtext("MsgType"), told.find("Event")) == ("smell", None)
    with pytest.raises(AssertionError, match="400"):
        control.push(APPID, None, openid)


def test_the_owner_of_authorised_data_is_named(control, openid, pushed):
    control.push(APPID, "user_authorization_revoke", openid)
    told = pushed()
    assert (told.findtext("OpenID"), told.findtext("AppID")) == (openid, APPID)
