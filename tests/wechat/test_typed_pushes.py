"""Each kind of push has its class and its fields, in XML and in JSON; an odd field never loses a push."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.wechat.pushes import event, message
from wxcore.wechat import messages
from wxcore.wechat.messages import EVENT_KINDS, MESSAGE_KINDS, Outcome, Push, parse

KEY = "<EventKey>k</EventKey>"
NOTICE = "<TemplateId>t{0}</TemplateId><SubscribeStatusString>{1}</SubscribeStatusString><PopupScene>0</PopupScene>"
SENT = "<TemplateId>t</TemplateId><MsgID>17</MsgID><ErrorCode>{}</ErrorCode><ErrorStatus>{}</ErrorStatus>"
PLACE = "<Location_X>23.5</Location_X><Location_Y>-113.25</Location_Y><Scale>20</Scale><Label>路</Label>"
MEDIA = "<MediaId>m</MediaId>"

TYPED: list[tuple[bytes, type[Push], dict[str, Any]]] = [
    (message("<Content>hi</Content>"), messages.TextMessage, {"content": "hi", "menu_choice": ""}),
    (message("<Content>A</Content><bizmsgmenuid>101</bizmsgmenuid>"), messages.TextMessage, {"menu_choice": "101"}),
    (
        message("<PicUrl>http://p</PicUrl>", MEDIA, kind="image"),
        messages.ImageMessage,
        {"pic_url": "http://p", "media_id": "m"},
    ),
    (
        message(MEDIA, "<Format>amr</Format><Recognition>喂</Recognition>", kind="voice"),
        messages.VoiceMessage,
        {"media_id": "m", "format": "amr", "recognition": "喂"},
    ),
    *(
        (
            message(MEDIA, "<ThumbMediaId>t</ThumbMediaId>", kind=kind),
            messages.VideoMessage,
            {"media_id": "m", "thumb_media_id": "t", "msg_type": kind},
        )
        for kind in ("video", "shortvideo")
    ),
    (
        message(PLACE, kind="location"),
        messages.LocationMessage,
        {"latitude": 23.5, "longitude": -113.25, "scale": 20, "label": "路"},
    ),
    (
        message("<Title>t</Title><Description>d</Description><Url>http://u</Url>", kind="link"),
        messages.LinkMessage,
        {"title": "t", "description": "d", "url": "http://u"},
    ),
    (
        message("<Title>t</Title><FileKey>k</FileKey><FileMd5>5</FileMd5><FileTotalLen>9</FileTotalLen>", kind="file"),
        messages.FileMessage,
        {"title": "t", "description": "", "file_key": "k", "file_md5": "5", "size": 9},
    ),
    (event("subscribe", "<EventKey>last_trade_no_1</EventKey>"), messages.Subscribe, {"scene": "", "ticket": ""}),
    (
        event("SCAN", "<EventKey>qrscene_x</EventKey><Ticket>T</Ticket>"),
        messages.Scan,
        {"scene": "qrscene_x", "ticket": "T"},
    ),
    (
        event("LOCATION", "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119.385040</Precision>"),
        messages.LocationReport,
        {"latitude": 23.1, "longitude": 113.3, "precision": 119.38504},
    ),
    (event("CLICK", KEY), messages.MenuClick, {"key": "k"}),
    (event("VIEW", KEY, "<MenuId>421351906</MenuId>"), messages.MenuView, {"url": "k", "menu_id": "421351906"}),
    (event("VIEW", KEY), messages.MenuView, {"menu_id": ""}),
    (
        event("view_miniprogram", KEY, "<MenuId>1</MenuId>"),
        messages.MenuMiniProgram,
        {"path": "k", "menu_id": "1"},
    ),
    *(
        (
            event(name, KEY, "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>"),
            messages.MenuScan,
            {"key": "k", "scan_type": "qrcode", "scan_result": "1", "event": name},
        )
        for name in ("scancode_push", "scancode_waitmsg")
    ),
    *(
        (
            event(
                name,
                KEY,
                "<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
                "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>",
            ),
            messages.MenuPictures,
            {"key": "k", "count": 2, "md5s": ("a", "b")},
        )
        for name in ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
    ),
    (event("pic_weixin", KEY), messages.MenuPictures, {"count": None, "md5s": ()}),
    (
        event("location_select", KEY, f"<SendLocationInfo>{PLACE}<Poiname>p</Poiname></SendLocationInfo>"),
        messages.MenuLocation,
        {"key": "k", "latitude": 23.5, "longitude": -113.25, "scale": 20, "label": "路", "poi_name": "p"},
    ),
    (
        event("user_enter_tempsession", "<SessionFrom>wxapp</SessionFrom>"),
        messages.EnterTempSession,
        {"session_from": "wxapp"},
    ),
    (
        event("kf_create_session", "<KfAccount>a@x</KfAccount>"),
        messages.CustomerServiceSession,
        {"kf_account": "a@x", "from_kf_account": ""},
    ),
    (
        event("kf_close_session", "<KfAccount>a@x</KfAccount>"),
        messages.CustomerServiceSession,
        {"kf_account": "", "from_kf_account": "a@x"},
    ),
    (
        event("kf_switch_session", "<FromKfAccount>a@x</FromKfAccount><ToKfAccount>b@x</ToKfAccount>"),
        messages.CustomerServiceSession,
        {"kf_account": "b@x", "from_kf_account": "a@x"},
    ),
    (
        event(
            "subscribe_msg_popup_event",
            f"<SubscribeMsgPopupEvent><List>{NOTICE.format(1, 'accept')}</List>"
            f"<List>{NOTICE.format(2, 'reject')}</List></SubscribeMsgPopupEvent>",
        ),
        messages.NoticePopup,
        {"items": (("t1", True), ("t2", False))},
    ),
    (
        event(
            "subscribe_msg_change_event",
            f"<SubscribeMsgChangeEvent><List>{NOTICE.format(1, 'reject')}</List></SubscribeMsgChangeEvent>",
        ),
        messages.NoticeChange,
        {"items": (("t1", False),)},
    ),
    (
        event(
            "subscribe_msg_sent_event",
            f"<SubscribeMsgSentEvent><List>{SENT.format(0, 'success')}</List></SubscribeMsgSentEvent>",
        ),
        messages.NoticeSent,
        {"items": (("t", "17", 0, "success"),)},
    ),
    *(
        (
            event("TEMPLATESENDJOBFINISH", f"<MsgID>200163836</MsgID><Status>{status}</Status>"),
            messages.TemplateSendJobFinish,
            {"msg_id": 200163836, "status": status, "outcome": outcome},
        )
        for status, outcome in (
            ("success", Outcome.SUCCESS),
            ("failed:user block", Outcome.FAIL),
            ("failed: system failed", Outcome.FAIL),
            ("later", Outcome.UNKNOWN),
        )
    ),
    *(
        (
            event(name, "<OpenID>oU9</OpenID><AppID>wx1</AppID><RevokeInfo>1,2</RevokeInfo>"),
            kind,
            {"openid": "oU9", "appid": "wx1", "revoke_info": "1,2", "from_user": "oU1"},
        )
        for name, kind in (
            ("user_info_modified", messages.UserInfoModified),
            ("user_authorization_revoke", messages.AuthorizationRevoked),
            ("user_authorization_cancellation", messages.AuthorizationCancelled),
        )
    ),
    (
        event("annual_renew", "<ExpiredTime>1442401156</ExpiredTime>"),
        messages.AccountVerification,
        {"expired_at": 1442401156, "fail_at": None, "fail_reason": ""},
    ),
    (
        event("naming_verify_fail", "<FailTime>1442401061</FailTime><FailReason>by time</FailReason>"),
        messages.AccountVerification,
        {"expired_at": None, "fail_at": 1442401061, "fail_reason": "by time"},
    ),
    (
        event("user_get_card", "<CardId>c</CardId><UserCardCode>7</UserCardCode>"),
        messages.CardEvent,
        {"card_id": "c", "code": "7"},
    ),
]


@pytest.mark.parametrize(("body", "kind", "fields"), TYPED)
def test_it_has_its_class_and_its_fields(body: bytes, kind: type[Push], fields: dict[str, Any]) -> None:
    push = parse(body)

    assert type(push) is kind
    assert {name: getattr(push, name) for name in fields} == fields


@pytest.mark.parametrize(("body", "kind", "fields"), TYPED)
def test_the_case_of_its_names_does_not_matter(body: bytes, kind: type[Push], fields: dict[str, Any]) -> None:
    for name in ("MediaId", "EventKey", "KfAccount", "OpenID", "MsgID", "TemplateId", "Location_X", "Latitude"):
        body = body.replace(f"<{name}>".encode(), f"<{name.upper()}>".encode())
        body = body.replace(f"</{name}>".encode(), f"</{name.upper()}>".encode())

    push = parse(body)

    assert type(push) is kind
    assert {name: getattr(push, name) for name in fields} == fields


def test_every_kind_that_we_know_is_read() -> None:
    bare = {kind.push for kind in (*MESSAGE_KINDS.values(), *EVENT_KINDS.values())}

    tested = {kind for _, kind, _ in TYPED}
    assert bare - tested == {messages.Unsubscribe, messages.MassSendJobFinish, messages.PublishJobFinish}


@pytest.mark.parametrize(
    "body",
    [
        message(kind="location"),
        message(PLACE.replace("23.5", "91"), kind="location"),
        message(PLACE.replace("23.5", "nan"), kind="location"),
        message(PLACE.replace("23.5", "２３"), kind="location"),
        message(PLACE.replace("23.5", "9" * 400), kind="location"),
        event("LOCATION", "<Latitude/><Longitude>1</Longitude>"),
        event("location_select", KEY),
        event("kf_create_session"),
        event("kf_switch_session", "<ToKfAccount/>"),
        event("subscribe_msg_popup_event"),
        event("subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List/></SubscribeMsgPopupEvent>"),
        event("subscribe_msg_sent_event", "<SubscribeMsgSentEvent/>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>x</MsgID>"),
        event("user_authorization_revoke", "<AppID>wx1</AppID>"),
        event("something_new", "<A>1</A>"),
        message(kind="hologram"),
        message(kind=""),
    ],
)
def test_what_cannot_be_read_is_a_plain_push(body: bytes) -> None:
    assert type(parse(body)) is Push


def as_json(**fields: Any) -> Push:
    common = {"ToUserName": "gh_1", "FromUserName": "oU1", "CreateTime": 1482048670}
    return parse(json.dumps(common | fields).encode())


def test_json_is_read_like_xml() -> None:
    push = as_json(MsgType="text", Content=" 你好 ", MsgId=1234567890123456)

    assert isinstance(push, messages.TextMessage)
    assert (push.content, push.msg_id, push.create_time, push.is_json) == ("你好", 1234567890123456, 1482048670, True)
    assert push.fields["MsgId"] == "1234567890123456"
    assert not parse(message()).is_json


@pytest.mark.parametrize("nested", [True, False])
def test_a_list_in_json_is_one_child_after_the_other(nested: bool) -> None:
    items = [
        {"TemplateId": "a", "SubscribeStatusString": "accept"},
        {"TemplateId": "b", "SubscribeStatusString": "reject"},
    ]
    content = {"SubscribeMsgPopupEvent": {"List": items}} if nested else {"List": items}

    push = as_json(MsgType="event", Event="subscribe_msg_popup_event", **content)

    assert isinstance(push, messages.NoticePopup)
    assert push.items == (("a", True), ("b", False))


@pytest.mark.parametrize("pictures", [[{"PicMd5Sum": "a"}], {"item": [{"PicMd5Sum": "a"}]}])
def test_a_list_in_json_may_have_the_items_of_xml(pictures: Any) -> None:
    push = as_json(MsgType="event", Event="pic_weixin", SendPicsInfo={"Count": 1, "PicList": pictures})

    assert isinstance(push, messages.MenuPictures)
    assert (push.count, push.md5s) == (1, ("a",))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\x00b", "ab"),
        (None, ""),
        (True, "1"),
        (1.5, "1.5"),
        (2.0, "2"),
        (10**30, "1e+30"),
        ([], ""),
        ({}, ""),
        ([[1]], ""),
    ],
)
def test_any_value_of_json_is_some_text(value: Any, text: str) -> None:
    push = as_json(MsgType="text", Content=value)

    assert push.body.text("Content") == text
    assert "\x00" not in str(push)


def test_two_notices_of_one_second_are_two() -> None:
    one, two = (
        parse(event("subscribe_msg_sent_event", f"<SubscribeMsgSentEvent><List>{body}</List></SubscribeMsgSentEvent>"))
        for body in (SENT.format(0, "success"), SENT.replace("17", "18").format(0, "success"))
    )

    assert messages.dedup_key(one) != messages.dedup_key(two)


def test_two_people_who_revoke_in_one_second_are_two() -> None:
    one, two = (parse(event("user_authorization_revoke", f"<OpenID>{openid}</OpenID>")) for openid in ("a", "b"))

    assert messages.dedup_key(one) != messages.dedup_key(two)
